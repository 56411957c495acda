// TrainTests.swift - `vqa train` on a tiny set: what it leaves, and that a killed run goes on bit for bit.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing
import VQAFormats
import VQAPipeline

@Suite struct TrainTests {
  @Test(.timeLimit(.minutes(2))) func aKilledRunGoesOnBitForBit() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let whole = try Vqa.run("train", "recipe.json", "--output", "whole", "--threads", "1", folder: folder)
      #expect(whole.code == 0, "\(whole.errors)")
      #expect(whole.output.hasPrefix("model         whole/model.safetensors\n"), "\(whole.output)")
      #expect(whole.errors.contains("loss ") && whole.errors.contains("held-out "), "\(whole.errors)")

      let line = ["train", "recipe.json", "--output", "cut", "--threads", "2"]
      let killed = try Vqa.start(line, folder: folder)
      try wait(for: killed) { checkpoints(in: folder + "/cut").count > 0 }
      killed.send(SIGKILL)
      #expect(try killed.end().code == nil)

      let again = try Vqa.start(line, folder: folder).end()
      #expect(again.code == 73, "\(again.errors)")
      #expect(again.errors.contains("--resume"))

      let before = checkpoints(in: folder + "/cut")
      let stopped = try Vqa.start(line + ["--resume"], folder: folder)
      try wait(for: stopped) { checkpoints(in: folder + "/cut") != before }
      stopped.send(SIGTERM)
      let stop = try stopped.end()
      #expect(stop.code == 75, "\(stop.errors)")
      #expect(stop.errors.contains("vqa: note: going on from cut/checkpoint-"))
      #expect(stop.errors.contains("run again with --resume"))

      let rest = try Vqa.start(line + ["--resume"], folder: folder).end()
      #expect(rest.code == 0, "\(rest.errors)")
      func model(_ run: String) throws -> [UInt8] {
        try readFile("\(folder)/\(run)/model.safetensors", limit: 1 << 24)
      }
      #expect(try model("cut") == model("whole"))
      let log = String(decoding: try readFile(folder + "/cut/log.csv", limit: 1 << 20), as: UTF8.self)
      #expect(log.hasPrefix("step,epoch,seconds,loss,rate,gradientNorm,heldOutAccuracy\n"))

