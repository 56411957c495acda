// AskedQuestions.swift - the questions of a file of VQA or CLEVR, in the one form in which runs ask them.

import SafeFiles
import VQAFormats

/// Two questions of a file have one id.
struct RepeatedQuestion: Failure, Equatable {
  let questionID: Int
  let first: Int
  let second: Int

  var kind: FailureKind { .badData }
  var place: String? { "questions[\(second)].question_id" }
  var problem: String { "questions[\(first)] is another question with the id \(questionID)" }
  var advice: String { "give every question an id of its own: results are told apart by it" }
}

/// The questions of a file.
struct AskedQuestions {
  /// The file as it is.
  let file: AnyQuestionFile
  /// The questions in the order of the file, each once; CLEVR's have their place as id, and the index of their picture.
  let questions: [Question]
  /// Questions left out, since they stand in the file before.
  let repeated: Int

  /// Reads a question file, told apart by what is in it.
  init(path: String) throws(FileFailure) {
    file = try AnyQuestionFile(path: path)
    switch file {
    case .clevr(let file):
      questions = file.questions.enumerated().map { place, question in
        Question(imageID: question.imageIndex, text: question.text, questionID: place)
      }
      repeated = 0
    case .vqa(let file):
      do { questions = try Self.once(file.questions) } catch { throw FileFailure(file: path, cause: error) }
      repeated = file.questions.count - questions.count
    }
  }

  /// Takes the questions of somebody's own data, or of a part of them.
  init(_ file: QuestionFile) {
    self.file = .vqa(file)
    questions = file.questions
    repeated = 0
  }

  /// Every question once; refuses different ones of the same id.
  private static func once(_ questions: [Question]) throws(RepeatedQuestion) -> [Question] {
    var places: [Int: Int] = [:]
    places.reserveCapacity(questions.count)
    var kept: [Question] = []
    for (place, question) in questions.enumerated() {
      guard let first = places[question.questionID] else {
        places[question.questionID] = place
        kept.append(question)
        continue
      }
      guard questions[first].imageID == question.imageID, questions[first].text.utf8.elementsEqual(question.text.utf8)
      else { throw RepeatedQuestion(questionID: question.questionID, first: first, second: place) }
    }
    return kept
  }

  /// Opens the folders of the pictures for a model; CLEVR's may be the folders around those of its splits.
  func pictures(in folders: PictureFolders, for loaded: LoadedModel) throws(FileFailure) -> any PictureSource {
    guard case .clevr(let file) = file else { return try folders.open(for: loaded) }
    switch folders {
    case .images(let folder):
      try folders.check(loaded)
      return try CLEVRPictures(folder: folder, file: file)
    case .features(let roots):
      let inner = roots.map { CLEVRPictures.splitFolders(of: $0, split: file.split).first ?? $0 }
      return try PictureFolders.features(inner).open(for: loaded)
    }
  }
}
