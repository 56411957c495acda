// ModelEvaluation.swift - a model asked every question of a file, then scored.

import CommandLineKit
import Evaluation
import Reports
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// Scores a model.
struct ModelEvaluation {
  /// What a model gave to one question.
  private struct Given {
    let answer: Answer
    /// What every exit answers; nil where no curve is wanted.
    let exits: ExitAnswers?
  }

  private let call: Call
  private let source: EvaluatedQuestions.Source
  private let curves: [DrawnFile]
  private let reliabilities: [DrawnFile]

  init(_ call: Call) throws(UsageError) {
    self.call = call
    source = try EvaluatedQuestions.Source(call.arguments)
    curves = try DrawnFile.all(CurveFile.option, call.arguments)
    reliabilities = try DrawnFile.all(ReliabilityFile.option, call.arguments)
  }

  /// The rules that a command line asks for.
  static func scorer(_ arguments: Arguments) -> Scorer {
    arguments.string("scorer").flatMap(Scorer.init) ?? .official
  }

  func run() throws -> ExitCode {
    let output = call.arguments.string("output")
    for path in curves.map(\.path) + reliabilities.map(\.path) + [output].compactMap({ $0 }) {
      try OutputFile.check(path, isForced: call.arguments.flag("force"))
    }
    let evaluated = try EvaluatedQuestions(source, call)
    let (questions, truth) = (evaluated.asked.questions, evaluated.truth)
    let loaded = try LoadedModel(answering: call)
    if !curves.isEmpty { try CurveFile.check(loaded.model, call.arguments) }
    let pictures = call.arguments.flag("blank") ? nil : try evaluated.pictures(for: loaded)
    var tally = Tally(loaded.model, truth, keepsExits: !curves.isEmpty)
    var progress = call.console.progress("questions", total: questions.count)
    var answering = GroupAnswering(loaded.model, try PictureReader(loaded.model, call.arguments))
    let groups = PictureGroups.groups(questions).map { group in group.map { questions[$0] } }
    let asking = asking(loaded.model)
    if let pictures {
      try answering.ask(groups, pictures, asking) { given in
        for (question, result) in given { tally.add(result, to: question) }
        progress?.update(tally.entries.count)
        return true
      }
    } else {
      let blank = try loaded.model.seeNothing()
      for group in groups {
        for (question, given) in zip(group, asking(group.map(\.text), group.map { _ in blank })) {
          tally.add(.success(given), to: question)
        }
        progress?.update(tally.entries.count)
      }
    }
    progress?.finish()
    tell(tally.failures)
    let title = "\(loaded.model.configuration.name) on \(PagePath.name(of: evaluated.path))"
    if let curve = tally.curve(loaded.model) {
      for file in curves { try CurveFile.write(curve, title: title, to: file, call.console) }
    }
    for file in reliabilities {
      try ReliabilityFile.write(tally.reliability, title: title, to: file, call.console)
    }
    if let output {
      let answers = Dictionary(tally.entries.map { ($0.questionID, $0.answer) }) { first, _ in first }
      let results = BatchResults(asked: evaluated.asked, answers: answers)
      try AtomicFile.write(results.text, to: output)
      call.console.inform(results.told(output: output))
    }
    try write(try score(tally, of: evaluated), tally, evaluated, loaded)
    return tally.failures.questions == 0 ? .success : .someFailed
  }

  private func asking(_ model: VQAModel) -> GroupAnswering.Asking<Given> {
    let wantsExits = !curves.isEmpty
    return { questions, pictures in
      let answers = model.answer(questions, about: pictures, top: 1)
      guard wantsExits else { return answers.map { Given(answer: $0, exits: nil) } }
      return zip(answers, model.everyExit(questions, about: pictures)).map {
        Given(answer: $0, exits: ExitAnswers($1, by: model))
      }
    }
  }

  private func score(_ tally: Tally, of evaluated: EvaluatedQuestions) throws(FileFailure) -> Score {
    guard case .clevr(let file) = evaluated.asked.file else {
      let results = ResultFile(entries: tally.entries)
      guard let (annotations, path) = evaluated.truth.annotations else { return .vqa(AccuracyReport(questions: [])) }
      do throws(EvaluationFailure) {
        return .vqa(try VQAAccuracy.evaluate(results, against: annotations, scorer: Self.scorer(call.arguments)))
      } catch {
        throw FileFailure(file: path, cause: error)
      }
    }
    // The ids of CLEVR's questions are their places.
    let answers = tally.entries.sorted { $0.questionID < $1.questionID }.map(\.answer)
    return try .clevr(answers, from: evaluated.path, to: file, from: evaluated.path)
  }

