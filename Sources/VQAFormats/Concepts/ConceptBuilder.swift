// ConceptBuilder.swift - the concept vocabulary of a backbone whose classes are synsets of WordNet.
//
// Every class is a kind of something, that of something more general, and so on. All words of all these synsets become concepts, so that a
// question may use a word of any level, and words that no training question has.

/// Makes concept vocabularies.
public struct ConceptBuilder: Sendable {
  /// A meaning of a word counts where at most so many of its meanings are more usual.
  private static let rarestSense = 3
  /// Concepts of nearly all classes tell nothing.
  private static let greatestShare = 0.99

  private let wordNet: WordNet
  private let classes: [Int]
  private let kinds: [[(offset: Int, distance: Int)]]

  /// Takes the synsets that the classes are.
  ///
  /// - Parameters:
  ///   - wordNet: The nouns.
  ///   - classes: The synset of each class; one that is not there has no words.
  public init(_ wordNet: WordNet, classes: [Int]) {
    (self.wordNet, self.classes) = (wordNet, classes)
    kinds = classes.map { wordNet.nouns.kinds(of: $0) }
  }

  /// Makes the vocabulary.
  ///
  /// - Parameters:
  ///   - everyday: Words that people use for things every day; the nearest one names a class.
  ///   - labels: Names of further labels with other words for the same.
  ///   - ignored: Words that stand for nothing in a question.
  /// - Returns: The vocabulary.
  /// - Throws: ``FormatFailure`` when a number is wrong, which cannot be.
  public func vocabulary(
    everyday: Set<String>, labels: [(name: String, words: [String])], ignored: Set<String>
  ) throws(FormatFailure) -> ConceptVocabulary {
    let words = classesOfWords()
    let labelOfWord = labelOfWord(labels)
    var phrases: [String: (classes: [Int], label: Int?)] = [:]
    func add(_ surface: String, _ word: String) {
      let parts = QuestionTokenizer.words(of: surface)
      let phrase = parts.joined(separator: " ")
      // Of a word that tells nothing the plural tells nothing, too.
      let isIgnored = ignored.contains(phrase) || ignored.contains(word)
      guard (1...ConceptVocabulary.longestPhrase).contains(parts.count), !isIgnored else { return }
      let found = words[word] ?? []
      let isTelling = Double(found.count) < Self.greatestShare * Double(classes.count)
      let known = isTelling ? found : []
      let label = labelOfWord[phrase]?.label ?? labelOfWord[word]?.label
      if phrases[phrase] == nil, !known.isEmpty || label != nil { phrases[phrase] = (known, label) }
    }
    // Words as they are come before plurals of others.
    for word in words.keys.sorted() { add(word, word) }
    for word in labelOfWord.keys.sorted() { add(word, labelOfWord[word]?.base ?? word) }
    for word in words.keys.sorted() {
      for plural in wordNet.plurals(of: word) { add(plural, word) }
    }
    var concepts: [ConceptVocabulary.Concept] = []
    var numbers: [[Int]: Int] = [:]
    let list = phrases.sorted { $0.key < $1.key }.map { phrase, meaning -> (text: String, concept: Int) in
      let key = meaning.classes + [-1, meaning.label ?? -1]
      let number = numbers[key] ?? concepts.count
      if numbers[key] == nil {
        numbers[key] = number
        concepts.append(.init(classes: meaning.classes, label: meaning.label))
      }
      return (phrase, number)
    }
    return try ConceptVocabulary(
      everydayNames: classes.indices.map { everydayName($0, everyday, words) }, ownNames: classes.indices.map(ownName),
      labels: labels.map(\.name), concepts: concepts, phrases: list)
  }

  /// The classes that each word stands for, rising.
  private func classesOfWords() -> [String: [Int]] {
    var below: [Int: Set<Int>] = [:]
    for (number, kinds) in kinds.enumerated() {
      for kind in kinds { below[kind.offset, default: []].insert(number) }
    }
    let own = Set(classes)
    var meanings: [String: [(offset: Int, rank: Int)]] = [:]
    for offset in below.keys {
      for word in wordNet.nouns.synset(offset)?.words ?? [] {
        let word = word.lowercased()
        let rank = wordNet.synsets(of: word).firstIndex(of: offset) ?? Int.max
        if own.contains(offset) || rank <= Self.rarestSense { meanings[word, default: []].append((offset, rank)) }
      }
    }
    return meanings.mapValues { found in
      // Of a word's meanings the usual ones; a class keeps its name even where the word mostly means something else.
      let best = found.map(\.rank).min() ?? 0
      let kept = found.filter { own.contains($0.offset) || $0.rank <= max(1, best) }
      return kept.reduce(into: Set<Int>()) { $0.formUnion(below[$1.offset] ?? []) }.sorted()
    }
  }

  /// The label of every word for one, and the word whose classes it stands for: of a plural the singular.
  private func labelOfWord(_ labels: [(name: String, words: [String])]) -> [String: (label: Int, base: String)] {
    var found: [String: (label: Int, base: String)] = [:]
    for (number, label) in labels.enumerated() { found[label.name] = (number, wordNet.singular(of: label.name)) }
    for (number, label) in labels.enumerated() {
      for word in [label.name] + label.words {
        let base = wordNet.singular(of: word)
        // "clocks" is a plant, too: the singular is known here and not looked up.
        for form in [word] + wordNet.plurals(of: word) where found[form] == nil { found[form] = (number, base) }
      }
    }
    return found
  }

  /// The nearest kind with a word of every day that stands for the class, or else the class's own name.
  private func everydayName(_ number: Int, _ everyday: Set<String>, _ words: [String: [Int]]) -> String {
    for kind in kinds[number] {
      let names = wordNet.nouns.synset(kind.offset)?.words.map { $0.lowercased() } ?? []
      if let name = names.first(where: { everyday.contains($0) && (words[$0] ?? []).contains(number) }) { return name }
    }
    return ownName(number)
  }

  private func ownName(_ number: Int) -> String {
    wordNet.nouns.synset(classes[number])?.words.first?.lowercased() ?? "class \(number)"
  }
}
