// ShippedModelTests.swift - the model in the repository answers about the sample pictures, and its vocabularies are those of vocab/.

import Foundation
import ImageCodecs
import SafeFiles
import TestSupport
import Testing
import VQAFormats
import VQAPipeline

@Suite struct ShippedModelTests {
  private static let root = URL(fileURLWithPath: ParitySets.fixtures)
    .deletingLastPathComponent().deletingLastPathComponent().path

  private static func load(_ name: String = "easy-vqa") throws -> VQAModel {
    try ModelFile.load(root + "/data/models/\(name).safetensors").model
  }

  private static func picture(_ name: String) throws -> RGBImage {
    try decodeImage(readFile(root + "/data/samples/" + name, limit: 1 << 20))
  }

  @Test func answersAboutTheSamples() throws {
    let model = try Self.load()
    let cases = [
      ("red-circle.png", "what shape is in the image?", "circle"),
      ("blue-triangle.png", "what is the color of the triangle?", "blue"),
      ("yellow-rectangle.png", "is there a yellow shape?", "yes"),
      ("teal-triangle.png", "what shape is present?", "triangle"),
      ("black-circle.png", "is no circle present?", "no"),
      ("brown-rectangle.png", "what color is the shape?", "brown"),
      ("green-circle.jpg", "does the image not contain a circle?", "no"),
    ]
    #if DEBUG
      let asked = Array(cases.prefix(2))  // unoptimised arithmetic takes seconds for each
    #else
      let asked = cases
    #endif
    let seen = try model.see(asked.map { try Self.picture($0.0) })
    let answers = model.answer(asked.map(\.1), about: seen)
    for (item, answer) in zip(asked, answers) {
      #expect(answer.best.answer == item.2, "\(item.0): \(item.1)")
      #expect(answer.best.probability > 0.5)
    }
  }

  /// A stranger's photographs; what the words stand for was never asked about in training.
  @Test func answersAboutPhotos() throws {
    #if !DEBUG  // unoptimised convolutions take minutes
      let model = try Self.load("photos")
      let seen = try model.see([try Self.picture("cat.jpg"), try Self.picture("coffee.jpg")])
      let cases = [
        (0, "what is this?", "cat"), (0, "what animal is this?", "cat"), (0, "is there a cat?", "yes"),
        (0, "is there a tabby in the picture?", "yes"), (0, "is there a dog in the picture?", "no"),
        (0, "is there an animal?", "yes"), (1, "is there a cup?", "yes"), (1, "is there an animal?", "no"),
      ]
      for (picture, question, expected) in cases {
        let answer = try #require(model.answer([question], about: [seen[picture]], top: 3).first)
        #expect(answer.best.answer == expected, "\(question)")
      }
      let names = try #require(model.names(of: seen[0], top: 3))
      #expect(names.everyday.first?.name == "cat")
      // Without the picture there is nothing to know, and no such question can be answered for sure.
      let nothing = try model.seeNothing()
      #expect(model.names(of: nothing) == nil)
      let guess = try #require(model.answer(["what animal is this?"], about: [nothing]).first)
      #expect(guess.best.probability < 0.5)
    #endif
  }

  @Test func answersAboutRelations() throws {
    let model = try Self.load("sort-of-clevr")
    let cases = [
      ("what shape is the object closest to the red object?", "circle"),
      ("what shape is the object furthest from the orange object?", "square"),
      ("how many objects have the shape of the red object?", "2"),
    ]
    let seen = try model.see([try Self.picture("six-objects.png")])
    for (question, expected) in cases {
      let answer = try #require(model.answer([question], about: seen).first)
      #expect(answer.best.answer == expected, "\(question)")
    }
  }

  /// Large things are answered about on the coarsest grid, small ones on a finer one.
  @Test func stopsWhereTheQuestionAllows() throws {
    let model = try Self.load("shapes")
    let seen = try #require(try model.see([try Self.picture("small-and-large.png")]).first)
    let cases = [
      ("what color is the large square?", "cyan", 1), ("how many small squares are there?", "1", 3),
      ("what shape is the small cyan object?", "circle", 3),
    ]
    for (question, expected, exit) in cases {
      let answer = try #require(model.answer([question], about: [seen], top: 1).first)
      #expect(answer.best.answer == expected, "\(question)")
      #expect(answer.exit == exit, "\(question)")
    }
    let exact = try #require(model.answer([cases[0].0], about: [seen], top: 1, exits: .exact).first)
    #expect(exact.best.answer == "cyan")
    #expect(exact.multiplyAdds == model.fullRunMultiplyAdds)
  }

  @Test(arguments: ["easy-vqa", "sort-of-clevr", "shapes", "photos"]) func vocabulariesAreThoseInTheOpen(_ name: String)
    throws
  {
    let model = try Self.load(name)
    let words = try Vocabulary(path: Self.root + "/vocab/\(name)-words.json")
    let answers = try AnswerVocabulary(path: Self.root + "/vocab/\(name)-answers.json")
    #expect(words.contentHash == model.words.contentHash)
    #expect(answers.contentHash == model.answers.contentHash)
  }

  @Test(arguments: ["easy-vqa", "sort-of-clevr", "shapes", "photos"]) func fileIsTheOneOfTheCard(_ name: String) throws
  {
    let bytes = try readFile(Self.root + "/data/models/\(name).safetensors", limit: 25_000_000)
    let card = String(decoding: try readFile(Self.root + "/MODEL_CARD.md", limit: 1 << 20), as: UTF8.self)
    #expect(card.contains(ContentHash.hex(bytes)))
    #expect(card.contains("\(bytes.count) bytes"))
  }
}
