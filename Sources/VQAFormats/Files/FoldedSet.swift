// FoldedSet.swift - all questions of a data set parted into folds, each of which is held out once.
//
//   fold1-train, fold1-val, fold2-train, ...; all: everything

import SafeFiles

/// Why a data set cannot be parted.
public enum FoldFailure: Failure, Equatable {
  /// Two questions have one id.
  case double(questionID: Int)
  /// A question has no annotation.
  case noAnnotation(questionID: Int)
  /// A split has questions and no annotations.
  case noAnnotations(split: String)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The question, or the split.
  public var place: String? {
    switch self {
    case .double(let id), .noAnnotation(let id): "question_id \(id)"
    case .noAnnotations(let split): "split \(visibleText(split))"
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .double: "two questions have this id"
    case .noAnnotation: "the question has no annotation"
    case .noAnnotations: "its annotations are not there"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .double: "give every question an id of its own, over all splits"
    case .noAnnotation, .noAnnotations: "give the data set with what was answered"
    }
  }
}

/// A data set to be parted into folds.
public struct FoldedSet: Sendable {
  /// What stays together.
  public enum Unit: String, Sendable, CaseIterable {
    /// All questions about one picture.
    case picture
    /// Nothing but each question.
    case question
  }

  private let header: DataSetHeader
  private let questions: [Question]
  private let annotations: [Annotation]

  /// Reads the splits `train` and, where it is there, `val`.
  ///
  /// - Parameters:
  ///   - source: Folder of the data set.
  ///   - isLowerCase: Whether answers are made small letters.
  /// - Throws: `FileFailure` that names the file, and the question where it is one.
  public init(source: String, isLowerCase: Bool = false) throws(FileFailure) {
    var (questions, annotations): ([Question], [Annotation]) = ([], [])
    var header: DataSetHeader?
    var known: Set<Int> = []
    for split in ["train", "val"] {
      let files: SplitFiles
      do { files = try SplitFiles(split, in: source, layout: .vqa) } catch {
        guard split == "val", error.cause is NoSplit else { throw error }
        continue
      }
      guard let path = files.annotations else {
        throw FileFailure(file: source, cause: FoldFailure.noAnnotations(split: split))
      }
      let asked = try QuestionFile(path: files.questions)
      let answered = try AnnotationFile(path: path)
      let byID = Dictionary(answered.annotations.map { ($0.questionID, $0) }, uniquingKeysWith: { first, _ in first })
      for question in asked.questions {
        guard known.insert(question.questionID).inserted else {
          throw FileFailure(file: files.questions, cause: FoldFailure.double(questionID: question.questionID))
        }
        guard let annotation = byID[question.questionID] else {
          throw FileFailure(file: path, cause: FoldFailure.noAnnotation(questionID: question.questionID))
        }
        questions.append(question)
        annotations.append(isLowerCase ? annotation.lowerCased : annotation)
      }
      header = header ?? asked.header
    }
    (self.header, self.questions, self.annotations) = (header ?? DataSetHeader(), questions, annotations)
  }

  /// The splits of all folds, and `all`.
  ///
  /// The fold of a picture or a question depends on its id and the seed alone, so that a picture of several data sets is held out in all of
  /// them at once. Folds are about equally large.
  ///
  /// - Parameters:
  ///   - folds: How many, two or more.
  ///   - unit: What stays together.
  ///   - seed: Chooses the folds.
  /// - Returns: `all`, then `fold1-train`, `fold1-val` and so on.
  public func splits(folds: Int, by unit: Unit, seed: UInt64) -> [DataSplit] {
    precondition(folds > 1, "splits: \(folds) folds")
    let places = questions.map { question in
      let id = unit == .picture ? question.imageID : question.questionID
      return Int(SeededDraws.hash(id, seed: seed) % UInt64(folds))
    }
    func split(_ name: String, _ isIn: (Int) -> Bool) -> DataSplit {
      let chosen = questions.indices.filter { isIn(places[$0]) }
      var header = header
      header.dataSubtype = name
      return DataSplit(
        name: name, header: header, questions: chosen.map { questions[$0] }, annotations: chosen.map { annotations[$0] }
      )
    }
    return [split("all") { _ in true }]
      + (0..<folds).flatMap { fold in
        [split("fold\(fold + 1)-train") { $0 != fold }, split("fold\(fold + 1)-val") { $0 == fold }]
      }
  }

  /// Links the pictures of a data set into another: `images`, and `images.json` where there is one.
  ///
  /// - Parameters:
  ///   - source: Folder of the data set, with its pictures in `images`.
  ///   - output: Folder of the other; made if it is not there.
  /// - Returns: Whether there are pictures.
  /// - Throws: `FileFailure` when the list is wrong, or a link cannot be made.
  @discardableResult
  public static func linkPictures(of source: String, into output: String) throws(FileFailure) -> Bool {
    try makeFolder(output)
    let pictures = source + "/images"
    guard isFolder(pictures) else { return false }
    // A list that nothing could be found by is told now and not when training begins.
    _ = try PictureIndex(folder: pictures)
    try AtomicFile.link(output + "/images", to: DataSetFolders.real(pictures))
    let list = source + "/images.json"
    if isRegularFile(list) {
      try AtomicFile.write(try readFile(list, limit: LoadLimits.default.jsonFileBytes), to: output + "/images.json")
    }
    return true
  }
}

extension Annotation {
  /// The same with all answers in small letters.
  fileprivate var lowerCased: Annotation {
    var result = self
    result.multipleChoiceAnswer = multipleChoiceAnswer?.lowercased()
    for place in result.answers.indices { result.answers[place].answer = result.answers[place].answer.lowercased() }
    return result
  }
}
