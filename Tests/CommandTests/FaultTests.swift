// FaultTests.swift - every command that prints or writes, on an output that takes nothing and on a disk that is full.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

/// A folder in which every command has something to do.
enum FaultFolder {
  /// Where the vocabularies lie that are shipped.
  static let vocabulary = URL(filePath: #filePath).appending(path: "../../../vocab").standardized.path
  static let asked = "--questions q.json --images pictures"
  static let steps = "--model models/steps.safetensors"
  static let tiny = "--model models/tiny.safetensors"

  /// Runs a test in such a folder: models, pictures, questions, annotations, results, lines and recipes.
  static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
    try Tiny.withCascade { folder in
      try TinySet.write(in: folder)
      try EasyPackage.write(in: folder + "/site")
      var file = try QuestionFile(path: folder + "/q.json")
      let questions = file.questions
      file.header = DataSetHeader(
        info: ["version": "1.0"], taskType: "Open-Ended", dataType: "made", dataSubtype: "val", license: ["name": "CC0"]
      )
      try file.write(to: folder + "/q.json")
      let annotations = questions.map { question in
        Annotation(
          questionID: question.questionID, imageID: question.imageID, questionType: "what", answerType: "other",
          multipleChoiceAnswer: "red", answers: HumanAnswer.tenTimes("red"))
      }
      try AnnotationFile(header: file.header, annotations: annotations).write(to: folder + "/a.json")
      try ResultFile(entries: questions.map { ResultEntry(questionID: $0.questionID, answer: "red") })
        .write(to: folder + "/results.json")
      try AtomicFile.write(
        #"{"id": 1, "image": "a.png", "question": "Is it?"}"# + "\n", to: folder + "/lines.jsonl")
      try AtomicFile.write(#"{"question":"Is it?","answers":{"yes":3}}"# + "\n", to: folder + "/text.jsonl")
      return try body(folder)
    }
  }
}

@Suite struct FullOutputTests {
  /// Everything that writes a result to standard output.
  static let lines = [
    "help", "help ask", "--version", "ask a.png 'Is it?' \(FaultFolder.tiny)",
    "ask a.png 'Is it?' --json \(FaultFolder.tiny)", "batch \(FaultFolder.tiny) < lines.jsonl",
    "spans a.png 'Is it?' \(FaultFolder.tiny)", "spans a.png 'Is it?' --json \(FaultFolder.tiny)",
    "spans a.png 'Is it?' --csv \(FaultFolder.tiny)", "spans \(FaultFolder.asked) \(FaultFolder.tiny)",
    "spans --summary \(FaultFolder.asked) \(FaultFolder.tiny)",
    "spans --summary --json \(FaultFolder.asked) \(FaultFolder.tiny)",
    "evaluate results.json --questions q.json --annotations a.json",
    "evaluate results.json --questions q.json --annotations a.json --json",
    "evaluate \(FaultFolder.asked) --annotations a.json \(FaultFolder.steps)",
    "evaluate \(FaultFolder.asked) --annotations a.json --json \(FaultFolder.steps)",
    "calibrate \(FaultFolder.asked) --annotations a.json --output c.safetensors \(FaultFolder.steps)",
    "calibrate \(FaultFolder.asked) --annotations a.json --output d.safetensors --json \(FaultFolder.steps)",
    "features --images pictures --output feats --backbone models/tiny.safetensors",
    "train recipe.json --print-config", "train recipe.json training.epochs=1 --output run",
    "convert models/tiny.safetensors --output converted.safetensors", "data easy-vqa --source site --output easy",
    "data scenes --preset sizes --pictures 50 --size 64 --output scenes", "data text --source text.jsonl --output text",
    "data folds --source set --folds 2 --by question --output parted", "inspect models/tiny.safetensors",
    "inspect models/tiny.safetensors --json", "inspect a.png", "doctor", "doctor --json", "completions bash",
    "completions zsh", "completions fish",
  ]

  /// A full disk behind standard output is error 74, and the output is named.
  @Test func noResultIsLostUntold() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    try FaultFolder.with { folder in
      for line in Self.lines {
        let run = try Vqa.shell("export VQA_DATA=.; $vqa \(line) > /dev/full", folder: folder)
        #expect(run.code == 74, "\(line): \(run.code ?? -1) \(run.errors)")
        #expect(
          run.errors.contains("vqa: standard output: cannot be written (write: No space left on device)"),
          "\(line): \(run.errors)")
      }
    }
  }
}

@Suite struct FullDiskTests {
  /// A command with the files that it writes.
  struct Writer: Sendable, CustomStringConvertible {
    let line: String
    let files: [String]
    var description: String { line }
  }

