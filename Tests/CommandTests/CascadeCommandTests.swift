// CascadeCommandTests.swift - `--exit`, `--exact` and `--budget`, on every command that answers.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAPipeline

@Suite struct CascadeCommandTests {
  private static func points(_ cascade: inout CascadeConfiguration) {
    cascade.thresholds = [0, 0]
    cascade.points = [
      BudgetPoint(multiplyAdds: 2_000_000, thresholds: [0, 0], accuracy: 0.5, solvedBy: .search),
      BudgetPoint(multiplyAdds: 3_000_400, thresholds: [2, 0], accuracy: 0.6, solvedBy: .search),
    ]
  }

  @Test func askTellsEveryExit() throws {
    try Tiny.withCascade {
      $0.thresholds = [2, 0.2]
    } _: { folder in
      let run = try steps("ask", "a.png", Tiny.question, folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      for part in [
        "Exit      2 of 3, a grid of 10 x 10\n", "3  14 x 14            -         -", "not run\n",
        "% of the 9.43 million of a full run\n",
      ] {
        #expect(run.output.contains(part), "\(run.output)")
      }
      let object = try steps("ask", "a.png", Tiny.question, "--json", folder: folder).object()
      #expect(
        object.objectValue?.keys
          == ["question", "answer", "answers", "exit", "multiplyAdds", "exits", "fullMultiplyAdds"])
      let exits = try #require(object["exits"]?.arrayValue)
      #expect(exits.map { $0["grid"] } == [[7, 7], [10, 10], [14, 14]])
      #expect(exits.map { $0["run"] } == [true, true, false] && object["exit"] == 2)
      #expect(exits.map { $0["threshold"]?.numberValue } == [2, 0.2, nil])
      #expect(exits.map { $0["confidence"]?.numberValue == nil } == [false, false, true])
      #expect(exits[1]["confidence"] == object["answers"]?.arrayValue?.first?["probability"])
      let exact = try steps("ask", "a.png", Tiny.question, "--json", "--exact", folder: folder).object()
      #expect(exact["exit"] == 3 && exact["multiplyAdds"] == object["fullMultiplyAdds"])
    }
  }

  @Test func everyCommandKeepsToTheExit() throws {
    try Tiny.withCascade(Self.points) { folder in
      for (options, exit) in [
        ([], 1), (["--exit", "2"], 2), (["--exact"], 3), (["--budget", "0.0030004"], 2),
      ] as [([String], Int)] {
        func run(_ words: String...) throws -> Run {
          try Vqa.start(
            words + options + ["--model", "steps"], folder: folder, environment: ["VQA_DATA": folder]
          ).end()
        }
        let asked = try run("ask", "a.png", Tiny.question, "--json").object()
        #expect(asked["exit"] == .integer(Int64(exit)), "\(options)")
        let side: Int64 = [7, 10, 14][exit - 1]
        let spans = try run("spans", "a.png", Tiny.question, "--json").object()
        #expect(spans["grid"] == [.integer(side), .integer(side)] && spans["exit"] == asked["exit"])
        let set = try run("spans", "--questions", "q.json", "--images", "pictures").objects()
        #expect(set.map { $0["exit"] } == Array(repeating: asked["exit"], count: 3))
        let lines = try Vqa.start(
          ["batch", "--model", "steps"] + options, input: #"{"id": 1, "image": "a.png", "question": "Is it?"}"#,
          folder: folder, environment: ["VQA_DATA": folder]
        ).end().objects()
        #expect(lines.map { $0["exit"] } == [asked["exit"]])
        #expect(try run("batch", "--questions", "q.json", "--images", "pictures", "-o", "r.json", "--force").code == 0)
      }
    }
  }

  @Test func budgetsThatCannotBeKeptNameTheCheapest() throws {
    try Tiny.withCascade(Self.points) { folder in
      let run = try steps("ask", "a.png", Tiny.question, "--budget", "0.0019", folder: folder)
      #expect(run.code == 65 && run.output.isEmpty)
      #expect(
        run.errors.hasSuffix(
          "models/steps.safetensors: no stored thresholds cost as little as 0.0019 billion multiply-adds on average; "
            + "the cheapest cost 0.002; give --budget 0.002 or more, or --exit 1\n"), "\(run.errors)")
      try Tiny.writeCascade(in: folder)
      let none = try steps("ask", "a.png", Tiny.question, "--budget", "1", folder: folder)
      #expect(none.code == 65 && none.errors.contains("vqa calibrate"), "\(none.errors)")
    }
  }

  @Test(arguments: [
    ["--exit", "0"], ["--exit", "4"], ["--exit", "x"], ["--budget", "-1"], ["--budget", "cheap"],
    ["--exit", "1", "--exact"], ["--exact", "--budget", "1"], ["--exit", "1", "--budget", "1"],
  ])
  func exitsThatCannotBeMeantEndWith64(options: [String]) throws {
    try Tiny.withCascade(Self.points) { folder in
      let run = try Vqa.start(
        ["ask", "a.png", Tiny.question, "--model", "steps"] + options, folder: folder, environment: ["VQA_DATA": folder]
      ).end()
      #expect(run.code == 64 && run.output.isEmpty, "\(options)")
      #expect(run.errors.contains(options[0]) && run.errors.contains("vqa help ask"), "\(run.errors)")
    }
  }

  @Test func oneGridRefusesThem() throws {
    try Tiny.withCascade { folder in
      for option in [["--exit", "1"], ["--exact"], ["--budget", "1"]] {
        for words in [
          ["ask", "a.png", Tiny.question], ["batch", "--questions", "q.json", "--images", "pictures", "-o", "r.json"],
          ["spans", "a.png", Tiny.question],
        ] {
          let run = try Vqa.start(
            words + option + ["--model", "tiny"], folder: folder, environment: ["VQA_DATA": folder]
          ).end()
          #expect(run.code == 64 && run.output.isEmpty)
          let reason = "the model 'tiny' has one grid, not a cascade of several; run 'vqa help \(words[0])'\n"
          #expect(run.errors == "vqa: '\(option[0])' cannot be used: \(reason)")
        }
      }
      let results = try tiny("evaluate", "r.json", "--annotations", "a.json", "--exit", "1", folder: folder)
      #expect(results.code == 64 && results.errors.contains("'RESULTS' and '--exit'"), "\(results.errors)")
    }
  }

  @Test func questionsInTurnBeginWhereTheFirstStopped() throws {
    try Tiny.withCascade {
      $0.thresholds = [2, 0]
    } _: { folder in
      let objects = try steps("ask", "a.png", Tiny.question, "What color is it?", "--json", folder: folder).objects()
      #expect(objects.map { $0["exit"] } == [2, 2])
      let second = try #require(objects.last?["exits"]?.arrayValue)
      #expect(second[0]["multiplyAdds"] == 0 && second[0]["confidence"]?.numberValue == nil && second[0]["run"] == true)
    }
  }
}
