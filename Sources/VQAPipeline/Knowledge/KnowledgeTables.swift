// KnowledgeTables.swift - the words of what a backbone knows, as numbers of a model's words and answers.
//
// A file of a model keeps the concept vocabulary and, for each noun that names a kind, the answers below it ("animal": cat, dog, ...). All
// else follows from the vocabularies.

import Foundation
import SafeFiles
import VQAFormats

/// The words of what a backbone knows, for the vocabularies of one model.
public struct KnowledgeTables: Sendable, Equatable {
  /// Words for sets of classes, and for labels.
  public let concepts: ConceptVocabulary
  /// Nouns that name a kind, with the numbers of the answers below it, rising.
  public let below: [String: [Int]]
  private static let format = "vqa-knowledge-1"

  /// Collects the parts.
  public init(concepts: ConceptVocabulary, below: [String: [Int]]) {
    (self.concepts, self.below) = (concepts, below)
  }

  /// Finds the answers below each kind that questions name.
  ///
  /// - Parameters:
  ///   - concepts: The concept vocabulary.
  ///   - words: The words of questions.
  ///   - answers: The answers.
  ///   - wordNet: The nouns.
  public init(concepts: ConceptVocabulary, words: Vocabulary, answers: AnswerVocabulary, wordNet: WordNet) {
    let usual = 2
    var answersOfKind: [Int: Set<Int>] = [:]
    for (number, answer) in answers.answers.enumerated() {
      for synset in wordNet.synsets(of: wordNet.singular(of: Self.spaced(answer))).prefix(usual) {
        for kind in wordNet.nouns.kinds(of: synset).dropFirst() {
          answersOfKind[kind.offset, default: []].insert(number)
        }
      }
    }
    var found: [String: [Int]] = [:]
    for word in words.words where !ConceptWords.ignored.contains(word) || ConceptWords.kinds.contains(word) {
      let kinds = wordNet.synsets(of: wordNet.singular(of: word)).prefix(usual)
      let below = kinds.reduce(into: Set<Int>()) { $0.formUnion(answersOfKind[$1] ?? []) }
      // A kind of hardly anything tells nothing, nor does one of nearly everything.
      if below.count >= 3, Double(below.count) <= 0.3 * Double(answers.count) { found[word] = below.sorted() }
    }
    self.init(concepts: concepts, below: found)
  }

  /// Some data sets join the words of an answer by underscores.
  private static func spaced(_ answer: String) -> String { answer.split(separator: "_").joined(separator: " ") }

  /// The text that a model's file keeps.
  public var json: String {
    let lists = below.sorted { $0.key < $1.key }.map { word, answers in
      "[\(JSONValue.quoted(word)), [\(answers.map(String.init).joined(separator: ","))]]"
    }
    return """
      {"format": \(JSONValue.quoted(Self.format)), "below": [\(lists.joined(separator: ", "))], "concepts": \(concepts.json)}
      """
  }

  /// Reads the text that a model's file keeps.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - answers: How many answers the model has.
  /// - Throws: What is wrong, by field.
  public init(json bytes: [UInt8], answers: Int) throws {
    var reader = JSONReader(bytes)
    var format: String?
    var below: [String: [Int]]?
    var concepts: Range<Int>?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "format": format = try reader.string()
      case "below": below = try Self.lists(&reader, answers: answers)
      case "concepts":
        let start = reader.offset()
        try reader.skipValue()
        concepts = start..<reader.offset()
      default: try reader.skipValue()
      }
    }
    try reader.end()
    guard format == Self.format else { throw KnowledgeFailure(problem: "not \(Self.format)") }
    guard let below, let concepts else {
      throw KnowledgeFailure(problem: "it has no list 'below', or no 'concepts'")
    }
    self.init(concepts: try ConceptVocabulary(json: Array(bytes[concepts])), below: below)
  }

  private static func lists(_ reader: inout JSONReader, answers: Int) throws -> [String: [Int]] {
    let wrong = KnowledgeFailure(problem: "'below' has an entry that is no word with numbers of answers")
    guard try reader.peek() == .array else { throw KnowledgeFailure(problem: "'below' is no list") }
    var lists: [String: [Int]] = [:]
    try reader.beginArray()
    while try reader.nextElement() {
      guard try reader.peek() == .array else { throw wrong }
      try reader.beginArray()
      guard try reader.nextElement(), try reader.peek() == .string else { throw wrong }
      let word = try reader.string()
      guard try reader.nextElement(), try reader.peek() == .array else { throw wrong }
      try reader.beginArray()
      var numbers: [Int] = []
      while try reader.nextElement() {
        guard let number = try? reader.integer(), (0..<Int64(answers)).contains(number) else { throw wrong }
        numbers.append(Int(number))
      }
      if try reader.nextElement() { throw wrong }
      lists[word] = numbers
    }
    return lists
  }
}

