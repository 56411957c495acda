// PhotoTests.swift - the shipped model for photographs on the command line: what it sees, when it is not sure, and own pictures.

#if !DEBUG  // unoptimised convolutions take minutes

  import Foundation
  import SafeFiles
  import TestSupport
  import Testing
  import VQAPipeline

  @Suite struct PhotoTests {
    private static let root = URL(fileURLWithPath: ParitySets.fixtures)
      .deletingLastPathComponent().deletingLastPathComponent().path
    private static let samples = root + "/data/samples"

    private func run(_ arguments: String...) throws -> Run {
      try Vqa.start(arguments, environment: ["VQA_DATA": Self.root + "/data"]).end()
    }

    @Test func tellsWhatItSeesWithoutAQuestion() throws {
      let run = try run("ask", Self.samples + "/cat.jpg", "--see", "--top", "2")
      #expect(run.code == 0)
      #expect(run.output.hasPrefix("Sees      cat"))
      #expect(!run.output.contains("Answer"))
      let object = try self.run("ask", Self.samples + "/cat.jpg", "--see", "--json").object()
      #expect(object["sees"]?.arrayValue?.first?["name"]?.stringValue == "cat")
      #expect(object["classes"]?.arrayValue?.count == 5 && object["labels"]?.arrayValue?.count == 5)
    }

    @Test func neitherAQuestionNorSeeingIsAUsageError() throws {
      #expect(try run("ask", Self.samples + "/cat.jpg").code == 64)
      let other = try run("ask", Self.samples + "/red-circle.png", "--see", "--model", "easy-vqa")
      #expect(other.code == 65)
      #expect(other.errors.contains("no backbone"))
    }

    @Test func saysWhenItIsNotSure() throws {
      let questions = ["is there a dog?", "what is the cat thinking about?"]
      let objects = try run("ask", Self.samples + "/cat.jpg", questions[0], questions[1], "--json").objects()
      #expect(objects.map { $0["sure"]?.boolValue } == [true, false])
      let text = try run("ask", Self.samples + "/cat.jpg", questions[1], "--top", "1").output
      #expect(text.contains("Answer    not sure\n"))
      #expect(text.contains("perhaps   ") && text.contains("or        "))
    }

    @Test func aBlankedPictureIsNoPicture() throws {
      try withTemporaryFolder { folder in
        let header = #""info": {}, "task_type": "Open-Ended", "data_type": "own", "license": {}, "data_subtype": "all""#
        let questions =
          #"{\#(header), "questions": [{"image_id": 1, "question": "what animal is this?", "question_id": 1}]}"#
        let answers = (1...10).map { #"{"answer": "cat", "answer_confidence": "yes", "answer_id": \#($0)}"# }
          .joined(separator: ", ")
        let annotations = """
          {\(header), "annotations": [{"image_id": 1, "question_id": 1, "question_type": "what", "answer_type": "other", \
          "multiple_choice_answer": "cat", "answers": [\(answers)]}]}
          """
        try AtomicFile.write(questions, to: folder + "/q.json")
        try AtomicFile.write(annotations, to: folder + "/a.json")
        try FileManager.default.createDirectory(atPath: folder + "/images", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Self.samples + "/cat.jpg", toPath: folder + "/images/1.jpg")
        func accuracy(_ more: String...) throws -> Double? {
          let line =
            ["evaluate", "--questions", "q.json", "--annotations", "a.json", "--images", "images", "--json"] + more
          return try Vqa.start(line, folder: folder, environment: ["VQA_DATA": Self.root + "/data"]).end()
            .object()["overall"]?.numberValue
        }
        let seeing = try accuracy()
        let blank = try accuracy("--blank")
        #expect(seeing ?? 0 > blank ?? 1)
      }
    }

    @Test func learnsOwnPictures() throws {
      try withTemporaryFolder { folder in
        try FileManager.default.createDirectory(atPath: folder + "/own", withIntermediateDirectories: true)
        var table = "image,question,answer\n"
        for name in ["cat.jpg", "coffee.jpg", "red-circle.png", "blue-triangle.png"] {
          try FileManager.default.copyItem(atPath: "\(Self.samples)/\(name)", toPath: "\(folder)/own/\(name)")
          table += "\(name),who is this?,\"little \(name)\"\n\(name),is it mine?,yes\n"
        }
        // Of these names, this one is held out.
        try FileManager.default.copyItem(atPath: "\(Self.samples)/red-circle.png", toPath: "\(folder)/own/8.png")
        table += "8.png,is it mine?,Yes\n"
        try AtomicFile.write(table, to: folder + "/own/table.csv")
        let line = [
          "train", "--from", "photos", "--data", "own", "--output", "out", "training.epochs=2",
          "training.questionsPerStep=4", "data.knowledge.views=1",
        ]
        let run = try Vqa.start(line, folder: folder, environment: ["VQA_DATA": Self.root + "/data"]).end()
        #expect(run.code == 0, "\(run.errors)")
        let again = "vqa evaluate --model out/model.safetensors --data own --held-out"
        #expect(run.errors.contains("held out: \(again)\nvqa: the same without the pictures: \(again) --blank\n"))
        let part = try Vqa.start(again.split(separator: " ").dropFirst().map(String.init), folder: folder).end()
        #expect(part.code == 0 && part.output.contains("held out       1 of 5 pictures"), "\(part.output)")
        let measured = run.output.contains("100.00 % of the answers") ? "100.00 %" : "0.00 %"
        #expect(part.output.contains("all questions  ") && part.output.contains("\(measured)           1\n"))
        let (model, _) = try ModelFile.load(folder + "/out/model.safetensors")
        let (before, _) = try ModelFile.load(Self.root + "/data/models/photos.safetensors")
        #expect(model.answers.answers.prefix(before.answers.count) == before.answers.answers[...])
        #expect(model.answers.count == before.answers.count + 4)
        #expect(model.answers.index(of: "little cat.jpg") != nil)
        let asked = try Vqa.start(
          ["ask", "own/cat.jpg", "what animal is this?", "--json", "--model", "out/model.safetensors"], folder: folder
        ).end().object()
        #expect(asked["answer"]?.stringValue == "cat")
      }
    }
  }

#endif
