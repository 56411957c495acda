// WordMentionsTests.swift - which words people use about which pictures.

import SafeFiles
import TestSupport
import Testing
import Training
import VQAFormats
import VQAPipeline

@Suite struct WordMentionsTests {
  private static func question(
    _ text: String, _ answers: [String], about picture: Int, set: String = "photos"
  ) -> AskedQuestion {
    AskedQuestion(id: 1, text: text, picture: picture, answers: answers, common: answers[0], set: set)
  }

  /// Words of pictures 0 to 3; only the nouns hue, red, green and blue are known, "dog" has a label.
  private static func mentions(_ questions: [AskedQuestion], count: Int = 1) throws -> WordMentions {
    try withTemporaryFolder { folder in
      try PhotoSet.write(in: folder)
      var set = QuestionSet(pictures: [], questions: questions, contentHash: "")
      set.photos = (0..<4).map { "\($0).jpg" }
      var rule = KnowledgeRecipe.WordRule()
      (rule.sets, rule.count) = (["photos", "rooms"], count)
      let concepts = try ConceptVocabulary(
        everydayNames: ["dog"], ownNames: ["dog"], labels: ["dog"], concepts: [.init(classes: [0], label: 0)],
        phrases: [("dog", 0), ("dogs", 0)])
      return WordMentions(set, rule, concepts, try WordNet(folder: folder + "/wordnet"))
    }
  }

  @Test func answersAndNounsOfQuestionsAreSaid() throws {
    let found = try Self.mentions([
      Self.question("What room is it?", ["kitchen", "kitchen", "bath"], about: 0),
      Self.question("Is the blue thing on?", ["yes", "yes"], about: 0),
      Self.question("Is the green thing on?", ["no", "no"], about: 1),
      Self.question("What hue?", ["red", "red"], about: 3, set: "rooms"),
    ])
    // One of ten may err, what is denied is not there, and "thing" is no noun here.
    #expect(found.names == ["blue", "hue", "kitchen", "red"])
    #expect(found.pictures == [[0, 2], [], nil, [1, 3]])
    #expect(found.sets == [0, 0, 0, 1])
  }

  @Test func whatHasALabelOrSaysNothingIsLeftOut() throws {
    let found = try Self.mentions([
      Self.question("What?", ["dogs", "dogs"], about: 0), Self.question("What?", ["2", "2"], about: 0),
      Self.question("What?", ["unknown", "unknown"], about: 0),
      Self.question("What?", ["garbage_bin, red", "garbage_bin, red"], about: 0),
      Self.question("What?", ["lamp", "lamp"], about: 1, set: "others"),
      Self.question("What?", ["lamp", "lamp"], about: AskedQuestion.noPicture),
    ])
    #expect(found.names == ["garbage_bin", "red"])
    #expect(found.pictures == [[0, 1], nil, nil, nil])
  }

  @Test func formsOfAWordAreOne() throws {
    let found = try Self.mentions(
      [
        Self.question("What?", ["reds", "reds"], about: 0), Self.question("What?", ["reds", "reds"], about: 1),
        Self.question("What?", ["red", "red"], about: 2), Self.question("What?", ["green", "green"], about: 3),
      ], count: 3)
    #expect(found.names == ["reds"])
    #expect(found.forms == ["red": 0, "reds": 0])
    #expect(found.pictures == [[0], [0], [0], []])
  }

  @Test func wordsBecomeLabels() throws {
    let found = try Self.mentions([Self.question("What?", ["red", "red"], about: 0)])
    let concepts = try ConceptVocabulary(
      everydayNames: ["dog"], ownNames: ["dog"], labels: ["dog"], concepts: [.init(classes: [0], label: 0)],
      phrases: [("dog", 0), ("red", 0)])
    let wider = concepts.adding(found)
    #expect(wider.labels == ["dog", "red"])
    let red = try #require(wider.concept(of: "red"))
    #expect(wider.concepts[red] == .init(classes: [0], label: 1))
    #expect(wider.concept(of: "dog") == 0 && wider.concepts[0].label == 0)
  }

  @Test(arguments: [
    ("Is it left of the dog?", "yes", true), ("Which side?", "Right lung", true), ("The right-most lamp?", "no", true),
    ("Is it bright?", "upright", false), ("What hue?", "red", false),
  ])
  func sidesAreToldByWords(text: String, answer: String, tells: Bool) {
    #expect(Self.question(text, ["no", answer], about: 0).tellsSides == tells)
  }
}
