// ThreeSteps.swift - questions of three steps: an object found from one that is itself found from another.

import Tensors

extension StepsQuestions {
  /// An object that is found from another: "circle above the green square".
  private func chained(random: inout SeededRandom) -> (object: SceneObject, name: ObjectFilter, text: String)? {
    guard let (anchor, anchorName) = named(among: scene.objects, random: &random) else { return nil }
    let relation = relation(random: &random)
    guard let objects = objects(relation, anchor), !objects.isEmpty else { return nil }
    let object = objects[random.integer(below: objects.count)]
    let name = ObjectFilter.some(of: object, random: &random)
    // Unique only by its place: a name that fits it alone in the whole picture would save the step.
    guard objects.count(where: name.matches) == 1, scene.objects.count(where: name.matches) > 1 else { return nil }
    return (object, name, "\(name.singular) \(relation.text) \(anchorName.singular)")
  }

  /// "is there a square left of the circle above the green triangle?"
  func chainedExist(random: inout SeededRandom) -> SceneQuestion? {
    guard let middle = chained(random: &random) else { return nil }
    let (filter, relation) = (filter(random: &random), relation(random: &random))
    guard let objects = objects(relation, middle.object) else { return nil }
    return yesNo(
      "is there \(filter.withArticle) \(relation.text) \(middle.text)?", objects.contains(where: filter.matches),
      "\(relation.type), 3 steps")
  }

  /// "how many squares are left of the circle above the green triangle?", or of its colour.
  func chainedCount(random: inout SeededRandom) -> SceneQuestion? {
    guard let middle = chained(random: &random) else { return nil }
    if middle.name.color == nil, random.integer(below: 2) == 0 {
      let same = scene.objects.count { $0 != middle.object && $0.color == middle.object.color }
      return number("how many other objects have the same color as the \(middle.text)?", same, "same color, 3 steps")
    }
    let (filter, relation) = (filter(random: &random), relation(random: &random))
    guard let objects = objects(relation, middle.object) else { return nil }
    return number(
      "how many \(filter.plural) are \(relation.text) \(middle.text)?", objects.count(where: filter.matches),
      "\(relation.type), 3 steps")
  }

  /// "what color is the circle above the green triangle?"
  func chainedQuery(random: inout SeededRandom) -> SceneQuestion? {
    guard let middle = chained(random: &random) else { return nil }
    return attribute(of: middle.object, saying: middle.text, known: middle.name, "query, 3 steps", random: &random)
  }
}