  /// Every command that writes files, in place of ones that are there.
  static let writers = [
    Writer(
      line: "batch \(FaultFolder.asked) --output out/r.json --force \(FaultFolder.tiny)", files: ["out/r.json"]),
    Writer(
      line: "spans a.png 'Is it?' --png out/s.png --html out/s.html --force \(FaultFolder.tiny)",
      files: ["out/s.png", "out/s.html"]),
    Writer(line: "spans \(FaultFolder.asked) --html out/s.html --force \(FaultFolder.tiny)", files: ["out/s.html"]),
    Writer(
      line: "spans --summary \(FaultFolder.asked) --html out/s.html --force \(FaultFolder.tiny)", files: ["out/s.html"]),
    Writer(
      line: "evaluate \(FaultFolder.asked) --annotations a.json --curve out/c.png --force \(FaultFolder.steps)",
      files: ["out/c.png"]),
    Writer(
      line: "evaluate \(FaultFolder.asked) --annotations a.json --curve out/c.csv --force \(FaultFolder.steps)",
      files: ["out/c.csv"]),
    Writer(
      line:
        "calibrate \(FaultFolder.asked) --annotations a.json --output out/m.safetensors --force \(FaultFolder.steps)",
      files: ["out/m.safetensors"]),
    Writer(
      line: "convert models/tiny.safetensors --output out/m.safetensors --force", files: ["out/m.safetensors"]),
    Writer(
      line: "features --images pictures --output out/feats --backbone models/tiny.safetensors",
      files: ["out/feats/1.png.npy", "out/feats/2.png.npy"]),
    Writer(
      line: "data easy-vqa --source site --output out/easy --force",
      files: ["out/easy/images.json", "out/easy/train/questions.json", "out/easy/test/annotations.json"]),
    Writer(
      line: "data scenes --preset sizes --pictures 50 --size 64 --output out/scenes --force",
      files: ["out/scenes/images.json", "out/scenes/train/questions.json", "out/scenes/images/0.png"]),
    Writer(line: "data text --source text.jsonl --output out/text --force", files: ["out/text/train/questions.json"]),
    Writer(
      line: "data folds --source set --folds 2 --by question --output out/parted --force",
      files: ["out/parted/fold1-val/questions.json", "out/parted/all/annotations.json"]),
    Writer(
      line: "train recipe.json training.epochs=1 --output out/run", files: ["out/run/model.safetensors"]),
  ]

  /// The system's limit on the size of files stands for a disk that is full after so many blocks.
  ///
  /// What is there is the old file or the new one, nothing else stays, and the run says which file it was.
  @Test(.timeLimit(.minutes(5)), arguments: writers) func filesAreWholeOrOld(writer: Writer) throws {
    try FaultFolder.with { folder in
      func run(blocks: Int?) throws -> Run {
        // Pipes have no size; the code is the last line.
        let limit = blocks.map { "ulimit -f \($0); " } ?? ""
        return try Vqa.shell(
          "export VQA_DATA=.; { \(limit)$vqa \(writer.line) -q; echo \"code $?\"; } 2>&1 | cat", folder: folder)
      }
      try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: true)
      let whole = try run(blocks: nil)
      #expect(whole.output.hasSuffix("code 0\n"), "\(whole.output)")
      let new = try contents(of: folder + "/out")
      for file in writer.files { #expect(new[String(file.dropFirst(4))] != nil, "\(file)") }
      let isRun = writer.line.hasPrefix("train")
      // Half of the largest file does not fit; in no block nothing does.
      let largest = new.values.map(\.count).max() ?? 0
      for (blocks, hasOld) in [(0, true), (largest / 1024, false), (largest / 1024, true)] where !hasOld || !isRun {
        try FileManager.default.removeItem(atPath: folder + "/out")
        try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: true)
        var old: [String: [UInt8]] = [:]
        // Features are never written in place of others.
        if hasOld, !writer.line.hasPrefix("features") {
          for file in writer.files {
            let above = URL(filePath: "\(folder)/\(file)").deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
            old[String(file.dropFirst(4))] = Array("old".utf8)
            try AtomicFile.write("old", to: "\(folder)/\(file)")
          }
          // A data set is only written over itself.
          for name in ["easy/images.json", "scenes/images.json"] where old[name] != nil {
            old[name] = new[name]
            try AtomicFile.write(new[name] ?? [], to: "\(folder)/out/\(name)")
          }
        }
        let run = try run(blocks: blocks)
        #expect(run.output.hasSuffix("code 74\n"), "\(blocks) blocks: \(run.output)")
        #expect(run.output.contains("File too large"), "\(blocks) blocks: \(run.output)")
        let found = try contents(of: folder + "/out")
        for (path, bytes) in found {
          #expect(!path.contains(".tmp-"), "\(blocks) blocks left \(path)")
          if !isRun { #expect(bytes == old[path] || bytes == new[path], "\(blocks) blocks: \(path) is damaged") }
        }
        for path in old.keys { #expect(found[path] != nil, "\(blocks) blocks: \(path) is gone") }
      }
    }
  }
}
