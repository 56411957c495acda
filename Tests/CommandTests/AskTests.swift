// AskTests.swift - `vqa ask` and `vqa spans`, as a person and as a program read them.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing

@Suite struct AskTests {
  private let model = ["--model", "tiny"]

  @Test func textIsTheSnapshot() throws {
    try Tiny.withFolder { folder in
      let run = try tiny("ask", "a.png", Tiny.question, "What color is it?", "--model", "tiny", folder: folder)
      #expect(run.code == 0)
      #expect(run.errors.isEmpty)
      try expectSnapshot("ask.txt", run.output)
    }
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    try Tiny.withFolder { folder in
      let run = try tiny(
        "ask", "a.png", Tiny.question, "What color is it?", "--model", "tiny", "--json", "--top", "2", folder: folder)
      let objects = try run.objects()
      #expect(objects.map { $0["question"]?.stringValue } == [Tiny.question, "What color is it?"])
      for object in objects {
        #expect(object.objectValue?.keys == ["question", "answer", "answers", "exit", "multiplyAdds"])
        let answers = try #require(object["answers"]?.arrayValue)
        #expect(answers.count == 2)
        #expect(answers.first?["answer"] == object["answer"])
        let probabilities = answers.compactMap { $0["probability"]?.numberValue }
        #expect(probabilities.count == 2 && probabilities[0] >= probabilities[1] && probabilities[1] > 0)
        #expect(object["exit"] == 1)
      }
    }
  }

  @Test func allAnswersSumToOne() throws {
    try Tiny.withFolder { folder in
      let run = try tiny(
        "ask", "a.png", Tiny.question, "--model", "tiny", "--json", "--top", "100", folder: folder)
      let answers = try #require(try run.object()["answers"]?.arrayValue)
      #expect(answers.count == 4)
      #expect(abs(answers.compactMap { $0["probability"]?.numberValue }.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func aPictureFromStandardInputIsTheSamePicture() throws {
    try Tiny.withFolder { folder in
      let file = try tiny("ask", "a.png", Tiny.question, "--model", "tiny", folder: folder)
      let piped = try Vqa.shell(
        "cat a.png | $vqa ask - '\(Tiny.question)' --model models/tiny.safetensors", folder: folder)
      #expect(piped.code == 0)
      #expect(piped.output == file.output)
    }
  }

  @Test func threadsChangeNothing() throws {
    try Tiny.withFolder { folder in
      let one = try tiny(
        "ask", "a.png", Tiny.question, "--model", "tiny", "--json", "--threads", "1", folder: folder)
      let three = try tiny(
        "ask", "a.png", Tiny.question, "--model", "tiny", "--json", "--threads", "3", folder: folder)
      #expect(one.code == 0)
      #expect(one.output == three.output)
    }
  }

  @Test func unknownAndDroppedWordsAreNotedOnce() throws {
    try Tiny.withFolder { folder in
      let questions = ["Is there a zebra?", "What zebra is it of all of them"]
      let run = try tiny("ask", "a.png", questions[0], questions[1], "--model", "tiny", folder: folder)
      #expect(run.code == 0)
      #expect(run.errors.components(separatedBy: "the model does not know the word 'zebra'").count == 2)
      #expect(run.errors.contains("vqa: note: the model reads 6 words of a question"))
      let quiet = try tiny("ask", "a.png", questions[0], "--model", "tiny", "-q", folder: folder)
      #expect(quiet.errors.isEmpty)
    }
  }

  @Test func controlCharactersDoNotReachTheTerminal() throws {
    try Tiny.withFolder { folder in
      let run = try tiny("ask", "a.png", "Is \u{1B}[31mit?", "--model", "tiny", folder: folder)
      #expect(run.code == 0)
      #expect(!(run.output + run.errors).contains("\u{1B}"))
      let missing = try tiny("ask", "\u{1B}[2Jb.png", "Is it?", "--model", "tiny", folder: folder)
      #expect(missing.code == 66)
      #expect(!missing.errors.contains("\u{1B}"))
    }
  }
}

@Suite struct SpansTests {
  @Test func tableAndCSVAreTheSnapshots() throws {
    try Tiny.withFolder { folder in
      let table = try tiny("spans", "a.png", Tiny.question, "--model", "tiny", folder: folder)
      #expect(table.code == 0)
      try expectSnapshot("spans.txt", table.output)
      let csv = try tiny("spans", "a.png", Tiny.question, "--model", "tiny", "--csv", folder: folder)
      let lines = csv.output.split(separator: "\n")
      #expect(lines.first == "layer,order,weight,chosen")
      #expect(lines.count == 1 + 2 * 2)
    }
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    try Tiny.withFolder { folder in
      let object = try tiny(
        "spans", "a.png", Tiny.question, "--model", "tiny", "--json", folder: folder
      ).object()
      #expect(object.objectValue?.keys == ["question", "answer", "grid", "layers"])
      #expect(object["grid"] == [4, 4])
      let layers = try #require(object["layers"]?.arrayValue)
      #expect(layers.count == 2)
      for layer in layers {
        #expect(layer.objectValue?.keys == ["layer", "orders", "weights", "chosen"])
        #expect(layer["orders"] == [0, 1])
        let weights = layer["weights"]?.arrayValue?.compactMap(\.numberValue) ?? []
        #expect(weights.count == 2 && abs(weights.reduce(0, +) - 1) < 1e-5)
      }
    }
  }

  @Test func theDrawingIsAPictureAndIsNotReplacedUnasked() throws {
    try Tiny.withFolder { folder in
      let run = try tiny("spans", "a.png", Tiny.question, "--model", "tiny", "--png", "s.png", folder: folder)
      #expect(run.code == 0)
      let drawn = try readFile(folder + "/s.png", limit: 1 << 24)
      let picture = try decodeImage(drawn)
      #expect(picture.width > 100 && picture.height > 100)
      let original = try readFile(folder + "/a.png", limit: 1 << 20)
      let again = try tiny("spans", "a.png", Tiny.question, "--model", "tiny", "--png", "a.png", folder: folder)
      #expect(again.code == 73)
      #expect(again.output.isEmpty)
      #expect(try readFile(folder + "/a.png", limit: 1 << 20) == original)
      let forced = try tiny(
        "spans", "a.png", Tiny.question, "--model", "tiny", "--png", "s.png", "--force", folder: folder)
      #expect(forced.code == 0)
    }
  }
}