/// What is wrong with the words of what a backbone knows.
struct KnowledgeFailure: Failure, Equatable {
  let problem: String
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var advice: String { "the file is damaged or made for another version: fetch or train it again" }
}

/// A name of something that a picture may show, as a model's word numbers and answer.
package struct KnownName: Sendable, Equatable {
  /// Numbers of its words; two, of which both may be the same.
  package let words: [Int]
  /// Number of the answer with this name; nil where there is none.
  package let answer: Int?

  package init(_ name: String, _ words: Vocabulary, _ answers: AnswerVocabulary) {
    let ids = QuestionTokenizer.words(of: name).map { words.id(of: $0) ?? Vocabulary.unknown }
    // Of a longer name the last two: the others only say which of a kind it is.
    self.words =
      ids.isEmpty ? [Vocabulary.unknown, Vocabulary.unknown] : [ids[max(0, ids.count - 2)], ids[ids.count - 1]]
    answer = answers.index(of: name)
  }
}

/// What a model looks up for every question and picture.
package struct KnowledgeLookup: Sendable {
  let configuration: KnowledgeConfiguration
  package let concepts: ConceptVocabulary
  private let everyday: [KnownName]
  private let everydayOfClass: [Int]
  private let own: [KnownName]
  private let labels: [KnownName]
  /// The answers that each word names, in any of its forms.
  private let answersOfWords: [[Int]]
  private let below: [Int: [Int]]

  package init(
    _ tables: KnowledgeTables, _ configuration: KnowledgeConfiguration, words: Vocabulary, answers: AnswerVocabulary
  ) {
    self.configuration = configuration
    concepts = tables.concepts
    let names = Set(concepts.everydayNames).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    func known(_ names: [String]) -> [KnownName] { names.map { KnownName($0, words, answers) } }
    (everyday, own, labels) = (known(names), known(concepts.ownNames), known(concepts.labels))
    everydayOfClass = concepts.everydayNames.map { numbers[$0] ?? 0 }
    var forms = labels.dropFirst(configuration.labels).map { Set($0.answer.map { [$0] } ?? []) }
    for phrase in concepts.phrases {
      guard let label = concepts.concepts[phrase.concept].label, label >= configuration.labels,
        let answer = answers.index(of: phrase.text)
      else { continue }
      forms[label - configuration.labels].insert(answer)
    }
    answersOfWords = forms.map { $0.sorted() }
    var below: [Int: [Int]] = [:]
    for (word, answers) in tables.below { if let id = words.id(of: word) { below[id] = answers } }
    self.below = below
  }

  /// What a name is a name of; in the order of their numbers in the network.
  package enum NameKind: Int, Sendable {
    case classes
    case label
    case word
  }

  /// What a picture's knowledge comes to, before any question.
  package struct Seen: Sendable {
    /// The probability of each class.
    package let classes: [Float]
    /// That of each everyday name.
    package let everyday: [Float]
    /// The log-odds of each label, then of each word.
    package let labels: [Float]
    /// The most probable names of classes, of labels and of words.
    package let names: [(name: KnownName, score: Float, kind: NameKind)]
  }

  /// How probable each class and name is.
  package func seen(_ knowledge: PictureKnowledge) -> Seen {
    let classes = knowledge.probabilities(temperature: configuration.classTemperature)
    var everyday = [Float](repeating: 0, count: self.everyday.count)
    for (number, value) in zip(everydayOfClass, classes) { everyday[number] += value }
    func best(_ values: [Float], _ places: Range<Int>) -> [Int] {
      let order = places.sorted { (values[$0], -$0) > (values[$1], -$1) }
      return Array(order.prefix(configuration.names))
    }
    var names = best(everyday, everyday.indices).map {
      (name: self.everyday[$0], score: Self.size(everyday[$0]), kind: NameKind.classes)
    }
    let first = min(configuration.labels, labels.count)
    for (kind, places) in [(NameKind.label, 0..<first), (.word, first..<labels.count)] {
      names += best(knowledge.labels, places).map {
        (name: labels[$0], score: 1 / (1 + exp(-knowledge.labels[$0])), kind: kind)
      }
    }
    return Seen(classes: classes, everyday: everyday, labels: knowledge.labels, names: names)
  }

  /// How many name tokens a picture gives.
  package var nameTokens: Int {
    let words = answersOfWords.count
    return [everyday.count, labels.count - words, words].reduce(0) { $0 + min(configuration.names, $1) }
  }

  /// What the picture says to each word of a question, `words.count` times `KnowledgeConfiguration.tieWidth` numbers; zeros without a picture.
  package func ties(_ words: [String], count: Int, _ seen: Seen?) -> [Float] {
    var values = [Float](repeating: 0, count: count * configuration.tieWidth)
    guard let seen else { return values }
    for (place, number) in concepts.concepts(of: Array(words.prefix(count))).enumerated() {
      guard let number else { continue }
      let concept = concepts.concepts[number]
      let start = place * configuration.tieWidth
      if !concept.classes.isEmpty {
        let score = min(max(concept.classes.reduce(0) { $0 + seen.classes[$1] }, 1e-6), 1 - 1e-6)
        let odds = log(score / (1 - score)) / 4
        (values[start], values[start + 1], values[start + 2]) = (1, odds, score)
        values[start + 6] = max(odds, 0)
      }
      if let label = concept.label, label < seen.labels.count {
        let odds = seen.labels[label]
        let isWord = label >= configuration.labels
        let first = start + (isWord ? 8 : 3)
        (values[first], values[first + 1], values[first + 2]) = (1, odds / 4, 1 / (1 + exp(-odds)))
        if !concept.classes.isEmpty, !isWord { values[start + 7] = 1 }
      }
    }
    return values
  }

  /// How much speaks for a concept being in a picture, as log-odds: those of its label, or else of its classes together.
  package func odds(of concept: ConceptVocabulary.Concept, in seen: Seen) -> Float {
    if let label = concept.label, label < seen.labels.count { return seen.labels[label] }
    let score = min(max(concept.classes.reduce(0) { $0 + seen.classes[$1] }, Self.leastScore), 1 - Self.leastScore)
    return log(score / (1 - score))
  }

  /// What the pointer points by: the picture's names, and the kinds that words of the question name.
  package func pointer(_ ids: [Int], _ seen: Seen?) -> PointerScores {
    var scores = PointerScores()
    for (word, id) in ids.enumerated() {
      for answer in below[id] ?? [] { scores[answer].words.append(word) }
    }
    guard let seen else { return scores }
    func set(_ answer: Int?, _ value: Float, _ path: WritableKeyPath<(Float, Float, Float, Float), Float>) {
      guard let answer, value > Self.least else { return }
      scores[answer].scores[keyPath: path] = max(scores[answer].scores[keyPath: path], value)
    }
    for (name, value) in zip(everyday, seen.everyday) { set(name.answer, Self.size(value), \.0) }
    for (name, value) in zip(own, seen.classes) { set(name.answer, Self.size(value), \.1) }
    for (name, odds) in zip(labels.prefix(configuration.labels), seen.labels) {
      set(name.answer, 1 / (1 + exp(-odds)), \.2)
    }
    for (answers, odds) in zip(answersOfWords, seen.labels.dropFirst(configuration.labels)) {
      for answer in answers { set(answer, 1 / (1 + exp(-odds)), \.3) }
    }
    return scores
  }

  /// Probabilities of classes closer to 0 or 1 are not told apart.
  private static let leastScore: Float = 0.01

  /// Scores below this are not told from 0.
  private static let least: Float = 1e-3

  /// A probability on a scale from 0, for a thousandth and less, to 1.
  private static func size(_ probability: Float) -> Float {
    let floor: Float = 0.001
    return max(0, (log(probability + floor) - log(floor)) / -log(floor))
  }
}
