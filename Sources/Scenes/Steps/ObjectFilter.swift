// ObjectFilter.swift - what a question says of objects: some of size, colour and shape.

import Tensors

/// A choice of objects by what they look like.
struct ObjectFilter: Equatable {
  var size: SceneSize?
  var color: SceneColor?
  var shape: SceneShape?

  /// Whether an object is meant.
  func matches(_ object: SceneObject) -> Bool {
    (size == nil || size == object.size) && (color == nil || color == object.color)
      && (shape == nil || shape == object.shape)
  }

  /// "large red circle", "blue object".
  var singular: String { words(shape?.rawValue ?? "object") }

  /// "large red circles", "blue objects".
  var plural: String { words(shape?.plural ?? "objects") }

  /// "a large red circle", "an orange object".
  var withArticle: String { (singular.first.map { "aeiou".contains($0) } ?? false ? "an " : "a ") + singular }

  private func words(_ noun: String) -> String {
    ([size?.rawValue, color?.rawValue].compactMap { $0 } + [noun]).joined(separator: " ")
  }

  /// Some attributes of an object, at least one.
  static func some(of object: SceneObject, random: inout SeededRandom) -> ObjectFilter {
    let kept = random.integer(in: 1...7)
    return ObjectFilter(
      size: kept & 1 == 0 ? nil : object.size, color: kept & 2 == 0 ? nil : object.color,
      shape: kept & 4 == 0 ? nil : object.shape)
  }

  /// Attributes drawn without a look at the scene, at least one; one or two of three, since three seldom meet an object.
  static func any(random: inout SeededRandom) -> ObjectFilter {
    let object = SceneObject(
      shape: SceneShape.allCases[random.integer(below: SceneShape.allCases.count)],
      color: SceneColor.allCases[random.integer(below: SceneColor.allCases.count)],
      size: SceneSize.allCases[random.integer(below: SceneSize.allCases.count)], x: 0, y: 0, radius: 0)
    return some(of: object, random: &random)
  }
}

/// Where one object lies, seen from another.
enum SceneRelation: CaseIterable {
  case left, right, above, below

  /// "left of the", "above the".
  var text: String {
    switch self {
    case .left: "left of the"
    case .right: "right of the"
    case .above: "above the"
    case .below: "below the"
    }
  }

  /// The kind of question in tables.
  var type: String {
    switch self {
    case .left, .right: "left-of"
    case .above, .below: "above"
    }
  }

  /// Whether an object lies there.
  func holds(_ object: SceneObject, from other: SceneObject) -> Bool {
    switch self {
    case .left: object.x < other.x
    case .right: object.x > other.x
    case .above: object.y < other.y
    case .below: object.y > other.y
    }
  }

  /// Whether the two are too close to a line for a person to say.
  func isUnclear(_ object: SceneObject, from other: SceneObject, margin: Int) -> Bool {
    switch self {
    case .left, .right: abs(object.x - other.x) < margin
    case .above, .below: abs(object.y - other.y) < margin
    }
  }
}
