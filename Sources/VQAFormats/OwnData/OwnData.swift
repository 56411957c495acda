// OwnData.swift - somebody's own data: a folder of pictures with one table of questions and answers in it.
//
//   image,question,answer                     CSV; several answers are answer1, answer2, ... or a JSON list in the field
//   {"image": "a.jpg", "question": "What is it?", "answer": "a dog"}     JSON: a list of these, or one a line (JSONL); "answer" may be a list

import SafeFiles

/// A folder of pictures and questions as the files of VQA v2.
public struct OwnData: Sendable, Equatable, PictureSource {
  /// No question has more answers.
  public static let mostAnswers = 1000

  /// The folder as given.
  public let folder: String
  /// Path of the table.
  public let table: String
  /// The questions, with ids from 1 in the order of the table.
  public let questions: QuestionFile
  /// Ten answers to each, in the same order.
  public let annotations: AnnotationFile
  /// Names of the pictures, relative to the folder; the picture with image id 1 is the first.
  public let pictures: [String]

  /// Reads a folder.
  ///
  /// Pictures lie in it, in its folder `images`, or deeper where the table names the way.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - limits: What the table may cost.
  /// - Throws: `FileFailure` with ``OwnDataFailure``, which names line and column.
  public init(folder: String, limits: LoadLimits = .default) throws(FileFailure) {
    let tables = try Self.tables(in: folder)
    guard let name = tables.first, tables.count == 1 else {
      throw FileFailure(file: folder, cause: tables.isEmpty ? OwnDataFailure.noTable : .severalTables(tables))
    }
    let path = "\(folder)/\(name)"
    let bytes = try readFile(path, limit: limits.jsonFileBytes)
    do throws(OwnDataFailure) {
      let entries = try Self.entries(bytes, name: name)
      guard !entries.isEmpty else { throw .noQuestions }
      let header = DataSetHeader(
        info: ["description": .string(name)], taskType: "Open-Ended", dataType: "own", dataSubtype: "all")
      var (questions, annotations): ([Question], [Annotation]) = ([], [])
      var pictures: [String] = []
      var numbers: [String: Int] = [:]
      for entry in entries {
        try Self.check(entry)
        let picture = try Self.picture(entry, folder: folder)
        if numbers[picture] == nil {
          pictures.append(picture)
          numbers[picture] = pictures.count
        }
        let (imageID, id) = (numbers[picture] ?? 0, questions.count + 1)
        questions.append(Question(imageID: imageID, text: entry.question, questionID: id))
        annotations.append(Self.annotation(entry, imageID: imageID, id: id))
      }
      (self.folder, table) = (folder, path)
      self.questions = QuestionFile(header: header, questions: questions)
      self.annotations = AnnotationFile(header: header, annotations: annotations)
      self.pictures = pictures
    } catch {
      throw FileFailure(file: path, cause: error)
    }
  }

  /// The path of the picture with an id.
  ///
  /// - Parameter imageID: From 1, in the order in which the table names pictures first.
  /// - Returns: The path of its file.
  /// - Throws: `FileFailure` with ``PictureFailure/noPicture(imageID:)``.
  public func path(of imageID: Int) throws(FileFailure) -> String {
    guard pictures.indices.contains(imageID - 1) else {
      throw FileFailure(file: folder, cause: PictureFailure.noPicture(imageID: imageID))
    }
    return "\(folder)/\(pictures[imageID - 1])"
  }

  /// Names of files that may be the table, in alphabetical order.
  private static func tables(in folder: String) throws(FileFailure) -> [String] {
    try listFolder(folder).map(\.name).filter(mayBeTable).filter { isRegularFile("\(folder)/\($0)") }.sorted()
  }

  /// Whether a file of a name is taken for the table of the folder it lies in.
  public static func mayBeTable(_ name: String) -> Bool {
    let lower = name.lowercased()
    // images.json maps ids of other data sets to files.
    return !name.hasPrefix(".") && lower != "images.json"
      && [".csv", ".json", ".jsonl"].contains(where: lower.hasSuffix)
  }

  static func entries(_ bytes: [UInt8], name: String) throws(OwnDataFailure) -> [OwnEntry] {
    let lower = name.lowercased()
    if lower.hasSuffix(".csv") { return try OwnEntry.csv(bytes) }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    return try lower.hasSuffix(".jsonl") ? OwnEntry.jsonLines(text) : OwnEntry.json(text)
  }

  private static func check(_ entry: OwnEntry) throws(OwnDataFailure) {
    if entry.image.isEmpty { throw .empty(line: entry.line, column: "image") }
    if QuestionTokenizer.words(of: entry.question).isEmpty { throw .empty(line: entry.line, column: "question") }
    if entry.answers.isEmpty { throw .empty(line: entry.line, column: "answer") }
    if entry.answers.count > mostAnswers { throw .tooManyAnswers(line: entry.line, limit: mostAnswers) }
  }

  /// The picture's path below the folder.
  private static func picture(_ entry: OwnEntry, folder: String) throws(OwnDataFailure) -> String {
    let steps = entry.image.split(separator: "/", omittingEmptySubsequences: false)
    guard !steps.contains(""), !steps.contains(".."), steps.last != ".", !entry.image.utf8.contains(0) else {
      throw .unsafePicture(line: entry.line, name: entry.image)
    }
    // "./a.jpg" is the picture "a.jpg".
    let name = steps.filter { $0 != "." }.joined(separator: "/")
    guard let found = [name, "images/" + name].first(where: { isRegularFile("\(folder)/\($0)") }) else {
      throw .noPicture(line: entry.line, name: entry.image)
    }
    return found
  }

  private static func annotation(_ entry: OwnEntry, imageID: Int, id: Int) -> Annotation {
    var counts: [(text: String, count: Int)] = []
    var places: [String: Int] = [:]
    for answer in entry.answers {
      if let place = places[answer] {
        counts[place].count += 1
      } else {
        places[answer] = counts.count
        counts.append((answer, 1))
      }
    }
    let most = counts.max { $0.count < $1.count }?.text ?? ""
    let ten = TextQuestions.spread(counts)
    return Annotation(
      questionID: id, imageID: imageID,
      questionType: QuestionTokenizer.words(of: entry.question).prefix(2).joined(separator: " "),
      answerType: answerType(most), multipleChoiceAnswer: most,
      answers: ten.enumerated().map { HumanAnswer($1, confidence: "yes", answerID: $0 + 1) })
  }

  private static func answerType(_ answer: String) -> String {
    if ["yes", "no"].contains(answer.lowercased()) { return "yes/no" }
    return Int(answer) == nil ? "other" : "number"
  }
}
