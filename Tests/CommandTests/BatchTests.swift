// BatchTests.swift - `vqa batch` over a question file and over JSON lines, with items that fail.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct BatchFileTests {
  /// Three questions about two pictures, 1 and 2.
  static func writeSet(in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder + "/pictures", withIntermediateDirectories: true)
    try Tiny.writePicture(folder + "/pictures/1.png")
    try Tiny.writePicture(folder + "/pictures/2.png", square: .white, on: .black)
    let questions = [
      Question(imageID: 1, text: "Is there a circle?", questionID: 11),
      Question(imageID: 2, text: "What color is it?", questionID: 21),
      Question(imageID: 1, text: "What color is it?", questionID: 12),
    ]
    try QuestionFile(header: DataSetHeader(), questions: questions).write(to: folder + "/q.json")
  }

  private static let line = ["batch", "--questions", "q.json", "--images", "pictures", "--output", "r.json"]

  private func batch(_ more: [String] = [], folder: String) throws -> Run {
    try Vqa.start(Self.line + ["--model", "tiny"] + more, folder: folder, environment: ["VQA_DATA": folder]).end()
  }

  @Test func resultsAreThoseOfAskSortedByID() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      let run = try batch(folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains("vqa: 3 answers are in r.json\n"))
      #expect(run.errors.contains("next: vqa evaluate r.json --questions q.json --annotations"))
      let results = try ResultFile(path: folder + "/r.json")
      #expect(results.entries.map(\.questionID) == [11, 12, 21])
      for (entry, picture) in zip(results.entries, ["1", "1", "2"]) {
        let question = entry.questionID == 11 ? "Is there a circle?" : "What color is it?"
        let asked = try tiny("ask", "pictures/\(picture).png", question, "--model", "tiny", "--json", folder: folder)
        #expect(try asked.object()["answer"]?.stringValue == entry.answer)
      }
      let entries = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!entries.contains { $0.contains("tmp") || $0.contains("part") }, "\(entries)")
    }
  }

  @Test func resultsAreNotReplacedUnasked() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      try AtomicFile.write("mine", to: folder + "/r.json")
      let run = try batch(folder: folder)
      #expect(run.code == 73)
      #expect(run.errors.contains("--force"))
      #expect(try readFile(folder + "/r.json", limit: 100) == Array("mine".utf8))
      #expect(try batch(["--force"], folder: folder).code == 0)
      #expect(try ResultFile(path: folder + "/r.json").entries.count == 3)
    }
  }

  @Test func everyIDIsAnsweredOnceOrRefused() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      var file = try QuestionFile(path: folder + "/q.json")
      file.questions.append(file.questions[0])
      try file.write(to: folder + "/q.json")
      let twice = try batch(folder: folder)
      #expect(twice.code == 0 && twice.errors.contains("note: 1 questions stand in the file twice"), "\(twice.errors)")
      #expect(try ResultFile(path: folder + "/r.json").entries.map(\.questionID) == [11, 12, 21])
      file.questions[3].text = "What shape is it?"
      try file.write(to: folder + "/q.json")
      let different = try batch(["--force"], folder: folder)
      #expect(different.code == 65)
      #expect(different.errors.hasPrefix("vqa: q.json: questions[3].question_id: questions[0] is another question"))
    }
  }

  @Test func testQuestionsAreToBeHandedIn() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      var file = try QuestionFile(path: folder + "/q.json")
      file.header.dataSubtype = "test-dev2015"
      try file.write(to: folder + "/q.json")
      let run = try batch(folder: folder)
      #expect(run.code == 0 && run.errors.contains("hand r.json in to the VQA challenge on https://eval.ai"))
    }
  }

  @Test func aMissingPictureIsNamedAndTheRestIsWritten() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      try FileManager.default.removeItem(atPath: folder + "/pictures/2.png")
      let run = try batch(folder: folder)
      #expect(run.code == 1)
      #expect(run.errors.contains("vqa: pictures: image_id 2: "))
      #expect(run.errors.contains("1 questions about 1 pictures have no answer"))
      #expect(try ResultFile(path: folder + "/r.json").entries.map(\.questionID) == [11, 12])
    }
  }

  @Test func nothingIsWrittenWhenEveryPictureFails() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      for picture in ["1", "2"] { try AtomicFile.write("text", to: "\(folder)/pictures/\(picture).png") }
      let run = try batch(folder: folder)
      #expect(run.code == 65)
      #expect(!FileManager.default.fileExists(atPath: folder + "/r.json"))
    }
  }

  @Test func aStoppedRunGoesOnWithItsAnswers() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      let many = (0..<600).map { Question(imageID: 10 + $0 / 6, text: "Is there a circle?", questionID: $0) }
      for picture in 10..<110 { try Tiny.writePicture("\(folder)/pictures/\(picture).png", width: 8 + picture) }
      try QuestionFile(header: DataSetHeader(), questions: many).write(to: folder + "/q.json")
      let line = Self.line + ["--model", "tiny"]
      let run = try Vqa.start(line, folder: folder, environment: ["VQA_DATA": folder])
      func names(_ prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(prefix) }
      }
      while try run.isRunning && names(".r.json.tmp").isEmpty { usleep(1000) }
      run.send(SIGTERM)
      let stopped = try run.end()
      #expect(stopped.code == 75, "\(stopped.errors)")
      #expect(try names("r.json").count == 1 && names("r.json.part-").count == 1)
      #expect(try names(".r.json").isEmpty)

      let rest = try batch(folder: folder)
      #expect(rest.code == 0, "\(rest.errors)")
      #expect(rest.errors.contains("vqa: note: going on after "))
      #expect(try names("r.json") == ["r.json"])
      let results = try ResultFile(path: folder + "/r.json")
      #expect(try batch(["--force", "-q"], folder: folder).errors.isEmpty)
      #expect(try ResultFile(path: folder + "/r.json") == results)
      #expect(results.entries.map(\.questionID) == Array(0..<600))
    }
  }

  @Test func messagesDoNotGetIntoTheResults() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      let line = "$vqa \(Self.line.joined(separator: " ")) --model models/tiny.safetensors"
      #expect(try Vqa.shell(line + " 2>&- >&- <&-", folder: folder).code == 0)
      #expect(try ResultFile(path: folder + "/r.json").entries.count == 3)
    }
  }

  @Test func anOutputThatCannotBeWrittenIsToldFirst() throws {
    try Tiny.withFolder { folder in
      try Self.writeSet(in: folder)
      let run = try tiny(
        "batch", "--questions", "q.json", "--images", "pictures", "--output", "no/r.json", "--model", "tiny",
        folder: folder)
      #expect(run.code == 73)
      #expect(run.errors == "vqa: no/r.json: cannot be created (No such file or directory); make the folder first\n")
    }
  }
}

