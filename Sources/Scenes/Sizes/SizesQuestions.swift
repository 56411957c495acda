// SizesQuestions.swift - questions of the preset `sizes`: as many about the large objects of a picture as about the small ones.

import Tensors

/// The questions about one scene of the preset `sizes`.
struct SizesQuestions {
  let scene: Scene
  /// A kind is tried so often before it is left out.
  private static let tries = 40

  init(_ scene: Scene) {
    self.scene = scene
  }

  /// What is asked, in the order in which it is; twelve questions a picture where the scene has them.
  private enum Kind: CaseIterable {
    case color, shape, exist, otherExist, count, otherCount
  }

  /// Questions about the picture, no two alike, each named by what it asks and of which size.
  func questions(random: inout SeededRandom) -> [SceneQuestion] {
    var found: [SceneQuestion] = []
    for size in SceneSize.allCases {
      for kind in Kind.allCases {
        for _ in 0..<Self.tries {
          guard let question = question(kind, size, random: &random),
            !found.contains(where: { $0.text == question.text })
          else { continue }
          found.append(question)
          break
        }
      }
    }
    return found
  }

  private func question(_ kind: Kind, _ size: SceneSize, random: inout SeededRandom) -> SceneQuestion? {
    switch kind {
    case .color: attribute("color", size, random: &random)
    case .shape: attribute("shape", size, random: &random)
    case .exist: exist(size, wanted: true, random: &random)
    case .otherExist: exist(size, wanted: false, random: &random)
    case .count: count(size, of: .any, random: &random)
    case .otherCount: count(size, of: .some, random: &random)
    }
  }

  /// As in "what color is the small square?", where only one object is meant.
  private func attribute(_ word: String, _ size: SceneSize, random: inout SeededRandom) -> SceneQuestion? {
    let objects = scene.objects.filter { $0.size == size }
    guard !objects.isEmpty else { return nil }
    let object = objects[random.integer(below: objects.count)]
    var name = ObjectFilter(size: size)
    if word == "color" { name.shape = object.shape } else { name.color = object.color }
    guard scene.objects.count(where: name.matches) == 1 else { return nil }
    return SceneQuestion(
      text: "what \(word) is the \(name.singular)?",
      answer: word == "color" ? object.color.rawValue : object.shape.rawValue,
      questionType: "\(word), \(size.rawValue)", answerType: "other")
  }

  /// As in "is there a small red square?"; what is not there differs from something that is by its colour or its shape.
  private func exist(_ size: SceneSize, wanted: Bool, random: inout SeededRandom) -> SceneQuestion? {
    let objects = scene.objects.filter { $0.size == size }
    guard !objects.isEmpty else { return nil }
    let object = objects[random.integer(below: objects.count)]
    var filter = ObjectFilter(size: size, color: object.color, shape: object.shape)
    if !wanted {
      if random.integer(below: 2) == 0 {
        filter.shape = SceneShape.allCases[random.integer(below: SceneShape.allCases.count)]
      } else {
        filter.color = scene.objects[random.integer(below: scene.objects.count)].color
      }
    }
    let isThere = scene.objects.contains(where: filter.matches)
    guard isThere == wanted else { return nil }
    return SceneQuestion(
      text: "is there \(filter.withArticle)?", answer: isThere ? "yes" : "no", questionType: "exist, \(size.rawValue)",
      answerType: "yes/no")
  }

  private enum Counted {
    case any, some
  }

  /// As in "how many small objects are there?", "how many small squares are there?".
  private func count(_ size: SceneSize, of counted: Counted, random: inout SeededRandom) -> SceneQuestion? {
    var filter = ObjectFilter(size: size)
    if counted == .some {
      let object = scene.objects[random.integer(below: scene.objects.count)]
      if random.integer(below: 2) == 0 { filter.color = object.color } else { filter.shape = object.shape }
    }
    return SceneQuestion(
      text: "how many \(filter.plural) are there?", answer: String(scene.objects.count(where: filter.matches)),
      questionType: "count, \(size.rawValue)", answerType: "number")
  }
}
