// SpanSet.swift - the spans of every question of a file: a line for each, a page of all, or a summary.

import CommandLineKit
import Reports
import SafeFiles
import VQAFormats
import VQAPipeline

/// Shows the spans of a question file.
struct SpanSet {
  /// Questions worked on together, and pictures kept for later ones.
  private static let (group, keptPictures) = (64, 256)

  private let call: Call
  private let questionPath: String
  private let folders: PictureFolders
  private let isSummary: Bool
  private let page: String?

  init(_ call: Call) throws(UsageError) {
    let arguments = call.arguments
    self.call = call
    questionPath = try arguments.required("questions")
    let others = [("PICTURE", arguments.argument("PICTURE") != nil), ("--png", arguments.flag("png"))]
    for (name, isGiven) in others where isGiven {
      throw arguments.failure(.conflict(first: name, second: "--questions"))
    }
    folders = try PictureFolders(arguments)
    isSummary = arguments.flag("summary")
    page = arguments.string("html")
    if arguments.flag("annotations"), !isSummary { throw arguments.failure(.missingOption(name: "--summary")) }
  }

  func run() throws -> ExitCode {
    if let page { try OutputFile.check(page, isForced: call.arguments.flag("force")) }
    let asked = try AskedQuestions(path: questionPath)
    let types = try QuestionTypes(annotations: call.arguments.string("annotations"))
    let loaded = try LoadedModel(answering: call)
    let pictures = try asked.pictures(in: folders, for: loaded)
    let reader = try PictureReader(loaded.model, call.arguments)
    let source = SpanSetSource(
      model: loaded.model.configuration.name, configuration: loaded.configurationHash,
      questions: PagePath.name(of: questionPath))
    Interruption.watch(survivesClosedPipes: page != nil)
    let output: any SpanSetOutput =
      isSummary
      ? SpanSummaryOutput(call, page: page, source, types, width: loaded.model.configuration.network.hidden)
      : try SpanLineOutput(
        call, page: page.map { try SpanPageFile($0, source, loaded.model, reader, count: asked.questions.count) })
    let answering = SpanAnswering(
      loaded.model, GroupAnswering(loaded.model, reader, keepingPictures: Self.keptPictures), pictures,
      explains: output.needsViews)
    return try run(asked.questions, answering, output)
  }

  private func run(
    _ questions: [Question], _ answering: SpanAnswering, _ output: any SpanSetOutput
  ) throws -> ExitCode {
    var answering = answering
    var failures = FailedPictures()
    // Lines on a terminal are progress enough, and one would be drawn into the other.
    let showsProgress = isSummary || Terminal.columns(of: 1) == nil
    var progress = showsProgress ? call.console.progress("questions", total: questions.count) : nil
    var done = 0
    for start in stride(from: 0, to: questions.count, by: Self.group) {
      let results = try answering.answer(Array(questions[start..<min(questions.count, start + Self.group)]))
      for result in results {
        if case .failure(let failure) = result.outcome { failures.add(failure, imageID: result.question.imageID) }
      }
      try output.take(results)
      done += results.count
      progress?.update(done)
      if Interruption.isRequested, done < questions.count {
        progress?.finish()
        call.console.say("stopped after \(done) of \(questions.count) questions; \(output.whatIsThere)")
        return .stopped
      }
    }
    progress?.finish()
    if output.tellsFailures { failures.tell(call.console) }
    if failures.questions > 0 { call.console.say("\(failures.questions) of \(done) questions failed") }
    try output.finish(failures)
    return failures.questions == 0 ? .success : .someFailed
  }
}
