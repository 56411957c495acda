// ConceptForms.swift - the words of concepts as they stand in a question: one thing, several, or what is not counted; a or an.
//
// The vocabulary keeps all words of a concept in one list. Which of them are plurals is told by their endings.

/// A word or phrase that a question can name.
struct ConceptForm: Sendable, Equatable {
  /// How it is counted.
  enum Number: Sendable, Equatable {
    /// "a dog"
    case one
    /// "dogs"
    case several
    /// "bread"
    case uncounted
  }

  /// The words.
  let text: String
  /// How it is counted.
  let number: Number

  /// The word with "a" or "an" where it is counted, "any" before all else.
  var withArticle: String { number == .one ? "\(Self.article(before: text)) \(text)" : "any \(text)" }

  /// "a" or "an", by the sound of the word.
  static func article(before text: String) -> String {
    let soundsLikeYou = ["uni", "uku", "ute", "euro", "eu", "usu", "one"]
    let silentH = ["hour", "heir", "honest", "honor", "honour"]
    let exceptions = ["unin", "unim", "unid"]
    if silentH.contains(where: text.hasPrefix) || exceptions.contains(where: text.hasPrefix) { return "an" }
    if soundsLikeYou.contains(where: text.hasPrefix) { return "a" }
    return text.first.map { "aeiou".contains($0) } == true ? "an" : "a"
  }

  /// What is not counted, by the last word.
  private static let uncounted = Set(
    """
    alcohol ale apparel armor armour attire bread broccoli cabbage carbonara cauliflower chocolate cloth clothing
    coffee coral corn cutlery dough eggnog equipment espresso fabric fencing food footgear footwear fruit fungus
    furnishing furniture game glassware gear grass guacamole hardware hay headdress headgear hosiery ice jewelry
    kitchenware lotion luggage machinery mail meat milk nourishment paper perfume pottery powder produce protection
    rapeseed sauce shellfish soup spray squash starch sunscreen tableware textile thatch tissue toiletry transport
    velvet ware weaponry wildlife wine wood wool
    """.split { $0 == " " || $0 == "\n" }.map(String.init))

  /// Plurals that do not end with s.
  private static let irregular: [String: String] = [
    "mice": "mouse", "men": "man", "women": "woman", "people": "person", "children": "child", "geese": "goose",
    "oxen": "ox", "kine": "cattle", "fungi": "fungus", "feet": "foot", "teeth": "tooth", "lice": "louse",
    "aircraft": "", "chapeaux": "chapeau", "bureaux": "bureau", "cattle": "", "impedimenta": "",
  ]
  /// Ends of words that look like plurals and are none.
  private static let singularEndings = ["ss", "us", "is", "as", "os", "lens", "gas", "news"]

  /// The forms of one concept.
  ///
  /// - Parameter phrases: All its words, in any order.
  /// - Returns: The forms in the order of the phrases; no plural of a plural ("trouserses").
  static func forms(of phrases: [String]) -> [ConceptForm] {
    let known = Set(phrases)
    return phrases.compactMap { phrase in
      let last = lastWord(of: phrase)
      let bases = Self.singulars(of: phrase)
      if bases.contains(where: { known.contains($0) && looksPlural($0) }) { return nil }
      let isPlural =
        irregular[last] != nil || bases.contains(where: known.contains) || looksPlural(phrase)
      if isPlural { return ConceptForm(text: phrase, number: .several) }
      return ConceptForm(text: phrase, number: uncounted.contains(last) ? .uncounted : .one)
    }
  }

  /// Whether it is the plural of a word.
  func isPlural(of word: String) -> Bool { number == .several && Self.singulars(of: text).contains(word) }

  private static func lastWord(of phrase: String) -> String { phrase.split(separator: " ").last.map(String.init) ?? "" }

  private static func looksPlural(_ phrase: String) -> Bool {
    phrase.hasSuffix("s") && !singularEndings.contains(where: phrase.hasSuffix)
  }

  /// What a phrase may be the plural of.
  private static func singulars(of phrase: String) -> [String] {
    let last = lastWord(of: phrase)
    let before = String(phrase.dropLast(last.count))
    var found: [String] = []
    if let base = irregular[last], !base.isEmpty { found.append(before + base) }
    for (ending, singular) in [("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""), ("zes", "")]
    where last.hasSuffix(ending) {
      found.append(before + last.dropLast(ending.count) + singular)
    }
    return found
  }
}
