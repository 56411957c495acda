// PoisonTests.swift - items and questions that spoil nothing but themselves, and texts that reach no terminal raw.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing
import VQAFormats
import VQAPipeline

@Suite struct PoisonTests {
  private static func line(_ id: Int, _ image: String) -> String {
    "{\"id\": \(id), \"image\": \"\(image)\", \"question\": \"Is there a circle?\"}\n"
  }

  /// Puts everything that is no picture into a folder; the codes of the errors by name.
  private static func poison(_ folder: String) throws -> [(name: String, code: Int64, text: String)] {
    try FileManager.default.createDirectory(atPath: folder + "/folder.png", withIntermediateDirectories: true)
    #expect(mkfifo(folder + "/pipe.png", 0o600) == 0)
    for (name, target) in [("loop", "loop.png"), ("gone", "nothing.png"), ("zero", "/dev/zero"), ("null", "/dev/null")]
    {
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name).png", withDestinationPath: target)
    }
    // As large as no picture may be, and nothing of it on the disk.
    #expect(FileManager.default.createFile(atPath: folder + "/large.png", contents: nil))
    #expect(truncate(folder + "/large.png", 65 << 20) == 0)
    try AtomicFile.write("", to: folder + "/empty.png")
    try AtomicFile.write(Array(try readFile(folder + "/a.png", limit: 1 << 20).dropLast(20)), to: folder + "/cut.png")
    return [
      ("folder.png", 66, "is a folder, not a regular file"), ("pipe.png", 66, "is a pipe"),
      ("loop.png", 66, "symbolic"),
      ("gone.png", 66, "No such file"), ("zero.png", 66, "is a device"), ("null.png", 66, "is a device"),
      ("large.png", 65, "more than the limit of 67108864"), ("empty.png", 65, "is empty"), ("cut.png", 65, "PNG"),
      ("/dev/zero", 66, "is a device"), ("none.png", 66, "No such file"), ("a.png/b.png", 66, "Not a directory"),
      ("x\\u0000y.png", 66, "cannot be opened"), ("", 66, "cannot be opened"),
    ]
  }

  @Test(.timeLimit(.minutes(2))) func whatIsNoPictureFailsAlone() throws {
    try Tiny.withFolder { folder in
      let poison = try Self.poison(folder)
      let lines = poison.enumerated().map { Self.line(2 * $0, $1.name) + Self.line(2 * $0 + 1, "a.png") }
      let run = try tiny("batch", "--model", "tiny", input: lines.joined(), folder: folder)
      #expect(run.code == 1, "\(run.errors)")
      #expect(run.errors == "vqa: \(poison.count) of \(2 * poison.count) items failed; their lines tell why\n")
      let objects = try run.objects()
      #expect(objects.map { $0["id"]?.integerValue } == (0..<Int64(2 * poison.count)).map { $0 })
      for (place, item) in poison.enumerated() {
        let error = objects[2 * place]["error"]
        #expect(error?["code"]?.integerValue == item.code, "\(item.name): \(objects[2 * place].serialized())")
        #expect(error?["message"]?.stringValue?.contains(item.text) == true, "\(item.name): \(error ?? .null)")
        #expect(objects[2 * place + 1]["answer"] != nil && objects[2 * place + 1]["error"] == nil)
      }
    }
  }

  @Test(.timeLimit(.minutes(2))) func allBadIsNoSuccess() throws {
    try Tiny.withFolder { folder in
      let names = try Self.poison(folder).map(\.name)
      let run = try tiny(
        "batch", "--model", "tiny", input: names.enumerated().map { Self.line($0, $1) }.joined(), folder: folder)
      #expect(run.code == 1)
      #expect(try run.objects().count { $0["error"] != nil } == names.count)
      // One picture is told as it is.
      for (name, code) in [("folder.png", Int32(66)), ("pipe.png", 66), ("loop.png", 66), ("large.png", 65)] {
        let asked = try tiny("ask", name, Tiny.question, "--model", "tiny", folder: folder)
        #expect(asked.code == code && asked.output.isEmpty, "\(name): \(asked.errors)")
        #expect(try tiny("inspect", name, folder: folder).code != 0, "\(name)")
      }
    }
  }

  @Test(.timeLimit(.minutes(2))) func oneOfAThousandCostsOne() throws {
    try Tiny.withFolder { folder in
      let bad = 617
      let lines = (0..<1000).map { Self.line($0, $0 == bad ? "none.png" : "a.png") }
      let run = try tiny("batch", "--model", "tiny", input: lines.joined(), folder: folder)
      #expect(run.code == 1 && run.errors == "vqa: 1 of 1000 items failed; their lines tell why\n")
      let objects = try run.objects()
      #expect(objects.map { $0["id"]?.integerValue } == (0..<1000).map { Int64($0) })
      #expect(objects.indices.filter { objects[$0]["answer"] == nil } == [bad])
    }
  }

  @Test(.timeLimit(.minutes(2))) func aQuestionFileLosesOnlyTheirQuestions() throws {
    try Tiny.withFolder { folder in
      let names = try Self.poison(folder).map(\.name).filter {
        $0.hasSuffix(".png") && !$0.contains("\\") && !$0.contains("/")
      }
      let pictures = names.enumerated().map { "\"\($0 + 1)\":\"\($1)\"" } + ["\"0\":\"a.png\""]
      try AtomicFile.write("{\(pictures.joined(separator: ","))}", to: folder + "/images.json")
      let questions = (0...names.count).map { Question(imageID: $0, text: Tiny.question, questionID: 10 + $0) }
      try QuestionFile(header: DataSetHeader(), questions: questions).write(to: folder + "/q.json")
      let run = try tiny(
        "batch", "--model", "tiny", "--questions", "q.json", "--images", ".", "--output", "r.json", folder: folder)
      #expect(run.code == 1, "\(run.errors)")
      #expect(try ResultFile(path: folder + "/r.json").entries.map(\.questionID) == [10])
      #expect(
        run.errors.contains("\(names.count) questions about \(names.count) pictures have no answer"), "\(run.errors)")
    }
  }
}

