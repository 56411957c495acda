// QuestionSetBuilder.swift - a set from the files of one or several splits.

import Evaluation
import ImageCodecs
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// Collects the questions of splits and the files of their pictures.
struct QuestionSetBuilder {
  private var questions: [AskedQuestion] = []
  private var paths: [String] = []
  private var places: [String: Int] = [:]
  private var missing: [String: FileFailure] = [:]
  private var leftOut: [Int] = []
  private var hashes: [String] = []
  /// Annotations as written; kept for the official accuracy only.
  private var annotations: [Annotation] = []
  /// Normalising is costly, and most answers are given again and again.
  private var normalised: [String: String] = [:]

  /// How answers are written that are learned.
  var form = DataRecipe.AnswerForm.loader

  /// The set that questions are added of; empty where there is only one.
  var set = ""

  /// Whether annotations are kept as they are written.
  var keepsAnnotations = false

  /// Adds a split in the files of VQA v2.
  ///
  /// - Parameters:
  ///   - questionFile: Its questions.
  ///   - annotationFile: Its annotations.
  ///   - files: Where both were read.
  ///   - source: Which of the two says what there is to learn from.
  ///   - pictures: Finds pictures.
  /// - Throws: `FileFailure` that names the file.
  mutating func add(
    _ questionFile: QuestionFile, _ annotationFile: AnnotationFile, _ files: SplitFiles, _ source: DataRecipe.Source,
    _ pictures: any PictureSource
  ) throws(FileFailure) {
    switch source {
    case .questions:
      let annotated = Dictionary(annotationFile.annotations.map { ($0.questionID, $0) }) { first, _ in first }
      for question in questionFile.questions {
        guard let annotation = annotated[question.questionID] else {
          let failure = TrainingFailure.noAnnotation(questionID: question.questionID)
          throw FileFailure(file: files.annotations ?? files.questions, cause: failure)
        }
        try add(question, annotation, pictures)
      }
    case .annotations:
      // Of two questions of one id the original keeps the last.
      let asked = Dictionary(questionFile.questions.map { ($0.questionID, $0) }) { _, last in last }
      for annotation in annotationFile.annotations {
        guard let question = asked[annotation.questionID] else {
          throw FileFailure(file: files.questions, cause: TrainingFailure.noQuestion(questionID: annotation.questionID))
        }
        try add(question, annotation, pictures)
      }
    }
    try addHash(of: files)
  }

  /// Adds a split of CLEVR; a question without an answer cannot be learned from.
  mutating func add(
    _ file: CLEVRQuestionFile, _ files: SplitFiles, _ pictures: any PictureSource
  ) throws(FileFailure) {
    for (number, question) in file.questions.enumerated() {
      guard let answer = question.answer else {
        throw FileFailure(file: files.questions, cause: TrainingFailure.noAnswer(question: number))
      }
      guard let place = try place(of: question.imageIndex, pictures) else { continue }
      questions.append(
        AskedQuestion(
          id: number, text: question.text, picture: place, answers: [answer], common: answer,
          questionType: question.lastFunction.flatMap { CLEVRAccuracy.family(of: $0) } ?? ""))
    }
    try addHash(of: files)
  }

  private mutating func add(
    _ question: Question, _ annotation: Annotation, _ pictures: any PictureSource
  ) throws(FileFailure) {
    guard let place = try place(of: question.imageID, pictures) else {
      leftOut.append(question.questionID)
      return
    }
    let answers = annotation.answers.map { normalise($0.answer) }
    questions.append(
      AskedQuestion(
        id: question.questionID, text: question.text, picture: place, answers: answers,
        common: Self.mostFrequent(answers), questionType: annotation.questionType,
        answerType: annotation.answerType, set: set, subject: question.subject))
    if keepsAnnotations { annotations.append(annotation) }
  }

  /// The place of a picture; nil for one whose features are not there, which costs its questions and no more.
  private mutating func place(of imageID: Int, _ pictures: any PictureSource) throws(FileFailure) -> Int? {
    if imageID == Question.noPicture { return AskedQuestion.noPicture }
    let path: String
    do {
      path = try pictures.path(of: imageID)
    } catch {
      guard pictures is FeatureIndex else { throw error }
      missing[error.description] = error
      return nil
    }
    if let place = places[path] { return place }
    places[path] = paths.count
    paths.append(path)
    return paths.count - 1
  }

  private mutating func addHash(of files: SplitFiles) throws(FileFailure) {
    for path in [files.questions, files.annotations] {
      guard let path else { continue }
      hashes.append(ContentHash.hex(try readFile(path, limit: LoadLimits.default.jsonFileBytes)))
    }
    guard !questions.isEmpty else {
      if let failure = sortedMissing.first { throw failure }
      throw FileFailure(file: files.questions, cause: TrainingFailure.noQuestions)
    }
  }

  private var sortedMissing: [FileFailure] { missing.sorted { $0.key < $1.key }.map(\.value) }

  /// What is left out changes what is learned.
  private var contentHash: String {
    ContentHash.hex(texts: hashes + (leftOut.isEmpty ? [] : ["left out"] + leftOut.map(String.init)))
  }

  /// The set with its pictures, which are decoded several at a time.
  func images(_ preparation: PicturePreparation, _ limits: ImageLimits) throws(FileFailure) -> QuestionSet {
    let paths = paths
    let loaded = WorkerPool.shared.map(paths.count) { place -> Result<RGBImage, FileFailure> in
      do throws(FileFailure) {
        let bytes = try readFile(paths[place], limit: limits.fileBytes)
        do throws(ImageFailure) {
          return .success(try preparation.load(bytes, limits: limits))
        } catch {
          throw FileFailure(file: paths[place], cause: error)
        }
      } catch {
        return .failure(error)
      }
    }
    var pictures: [RGBImage] = []
    for picture in loaded { pictures.append(try picture.get()) }
    var set = QuestionSet(pictures: pictures, questions: questions, contentHash: contentHash)
    set.annotations = annotations
    return set
  }

  /// The set with the files of its pictures, for a backbone to look at.
  func photos() -> QuestionSet {
    var set = QuestionSet(pictures: [], questions: questions, contentHash: contentHash)
    (set.annotations, set.photos) = (annotations, paths)
    return set
  }

  /// The set with the files of its features.
  func features(_ reader: FeatureReader) -> QuestionSet {
    var set = QuestionSet(
      features: FeatureSet(paths: paths, reader: reader), questions: questions, contentHash: contentHash)
    (set.annotations, set.missing) = (annotations, sortedMissing)
    return set
  }

  private mutating func normalise(_ answer: String) -> String {
    if let known = normalised[answer] { return known }
    let result = form == .loader ? AnswerNormalisation.loader(answer) : AnswerNormalisation.written(answer)
    normalised[answer] = result
    return result
  }

  static func mostFrequent(_ answers: [String]) -> String {
    var counts: [String: Int] = [:]
    for answer in answers { counts[answer, default: 0] += 1 }
    return answers.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? ""
  }
}
