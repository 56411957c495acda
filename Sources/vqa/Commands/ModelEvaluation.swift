// ModelEvaluation.swift - a model asked every question of a file, then scored.

import CommandLineKit
import Evaluation
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// Scores a model.
struct ModelEvaluation {
  private let call: Call
  private let questionPath: String
  private let folders: PictureFolders?

  init(_ call: Call) throws(UsageError) {
    self.call = call
    questionPath = try call.arguments.required("questions")
    folders = call.arguments.flag("blank") ? nil : try PictureFolders(call.arguments)
  }

  /// The rules that a command line asks for.
  static func scorer(_ arguments: Arguments) -> Scorer {
    arguments.string("scorer").flatMap(Scorer.init) ?? .official
  }

  func run() throws -> ExitCode {
    let asked = try AskedQuestions(path: questionPath)
    let questions = asked.questions
    let truth = try truth(of: asked)
    let loaded = try LoadedModel(answering: call)
    let source = try folders.map { folders throws(FileFailure) in try asked.pictures(in: folders, for: loaded) }
    var tally = Tally()
    var progress = call.console.progress("questions", total: questions.count)
    var answering = GroupAnswering(loaded.model, try PictureReader(loaded.model, call.arguments))
    let groups = PictureGroups.groups(questions).map { group in group.map { questions[$0] } }
    if let source {
      try answering.answer(groups, source) { answered in
        for (question, result) in answered { tally.add(result, to: question) }
        progress?.update(tally.entries.count)
        return true
      }
    } else {
      let blank = try blankPicture(loaded.model)
      for group in groups {
        let answers = loaded.model.answer(group.map(\.text), about: group.map { _ in blank }, top: 1)
        for (question, answer) in zip(group, answers) { tally.add(.success(answer), to: question) }
        progress?.update(tally.entries.count)
      }
    }
    progress?.finish()
    tell(tally.failures)
    try write(try score(tally, against: truth), tally, loaded)
    return tally.failures.questions == 0 ? .success : .someFailed
  }

  /// What answers are held against.
  private enum Truth {
    case annotations(AnnotationFile, path: String)
    /// CLEVR's questions hold their answers.
    case questions(CLEVRQuestionFile)
  }

  private func truth(of asked: AskedQuestions) throws -> Truth {
    if case .clevr(let file) = asked.file {
      Command.noteWithoutEffect(call.arguments, call.console)
      return .questions(file)
    }
    let path = try call.arguments.required("annotations")
    return .annotations(try AnnotationFile(path: path), path: path)
  }

  private func score(_ tally: Tally, against truth: Truth) throws(FileFailure) -> Score {
    switch truth {
    case .questions(let file):
      // The ids of CLEVR's questions are their places.
      let answers = tally.entries.sorted { $0.questionID < $1.questionID }.map(\.answer)
      return try .clevr(answers, from: questionPath, to: file, from: questionPath)
    case .annotations(let annotations, let path):
      let results = ResultFile(entries: tally.entries)
      do throws(EvaluationFailure) {
        return .vqa(try VQAAccuracy.evaluate(results, against: annotations, scorer: Self.scorer(call.arguments)))
      } catch {
        throw FileFailure(file: path, cause: error)
      }
    }
  }

  /// A grey picture, or features of zeros.
  private func blankPicture(_ model: VQAModel) throws -> SeenPicture {
    if model.takesFeatures {
      return try model.see(
        features: Tensor(repeating: 0, shape: [model.vision.grids[0].tokens, model.vision.tokenWidth]))
    }
    return try model.see([try PicturePreparation(model.configuration).blank()])[0]
  }

  private func tell(_ failures: FailedPictures) {
    failures.tell(call.console)
    if failures.questions > 0 {
      call.console.say("\(failures.questions) questions have no answer and count as wrong")
    }
  }

  private func write(_ score: Score, _ tally: Tally, _ loaded: LoadedModel) throws {
    guard call.arguments.flag("json") else {
      var text = score.table
      var facts = [
        ("model", loaded.path), ("configuration", loaded.configurationHash),
        ("multiply-adds", "\(Columns.grouped(Int(tally.meanMultiplyAdds.rounded()))) a question"),
      ]
      if call.arguments.flag("blank") { facts.append(("pictures", "blank")) }
      text += "\n" + Columns.text(facts)
      return try call.console.write(text)
    }
    var object = score.json
    object["meanMultiplyAdds"] = .number(tally.meanMultiplyAdds)
    object["exits"] = .object(
      JSONObject(tally.exits.sorted { $0.key < $1.key }.map { (String($0.key), .integer(Int64($0.value))) }))
    object["configuration"] = .string(loaded.configurationHash)
    let unanswered = tally.failures.questions
    if unanswered > 0 { object["unanswered"] = .integer(Int64(unanswered)) }
    try call.console.write(JSONValue.object(object))
  }
}

/// What came of the questions so far.
private struct Tally {
  private(set) var entries: [ResultEntry] = []
  private(set) var exits: [Int: Int] = [:]
  private(set) var failures = FailedPictures()
  private var multiplyAdds = 0.0

  /// Multiply-adds per answered question.
  var meanMultiplyAdds: Double { multiplyAdds / Double(max(1, entries.count - failures.questions)) }

  mutating func add(_ result: Result<Answer, FileFailure>, to question: Question) {
    switch result {
    case .success(let answer):
      entries.append(ResultEntry(questionID: question.questionID, answer: answer.best.answer))
      exits[answer.exit, default: 0] += 1
      multiplyAdds += Double(answer.multiplyAdds)
    case .failure(let failure):
      entries.append(ResultEntry(questionID: question.questionID, answer: ""))
      failures.add(failure, imageID: question.imageID)
    }
  }
}
