// ConceptVocabulary.swift - the words for what a picture is known to show: which of a backbone's classes each word stands for.
//
// A backbone knows a thousand classes by number. People ask by names of any level: "spaniel", "dog", "animal". A concept is a set of classes that a
// word stands for; the picture's score for it is the sum of their probabilities.

import SafeFiles

/// Words and phrases, and the classes they stand for.
public struct ConceptVocabulary: Sendable, Equatable {
  /// Something that questions name: all words of one concept stand for the same classes and the same label.
  public struct Concept: Sendable, Equatable {
    /// Numbers of classes, rising.
    public let classes: [Int]
    /// Number of a label of a further head, or nil.
    public let label: Int?

    /// A set of classes and a label.
    public init(classes: [Int], label: Int?) {
      (self.classes, self.label) = (classes, label)
    }
  }

  /// Longest phrase in words.
  public static let longestPhrase = 4

  /// What each class is called every day, such as `dog` for a spaniel.
  public let everydayNames: [String]
  /// What each class is called by itself.
  public let ownNames: [String]
  /// The names of the labels.
  public let labels: [String]
  /// The concepts.
  public let concepts: [Concept]
  /// Words and phrases, lower-case, words joined by single spaces, with the number of their concept; in alphabetical order.
  public let phrases: [(text: String, concept: Int)]
  private let numbers: [String: Int]

  /// Collects the parts of a vocabulary.
  ///
  /// - Parameters:
  ///   - everydayNames: One for each class.
  ///   - ownNames: One for each class.
  ///   - labels: Names of labels.
  ///   - concepts: Their classes and labels.
  ///   - phrases: Each phrase once, with the number of its concept.
  /// - Throws: ``FormatFailure`` for the first number that nothing has.
  public init(
    everydayNames: [String], ownNames: [String], labels: [String], concepts: [Concept],
    phrases: [(text: String, concept: Int)]
  ) throws(FormatFailure) {
    func check(_ value: Int, below count: Int, _ path: @autoclosure () -> String) throws(FormatFailure) {
      if !(0..<count).contains(value) {
        throw FormatFailure(path: path(), reason: .outOfRange(value: value, allowed: 0...max(0, count - 1)))
      }
    }
    try check(ownNames.count, below: everydayNames.count + 1, "ownNames")
    try check(everydayNames.count, below: ownNames.count + 1, "everydayNames")
    for (number, concept) in concepts.enumerated() {
      for value in concept.classes { try check(value, below: ownNames.count, "concepts[\(number)].classes") }
      if let label = concept.label { try check(label, below: labels.count, "concepts[\(number)].label") }
    }
    var numbers: [String: Int] = [:]
    for (number, phrase) in phrases.enumerated() {
      try check(phrase.concept, below: concepts.count, "phrases[\(number)]")
      if phrase.text.isEmpty { throw FormatFailure(path: "phrases[\(number)]", reason: .emptyEntry) }
      numbers[phrase.text] = phrase.concept
    }
    (self.everydayNames, self.ownNames, self.labels, self.concepts) = (everydayNames, ownNames, labels, concepts)
    self.phrases = phrases.sorted { $0.text < $1.text }
    self.numbers = numbers
  }

  /// The concept of a word or phrase, or nil.
  public func concept(of phrase: String) -> Int? { numbers[phrase] }

  /// The concepts of a question's words: the longest phrases first, from left to right; all words of a phrase have its concept.
  ///
  /// - Parameter words: As ``QuestionTokenizer`` gives them.
  /// - Returns: One for each word; nil for those that stand for nothing.
  public func concepts(of words: [String]) -> [Int?] {
    var found = [Int?](repeating: nil, count: words.count)
    var place = 0
    while place < words.count {
      let longest = min(Self.longestPhrase, words.count - place)
      let match = (1...longest).reversed().lazy.compactMap { length -> (length: Int, concept: Int)? in
        let phrase = words[place..<(place + length)].joined(separator: " ")
        return numbers[phrase].map { (length, $0) }
      }.first
      for word in 0..<(match?.length ?? 0) { found[place + word] = match?.concept }
      place += match?.length ?? 1
    }
    return found
  }

  /// The score of every concept for a picture: the sum of its classes' probabilities, at most 1.
  ///
  /// - Parameter probabilities: One for each class.
  /// - Returns: One for each concept; 0 for those without a class.
  public func scores(_ probabilities: [Float]) -> [Float] {
    precondition(probabilities.count == ownNames.count, "scores: \(probabilities.count) for \(ownNames.count) classes")
    return concepts.map { concept in min(1, concept.classes.reduce(0) { $0 + probabilities[$1] }) }
  }

  /// Everyday names with what their classes have together, the greatest first; of equals the first in the alphabet.
  ///
  /// - Parameter probabilities: One for each class.
  /// - Returns: Every name once.
  public func everyday(_ probabilities: [Float]) -> [(name: String, share: Float)] {
    var shares: [String: Float] = [:]
    for (name, value) in zip(everydayNames, probabilities) { shares[name, default: 0] += value }
    return shares.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { (name: $0.key, share: $0.value) }
  }

  /// Equal when all parts are.
  public static func == (left: ConceptVocabulary, right: ConceptVocabulary) -> Bool {
    left.everydayNames == right.everydayNames && left.ownNames == right.ownNames && left.labels == right.labels
      && left.concepts == right.concepts && left.numbers == right.numbers
  }
}
