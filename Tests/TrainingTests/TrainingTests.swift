// TrainingTests.swift - the suite around all training runs, and what they start from.

import SafeFiles
import Tensors
import TestSupport
import Testing
import Training
import WeightFiles

/// The suite around all tests that train: they compare bits and set the number of threads.
@Suite(.serialized, .inTurn)
enum TrainingTests {}

/// A folder with a tiny data set, and runs in it.
struct RunFolder {
  let path: String
  var recipe = TinySet.recipe

  /// Runs a test in a folder with a data set.
  static func with(_ body: (inout RunFolder) throws -> Void) throws {
    try withTemporaryFolder { path in
      try TinySet.write(in: path)
      var folder = RunFolder(path: path)
      try body(&folder)
    }
  }

  /// Trains into a folder of the given name, with a number of threads.
  @discardableResult
  func run(
    _ name: String, resume: Bool = false, threads: Int = 1, stopAfter last: Int = .max,
    report: (TrainingProgress) -> Void = { _ in }, note: (String) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    let before = WorkerPool.shared.threads
    WorkerPool.shared.threads = threads
    defer { WorkerPool.shared.threads = before }
    let run = try TrainingRun(recipe, data: path, output: output(name), threads: threads)
    var step = 0
    return try run.run(
      resume: resume, shouldStop: { step >= last },
      report: {
        step = $0.step
        report($0)
      }, note: note)
  }

  /// The failure of a run that must fail.
  func failure(
    _ name: String, resume: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> FileFailure {
    try #require(throws: FileFailure.self, sourceLocation: sourceLocation) { try run(name, resume: resume) }
  }

  func output(_ name: String) -> String { "\(path)/\(name)" }

  func bytes(_ name: String, _ file: String) throws -> [UInt8] {
    try readFile("\(output(name))/\(file)", limit: 1 << 24)
  }

  func checkpoint(_ name: String, _ step: Int) throws -> TensorFile {
    try TensorFile(path: "\(output(name))/checkpoint-\(step).safetensors")
  }

  /// The fields of the log, line by line, the header first.
  func log(_ name: String) throws -> [[Substring]] {
    let text = String(decoding: try bytes(name, "log.csv"), as: UTF8.self)
    return text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  /// The log without its third column, the seconds, which no two runs share.
  func timelessLog(_ name: String) throws -> [[Substring]] {
    try log(name).map { line in line.indices.filter { $0 != 2 }.map { line[$0] } }
  }
}
