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
    let file = try QuestionFile(path: questionPath)
    let loaded = try LoadedModel(call)
    let source = try folders.open(for: loaded)
    let reader = try PictureReader(loaded.model, call.arguments)
    Interruption.watch(survivesClosedPipes: true)
    // Opened before the work: a folder that cannot be written to is told now, not after hours.
    AtomicFile.removeStrays(of: output)
    var target = try AtomicFileWriter.open(output)
    let kept = KeptAnswers(
      output: output, questions: questionPath, images: folders.folders.joined(separator: "\0"), model: loaded.path)
    var answers = try kept.load()
    if !answers.isEmpty { call.console.note("going on after \(answers.count) answers of a run that was stopped") }
    var failures = FailedPictures()
    var answering = GroupAnswering(loaded.model, reader)
    var progress = call.console.progress("questions", total: file.questions.count, first: answers.count)
    let groups = PictureGroups.groups(file.questions)
      .map { group in group.map { file.questions[$0] }.filter { answers[$0.questionID] == nil } }
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
      let rest = file.questions.count - answers.count
      call.console.say("stopped with \(answers.count) answers kept, \(rest) left; run the same command to go on")
      return .stopped
    }
    progress?.finish()
    tell(failures)
    if answers.isEmpty, let first = failures.failures.first { throw first }
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

  private func tell(_ failures: FailedPictures) {
    failures.tell(call.console)
    if failures.questions > 0 {
      call.console.say(
        "\(failures.questions) questions about \(failures.failures.count) pictures have no answer; the official "
          + "evaluation refuses results with missing answers")
    }
  }
}
