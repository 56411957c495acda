// SpanSetTests.swift - `vqa spans` with a page, over a question file, and summed up.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct SpanPageCommandTests {
  @Test func thePageIsWrittenBesideTheTableAndNotReplacedUnasked() throws {
    try Tiny.withFolder { folder in
      let line = ["spans", "a.png", Tiny.question, "--model", "tiny"]
      func run(_ more: String...) throws -> Run {
        try Vqa.start(line + more, folder: folder, environment: ["VQA_DATA": folder]).end()
      }
      let plain = try run()
      let paged = try run("--html", "s.html")
      #expect(paged.code == 0, "\(paged.errors)")
      #expect(paged.output == plain.output)
      #expect(paged.errors.contains("vqa: open s.html in a browser\n"))
      let page = try text(folder + "/s.html")
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
      for part in [Tiny.question, "a.png", "tiny", "4 × 4 patches", "24 × 20 pixels", "default-src &#39;none&#39;"] {
        #expect(page.contains(part.replacing("&#39;", with: "'")), "\(part)")
      }
      let again = try run("--html", "s.html")
      #expect(again.code == 73 && again.output.isEmpty)
      #expect(again.errors.contains("--force"))
      #expect(try run("--html", "s.html", "--force", "-q").errors.isEmpty)
      #expect(try text(folder + "/s.html") == page)
      #expect(try run("--html", "no/s.html").code == 73)
      #expect(try run("--html", "both.html", "--png", "both.png", "--json").object()["answer"] != nil)
      #expect(try decodeImage(readFile(folder + "/both.png", limit: 1 << 24)).width > 100)
    }
  }

  @Test func hostileNamesAreOnlyShown() throws {
    try Tiny.withFolder { folder in
      let name = "\"><script>document.title=1<\u{2044}script>\u{202E}.png"
      try Tiny.writePicture("\(folder)/\(name)")
      let question = "Is <img src=x onerror=alert(1)> a 'circle' </title>?"
      let run = try tiny("spans", name, question, "--model", "tiny", "--html", "s.html", "-q", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      let page = try text(folder + "/s.html")
      #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("\u{202E}"))
      #expect(page.contains("&lt;script&gt;") && page.contains("&lt;img src=x onerror=alert(1)&gt;"))
    }
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try readFile(path, limit: 1 << 24), as: UTF8.self)
  }
}

@Suite struct SpanSetTests {
  private func spans(_ more: String..., folder: String) throws -> Run {
    let line = ["spans", "--questions", "q.json", "--images", "pictures", "--model", "tiny"]
    return try Vqa.start(line + more, folder: folder, environment: ["VQA_DATA": folder]).end()
  }

  private func withSet<Result>(_ body: (String) throws -> Result) throws -> Result {
    try Tiny.withFolder { folder in
      try BatchFileTests.writeSet(in: folder)
      return try body(folder)
    }
  }

