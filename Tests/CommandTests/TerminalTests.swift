// TerminalTests.swift - progress only on terminals, no colours anywhere, and pipes whose reader has gone.

import Foundation
import SafeFiles
import TestSupport
import Testing

@Suite struct TerminalTests {
  private let batch = [
    "batch", "--questions", "q.json", "--images", "pictures", "--output", "r.json", "--model", "tiny",
  ]

  /// Runs a test in a folder with a set and a model.
  private func withSet(_ body: (_ folder: String, _ environment: [String: String]) throws -> Void) throws {
    try Tiny.withFolder { folder in
      try BatchFileTests.writeSet(in: folder)
      try body(folder, ["VQA_DATA": folder])
    }
  }

  @Test func progressIsForTerminals() throws {
    try withSet { folder, environment in
      let shown = try TerminalRun(batch, folder: folder, environment: environment)
      #expect(shown.code == 0)
      #expect(shown.screen.contains("\rquestions 3/3 (100 %)"), "\(shown.screen)")
      #expect(shown.screen.contains("vqa: 3 answers are in r.json"))
      let logged = try Vqa.start(batch + ["--force"], folder: folder, environment: environment).end()
      #expect(logged.code == 0)
      #expect(!logged.errors.contains("%") && !logged.errors.contains("\r"), "\(logged.errors)")
      // What people need comes everywhere.
      #expect(logged.errors.contains("vqa: 3 answers are in r.json\n"), "\(logged.errors)")
      let quiet = try TerminalRun(batch + ["--force", "--quiet"], folder: folder, environment: environment)
      #expect(quiet.code == 0 && quiet.screen.isEmpty, "\(quiet.screen)")
    }
  }

  @Test(arguments: [["NO_COLOR": "1"], [:], ["CLICOLOR_FORCE": "1"]])
  func nothingIsColoured(wish: [String: String]) throws {
    try withSet { folder, environment in
      let environment = environment.merging(wish) { own, _ in own }
      for words in [
        batch + ["--force"], ["ask", "a.png", Tiny.question, "--model", "tiny"], ["help", "ask"],
        ["spans", "a.png", Tiny.question, "--model", "tiny"], ["ask", "none.png", Tiny.question, "--model", "tiny"],
      ] {
        let run = try TerminalRun(words, folder: folder, environment: environment, outputToo: true)
        #expect(!run.screen.isEmpty && !run.screen.contains("\u{1B}"), "\(words)")
      }
    }
  }

  @Test(.timeLimit(.minutes(2))) func aLogOfARunHasALineForEachPass() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let run = try Vqa.run("train", "recipe.json", "--output", "run", "--threads", "1", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(!run.errors.contains("\r"))
      let lines = run.errors.split(separator: "\n")
      #expect(lines.filter { $0.hasPrefix("vqa: pass ") }.count == 12, "\(run.errors)")
      // The first step and the last one, and one a minute between them: this run has no minute.
      #expect(lines.filter { $0.hasPrefix("training ") }.count <= 3, "\(run.errors)")
      #expect(lines.contains { $0.hasPrefix("training ") && $0.contains("(100 %)") }, "\(run.errors)")
      let shown = try TerminalRun(["train", "recipe.json", "--output", "shown"], folder: folder)
      #expect(shown.code == 0 && shown.screen.contains("\rtraining "), "\(shown.screen)")
    }
  }

  @Test func aReaderThatHasGoneEndsTheRunQuietly() throws {
    try withSet { folder, _ in
      let line = #"{"id": 1, "image": "a.png", "question": "Is it?"}"#
      try AtomicFile.write(String(repeating: line + "\n", count: 5_000), to: folder + "/lines.jsonl")
      let lines = try Vqa.shell(
        "{ $vqa batch --model models/tiny.safetensors < lines.jsonl; echo $? > code; } | head -n 1; cat code",
        folder: folder)
      #expect(lines.output.hasSuffix("}\n141\n") && lines.output.split(separator: "\n").count == 2, "\(lines.output)")
      #expect(lines.errors.isEmpty, "\(lines.errors)")
      // The features are written before anything is said of them.
      let features = try Vqa.shell(
        """
        { $vqa features --images pictures --output feats --model models/tiny.safetensors; echo $? > code; } | true
        cat code; ls feats
        """, folder: folder)
      #expect(features.output.hasPrefix("141\n1.png.npy\n2.png.npy\n"), "\(features.output)")
      #expect(features.errors.isEmpty, "\(features.errors)")
    }
  }

  @Test(.timeLimit(.minutes(2))) func aRunThatNobodyReadsIsSaved() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let run = try Vqa.shell(
        "{ $vqa train recipe.json --output run -q; echo $? > code; } | true; cat code; ls run", folder: folder)
      #expect(run.output.hasPrefix("141\n") && run.output.contains("model.safetensors\n"), "\(run.output)")
      #expect(run.errors.isEmpty, "\(run.errors)")
    }
  }
}
