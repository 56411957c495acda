// Vqa.swift - runs the built command as its users do, and keeps what it wrote.

import Foundation
import SafeFiles
import TestSupport
import Testing

/// The end of one run of the command.
struct Run {
  /// The exit code, or nil when a signal ended it.
  let code: Int32?
  let output: String
  let errors: String

  /// The output as one JSON value a line.
  func objects() throws -> [JSONValue] {
    try output.split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
  }

  /// The only line of JSON of the output.
  func object() throws -> JSONValue {
    let found = try objects()
    return try #require(found.count == 1 ? found.first : nil)
  }
}

/// A run did not end in time; it has been killed.
struct Hung: Error {
  let arguments: [String]
  let errors: String
}

/// A run that has begun.
final class StartedRun {
  private let process: Process
  private let folder: String

  fileprivate init(_ process: Process, _ folder: String) {
    self.process = process
    self.folder = folder
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Whether it still runs.
  var isRunning: Bool { process.isRunning }

  /// Waits for the end.
  func end() throws -> Run {
    let deadline = ContinuousClock.now + .seconds(120)
    while process.isRunning {
      guard ContinuousClock.now < deadline else {
        send(SIGKILL)
        throw Hung(arguments: process.arguments ?? [], errors: try text("errors"))
      }
      usleep(1000)
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return Run(
      code: process.terminationReason == .exit ? process.terminationStatus : nil, output: try text("output"),
      errors: try text("errors"))
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
  }
}

/// The built command.
enum Vqa {
  /// Its path: beside the bundle of tests.
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["VQA_BINARY"] { return named }
    let places = CommandLine.arguments + Bundle.allBundles.map(\.bundlePath)
    let binaries = places.map { URL(filePath: $0).deletingLastPathComponent().path + "/vqa" }
    return binaries.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "vqa-not-built"
  }()

  /// Starts the command.
  static func start(
    _ arguments: [String], input: String? = nil, folder: String? = nil, environment: [String: String] = [:]
  ) throws -> StartedRun {
    try start(path, arguments, input: input, folder: folder, environment: environment)
  }

  /// Runs the command to its end.
  static func run(
    _ arguments: String..., input: String? = nil, folder: String? = nil, environment: [String: String] = [:]
  ) throws -> Run {
    try start(arguments, input: input, folder: folder, environment: environment).end()
  }

  /// Runs a line of the shell in which `$vqa` is the command.
  static func shell(_ line: String, folder: String) throws -> Run {
    try start("/bin/sh", ["-c", line], folder: folder, environment: ["vqa": path]).end()
  }

  /// Starts a program whose outputs go to files: no pipe can fill up, and none is held open by a child.
  private static func start(
    _ program: String, _ arguments: [String], input: String? = nil, folder: String?, environment: [String: String]
  ) throws -> StartedRun {
    let files = FileManager.default.temporaryDirectory.path + "/vqa-run-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    var usual = ["PATH": "/usr/bin:/bin", "TMPDIR": "/tmp"]
    // Where a build counts what is run, it would otherwise leave its count in the folder of the test.
    usual["LLVM_PROFILE_FILE"] = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"]
    process.environment = environment.merging(usual) { own, _ in own }
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    process.standardInput = FileHandle.nullDevice
    if let input {
      try Data(input.utf8).write(to: URL(filePath: files + "/input"))
      process.standardInput = try FileHandle(forReadingFrom: URL(filePath: files + "/input"))
    }
    for name in ["output", "errors"] { _ = FileManager.default.createFile(atPath: "\(files)/\(name)", contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: files + "/output"))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: files + "/errors"))
    try process.run()
    return StartedRun(process, files)
  }
}

/// Holds a text against a file of the folder Snapshots; UPDATE_SNAPSHOTS=1 writes it anew.
func expectSnapshot(_ name: String, _ text: String) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
    try Data(text.utf8).write(to: file)
  }
  #expect(text == String(decoding: try Data(contentsOf: file), as: UTF8.self), "\(name)")
}
