// SortOfCLEVRTests.swift - every answer of the preset is worked out again here, from the scene alone and in another way.

import Scenes
import Testing

@Suite struct SortOfCLEVRTests {
  private let drawn = (0..<200).map { ScenePreset.sortOfCLEVR.draw(number: $0, side: 75, seed: 3) }

  @Test func hasSixColorsOfTwoShapes() {
    for (scene, _) in drawn {
      #expect(scene.side == 75)
      #expect(Set(scene.objects.map(\.color)).count == 6 && scene.objects.count == 6)
      #expect(scene.objects.allSatisfy { $0.shape != .triangle && $0.radius == 5 })
    }
  }

  @Test func objectsDoNotTouch() {
    for (scene, _) in drawn {
      for (index, object) in scene.objects.enumerated() {
        #expect(object.x >= 5 && object.y >= 5 && object.x <= 69 && object.y <= 69)
        for other in scene.objects[(index + 1)...] {
          #expect(max(abs(object.x - other.x), abs(object.y - other.y)) > 10)
        }
      }
    }
  }

  @Test func asksTenOfEachKind() {
    for (_, questions) in drawn {
      #expect(questions.count { $0.answerType == "relational" } == 10)
      #expect(questions.count { $0.answerType == "non-relational" } == 10)
      #expect(Set(questions.map(\.text)).count == 20)
    }
  }

  @Test func answersAreRight() throws {
    var kinds: Set<String> = []
    for (scene, questions) in drawn {
      for question in questions {
        kinds.insert(question.questionType)
        let color = try #require(SceneColor.allCases.first { question.text.contains("\($0.rawValue) object") })
        let object = try #require(scene.objects.first { $0.color == color })
        #expect(question.answer == answer(question.questionType, object, scene), "\(question.text)")
      }
    }
    #expect(kinds == ["shape", "horizontal side", "vertical side", "closest", "furthest", "count"])
  }

  private func answer(_ type: String, _ object: SceneObject, _ scene: Scene) -> String {
    func distance(_ other: SceneObject) -> Double {
      let (across, down) = (Double(other.x - object.x), Double(other.y - object.y))
      return (across * across + down * down).squareRoot()
    }
    let sorted = scene.objects.filter { $0 != object }.sorted { distance($0) < distance($1) }
    switch type {
    case "shape": return object.shape.rawValue
    case "horizontal side": return Double(object.x) + 0.5 < 37.5 ? "left" : "right"
    case "vertical side": return Double(object.y) + 0.5 < 37.5 ? "top" : "bottom"
    case "closest": return sorted.first?.shape.rawValue ?? ""
    case "furthest": return sorted.last?.shape.rawValue ?? ""
    default: return String(scene.objects.filter { $0.shape == object.shape }.count)
    }
  }
}
