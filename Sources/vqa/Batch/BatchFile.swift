// BatchFile.swift - a question file answered into a result file.

import CommandLineKit
import Foundation
import SafeFiles
import VQAFormats

/// Answers a question file.
struct BatchFile {
  private let call: Call
  private let questionPath: String
  private let output: String
  private let folder: String
  /// Failed pictures told by name; the others only by number.
  private static let mostNamed = 20

  init(_ call: Call) throws(UsageError) {
    self.call = call
    questionPath = try call.arguments.required("questions")
    output = try call.arguments.required("output")
    folder = try call.arguments.required("images")
  }

  func run() throws -> ExitCode {
    try OutputFile.check(output, isForced: call.arguments.flag("force"))
    let file = try QuestionFile(path: questionPath)
    let index = try PictureIndex(folder: folder)
    let loaded = try LoadedModel(call)
    let reader = try PictureReader(loaded.model, call.arguments)
    Interruption.watch(survivesClosedPipes: true)
    // Opened before the work: a folder that cannot be written to is told now, not after hours.
    AtomicFile.removeStrays(of: output)
    var target = try AtomicFileWriter.open(output)
    let kept = KeptAnswers(output: output, questions: questionPath, images: folder, model: loaded.path)
    var answers = try kept.load()
    if !answers.isEmpty { call.console.note("going on after \(answers.count) answers of a run that was stopped") }
    var failures = Failures()
    var answering = GroupAnswering(loaded.model, reader)
    var progress = call.console.progress("questions", total: file.questions.count, first: answers.count)
    for group in PictureGroups.groups(file.questions) {
      let open = group.map { file.questions[$0] }.filter { answers[$0.questionID] == nil }
      guard !open.isEmpty else { continue }
      try answer(open, index, &answering, &answers, &failures)
      progress?.update(answers.count + failures.questions)
      if Interruption.isRequested {
        progress?.finish()
        try kept.save(answers)
        let rest = file.questions.count - answers.count
        call.console.say("stopped with \(answers.count) answers kept, \(rest) left; run the same command to go on")
        return .stopped
      }
    }
    progress?.finish()
    tell(failures)
    if answers.isEmpty, let first = failures.first { throw first }
    let entries = file.questions.compactMap { question in
      answers[question.questionID].map { ResultEntry(questionID: question.questionID, answer: $0) }
    }
    try target.write(ResultFile(entries: entries).json)
    try target.finish()
    kept.remove()
    call.console.inform("\(entries.count) answers are in \(output)")
    call.console.inform("next: vqa evaluate \(output) --questions \(questionPath) --annotations FILE")
    return failures.questions == 0 ? .success : .someFailed
  }

  private func answer(
    _ questions: [Question], _ index: PictureIndex, _ answering: inout GroupAnswering, _ answers: inout [Int: String],
    _ failures: inout Failures
  ) throws {
    var asked: [(question: Question, item: AskedItem)] = []
    for question in questions {
      do {
        asked.append((question, AskedItem(picture: try index.path(of: question.imageID), question: question.text)))
      } catch {
        failures.add(error, imageID: question.imageID)
      }
    }
    for ((question, _), result) in zip(asked, try answering.answer(asked.map(\.item))) {
      switch result {
      case .success(let answer): answers[question.questionID] = answer.best.answer
      case .failure(let failure): failures.add(failure, imageID: question.imageID)
      }
    }
  }

  private func tell(_ failures: Failures) {
    for failure in failures.pictures.prefix(Self.mostNamed) { call.console.say(failure.description) }
    let count = failures.pictures.count
    if count > Self.mostNamed { call.console.say("and \(count - Self.mostNamed) more pictures that cannot be read") }
    if failures.questions > 0 {
      call.console.say(
        "\(failures.questions) questions about \(count) pictures have no answer; the official evaluation refuses "
          + "results with missing answers")
    }
  }
}

/// The pictures that could not be read, and how many questions that cost.
private struct Failures {
  private(set) var pictures: [FileFailure] = []
  private(set) var questions = 0
  private var seen: Set<Int> = []

  var first: FileFailure? { pictures.first }

  mutating func add(_ failure: FileFailure, imageID: Int) {
    questions += 1
    if seen.insert(imageID).inserted { pictures.append(failure) }
  }
}