  private func tell(_ failures: FailedPictures) {
    failures.tell(call.console)
    if failures.questions > 0 {
      call.console.say("\(failures.questions) questions have no answer and count as wrong")
    }
  }

  private func write(_ score: Score, _ tally: Tally, _ evaluated: EvaluatedQuestions, _ loaded: LoadedModel) throws {
    guard call.arguments.flag("json") else {
      var text = score.table
      var facts = [
        ("model", loaded.path), ("configuration", loaded.configurationHash),
        ("multiply-adds", "\(Columns.grouped(Int(tally.meanMultiplyAdds.rounded()))) a question"),
      ]
      if tally.reliability.count > 0 { facts.append(("confidence", ReliabilityReport.text(tally.reliability))) }
      if let exits = tally.byExit {
        text += "\n" + exits.text
        facts.append(("exits", ExitOptions.description(of: loaded.model)))
        facts.append(("full run", "\(Columns.grouped(loaded.model.fullRunMultiplyAdds)) multiply-adds a question"))
      }
      if let (pictures, all) = evaluated.heldOut { facts.append(("held out", "\(pictures) of \(all) pictures")) }
      if call.arguments.flag("blank") { facts.append(("pictures", "blank")) }
      text += "\n" + Columns.text(facts)
      return try call.console.write(text)
    }
    var object = score.json
    object["meanMultiplyAdds"] = .number(tally.meanMultiplyAdds)
    object["exits"] = .object(
      JSONObject(tally.exits.sorted { $0.key < $1.key }.map { (String($0.key), .integer(Int64($0.value))) }))
    if tally.reliability.count > 0 {
      object["meanConfidence"] = .number(tally.reliability.confidence)
      object["calibrationError"] = .number(tally.reliability.error)
    }
    if let exits = tally.byExit {
      for (key, value) in exits.json.members { object[key] = value }
      object["fullMultiplyAdds"] = .integer(Int64(loaded.model.fullRunMultiplyAdds))
    }
    object["configuration"] = .string(loaded.configurationHash)
    if let (pictures, _) = evaluated.heldOut { object["heldOutPictures"] = .integer(Int64(pictures)) }
    let unanswered = tally.failures.questions
    if unanswered > 0 { object["unanswered"] = .integer(Int64(unanswered)) }
    try call.console.write(JSONValue.object(object))
  }

  /// What came of the questions so far.
  private struct Tally {
    private let truth: Truth
    private let keepsExits: Bool
    private(set) var entries: [ResultEntry] = []
    private(set) var exits: [Int: Int] = [:]
    private(set) var failures = FailedPictures()
    /// Accuracy and cost by exit and type of question; nil for a model of one exit.
    private(set) var byExit: ExitTally?
    /// How sure answers were, and what they are worth.
    private(set) var reliability = Reliability()
    private var answered: [(question: Question, exits: ExitAnswers)] = []
    private var multiplyAdds = 0.0

    init(_ model: VQAModel, _ truth: Truth, keepsExits: Bool) {
      self.truth = truth
      self.keepsExits = keepsExits
      byExit = model.exits > 1 ? ExitTally(grids: model.vision.grids) : nil
    }

    /// Multiply-adds per answered question.
    var meanMultiplyAdds: Double { multiplyAdds / Double(max(1, entries.count - failures.questions)) }

    mutating func add(_ result: Result<Given, FileFailure>, to question: Question) {
      switch result {
      case .success(let given):
        let answer = given.answer
        entries.append(ResultEntry(questionID: question.questionID, answer: answer.best.answer))
        exits[answer.exit, default: 0] += 1
        multiplyAdds += Double(answer.multiplyAdds)
        let score = truth.score(answer.best.answer, to: question)
        reliability.add(confidence: answer.best.probability, score: score)
        byExit?.add(
          type: truth.type(of: question), score: score, exit: answer.exit, multiplyAdds: answer.multiplyAdds)
        if let found = given.exits { answered.append((question, found)) }
      case .failure(let failure):
        entries.append(ResultEntry(questionID: question.questionID, answer: ""))
        byExit?.add(type: truth.type(of: question), score: 0, exit: nil, multiplyAdds: 0)
        failures.add(failure, imageID: question.imageID)
      }
    }

    /// Accuracy against cost over the answered questions; nil where no curve is wanted.
    func curve(_ model: VQAModel) -> CostCurve? {
      guard keepsExits else { return nil }
      return CostCurve(model, answers: answered.map(\.exits)) { number, place in
        truth.score(model.answers.answer(place) ?? "", to: answered[number].question)
      }
    }
  }
}
