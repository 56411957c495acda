// SpanAnswering.swift - answers a group of questions with their spans; each that fails fails alone.

import Routing
import SafeFiles
import VQAFormats
import VQAPipeline

/// An answer with the spans it came from.
struct SpanAnswer: Sendable {
  let answer: Answer
  let grid: GridSize
  /// Where the attention went; nil where nobody asks for it.
  let views: SpanViews?
}

/// What became of one question.
struct SpanResult: Sendable {
  let question: Question
  /// The file of the picture, where there is one.
  let path: String?
  let outcome: Result<SpanAnswer, FileFailure>
}

/// Answers questions about the pictures of a folder.
struct SpanAnswering {
  /// Answers that a page shows for each question.
  private static let shownAnswers = 1

  private let model: VQAModel
  private var answering: GroupAnswering
  private let source: any PictureSource
  private let explains: Bool

  init(_ model: VQAModel, _ answering: GroupAnswering, _ source: any PictureSource, explains: Bool) {
    self.model = model
    self.answering = answering
    self.source = source
    self.explains = explains
  }

  /// Answers questions, in order.
  mutating func answer(_ questions: [Question]) throws -> [SpanResult] {
    let paths = questions.map { question in
      Result { () throws(FileFailure) in try source.path(of: question.imageID) }
    }
    let seen = try answering.see(paths.compactMap { try? $0.get() })
    var asked: [(place: Int, picture: SeenPicture)] = []
    var failures: [Int: FileFailure] = [:]
    for (place, path) in paths.enumerated() {
      switch path.map({ seen[$0] }) {
      case .success(.success(let picture)?): asked.append((place, picture))
      case .success(.failure(let failure)?), .failure(let failure): failures[place] = failure
      case .success(nil): break
      }
    }
    let answers = answer(asked.map { questions[$0.place].text }, about: asked.map(\.picture))
    let found = Dictionary(uniqueKeysWithValues: zip(asked.map(\.place), answers))
    return questions.enumerated().compactMap { place, question in
      let outcome = failures[place].map { .failure($0) } ?? found[place].map { Result.success($0) }
      return outcome.map { SpanResult(question: question, path: try? paths[place].get(), outcome: $0) }
    }
  }

  private func answer(_ questions: [String], about pictures: [SeenPicture]) -> [SpanAnswer] {
    let grids = model.vision.grids
    if explains {
      let explained = model.explain(questions, about: pictures, top: Self.shownAnswers)
      return explained.map { SpanAnswer(answer: $0.answer, grid: grids[$0.answer.exit - 1], views: $0.views) }
    }
    let answers = model.answer(questions, about: pictures, top: Self.shownAnswers)
    return answers.map { SpanAnswer(answer: $0, grid: grids[$0.exit - 1], views: nil) }
  }
}