@Suite struct QuestionTextTests {
  private func lines(_ questions: [String]) -> String {
    questions.enumerated().map { number, question in
      JSONValue.object(["id": .integer(Int64(number)), "image": "a.png", "question": .string(question)]).serialized()
        + "\n"
    }.joined()
  }

  /// Texts that say the same to the network have the same answer, whatever else is in them.
  @Test func anyTextIsAQuestion() throws {
    try Tiny.withFolder { folder in
      let plain = "Is there a circle?"
      let same = [
        plain, "  Is  there\ta circle ? ", "is THERE a circle", "\u{FEFF}Is there a circle?", "Is there a circle?\u{0}",
        "\u{202B}Is there a circle?\u{202C}", "Is there a circle \u{1F98A}\u{200D}\u{1F469}?", "Is there a circle\r\n?",
        "Is there a circle? " + String(repeating: "?", count: 100_000),
      ]
      let other = [
        "\u{645}\u{631}\u{62D}\u{628}\u{627}", "e" + String(repeating: "\u{301}", count: 3000), "\u{1F1E9}\u{1F1EA} a",
        String(repeating: "a", count: 900_000), String(repeating: "a ", count: 400_000), "\u{0}a\u{0}", "1",
      ]
      let empty = ["", " ", "?!", "\u{0}", "\u{1F98A}", "\u{202E}\u{200B}", "\n\t"]
      let run = try tiny("batch", "--model", "tiny", input: lines(same + other + empty), folder: folder)
      let objects = try run.objects()
      #expect(run.code == 1 && objects.count == same.count + other.count + empty.count, "\(run.errors)")
      for (object, question) in zip(objects, same) {
        #expect(object["answer"] == objects[0]["answer"] && object["answer"] != nil, "\(question.debugDescription)")
      }
      for (object, question) in zip(objects[same.count...], other) {
        #expect(object["answer"] != nil, "\(question.prefix(20).debugDescription)")
      }
      for (object, question) in zip(objects[(same.count + other.count)...], empty) {
        #expect(object["error"]?["code"] == 65, "\(question.debugDescription) \(object.serialized())")
      }
    }
  }

  /// Ten million bytes are as good as the words that the network reads.
  @Test(.timeLimit(.minutes(2))) func aQuestionOfTenMillionBytes() throws {
    try Tiny.withFolder { folder in
      try BatchFileTests.writeSet(in: folder)
      let words = "Is there a circle "
      let long = String(repeating: words, count: 10_000_000 / words.utf8.count)
      let questions = [long, "Is there a circle Is there"].enumerated().map { number, text in
        Question(imageID: 1, text: text, questionID: number)
      }
      try QuestionFile(header: DataSetHeader(), questions: questions).write(to: folder + "/q.json")
      let run = try tiny(
        "batch", "--model", "tiny", "--questions", "q.json", "--images", "pictures", "--output", "r.json",
        folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      let answers = try ResultFile(path: folder + "/r.json").entries.map(\.answer)
      #expect(answers.count == 2 && answers[0] == answers[1])
    }
  }
}

@Suite struct EscapeTests {
  /// What a terminal would obey: escapes, bells, the other set of controls, and marks that turn the writing round.
  private static let hostile = "\u{1B}[31mred\u{7}\u{8}\u{9B}2J\u{202E}\u{2066}"

