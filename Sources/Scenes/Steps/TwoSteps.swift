// TwoSteps.swift - questions of two steps: two counts compared, or one object found from another.

import Tensors

extension StepsQuestions {
  /// "are there more red circles than squares?"
  func compare(random: inout SeededRandom) -> SceneQuestion? {
    let (first, second) = (filter(random: &random), filter(random: &random))
    guard first != second else { return nil }
    let counts = (scene.objects.count(where: first.matches), scene.objects.count(where: second.matches))
    let isMore = random.integer(below: 2) == 0
    return yesNo(
      "are there \(isMore ? "more" : "fewer") \(first.plural) than \(second.plural)?",
      isMore ? counts.0 > counts.1 : counts.0 < counts.1, "compare, 2 steps")
  }

  /// "is the red circle left of the blue square?"
  func relatedPair(random: inout SeededRandom) -> SceneQuestion? {
    guard let (first, name) = named(among: scene.objects, random: &random),
      let (second, other) = named(among: scene.objects.filter({ $0 != first }), random: &random)
    else { return nil }
    let relation = relation(random: &random)
    guard !relation.isUnclear(first, from: second, margin: margin) else { return nil }
    return yesNo(
      "is the \(name.singular) \(relation.text) \(other.singular)?", relation.holds(first, from: second),
      "\(relation.type), 2 steps")
  }

  /// "is there a circle above the green square?"
  func relatedExist(random: inout SeededRandom) -> SceneQuestion? {
    guard let (anchor, name) = named(among: scene.objects, random: &random) else { return nil }
    let (filter, relation) = (filter(random: &random), relation(random: &random))
    guard let objects = objects(relation, anchor) else { return nil }
    return yesNo(
      "is there \(filter.withArticle) \(relation.text) \(name.singular)?", objects.contains(where: filter.matches),
      "\(relation.type), 2 steps")
  }

  /// "how many squares are left of the small triangle?"
  func relatedCount(random: inout SeededRandom) -> SceneQuestion? {
    guard let (anchor, name) = named(among: scene.objects, random: &random) else { return nil }
    let (filter, relation) = (filter(random: &random), relation(random: &random))
    guard let objects = objects(relation, anchor) else { return nil }
    return number(
      "how many \(filter.plural) are \(relation.text) \(name.singular)?", objects.count(where: filter.matches),
      "\(relation.type), 2 steps")
  }

  /// "how many other objects have the same color as the large circle?"
  func sameColorCount(random: inout SeededRandom) -> SceneQuestion? {
    guard let (anchor, name) = named(among: scene.objects, random: &random), name.color == nil else { return nil }
    let same = scene.objects.count { $0 != anchor && $0.color == anchor.color }
    return number("how many other objects have the same color as the \(name.singular)?", same, "same color, 2 steps")
  }

  /// "is there a square of the same color as the large circle?"
  func sameColorExist(random: inout SeededRandom) -> SceneQuestion? {
    guard let (anchor, name) = named(among: scene.objects, random: &random), name.color == nil else { return nil }
    var filter = filter(random: &random)
    filter.color = nil
    // A name that fits the object itself would ask for it, too.
    guard filter != ObjectFilter(), !filter.matches(anchor) else { return nil }
    let isThere = scene.objects.contains { filter.matches($0) && $0.color == anchor.color }
    return yesNo(
      "is there \(filter.withArticle) of the same color as the \(name.singular)?", isThere, "same color, 2 steps")
  }
}
