// StepsParser.swift - reads a question of the preset `steps` from right to left and answers it from the scene.

import Scenes

/// Answers questions of the preset `steps` from their text.
struct StepsParser {
  private let scene: Scene

  init(_ scene: Scene) { self.scene = scene }

  /// The answer; nil when the text cannot be understood, or means no single object where it must.
  func answer(_ text: String) -> String? {
    let words = text.dropLast().split(separator: " ").map(String.init)
    guard text.last == "?", let first = words.first else { return nil }
    switch first {
    case "are": return compared(words)
    case "is" where words[1] == "the":
      return pair(text).map { Self.holds($0.relation, $0.first, $0.second) ? "yes" : "no" }
    case "is": return objects(Array(words.dropFirst(3))).map { $0.isEmpty ? "no" : "yes" }
    case "how": return counted(words)
    case "what": return named(words)
    default: return nil
    }
  }

  /// The two objects of "is the A left of the B?", with the relation.
  func pair(_ text: String) -> (first: SceneObject, relation: String, second: SceneObject)? {
    let words = text.dropLast().split(separator: " ").map(String.init).dropFirst(2)
    guard let place = words.firstIndex(where: Self.relations.contains),
      let first = single(filtered(Array(words[..<place]), scene.objects)),
      let second = single(objects(Array(words[place...].drop { $0 != "the" }.dropFirst())))
    else { return nil }
    return (first, words[place], second)
  }

  private static let relations: Set<String> = ["left", "right", "above", "below"]

  private static func holds(_ relation: String, _ object: SceneObject, _ other: SceneObject) -> Bool {
    switch relation {
    case "left": object.x < other.x
    case "right": object.x > other.x
    case "above": object.y < other.y
    default: object.y > other.y
    }
  }

  /// "are there more A than B"
  private func compared(_ words: [String]) -> String? {
    guard let than = words.firstIndex(of: "than") else { return nil }
    let first = filtered(Array(words[3..<than]), scene.objects).count
    let second = filtered(Array(words[(than + 1)...]), scene.objects).count
    return (words[2] == "more" ? first > second : first < second) ? "yes" : "no"
  }

  /// "how many A are there", "how many A are left of the B", "how many other objects have the same color as the B"
  private func counted(_ words: [String]) -> String? {
    if words[2] == "other" {
      guard let object = single(objects(Array(words.drop { $0 != "as" }.dropFirst(2)))) else { return nil }
      return String(scene.objects.filter { $0.color == object.color }.count - 1)
    }
    guard let verb = words.firstIndex(of: "are") else { return nil }
    let rest = Array(words[verb...].dropFirst())
    return objects(Array(words[2..<verb]) + (rest.first == "there" ? [] : rest)).map { String($0.count) }
  }

  /// "what color is the A left of the B"
  private func named(_ words: [String]) -> String? {
    guard let object = single(objects(Array(words.dropFirst(4)))) else { return nil }
    switch words[1] {
    case "color": return object.color.rawValue
    case "shape": return object.shape.rawValue
    default: return object.size.rawValue
    }
  }

  private func single(_ objects: [SceneObject]?) -> SceneObject? { objects?.count == 1 ? objects?.first : nil }

  /// The objects of "A", "A left of the B ...", "A of the same color as the B".
  private func objects(_ words: [String]) -> [SceneObject]? {
    if let same = words.firstIndex(of: "same"), words[same - 2] == "of" {
      guard let other = single(objects(Array(words[(same + 4)...]))) else { return nil }
      return filtered(Array(words[..<(same - 2)]), scene.objects).filter { $0.color == other.color }
    }
    guard let place = words.firstIndex(where: Self.relations.contains) else { return filtered(words, scene.objects) }
    guard let other = single(objects(Array(words[place...].drop { $0 != "the" }.dropFirst()))) else { return nil }
    return filtered(Array(words[..<place]), scene.objects).filter {
      $0 != other && Self.holds(words[place], $0, other)
    }
  }

  private func filtered(_ words: [String], _ objects: [SceneObject]) -> [SceneObject] {
    objects.filter { object in
      words.allSatisfy { word in
        let singular = word.hasSuffix("s") ? String(word.dropLast()) : word
        return [object.size.rawValue, object.color.rawValue, object.shape.rawValue, "object"].contains(singular)
      }
    }
  }
}
