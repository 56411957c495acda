// QuestionSet.swift - one split of a data set in memory: pictures as the model sees them, questions with their answers.

import ImageCodecs
import SafeFiles
import VQAFormats
import VQAPipeline

/// A question with what people answered.
public struct AskedQuestion: Sendable {
  /// Its number.
  public var id: Int
  /// The text.
  public var text: String
  /// Place of its picture in the set.
  public var picture: Int
  /// What people answered, normally ten times.
  public var answers: [String]
  /// The answer that most people gave, the first of equals.
  public var common: String
  /// The kind of question, as annotated.
  public var questionType: String
  /// The kind of answer, as annotated.
  public var answerType: String

  /// Collects a question.
  ///
  /// - Parameters:
  ///   - id: Its number.
  ///   - text: The text.
  ///   - picture: Place of its picture in the set.
  ///   - answers: What people answered.
  ///   - common: The answer that most people gave.
  ///   - questionType: The kind of question, as annotated.
  ///   - answerType: The kind of answer, as annotated.
  public init(
    id: Int, text: String, picture: Int, answers: [String], common: String, questionType: String = "",
    answerType: String = ""
  ) {
    self.id = id
    self.text = text
    self.picture = picture
    self.answers = answers
    self.common = common
    self.questionType = questionType
    self.answerType = answerType
  }
}

/// One split of a data set.
public struct QuestionSet: Sendable {
  /// Pictures at the model's size.
  public var pictures: [RGBImage]
  /// The questions in file order.
  public var questions: [AskedQuestion]
  /// A hash of the question and annotation files.
  public var contentHash: String

  /// Reads `FOLDER/SPLIT/questions.json`, `annotations.json` and the pictures of `FOLDER/images`.
  ///
  /// - Parameters:
  ///   - folder: Folder in the layout of `vqa data`.
  ///   - split: Name of the split.
  ///   - preparation: Size of the pictures.
  ///   - limits: What a picture may cost.
  /// - Throws: `FileFailure` that names the file.
  public init(
    folder: String, split: String, preparation: PicturePreparation, limits: ImageLimits = .default
  ) throws(FileFailure) {
    let questionPath = "\(folder)/\(split)/questions.json"
    let annotationPath = "\(folder)/\(split)/annotations.json"
    let questionFile = try QuestionFile(path: questionPath)
    let annotationFile = try AnnotationFile(path: annotationPath)
    let index = try PictureIndex(folder: folder + "/images")
    let annotated = Dictionary(annotationFile.annotations.map { ($0.questionID, $0) }) { first, _ in first }
    var places: [Int: Int] = [:]
    var pictures: [RGBImage] = []
    var questions: [AskedQuestion] = []
    for question in questionFile.questions {
      guard let annotation = annotated[question.questionID] else {
        let failure = TrainingFailure.noAnnotation(questionID: question.questionID)
        throw FileFailure(file: annotationPath, cause: failure)
      }
      if places[question.imageID] == nil {
        places[question.imageID] = pictures.count
        pictures.append(try Self.load(index.path(of: question.imageID), preparation, limits))
      }
      let answers = annotation.answers.map { AnswerNormalisation.loader($0.answer) }
      questions.append(
        AskedQuestion(
          id: question.questionID, text: question.text, picture: places[question.imageID] ?? 0, answers: answers,
          common: Self.mostFrequent(answers), questionType: annotation.questionType,
          answerType: annotation.answerType))
    }
    guard !questions.isEmpty else { throw FileFailure(file: questionPath, cause: TrainingFailure.noQuestions) }
    self.pictures = pictures
    self.questions = questions
    contentHash = ContentHash.hex(
      texts: [
        ContentHash.hex(try readFile(questionPath, limit: LoadLimits.default.jsonFileBytes)),
        ContentHash.hex(try readFile(annotationPath, limit: LoadLimits.default.jsonFileBytes)),
      ])
  }

  /// Makes a set from its parts.
  public init(pictures: [RGBImage], questions: [AskedQuestion], contentHash: String) {
    self.pictures = pictures
    self.questions = questions
    self.contentHash = contentHash
  }

  private static func load(
    _ path: String, _ preparation: PicturePreparation, _ limits: ImageLimits
  ) throws(FileFailure) -> RGBImage {
    let bytes = try readFile(path, limit: limits.fileBytes)
    do {
      return try preparation.load(bytes, limits: limits)
    } catch {
      throw FileFailure(file: path, cause: error)
    }
  }

  private static func mostFrequent(_ answers: [String]) -> String {
    var counts: [String: Int] = [:]
    for answer in answers { counts[answer, default: 0] += 1 }
    return answers.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? ""
  }
}