@Suite struct BatchLineTests {
  @Test func goodLinesAreAnsweredAndBadOnesSayWhy() throws {
    try Tiny.withFolder { folder in
      let lines = [
        "{\"id\": 1, \"image\": \"a.png\", \"question\": \"Is there a circle?\"}",
        "{\"id\": \"two\", \"image\": \"gone.png\", \"question\": \"Is there a circle?\"}",
        "",
        "not JSON",
        "{\"id\": 4, \"image\": \"a.png\"}",
        "{\"image\": \"a.png\", \"question\": \"Is there a circle?\"}",
        "{\"id\": 6, \"image\": \"models/tiny.safetensors\", \"question\": \"Is it?\"}",
        "{\"id\": 7, \"image\": \"a.png\", \"question\": \"What color is it?\"}",
      ]
      let run = try tiny("batch", "--model", "tiny", input: lines.joined(separator: "\n"), folder: folder)
      #expect(run.code == 1)
      #expect(run.errors == "vqa: 5 of 7 items failed; their lines tell why\n")
      let objects = try run.objects()
      #expect(objects.map { $0["id"] } == [1, "two", .null, 4, .null, 6, 7])
      let codes = objects.map { $0["error"]?["code"]?.integerValue }
      #expect(codes == [nil, 66, 65, 65, 65, 65, nil])
      #expect(objects[3]["error"]?["message"]?.stringValue?.hasPrefix("line 5: question: ") == true)
      #expect(objects[1]["error"]?["message"]?.stringValue?.hasPrefix("gone.png: ") == true)
      for (index, question) in [(0, "Is there a circle?"), (6, "What color is it?")] {
        #expect(objects[index].objectValue?.keys == ["id", "answer", "probability"])
        let asked = try tiny("ask", "a.png", question, "--model", "tiny", "--json", folder: folder).object()
        #expect(asked["answer"] == objects[index]["answer"])
        let expected = try #require(asked["answers"]?.arrayValue?.first?["probability"]?.numberValue)
        #expect(abs(try #require(objects[index]["probability"]?.numberValue) - expected) < 1e-5)
      }
    }
  }

