// SpanSetOutput.swift - where the spans of a set go: lines with a page beside them, or a summary with a page of its own.

import CommandLineKit
import Reports
import SafeFiles
import VQAFormats

/// Takes the results of a set, group by group.
protocol SpanSetOutput: AnyObject {
  /// Whether it shows where the attention went.
  var needsViews: Bool { get }
  /// Whether failures are to be told on standard error.
  var tellsFailures: Bool { get }
  /// What a run that is stopped leaves, for people.
  var whatIsThere: String { get }
  /// Takes results in the order of the questions.
  func take(_ results: [SpanResult]) throws
  /// Ends the output.
  func finish(_ failures: FailedPictures) throws
}

/// A line for each question, as JSON or CSV.
final class SpanLineOutput: SpanSetOutput {
  private let console: Console
  private let isCSV: Bool
  private let page: SpanPageFile?
  private var hasHeader = false

  init(_ call: Call, page: SpanPageFile?) {
    console = call.console
    isCSV = call.arguments.flag("csv")
    self.page = page
  }

  var needsViews: Bool { page != nil }
  /// Lines of JSON tell themselves why a question failed.
  var tellsFailures: Bool { isCSV }

  var whatIsThere: String {
    "their lines are written" + (page == nil ? "" : ", the page is not; run the same command to have it")
  }

  func take(_ results: [SpanResult]) throws {
    var text = isCSV && !hasHeader ? SpanReport.setHeader : ""
    hasHeader = true
    for result in results { text += line(result) }
    try console.write(text)
    try page?.add(results)
  }

  func finish(_ failures: FailedPictures) throws {
    if !hasHeader, isCSV { try console.write(SpanReport.setHeader) }
    if let page { try page.finish(failures, console) }
  }

  private func line(_ result: SpanResult) -> String {
    let id = result.question.questionID
    switch result.outcome {
    case .success(let found):
      if isCSV { return SpanReport.csv(found.answer, id: id) }
      return SpanReport.json(found.answer, grid: found.grid, id: id).serialized() + "\n"
    case .failure(let failure):
      if isCSV { return "" }
      let error: JSONValue = [
        "code": .integer(Int64(ExitCode(failure.kind).rawValue)), "message": .string(failure.description),
      ]
      return JSONValue.object(["id": .integer(Int64(id)), "error": error]).serialized() + "\n"
    }
  }
}

/// A summary as a table, JSON or CSV, and as a page.
final class SpanSummaryOutput: SpanSetOutput {
  private let call: Call
  private let page: String?
  private let source: SpanSetSource
  private let types: QuestionTypes
  private var summary: SpanSummary

  init(_ call: Call, page: String?, _ source: SpanSetSource, _ types: QuestionTypes, width: Int) {
    self.call = call
    self.page = page
    self.source = source
    self.types = types
    summary = SpanSummary(width: width)
  }

  let needsViews = false
  let tellsFailures = true
  let whatIsThere = "nothing is summed up; run the same command to begin anew"

  func take(_ results: [SpanResult]) {
    for result in results {
      if case .success(let found) = result.outcome {
        summary.add(found.answer, grid: found.grid, type: types.type(of: result.question))
      }
    }
  }

  func finish(_ failures: FailedPictures) throws {
    let failed = failures.questions
    // Of answers that are not there nothing can be told.
    if summary.total.count == 0, let first = failures.failures.first { throw first }
    if let page {
      try AtomicFile.write(SpanReport.html(summary, failed: failed, from: source), to: page)
      call.console.inform("open \(page) in a browser")
    }
    if call.arguments.flag("json") { return try call.console.write(SpanReport.json(summary, failed: failed)) }
    let isCSV = call.arguments.flag("csv")
    try call.console.write(isCSV ? SpanReport.csv(summary) : SpanReport.table(summary, failed: failed))
  }
}
