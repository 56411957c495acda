// StepsQuestions.swift - which questions of the preset `steps` a picture gets: as many of one step as of two and of three.

import Tensors

/// The questions about one scene of the preset `steps`.
struct StepsQuestions {
  let scene: Scene
  /// Two middles closer than this along an axis are neither left nor right, neither above nor below of each other.
  let margin: Int
  /// Questions about a picture.
  static let count = 12
  /// A kind is tried so often before another one takes its turn.
  private static let tries = 60

  init(_ scene: Scene) {
    self.scene = scene
    margin = max(2, scene.side / 24)
  }

  /// How a question of each kind is made; nil when the scene has none at this try.
  private typealias Maker = @Sendable (StepsQuestions, inout SeededRandom) -> SceneQuestion?

  private static let makers: [Maker] = [
    { $0.count(random: &$1) },
    { $0.compare(random: &$1) },
    { $0.relatedExist(random: &$1) },
    { $0.exist(random: &$1) },
    { $0.sameColorCount(random: &$1) },
    { $0.chainedExist(random: &$1) },
    { $0.query(random: &$1) },
    { $0.relatedCount(random: &$1) },
    { $0.chainedQuery(random: &$1) },
    { $0.relatedPair(random: &$1) },
    { $0.sameColorExist(random: &$1) },
    { $0.chainedCount(random: &$1) },
  ]

  /// Twelve questions, no two alike; yes and no take turns as far as the scene has both.
  func questions(random: inout SeededRandom) -> [SceneQuestion] {
    var found: [SceneQuestion] = []
    for index in 0..<Self.count {
      let maker = Self.makers[index % Self.makers.count]
      // Answers that come without effort would be learned without the picture.
      let wanted = random.integer(below: 2) == 0 ? "yes" : "no"
      var fallback: SceneQuestion?
      for _ in 0..<Self.tries {
        guard let question = maker(self, &random), !found.contains(where: { $0.text == question.text }) else { continue }
        if question.answerType == "yes/no" && question.answer != wanted {
          fallback = fallback ?? question
          continue
        }
        // Most counts of random attributes are 0 or 1.
        if question.answerType == "number" && "01".contains(question.answer) && random.integer(below: 3) > 0 {
          fallback = fallback ?? question
          continue
        }
        fallback = question
        break
      }
      if let fallback { found.append(fallback) }
    }
    return found
  }

  // MARK: What the kinds share

  /// An object that its description fits alone, with that description.
  func named(among objects: [SceneObject], random: inout SeededRandom) -> (object: SceneObject, name: ObjectFilter)? {
    guard !objects.isEmpty else { return nil }
    let object = objects[random.integer(below: objects.count)]
    let name = ObjectFilter.some(of: object, random: &random)
    guard scene.objects.count(where: name.matches) == 1 else { return nil }
    return (object, name)
  }

  /// The objects on one side of another; nil when one of them is too close to tell.
  func objects(_ relation: SceneRelation, _ other: SceneObject) -> [SceneObject]? {
    let rest = scene.objects.filter { $0 != other }
    guard !rest.contains(where: { relation.isUnclear($0, from: other, margin: margin) }) else { return nil }
    return rest.filter { relation.holds($0, from: other) }
  }

  func relation(random: inout SeededRandom) -> SceneRelation {
    SceneRelation.allCases[random.integer(below: SceneRelation.allCases.count)]
  }

  /// Attributes that often fit: half of the time those of an object of the scene.
  func filter(random: inout SeededRandom) -> ObjectFilter {
    guard random.integer(below: 2) == 0 else { return .any(random: &random) }
    return .some(of: scene.objects[random.integer(below: scene.objects.count)], random: &random)
  }
}
