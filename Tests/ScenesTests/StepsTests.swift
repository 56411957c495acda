// StepsTests.swift - the questions of the preset `steps` are parsed from their text and answered again from the scene.

import Scenes
import Testing

@Suite struct StepsTests {
  private let drawn = (0..<400).map { ScenePreset.steps.draw(number: $0, side: 128, seed: 11) }

  @Test func scenesHaveSeveralObjects() {
    for (scene, _) in drawn {
      #expect((3...8).contains(scene.objects.count))
      for (index, object) in scene.objects.enumerated() {
        for other in scene.objects[(index + 1)...] {
          #expect(max(abs(object.x - other.x), abs(object.y - other.y)) > object.radius + other.radius)
        }
      }
    }
    #expect(Set(drawn.map(\.scene.objects.count)).count == 6)
  }

  @Test func asksOfOneToThreeSteps() {
    let types = Set(drawn.flatMap { $0.questions.map(\.questionType) })
    #expect(
      types == [
        "count, 1 step", "exist, 1 step", "query, 1 step", "compare, 2 steps", "left-of, 2 steps", "above, 2 steps",
        "same color, 2 steps", "left-of, 3 steps", "above, 3 steps", "same color, 3 steps", "query, 3 steps",
      ])
    #expect(drawn.allSatisfy { Set($0.questions.map(\.text)).count == $0.questions.count })
  }

  /// Where half of the answers were the same, the picture would not be needed.
  @Test func yesAndNoAreBalanced() {
    let answers = drawn.flatMap { $0.questions.filter { $0.answerType == "yes/no" }.map(\.answer) }
    let share = Double(answers.count { $0 == "yes" }) / Double(answers.count)
    #expect((0.4...0.6).contains(share), "\(share)")
  }

  @Test func answersAreRight() throws {
    for (scene, questions) in drawn {
      for question in questions {
        let found = try #require(StepsParser(scene).answer(question.text), "\(question.text)")
        #expect(found == question.answer, "\(question.text)")
      }
    }
  }

  /// Every relation asked about is clear to a person.
  @Test func relationsAreClear() throws {
    for (scene, questions) in drawn {
      for question in questions where question.text.hasPrefix("is the ") {
        let (first, relation, second) = try #require(StepsParser(scene).pair(question.text))
        let isAcross = relation == "left" || relation == "right"
        #expect((isAcross ? abs(first.x - second.x) : abs(first.y - second.y)) >= 5, "\(question.text)")
      }
    }
  }
}