  @Test func aLineForEachQuestionAsOfOne() throws {
    try withSet { folder in
      let run = try spans(folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      let objects = try run.objects()
      #expect(objects.map { $0["id"] } == [11, 21, 12])
      for (object, picture) in zip(objects, ["1", "2", "1"]) {
        #expect(object.objectValue?.keys == ["id", "question", "answer", "grid", "layers"])
        let question = try #require(object["question"]?.stringValue)
        let one = try tiny("spans", "pictures/\(picture).png", question, "--model", "tiny", "--json", folder: folder)
        var expected: JSONObject = ["id": try #require(object["id"])]
        for (key, value) in try #require(try one.object().objectValue).members { expected[key] = value }
        #expect(object == .object(expected))
      }
      let csv = try spans("--csv", folder: folder).output.split(separator: "\n")
      #expect(csv.first == "id,layer,order,weight,chosen")
      #expect(
        csv.dropFirst().map { $0.prefix(2) } == [
          "11", "11", "11", "11", "21", "21", "21", "21", "12", "12", "12", "12",
        ])
    }
  }

  @Test func badItemsFailAloneAndSayWhy() throws {
    try withSet { folder in
      try FileManager.default.removeItem(atPath: folder + "/pictures/2.png")
      let missing = try spans(folder: folder)
      #expect(missing.code == 1)
      #expect(missing.errors.hasSuffix("vqa: 1 of 3 questions failed\n"))
      let objects = try missing.objects()
      #expect(objects.map { $0["id"] } == [11, 21, 12])
      #expect(objects[1].objectValue?.keys == ["id", "error"])
      #expect(objects[1]["error"]?["code"] == 66)
      #expect(objects[1]["error"]?["message"]?.stringValue?.hasPrefix("pictures: image_id 2: ") == true)

      try AtomicFile.write("no picture", to: folder + "/pictures/2.png")
      let bad = try spans("--html", "s.html", folder: folder)
      #expect(bad.code == 1)
      #expect(try bad.objects()[1]["error"]?["code"] == 65)
      let page = String(decoding: try readFile(folder + "/s.html", limit: 1 << 24), as: UTF8.self)
      #expect(page.contains("id=\"q11\"") && page.contains("id=\"q12\"") && !page.contains("id=\"q21\""))
      #expect(page.contains("1 question could not be answered") && page.contains("pictures/2.png: "))

      let csv = try spans("--csv", folder: folder)
      #expect(csv.code == 1 && csv.errors.contains("vqa: pictures/2.png: "))
      #expect(csv.output.split(separator: "\n").count == 1 + 2 * 4)
    }
  }

  @Test func theSummaryCountsTheTypes() throws {
    try withSet { folder in
      let json = try spans("--summary", "--json", "--html", "s.html", folder: folder).object()
      #expect(json["questions"] == 3 && json["failed"] == 0 && json["grid"] == [4, 4])
      #expect(json["types"]?.arrayValue?.map { $0["type"]?.stringValue } == ["what color", "is there"])
      let lines = try spans(folder: folder).objects()
      for (layer, summed) in try #require(json["layers"]?.arrayValue).enumerated() {
        let weights = lines.compactMap { $0["layers"]?.arrayValue?[layer]["weights"]?.arrayValue?.first?.numberValue }
        let mean = try #require(summed["weights"]?.arrayValue?.first?.numberValue)
        #expect(abs(mean - weights.reduce(0, +) / 3) < 1e-6)
        #expect(summed["chosen"]?.arrayValue?.compactMap(\.integerValue).reduce(0, +) == 3)
      }
      let page = String(decoding: try readFile(folder + "/s.html", limit: 1 << 24), as: UTF8.self)
      #expect(page.contains("The spans of 3 questions") && page.contains("what color"))

      let annotations = [11, 12].map { id in
        Annotation(
          questionID: id, imageID: 1, questionType: "<kind> \(id)", answerType: "other", multipleChoiceAnswer: nil,
          answers: HumanAnswer.tenTimes("red"))
      }
      try AnnotationFile(header: DataSetHeader(), annotations: annotations).write(to: folder + "/a.json")
      let csv = try spans("--summary", "--csv", "--annotations", "a.json", folder: folder).output
      let types = Set(csv.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } })
      #expect(types == ["", "<kind> 11", "<kind> 12", "not annotated"])
      let table = try spans("--summary", folder: folder)
      #expect(table.output.hasPrefix("3 questions, a grid of 4 x 4 patches\n"))
    }
  }

  @Test func aSummaryOfNothingSaysWhy() throws {
    try withSet { folder in
      for picture in ["1", "2"] { try AtomicFile.write("text", to: "\(folder)/pictures/\(picture).png") }
      let run = try spans("--summary", "--html", "s.html", folder: folder)
      #expect(run.code == 65)
      #expect(run.output.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: folder + "/s.html"))
      let lines = try spans(folder: folder)
      #expect(lines.code == 1)
      #expect(try lines.objects().count == 3)
    }
  }

  @Test func anEmptyFileHasNoLines() throws {
    try withSet { folder in
      try QuestionFile(header: DataSetHeader(), questions: []).write(to: folder + "/q.json")
      let run = try spans("--html", "s.html", folder: folder)
      #expect(run.code == 0 && run.output.isEmpty)
      #expect(try spans("--csv", folder: folder).output == "id,layer,order,weight,chosen\n")
      #expect(try spans("--summary", folder: folder).output.hasPrefix("0 questions\n"))
    }
  }

  @Test func whatIsNotToBeReplacedIsToldFirst() throws {
    try withSet { folder in
      try AtomicFile.write("mine", to: folder + "/s.html")
      for more in [[], ["--summary"]] {
        let line = ["spans", "--questions", "q.json", "--images", "pictures", "--model", "tiny", "--html", "s.html"]
        let run = try Vqa.start(line + more, folder: folder, environment: ["VQA_DATA": folder]).end()
        #expect(run.code == 73 && run.output.isEmpty)
      }
      #expect(try readFile(folder + "/s.html", limit: 100) == Array("mine".utf8))
      #expect(try spans("--html", "no/s.html", folder: folder).output.isEmpty)
    }
  }

  @Test func aStoppedRunKeepsItsLinesAndNoHalfPage() throws {
    try withSet { folder in
      let many = (0..<2_000).map { Question(imageID: 1 + $0 % 2, text: "Is there a circle?", questionID: $0) }
      try QuestionFile(header: DataSetHeader(), questions: many).write(to: folder + "/q.json")
      let run = try Vqa.shell(
        """
        mkfifo out; $vqa spans --questions q.json --images pictures --model models/tiny.safetensors --html s.html > out & \
        exec 4< out; read -r first <&4; echo "$first"; kill -TERM $!; cat <&4; wait $!
        """, folder: folder)
      #expect(run.code == 75, "\(run.errors)")
      #expect(run.errors.contains("vqa: stopped after ") && run.errors.contains("the page is not"))
      let ids = try run.objects().compactMap { $0["id"]?.integerValue }
      #expect(ids == (0..<Int64(ids.count)).map { $0 } && !ids.isEmpty && ids.count < 2_000)
      let entries = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!entries.contains { $0.contains("s.html") }, "\(entries)")
    }
  }

  @Test func aClosedPipeLeavesNoHalfPage() throws {
    try withSet { folder in
      let line = "$vqa spans --questions q.json --images pictures --model models/tiny.safetensors"
      // The reader is gone before the first line is written.
      let paged = try Vqa.shell("(sleep 0.3; \(line) --html s.html; echo $? > code) | true; cat code", folder: folder)
      #expect(paged.output == "74\n", "\(paged.output) \(paged.errors)")
      #expect(paged.errors.contains("standard output: "))
      let entries = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!entries.contains { $0.contains("s.html") }, "\(entries)")
      let plain = try Vqa.shell("(sleep 0.3; \(line); echo $? > code) | true; cat code", folder: folder)
      #expect(plain.output == "141\n" && plain.errors.isEmpty, "\(plain.output) \(plain.errors)")
    }
  }

  @Test(arguments: [
    ["spans"], ["spans", "a.png"], ["spans", "a.png", "Is it?", "--summary"], ["spans", "--images", "d"],
    ["spans", "--questions", "q.json"], ["spans", "a.png", "--questions", "q.json", "--images", "d"],
    ["spans", "--questions", "q.json", "--images", "d", "--png", "s.png"],
    ["spans", "--questions", "q.json", "--images", "d", "--annotations", "a.json"],
    ["spans", "--questions", "q.json", "--images", "d", "--json", "--csv"],
    ["spans", "a.png", "Is it?", "Is it not?"],
  ])
  func badCommandLinesEndWith64(words: [String]) throws {
    let run = try Vqa.start(words).end()
    #expect(run.code == 64, "\(words) \(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("'vqa help spans'"), "\(run.errors)")
  }
}