  /// Whether a text has a control character that is no line feed, or a mark of direction.
  private func raw(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
      scalar != "\n" && (scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format)
    }
  }

  @Test func answersWordsAndNamesAreShownEscaped() throws {
    try Tiny.withFolder { folder in
      let words = Vocabulary.build(fromQuestions: [Tiny.question], madeFrom: Self.hostile)
      let answers = try AnswerVocabulary(
        answers: [Self.hostile, Self.hostile + "2", Self.hostile + "3"], madeFrom: Self.hostile)
      var configuration = Tiny.configuration
      configuration.name = Self.hostile
      configuration.summary = Self.hostile
      let model = try VQAModel(configuration, words: words, answers: answers, seed: 7)
      let name = "models/\(Self.hostile).safetensors"
      try ModelFile.save(model, record: [Self.hostile: Self.hostile], to: "\(folder)/\(name)")
      let picture = "\(Self.hostile).png"
      try Tiny.writePicture("\(folder)/\(picture)")
      try FileManager.default.createDirectory(atPath: folder + "/pictures", withIntermediateDirectories: true)
      try Tiny.writePicture("\(folder)/pictures/1.png")
      let question = Question(imageID: 1, text: Tiny.question + Self.hostile, questionID: 1)
      try QuestionFile(header: DataSetHeader(info: ["description": .string(Self.hostile)]), questions: [question])
        .write(to: folder + "/q\(Self.hostile).json")
      let annotation = Annotation(
        questionID: 1, imageID: 1, questionType: Self.hostile, answerType: Self.hostile,
        multipleChoiceAnswer: Self.hostile, answers: HumanAnswer.tenTimes(Self.hostile))
      try AnnotationFile(header: DataSetHeader(), annotations: [annotation]).write(to: folder + "/a.json")
      let set = ["--questions", "q\(Self.hostile).json", "--images", "pictures", "--model", name]
      let asked = ["\(Tiny.question) \(Self.hostile)", "--model", name]
      for line in [
        ["ask", picture] + asked, ["spans", picture] + asked, ["spans", picture] + asked + ["--csv"],
        ["spans", picture] + asked + ["--html", "\(Self.hostile).html"], ["spans"] + set, ["spans", "--summary"] + set,
        ["spans", "--summary", "--annotations", "a.json"] + set, ["batch", "--output", "\(Self.hostile).json"] + set,
        ["evaluate", "--annotations", "a.json"] + set, ["inspect", name], ["inspect", picture], ["inspect", "a.json"],
        ["inspect", "q\(Self.hostile).json"], ["ask", "\(Self.hostile)gone.png"] + asked, ["inspect", Self.hostile],
        ["ask", picture, "x", "--model", Self.hostile], ["evaluate", Self.hostile, "--annotations", Self.hostile],
        ["train", Self.hostile, "--output", Self.hostile], ["data", Self.hostile, "--output", "d"],
        ["convert", Self.hostile, "--output", "m.safetensors"], [Self.hostile], ["help", Self.hostile],
        ["ask", "--\(Self.hostile)"], ["completions", Self.hostile],
        ["features", "--images", Self.hostile, "--output", "f"],
      ] {
        let run = try Vqa.start(line, folder: folder, environment: ["VQA_DATA": folder]).end()
        // JSON is for programs, which read the marks of direction as they are.
        let isData = line.first == "spans" && line[1] == "--questions"
        let shown = raw(run.output).filter { !isData || $0.properties.generalCategory == .control }
        #expect(shown.isEmpty, "\(line): \(run.output.debugDescription)")
        #expect(raw(run.errors).isEmpty, "\(line): \(run.errors.debugDescription)")
        #expect(!(run.output + run.errors).isEmpty || run.code == 0, "\(line)")
        #expect(run.code != 70 && run.code != nil, "\(line): \(run.errors)")
      }
    }
  }
}
