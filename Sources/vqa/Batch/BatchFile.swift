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
  private let folders: PictureFolders

  init(_ call: Call) throws(UsageError) {
    self.call = call
    questionPath = try call.arguments.required("questions")
    output = try call.arguments.required("output")
    folders = try PictureFolders(call.arguments)
  }

  func run() throws -> ExitCode {
    try OutputFile.check(output, isForced: call.arguments.flag("force"))
    let asked = try AskedQuestions(path: questionPath)
    if asked.repeated > 0 {
      call.console.note("\(asked.repeated) questions stand in the file twice; each is answered once")
    }
    let loaded = try LoadedModel(answering: call)
    let source = try asked.pictures(in: folders, for: loaded)
    let reader = try PictureReader(loaded.model, call.arguments)
    Interruption.watch(survivesClosedPipes: true)
    // Opened before the work: a folder that cannot be written to is told now, not after hours.
    AtomicFile.removeStrays(of: output)
    var target = try AtomicFileWriter.open(output)
    let kept = KeptAnswers(
      output: output, questions: questionPath, images: folders.folders.joined(separator: "\0"), model: loaded.path,
      exits: loaded.model.exitChoice == .stored ? "" : "\(loaded.model.exitChoice)")
    var answers = try kept.load()
    if !answers.isEmpty { call.console.note("going on after \(answers.count) answers of a run that was stopped") }
    var failures = FailedPictures()
    var answering = GroupAnswering(loaded.model, reader)
    var progress = call.console.progress("questions", total: asked.questions.count, first: answers.count)
    let groups = PictureGroups.groups(asked.questions)
      .map { group in group.map { asked.questions[$0] }.filter { answers[$0.questionID] == nil } }
      .filter { !$0.isEmpty }
    try answering.answer(groups, source) { answered in
      for (question, result) in answered {
        switch result {
        case .success(let answer): answers[question.questionID] = answer.best.answer
        case .failure(let failure): failures.add(failure, imageID: question.imageID)
        }
      }
      progress?.update(answers.count + failures.questions)
      return !Interruption.isRequested
    }
    if Interruption.isRequested {
      progress?.finish()
      try kept.save(answers)
      let rest = asked.questions.count - answers.count
      call.console.say("stopped with \(answers.count) answers kept, \(rest) left; run the same command to go on")
      return .stopped
    }
    progress?.finish()
    let results = BatchResults(asked: asked, answers: answers)
    tell(failures, results)
    if answers.isEmpty, let first = failures.failures.first { throw first }
    try target.write(results.text)
    try target.finish()
    kept.remove()
    call.console.inform(results.told(output: output))
    call.console.inform(results.next(output: output, questions: questionPath))
    return failures.questions == 0 ? .success : .someFailed
  }

  private func tell(_ failures: FailedPictures, _ results: BatchResults) {
    failures.tell(call.console)
    if failures.questions > 0 {
      call.console.say(
        "\(failures.questions) questions about \(failures.failures.count) pictures have no answer; \(results.missing)")
    }
  }
}
