// HeldOutFiles.swift - the sets of a calibration: questions, annotations and pictures that belong together.

import CommandLineKit
import Evaluation
import SafeFiles
import VQAFormats
import VQAPipeline

/// The files of one set.
struct HeldOutFiles {
  let questions: String
  let annotations: String?
  let images: String

  /// Reads the options; each set has its own files, only the folder of the pictures may be one for all.
  static func all(_ arguments: Arguments) throws(UsageError) -> [HeldOutFiles] {
    let questions = arguments.strings("questions")
    let annotations = arguments.strings("annotations")
    let images = arguments.strings("images")
    _ = try arguments.required("questions")
    let last = try arguments.required("images")
    if images.count != 1, images.count != questions.count {
      throw mismatch("--images", images.count, questions.count, arguments)
    }
    if !annotations.isEmpty, annotations.count != questions.count {
      throw mismatch("--annotations", annotations.count, questions.count, arguments)
    }
    return questions.indices.map { set in
      HeldOutFiles(
        questions: questions[set], annotations: annotations.isEmpty ? nil : annotations[set],
        images: images.count == 1 ? last : images[set])
    }
  }

  private static func mismatch(_ name: String, _ found: Int, _ sets: Int, _ arguments: Arguments) -> UsageError {
    arguments.failure(
      .invalidValue(
        option: name, value: "given \(found) times", expected: "to be given once for each --questions (\(sets))"))
  }
}

/// Every question of the sets with what each exit says about it.
struct HeldOutReadings {
  /// A question with the truth of its set.
  typealias Asked = (question: Question, truth: Truth)

  /// The questions whose pictures could be read.
  private(set) var asked: [Asked] = []
  /// What each exit says, in the same order.
  private(set) var readings: [ExitReadings] = []
  /// The pictures that could not be read.
  private(set) var failures = FailedPictures()
  /// SHA-256 of the hashes of all question and annotation files.
  let contentHash: String

  /// Asks everything.
  init(_ sets: [HeldOutFiles], _ loaded: LoadedModel, _ call: Call) throws {
    var hashes: [String] = []
    var read: [(asked: AskedQuestions, truth: Truth, source: any PictureSource)] = []
    for set in sets {
      let asked = try AskedQuestions(path: set.questions)
      let truth = try Truth(
        of: asked, path: set.questions, annotations: { try set.annotations ?? call.arguments.required("annotations") },
        scorer: ModelEvaluation.scorer(call.arguments))
      if let unknown = asked.questions.first(where: { !truth.knows($0) }) {
        throw FileFailure(
          file: truth.annotations?.path ?? set.questions,
          cause: EvaluationFailure.unknownQuestions(first: unknown.questionID, count: 1))
      }
      for path in [set.questions, truth.annotations?.path] {
        if let path { hashes.append(try ContentHash.hex(path: path, limit: LoadLimits.default.jsonFileBytes)) }
      }
      read.append((asked, truth, try asked.pictures(in: .images(set.images), for: loaded)))
    }
    contentHash = ContentHash.hex(texts: hashes)
    let reader = try PictureReader(loaded.model, call.arguments)
    let total = read.reduce(0) { $0 + $1.asked.questions.count }
    var progress = call.console.progress("questions", total: total)
    for (set, truth, source) in read {
      var answering = GroupAnswering(loaded.model, reader)
      let groups = PictureGroups.groups(set.questions).map { group in group.map { set.questions[$0] } }
      try answering.ask(groups, source, loaded.model.everyExit(_:about:)) { given in
        for (question, result) in given {
          switch result {
          case .success(let found):
            asked.append((question, truth))
            readings.append(found)
          case .failure(let failure): failures.add(failure, imageID: question.imageID)
          }
        }
        progress?.update(asked.count + failures.questions)
        return true
      }
    }
    progress?.finish()
    failures.tell(call.console)
    if failures.questions > 0 { call.console.say("\(failures.questions) questions are left out") }
    guard !asked.isEmpty else {
      if let first = failures.failures.first { throw first }
      throw FileFailure(file: sets.first?.questions ?? "", cause: EvaluationFailure.nothingToScore)
    }
  }
}
