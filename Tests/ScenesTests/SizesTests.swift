// SizesTests.swift - the questions of the preset `sizes` are answered again from the scene, and ask as much about small as about large.

import Scenes
import Testing

@Suite struct SizesTests {
  private let drawn = (0..<300).map { ScenePreset.sizes.draw(number: $0, side: 224, seed: 7) }

  @Test func scenesHaveObjectsOfBothSizes() {
    for (scene, _) in drawn {
      let large = scene.objects.filter { $0.size == .large }
      let small = scene.objects.filter { $0.size == .small }
      #expect((1...4).contains(large.count) && (1...7).contains(small.count))
      #expect(large.allSatisfy { (18...27).contains($0.radius) } && small.allSatisfy { (6...8).contains($0.radius) })
      for (index, object) in scene.objects.enumerated() {
        for other in scene.objects[(index + 1)...] {
          #expect(max(abs(object.x - other.x), abs(object.y - other.y)) > object.radius + other.radius)
        }
      }
    }
  }

  @Test func asksAboutBothSizes() {
    let types = drawn.flatMap { $0.questions.map(\.questionType) }
    let kinds = ["color", "shape", "exist", "count"]
    #expect(Set(types) == Set(kinds.flatMap { ["\($0), small", "\($0), large"] }))
    let small = types.count { $0.hasSuffix("small") }
    #expect((0.45...0.55).contains(Double(small) / Double(types.count)))
    #expect(drawn.allSatisfy { Set($0.questions.map(\.text)).count == $0.questions.count })
    #expect(drawn.allSatisfy { (8...12).contains($0.questions.count) })
  }

  @Test func answersAreRight() throws {
    for (scene, questions) in drawn {
      for question in questions {
        let found = try #require(StepsParser(scene).answer(question.text), "\(question.text)")
        #expect(found == question.answer, "\(question.text)")
      }
    }
  }

  /// Where half of the answers were the same, the picture would not be needed.
  @Test func yesAndNoAreBalanced() {
    let answers = drawn.flatMap { $0.questions.filter { $0.answerType == "yes/no" }.map(\.answer) }
    let share = Double(answers.count { $0 == "yes" }) / Double(answers.count)
    #expect((0.45...0.55).contains(share), "\(share)")
  }

  @Test func scenesMayBeSmall() {
    for number in 0..<50 {
      let (scene, _) = ScenePreset.sizes.draw(number: number, side: 64, seed: 1)
      #expect(scene.objects.allSatisfy { $0.radius >= 2 && $0.x >= $0.radius && $0.x + $0.radius < 64 })
    }
  }
}
