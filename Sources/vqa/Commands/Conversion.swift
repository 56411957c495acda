// Conversion.swift - one run of `vqa convert`.

import CommandLineKit
import Foundation
import SafeFiles
import VQAFormats
import VQAPipeline
import WeightFiles

/// A run of `vqa convert`.
struct Conversion {
  let call: Call
  let input: String
  let output: String

  init(_ call: Call) throws(UsageError) {
    self.call = call
    input = try call.arguments.requiredArgument("INPUT")
    output = try call.arguments.required("output")
  }

  func run() throws -> ExitCode {
    try OutputFile.check(output, isForced: call.arguments.flag("force"))
    let bytes = FileBytes.mapped(try MappedFile(path: input, limit: LoadLimits.default.weightFileBytes))
    let start = bytes.copy(0..<min(16, bytes.count))
    // A safetensors file begins with the length of its header and the header's brace.
    if start.count > 8, start[8] == UInt8(ascii: "{"), !start.starts(with: Array("PK".utf8)) {
      let metadata = try TensorFile(path: input).metadata
      if BackboneFile.isOne(metadata) { return try storeBackbone() }
      return try DynamicViTFile.isOne(metadata) ? storeDynamicViT() : storeModel()
    }
    // Without settings it can only be another network, or what keeps it from being read is to be told.
    let hasSettings = call.arguments.flag("config")
    if let file = try hasSettings ? try? TorchCheckpoint(path: input) : TorchCheckpoint(path: input) {
      if DynamicViTCheckpoint.isOne(file) { return try convertDynamicViT(file) }
      if BackboneFile.isPublished(file) { return try storeBackbone() }
    }
    return try convertCheckpoint()
  }

  /// Stores a model of this program another way.
  private func storeModel() throws -> ExitCode {
    tellUnused(
      ["config", "answers", "questions", "dataset", "weights", "heads"], on: "a model, which has all in itself")
    var (model, metadata) = try ModelFile.load(input)
    if let name = call.arguments.string("name") { model.configuration.name = name }
    try write(model, record: metadata.filter { !ModelFile.ownKeys.contains($0.key) }, rows: [])
    return .success
  }

  private func convertCheckpoint() throws -> ExitCode {
    let arguments = call.arguments
    let settingsPath = try arguments.required("config")
    let questionPaths = arguments.strings("questions")
    if questionPaths.isEmpty { throw arguments.failure(.missingOption(name: "--questions")) }
    let dataSet = arguments.string("dataset").flatMap(OriginalConfiguration.DataSet.init)
    let checkpoint = try OriginalCheckpoint(path: input)
    let settings = try OriginalConfiguration(
      path: settingsPath, dataSet: dataSet, otherwise: checkpoint.dataSet ?? .vqa)
    let conversion = try inFile(input) { try OriginalConversion(checkpoint, settings: settings) }
    let answerPath = arguments.string("answers")
    if answerPath == nil, settings.dataSet == .vqa { throw arguments.failure(.missingOption(name: "--answers")) }
    let answers = try answerPath.map { path in (vocabulary: try AnswerVocabulary(path: path), source: path) }
    let questions = try OriginalQuestions(paths: questionPaths, dataSet: settings.dataSet)
    tell(questions)
    tellUnused(["weights", "heads"], on: "a checkpoint of TRAR")
    let model = try inFile(input) { try conversion.model(questions: questions, answers: answers, name: name) }
    let files = questions.files.enumerated().map { place, file in
      (
        place == 0 ? "  in the order" : "",
        questions.isOrderKnown ? "\(file.part?.rawValue ?? ""): \(file.path)" : file.path
      )
    }
    var rows = [("data set", settings.dataSet.rawValue), ("words", Columns.grouped(model.words.count))] + files
    rows += [
      ("answers", Columns.grouped(model.answers.count)),
      ("features", "\(model.vision.grids[0].tokens) x \(model.vision.tokenWidth)"),
    ]
    if let epoch = checkpoint.epoch { rows.append(("epoch", String(epoch))) }
    try write(model, record: try record(checkpoint, settingsPath, answerPath, questions), rows: rows)
    if settings.network.routing == .hard {
      call.console.note(
        "hard routing answers without noise, so that an answer is always the same; the original draws noise")
    }
    return .success
  }

  /// Tells what was made of question files that are not exactly the original's.
  private func tell(_ questions: OriginalQuestions) {
    for path in questions.leftOut {
      call.console.note("\(path) is left out: its questions are among those of test, and the original does not scan it")
    }
    guard !questions.isOrderKnown else { return }
    call.console.note(
      questions.files.contains { $0.part == nil }
        ? "names and contents of the question files do not tell the part of each; they are taken in the order given"
        : "several question files are of one part; those are taken in the order given")
  }

  /// Where the model comes from, for whoever finds the file.
  private func record(
    _ checkpoint: OriginalCheckpoint, _ settings: String, _ answers: String?, _ questions: OriginalQuestions
  ) throws -> [String: String] {
    func name(_ path: String) -> String { URL(filePath: path).lastPathComponent }
    var record = [
      "converted.from": name(input),
      "converted.from.sha256": try ContentHash.hex(path: input, limit: LoadLimits.default.weightFileBytes),
      "converted.config.sha256": try ContentHash.hex(path: settings, limit: LoadLimits.default.fileBytes),
      "converted.questions": questions.order,
      "converted.questions.sha256": questions.files.map(\.hash).joined(separator: " "),
    ]
    if let answers {
      record["converted.answers.sha256"] = try ContentHash.hex(path: answers, limit: LoadLimits.default.fileBytes)
    }
    if let epoch = checkpoint.epoch { record["converted.epoch"] = String(epoch) }
    return record
  }

  /// Name of the model: the one that is asked for, or that of the output.
  var name: String {
    call.arguments.string("name") ?? URL(filePath: output).deletingPathExtension().lastPathComponent
  }

  /// Notes options that a file of some kind has no use for.
  func tellUnused(_ options: [String], on kind: String) {
    for option in options where call.arguments.flag(option) {
      call.console.note("'--\(option)' has no effect on \(kind)")
    }
  }

  private func write(_ model: VQAModel, record: [String: String], rows: [(String, String)]) throws {
    try ModelFile.save(model, record: record, storage: Storage.of(call.arguments), to: output)
    let size = Columns.grouped(model.parameterCount)
    try call.console.write(Columns.text([("model", output), ("parameters", size)] + rows))
    let pictures = model.takesFeatures ? "--features DIR" : "--images DIR"
    let results = model.configuration.network.projectionName == "grid_linear" ? "results.txt" : "results.json"
    call.console.inform("next: vqa batch --model \(output) --questions FILE \(pictures) --output \(results)")
  }

  /// Names the file in which something failed.
  func inFile<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as FileFailure {
      throw failure
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    }
  }
}