  @Test func manyLinesKeepTheirOrder() throws {
    try Tiny.withFolder { folder in
      try Tiny.writePicture(folder + "/b.png", square: .white, on: .black)
      let lines = (0..<300).map { number in
        "{\"id\": \(number), \"image\": \"\(number % 3 == 0 ? "b" : "a").png\", \"question\": \"Is there a circle?\"}\n"
      }
      let run = try tiny("batch", "--model", "tiny", input: lines.joined(), folder: folder)
      #expect(run.code == 0)
      let objects = try run.objects()
      #expect(objects.compactMap { $0["id"]?.integerValue } == (0..<300).map { Int64($0) })
      let (a, b) = (objects[1]["probability"], objects[0]["probability"])
      #expect(a != b)
      for (number, object) in objects.enumerated() {
        let difference = (object["probability"]?.numberValue ?? 0) - ((number % 3 == 0 ? b : a)?.numberValue ?? 1)
        #expect(abs(difference) < 1e-5, "line \(number)")
      }
    }
  }

  @Test func pathsAreSeenFromTheFolderOfPictures() throws {
    try Tiny.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
      try Tiny.writePicture(folder + "/in/c.png")
      let line = "{\"id\": 1, \"image\": \"c.png\", \"question\": \"Is there a circle?\"}"
      #expect(try tiny("batch", "--model", "tiny", input: line, folder: folder).code == 1)
      #expect(try tiny("batch", "--model", "tiny", "--images", "in", input: line, folder: folder).code == 0)
    }
  }

  @Test func anEndlessLineIsOneFailedItem() throws {
    try Tiny.withFolder { folder in
      let good = "{\"id\": 2, \"image\": \"a.png\", \"question\": \"Is there a circle?\"}\n"
      let run = try tiny(
        "batch", "--model", "tiny", input: String(repeating: "x", count: 3 << 20) + "\n" + good, folder: folder)
      #expect(run.code == 1)
      let objects = try run.objects()
      #expect(objects.count == 2)
      #expect(objects.first?["error"]?["message"]?.stringValue?.contains("longer than 1048576 bytes") == true)
      #expect(objects.last?["id"] == 2 && objects.last?["answer"] != nil)
    }
  }

  @Test func eachAnswerComesBeforeTheNextQuestion() throws {
    try Tiny.withFolder { folder in
      // The second question is asked only once the first answer is there.
      let line = #"{\"id\": 1, \"image\": \"a.png\", \"question\": \"Is it?\"}"#
      let run = try Vqa.shell(
        """
        mkfifo in out; $vqa batch --model models/tiny.safetensors < in > out & exec 3> in 4< out
        echo "\(line)" >&3; read -r first <&4; echo "$first"
        echo "\(line)" >&3; read -r second <&4; echo "$second"; exec 3>&-; wait $!
        """, folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(try run.objects().count == 2)
    }
  }

  @Test func aStoppedRunKeepsItsLines() throws {
    try Tiny.withFolder { folder in
      let line = #"{\"id\": 1, \"image\": \"a.png\", \"question\": \"Is it?\"}"#
      let run = try Vqa.shell(
        """
        mkfifo in out; $vqa batch --model models/tiny.safetensors < in > out & exec 3> in 4< out
        echo "\(line)" >&3; read -r first <&4; echo "$first"; kill -TERM $!; wait $!
        """, folder: folder)
      #expect(run.code == 75, "\(run.errors)")
      #expect(try run.object()["id"] == 1)
      #expect(run.errors.contains("stopped"))
    }
  }
}
