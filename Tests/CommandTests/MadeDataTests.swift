// MadeDataTests.swift - `vqa data` for concepts, objects, text and folds, as users call it.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct MadeDataTests {
  private static let vocabulary = URL(filePath: #filePath).appending(path: "../../../vocab").standardized.path

  @Test func theShippedConceptsAreWhatTheCommandWrites() throws {
    guard isRegularFile(WordNet.usualFolder + "/data.noun") else { return }
    try withTemporaryFolder { folder in
      let run = try Vqa.run(
        "data", "concepts", "--classes", Self.vocabulary + "/imagenet-classes.txt", "--output", "c.json", folder: folder
      )
      #expect(run.code == 0 && run.output.contains("1,000"), "\(run.errors)")
      let shipped = try readFile(Self.vocabulary + "/photos-concepts.json", limit: 1 << 20)
      #expect(try readFile(folder + "/c.json", limit: 1 << 20) == shipped)
      let again = try Vqa.run("data", "concepts", "--output", "c.json", folder: folder)
      #expect(again.code == 73 && again.errors.contains("--force"))
      try AtomicFile.write("n00000001\n", to: folder + "/list.txt")
      let unknown = try Vqa.run("data", "concepts", "--classes", "list.txt", "--output", "d.json", folder: folder)
      #expect(unknown.code == 65 && unknown.errors.hasPrefix("vqa: list.txt: line 1: "), "\(unknown.errors)")
    }
  }

  @Test func objectsAreAskedAbout() throws {
    try Tiny.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/photos", withIntermediateDirectories: true)
      for number in 1...3 {
        try FileManager.default.copyItem(atPath: folder + "/a.png", toPath: "\(folder)/photos/p\(number).png")
      }
      try AtomicFile.write(#"{"1":["dog"],"2":["person","dog"],"3":[]}"#, to: folder + "/labels.json")
      try AtomicFile.write(
        #"{"1":"photos/p1.png","2":"photos/p2.png","3":"photos/p3.png"}"#, to: folder + "/images.json")
      let scores = #"{"classes":1000,"pictures":{"p1.png":[[151,0.9]],"p2.png":[[817,0.8]],"p3.png":[]}}"#
      try AtomicFile.write(scores, to: folder + "/scores.json")
      let words = [
        "data", "objects", "--images", "photos", "--labels", "labels.json", "--scores", "scores.json", "--questions",
        "200",
        "--concepts", Self.vocabulary + "/photos-concepts.json", "--output",
      ]
      let run = try Vqa.start(words + ["one"], folder: folder).end()
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.output.contains("200 questions about 3 pictures"))
      #expect(try Vqa.start(words + ["two"], folder: folder).end().code == 0)
      for name in ["train/questions.json", "train/annotations.json", "images.json"] {
        let (one, two) = (
          try readFile("\(folder)/one/\(name)", limit: 1 << 20), try readFile("\(folder)/two/\(name)", limit: 1 << 20)
        )
        #expect(one == two, "\(name)")
      }
      let questions = try QuestionFile(path: folder + "/one/train/questions.json").questions
      let annotations = try AnnotationFile(path: folder + "/one/train/annotations.json").annotations
      #expect(annotations.count { $0.questionType == "label" } == 70)
      #expect(questions.count { $0.subject == nil } == 70 + 16)
      let index = try PictureIndex(folder: folder + "/one/images")
      for imageID in Set(questions.map(\.imageID)) { #expect(isRegularFile(try index.path(of: imageID))) }
      let other = try Vqa.start(words + ["three", "--seed", "2"], folder: folder).end()
      #expect(other.code == 0)
      let changed = try readFile(folder + "/three/train/questions.json", limit: 1 << 20)
      #expect(try changed != readFile(folder + "/one/train/questions.json", limit: 1 << 20))
    }
  }

  @Test func textAndFoldsAreMade() throws {
    try Tiny.withFolder { folder in
      try AtomicFile.write(#"{"question":"Is it?","answers":{"yes":3}}"# + "\n", to: folder + "/lines.jsonl")
      let text = try Vqa.run("data", "text", "--source", "lines.jsonl", "--output", "text", folder: folder)
      #expect(text.code == 0 && text.output.contains("1 questions about 0 pictures"), "\(text.errors)")
      #expect(try QuestionFile(path: folder + "/text/train/questions.json").questions[0].imageID == Question.noPicture)
      try TinySet.write(in: folder)
      let folds = try Vqa.run(
        "data", "folds", "--source", "set", "--folds", "2", "--by", "question", "--output", "parted", folder: folder)
      #expect(folds.code == 0 && folds.output.contains("40 questions about 40 pictures"), "\(folds.errors)")
      let parts = try ["fold1-val", "fold2-val"].map { try QuestionFile(path: "\(folder)/parted/\($0)/questions.json") }
      #expect(Set(parts.flatMap(\.questions).map(\.questionID)) == Set(1...40))
      #expect(try isRegularFile(PictureIndex(folder: folder + "/parted/images").path(of: 40)))
      let again = try Vqa.run("data", "folds", "--source", "set", "--output", "parted", folder: folder)
      #expect(again.code == 73)
      try AtomicFile.write("{\n", to: folder + "/lines.jsonl")
      let bad = try Vqa.run("data", "text", "--source", "lines.jsonl", "--output", "bad", folder: folder)
      #expect(bad.code == 65 && bad.errors.hasPrefix("vqa: lines.jsonl: line 1: "), "\(bad.errors)")
    }
  }

  @Test(arguments: [
    (["objects", "--output", "o"], "--images"), (["text", "--output", "o"], "--source"),
    (["folds", "--output", "o"], "--source"),
    (["folds", "--source", "s", "--labels", "l", "--output", "o"], "--labels"),
    (["concepts", "--seed", "1", "--output", "o"], "--seed"),
    (["scenes", "--lower-case", "--output", "o"], "--lower-case"),
    (["folds", "--source", "s", "--folds", "1", "--output", "o"], "--folds"),
    (["objects", "--images", "i", "--share-labels", "2", "--output", "o"], "--share-labels"),
  ])
  func optionsThatDoNotFitAreRefused(words: [String], option: String) throws {
    let run = try Vqa.start(["data"] + words).end()
    #expect(run.code == 64 && run.errors.contains(option), "\(run.errors)")
  }
}
