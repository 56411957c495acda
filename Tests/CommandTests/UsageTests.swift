// UsageTests.swift - help, version and the exit code of every kind of failure.

import Foundation
import SafeFiles
import TestSupport
import Testing

@Suite struct UsageTests {
  @Test func overviewIsTheSnapshot() throws {
    for words in [[], ["help"], ["--help"]] {
      let run = try Vqa.start(words).end()
      #expect(run.code == 0)
      #expect(run.errors.isEmpty)
      try expectSnapshot("help.txt", run.output)
    }
  }

  @Test(arguments: [
    "ask", "batch", "evaluate", "spans", "calibrate", "features", "train", "convert", "data", "inspect", "doctor",
    "completions", "help",
  ])
  func helpIsTheSnapshot(command: String) throws {
    let run = try Vqa.run("help", command)
    #expect(run.code == 0)
    try expectSnapshot("help-\(command).txt", run.output)
    #expect(try Vqa.run(command, "--help").output == run.output)
    // At least one line to copy, and every one of them calls a command that there is.
    let examples = run.output.split(separator: "Examples:\n").dropFirst().joined()
    let called = examples.matches(of: #/(?m)^  (?:source <\()?vqa ([a-z]+)/#).map { String($0.output.1) }
    #expect(!called.isEmpty && (command == "help" || called.contains(command)), "\(run.output)")
    let overview = try Vqa.run("help").output
    for name in called { #expect(overview.contains("\n  \(name) "), "\(name)") }
    for line in run.output.split(separator: "\n") where !line.hasPrefix("  vqa ") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func versionNamesTheBackEnd() throws {
    let run = try Vqa.run("--version")
    #expect(run.code == 0)
    let isKnown =
      run.output == "vqa 0.1.0 (Swift kernels)\n"
      || run.output.wholeMatch(of: #/vqa 0\.1\.0 \(oneDNN [0-9.]+\)\n/#) != nil
    #expect(isKnown, "\(run.output)")
  }

  @Test(arguments: [
    ["asks", "a.png", "Is it?"], ["ask", "a.png"], ["ask", "a.png", ""], ["ask", "a.png", "?!"],
    ["ask", "a.png", "Is it?", "--top", "0"], ["ask", "a.png", "Is it?", "--topp", "3"],
    ["ask", "a.png", "Is it?", "--threads", "none"], ["spans", "a.png", "Is it?", "--json", "--csv"],
    ["evaluate"], ["evaluate", "r.json"], ["evaluate", "r.json", "--annotations", "a.json", "--blank"],
    ["evaluate", "--model", "tiny"], ["batch", "--output", "r.json"], ["batch", "--questions", "q.json"],
    ["data", "coco", "--output", "d"], ["data", "easy-vqa"], ["train"], ["inspect", "a.png", "--model", "tiny"],
    ["completions"], ["completions", "csh"], ["doctor", "now"], ["doctor", "--threads", "0"],
  ])
  func badCommandLinesEndWith64(words: [String]) throws {
    let run = try Vqa.start(words).end()
    #expect(run.code == 64, "\(words)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("vqa: ") && run.errors.hasSuffix("\n"))
    #expect(run.errors.contains("'vqa help"), "\(run.errors)")
  }

  @Test(arguments: [
    (["aks", "a.png"], "ask"), (["docter"], "doctor"), (["help", "complet"], "completions"),
    (["--verison"], "--version"),
    (["ask", "a.png", "Is it?", "--tpo", "3"], "--top"), (["ask", "a.png", "Is it?", "-json"], "--json"),
    (["train", "--ouput", "run"], "--output"), (["doctor", "--JSON"], "--json"), (["--qiet", "doctor"], "--quiet"),
    (["inspect", "a.png", "--modle", "tiny"], "--model"), (["data", "scenes", "--pitcures=2"], "--pictures"),
  ])
  func mistypedWordsBringTheRightOnes(words: [String], meant: String) throws {
    let run = try Vqa.start(words).end()
    #expect(run.code == 64 && run.errors.contains("did you mean '\(meant)'?"), "\(words): \(run.errors)")
  }

  @Test func missingAndDamagedInputsSayWhatAndWhere() throws {
    try Tiny.withFolder { folder in
      try AtomicFile.write("no picture", to: folder + "/text.png")
      try AtomicFile.write("no model", to: folder + "/bad.safetensors")
      let bytes = try readFile(folder + "/a.png", limit: 1 << 20)
      try AtomicFile.write(Array(bytes.dropLast(30)), to: folder + "/cut.png")
      for (picture, code) in [("none.png", Int32(66)), ("text.png", 65), ("cut.png", 65), (".", 66)] {
        let run = try tiny("ask", picture, Tiny.question, "--model", "tiny", folder: folder)
        #expect(run.code == code, "\(picture)")
        #expect(run.errors.hasPrefix("vqa: \(picture): "), "\(run.errors)")
        #expect(run.errors.contains("; "))
        #expect(run.output.isEmpty)
      }
      let model = try tiny("ask", "a.png", Tiny.question, "--model", "bad.safetensors", folder: folder)
      #expect(model.code == 65)
      let noModel = try tiny("ask", "a.png", Tiny.question, "--model", "unknown", folder: folder)
      #expect(noModel.code == 69)
      #expect(noModel.errors.contains("unknown") && noModel.errors.contains("VQA_DATA"))
      let large = try tiny("ask", "a.png", Tiny.question, "--model", "tiny", "--max-pixels", "100", folder: folder)
      #expect(large.code == 65)
      #expect(large.errors.contains("24 x 20"))
    }
  }

  @Test func aFullDiskIsNoSuccess() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let run = try Vqa.shell("$vqa help > /dev/full", folder: "/tmp")
    #expect(run.code == 74)
    #expect(run.errors.hasPrefix("vqa: standard output: "))
  }

  @Test func aClosedOutputIsNoSuccess() throws {
    try Tiny.withFolder { folder in
      let line = "$vqa ask a.png '\(Tiny.question)' --model models/tiny.safetensors >&-"
      let asked = try Vqa.shell(line, folder: folder)
      #expect(asked.code == 74)
      let read = try Vqa.shell("$vqa batch --model models/tiny.safetensors <&-", folder: folder)
      #expect(read.code == 66)
    }
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let run = try Vqa.shell("{ sleep 0.2; $vqa help; echo $? >&2; } | true", folder: "/tmp")
    #expect(run.errors == "141\n")
  }

  @Test func optionsWithoutEffectAreNoted() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("{}", to: folder + "/recipe.json")
      let run = try Vqa.run("train", "recipe.json", "--print-config", "--model", "tiny", folder: folder)
      #expect(run.code == 0)
      #expect(run.errors == "vqa: note: '--model' has no effect on 'train'\n")
    }
  }
}