      let asked = try Vqa.run(
        "ask", "set/images/1.png", "What color is it?", "--model", "cut/model.safetensors", "--json", folder: folder)
      #expect(asked.code == 0)
      #expect(["red", "blue"].contains(try asked.object()["answer"]?.stringValue))
    }
  }

  @Test func aRecipeIsShownWhole() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let run = try Vqa.run(
        "train", "recipe.json", "training.epochs=7", "model.network.orders=[1]", "--seed", "9", "--print-config",
        folder: folder)
      #expect(run.code == 0)
      let recipe = try JSONValue.parse(Array(run.output.utf8))
      #expect(recipe["training"]?["epochs"] == 7)
      #expect(recipe["training"]?["seed"] == 9)
      #expect(recipe["model"]?["network"]?["orders"] == [1])
      #expect(recipe["model"]?["vision"]?["pictureSize"] == 8)
    }
  }

  @Test func whatCannotBeTrainedSaysWhy() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      try AtomicFile.write("{\"training\": {\"epoch\": 3}}", to: folder + "/typo.json")
      try AtomicFile.write("{}", to: folder + "/nodata.json")
      let cases: [(words: [String], code: Int32, text: String)] = [
        (["typo.json"], 65, "vqa: typo.json: training.epoch: "), (["nodata.json"], 65, "vqa: nodata.json: data: "),
        (["none.json"], 66, "vqa: none.json: "), (["recipe.json", "--data", "none"], 66, "none/train/questions.json"),
        (["recipe.json", "--resume"], 66, "leave --resume out"),
        (["recipe.json", "training.rate=fast"], 65, "training.rate"),
        (["recipe.json", "model.vision.dropout=1"], 65, "dropout 1.0 is not from 0 to below 1"),
        (["recipe.json", "model.network.hidden=1", "model.network.heads=1"], 65, "network.hidden: 1 is less than 2"),
        (["recipe.json", "training.shards=300", "training.questionsPerStep=300"], 65, "training.shards: 300"),
        (["recipe.json", String(repeating: "a.", count: 50_000) + "a=1"], 65, "no setting lies 16 levels deep"),
      ]
      for (words, code, text) in cases {
        let run = try Vqa.start(["train"] + words + ["--output", "out"], folder: folder).end()
        #expect(run.code == code, "\(words): \(run.errors)")
        #expect(run.errors.contains(text), "\(words): \(run.errors)")
      }
    }
  }

  @Test func easyVQAIsConvertedForARecipeThatNamesIt() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      try EasyPackage.write(in: folder + "/venv/lib/python3.11/site-packages")
      let run = try Vqa.run(
        "train", "recipe.json", "data.folder=", "data.set=easy-vqa", "training.epochs=1", "--output", "out",
        folder: folder, environment: ["VIRTUAL_ENV": folder + "/venv"])
      #expect(run.code == 0, "\(run.errors)")
      #expect(try QuestionFile(path: folder + "/out/data/test/questions.json").questions.count == 6)
      #expect(FileManager.default.fileExists(atPath: folder + "/out/model.safetensors"))
    }
  }

  /// Two sets are made each in its own folder, and words and answers come from both.
  @Test func severalSetsAreLearnedTogether() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      try EasyPackage.write(in: folder + "/venv/lib/python3.11/site-packages")
      let run = try Vqa.run(
        "train", "recipe.json", "data.folder=", "data.set=scenes", "data.also=[\"easy-vqa\"]", "data.preset=sizes",
        "data.pictures=50", "data.size=64", "training.epochs=1", "--output", "out",
        folder: folder, environment: ["VIRTUAL_ENV": folder + "/venv"])
      #expect(run.code == 0, "\(run.errors)")
      let (model, _) = try ModelFile.load(folder + "/out/model.safetensors")
      #expect(model.words.id(of: "small") != nil && model.answers.index(of: "black") != nil)
      #expect(try QuestionFile(path: folder + "/out/data/easy-vqa/test/questions.json").questions.count == 6)
      let again = try Vqa.run(
        "train", "recipe.json", "data.folder=", "data.set=scenes", "data.also=[\"scenes\"]", "--output", "other",
        folder: folder)
      #expect(again.code == 65 && again.errors.contains("data.also"), "\(again.errors)")
    }
  }

  @Test func aClosedPipeDoesNotEndARun() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let run = try Vqa.shell(
        "{ $vqa train recipe.json training.epochs=1 --output out 2>&1 >/dev/null; echo $? > code; } | true; cat code",
        folder: folder)
      #expect(run.output == "0\n")
    }
  }

  private func checkpoints(in folder: String) -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return Set(names.filter { $0.hasPrefix("checkpoint-") && $0.hasSuffix(".safetensors") })
  }

  private func wait(for run: StartedRun, until isDone: () -> Bool) throws {
    while !isDone() {
      try #require(run.isRunning, "the run ended too early")
      usleep(2000)
    }
  }
}

@Suite struct DataTests {
  @Test func aMissingPackageIsNamed() throws {
    try withTemporaryFolder { folder in
      let run = try Vqa.run("data", "easy-vqa", "--source", ".", "--output", "set", folder: folder)
      #expect(run.code == 66)
      #expect(run.errors.contains("pip install easy-vqa"))
      // Where the package is installed for the whole machine, it is found, and there is nothing to see here.
      guard EasyVQASource.find(sitePackages: PythonPackages.usualFolders(environment: [:]), askPython: false) == nil
      else { return }
      let none = try Vqa.run(
        "data", "easy-vqa", "--output", "set", folder: folder, environment: ["PATH": "/none"])
      #expect(none.code == 69)
      #expect(none.errors.contains("pip install easy-vqa"))
    }
  }

  @Test func easyVQAIsConverted() throws {
    try withTemporaryFolder { folder in
      try EasyPackage.write(in: folder + "/site")
      let line = ["data", "easy-vqa", "--source", "site", "--output", "set"]
      let run = try Vqa.start(line, folder: folder).end()
      #expect(run.code == 0, "\(run.errors)")
      try expectSnapshot("data.txt", run.output)
      #expect(try QuestionFile(path: folder + "/set/train/questions.json").questions.count == 18)
      #expect(try Vqa.start(line, folder: folder).end().code == 0, "the same set is written again")

      try FileManager.default.createDirectory(atPath: folder + "/mine", withIntermediateDirectories: true)
      try AtomicFile.write("mine", to: folder + "/mine/notes.txt")
      let other = ["data", "easy-vqa", "--source", "site", "--output", "mine"]
      let refused = try Vqa.start(other, folder: folder).end()
      #expect(refused.code == 73)
      #expect(refused.errors.contains("notes.txt"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/mine/images"))
      #expect(try Vqa.start(other + ["--force"], folder: folder).end().code == 0)
    }
  }
}
