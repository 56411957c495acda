// PhotoRefusalTests.swift - what a run with a backbone needs and does not find is named.

import Foundation
import SafeFiles
import TestSupport
import Testing
import Training
import VQAFormats
import VQAPipeline
import WeightFiles

// Unoptimised convolutions of the whole backbone take minutes.
#if !DEBUG
  extension TrainingTests {
    @Suite struct PhotoRefusalTests {
      @Test(arguments: [
        "backbone.safetensors", "glove.safetensors", "glove-words.txt", "concepts.json", "labels.json", "images.json",
        "wordnet/data.noun", "wordnet/index.noun", "wordnet/noun.exc",
      ])
      func aMissingFileIsNamed(name: String) throws {
        try RunFolder.withPhotos { folder in
          try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
          let failure = try folder.failure("run")
          #expect(failure.file == "\(folder.path)/\(name)")
          #expect(failure.kind == .notFound)
        }
      }

      @Test(arguments: [
        ("backbone.safetensors", "none"), ("glove.safetensors", "none"), ("concepts.json", "{}"),
        ("labels.json", "[]"), ("labels.json", "{"), ("images.json", "[]"),
        ("labels.json", "{\"1\": \"dog\"}"), ("labels.json", "{\"9\": [\"dog\"]}"), ("wordnet/data.noun", "none\n"),
        ("wordnet/index.noun", "none\n"), ("glove-words.txt", "too few"),
      ])
      func aDamagedFileIsNamed(name: String, text: String) throws {
        try RunFolder.withPhotos { folder in
          try AtomicFile.write(text, to: "\(folder.path)/\(name)")
          let failure = try folder.failure("run")
          #expect(failure.file == "\(folder.path)/\(name)")
          #expect(failure.kind == .badData)
          #expect(!FileManager.default.fileExists(atPath: folder.output("run") + "/model.safetensors"))
        }
      }

      /// A list of labels may be anything; a run with it goes its way.
      @Test func aLabelNamedTwiceDoesNoHarm() throws {
        try RunFolder.withPhotos { folder in
          let text = String(decoding: try readFile(folder.path + "/concepts.json", limit: 1 << 20), as: UTF8.self)
          let changed = text.replacing("[\"dog\", \"person\"]", with: "[\"dog\", \"dog\"]")
          #expect(changed != text)
          try AtomicFile.write(changed, to: folder.path + "/concepts.json")
          try folder.run("run", stopAfter: 1)
        }
      }

      @Test func oneLabelledPictureIsEnough() throws {
        try RunFolder.withPhotos { folder in
          try AtomicFile.write("{\"1\": [\"dog\"]}", to: folder.path + "/labels.json")
          try folder.run("run", stopAfter: 1)
        }
      }

      @Test func vectorsOfAnotherWidth() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.model.knowledge.vectorWidth = 5
          let failure = try folder.failure("run")
          #expect(failure.file == folder.path + "/glove.safetensors")
          #expect(failure.description.contains("4 wide, not 5"))
        }
      }

      @Test func labelsThatTheConceptsLack() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.model.knowledge.labels = 3
          let failure = try #require(throws: ConfigurationFailure.self) { try folder.run("run") }
          #expect("\(failure)".contains("knowledge.labels: 3"))
        }
      }

      @Test(arguments: [999, 1000])
      func aSubjectOfNoClassIsRefused(number: Int) throws {
        try RunFolder.withPhotos { folder in
          try PhotoSet.write(
            [("What is this?", 1, "car", PhotoSet.subject(class: number))], split: "train", in: folder.path + "/photos")
          guard number == PhotoSet.classes else {
            try folder.run("run", stopAfter: 1)
            return
          }
          let failure = try #require(throws: (any Error).self) { try folder.run("run", stopAfter: 1) }
          let cause = try #require(failure as? any Failure)
          #expect(cause.kind == .badData)
          #expect(cause.message.contains("question 1 ") && cause.message.contains("class 1000"), "\(cause.message)")
        }
      }

      @Test func aSetOfTheMixtureThatIsNotThere() throws {
        try RunFolder.withPhotos { folder in
          folder.recipe.training.mixture = PhotoSet.mixture(["photos": 6, "words": 2])
          let failure = try #require(throws: TrainingFailure.self) { try folder.run("run") }
          #expect(failure == .noQuestionsOfSet("words"))
        }
      }

      @Test(arguments: [("photo", ""), ("photos", "numbers")])
      func aPriorOfQuestionsThatAreNotThere(set: String, answerType: String) throws {
        try RunFolder.withPhotos { folder in
          let rule = PriorRule(set: set, answerType: answerType, share: 0.5)
          folder.recipe.training.prior = [rule]
          let failure = try #require(throws: TrainingFailure.self) { try folder.run("run") }
          #expect(failure == .noQuestionsOfRule(rule))
          #expect(failure.problem.contains(answerType.isEmpty ? "'photo'" : "'numbers'"))
        }
      }

      @Test func aPictureThatIsNoneIsNamed() throws {
        try RunFolder.withPhotos { folder in
          try AtomicFile.write("no picture", to: folder.path + "/photos/images/3.png")
          let failure = try folder.failure("run")
          #expect(failure.file == folder.path + "/photos/images/3.png")
        }
      }

      @Test(arguments: [
        "data.knowledge.views=0", "data.knowledge.views=3", "training.stepsPerPass=0", "training.pictureDropout=-0.1",
        "training.pictureDropout=1.5", "training.finerShare=-1", "training.finerShare=2",
        "training.mixture=[{\"passes\": 0, \"shares\": [{\"set\": \"photos\", \"questions\": 4}]}]",
        "training.mixture=[{\"passes\": 1, \"shares\": []}]",
        """
        training.mixture=[{"passes": 1, "shares": [{"set": "text", "questions": 2}, {"set": "text", "questions": 2}]}]
        """,
        "training.mixture=[{\"passes\": 1, \"shares\": [{\"set\": \"photos\", \"questions\": 0}]}]",
        "training.prior=[{\"set\": \"photos\", \"answerType\": \"\", \"share\": 1.5}]",
        "data.knowledge.lending={\"set\": \"text\", \"name\": \"photos\", \"photosOf\": [\"photos\"]}",
      ])
      func impossibleSettingsAreNamed(assignment: String) throws {
        let recipe = PhotoSet.recipe(in: "/nowhere")
        #expect(throws: Never.self) { try recipe.changed(by: []) }
        let failure = try #require(throws: ConfigurationFailure.self) { try recipe.changed(by: [assignment]) }
        let setting = assignment.prefix { $0 != "=" }
        #expect(failure.place?.hasPrefix(setting) == true, "\(failure)")
      }
    }
  }
#endif
