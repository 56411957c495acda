// NamedConcepts.swift - the concepts of a vocabulary that questions can ask for, and the classes they hold.

/// Concepts with the forms of their words, found by class.
struct NamedConcepts: Sendable {
  let vocabulary: ConceptVocabulary
  /// Forms by concept; none for concepts that cannot be asked for.
  private let forms: [[ConceptForm]]
  private let members: [Set<Int>]
  /// For each class the concepts that hold it, the narrowest first.
  private let ofClass: [[Int]]
  /// For each class the kinds that people ask by.
  private let kindsOfClass: [[(text: String, concept: Int)]]
  /// Each class's own name and everyday name, as they stand in questions.
  private let names: [[(text: String, concept: Int)]]
  /// Classes by everyday name.
  private let everyday: [String: Set<Int>]

  init(_ vocabulary: ConceptVocabulary) throws(ObjectFailure) {
    let count = vocabulary.ownNames.count
    var phrases = [[String]](repeating: [], count: vocabulary.concepts.count)
    for phrase in vocabulary.phrases { phrases[phrase.concept].append(phrase.text) }
    let forms = vocabulary.concepts.indices.map { number in
      // What holds no class, or all, tells none from another.
      let isTelling = (1..<max(1, count)).contains(vocabulary.concepts[number].classes.count)
      return isTelling ? ConceptForm.forms(of: phrases[number]) : []
    }
    let members = vocabulary.concepts.map { Set($0.classes) }
    var ofClass = [[Int]](repeating: [], count: count)
    let bySize = forms.indices.filter { !forms[$0].isEmpty }
      .sorted { (members[$0].count, $0) < (members[$1].count, $1) }
    for concept in bySize {
      for number in vocabulary.concepts[concept].classes { ofClass[number].append(concept) }
    }
    let kinds = ObjectPhrases.askedKinds.compactMap { text in vocabulary.concept(of: text).map { (text, $0) } }
      .filter { members[$0.1].count > 1 && !forms[$0.1].isEmpty }
    guard !bySize.isEmpty, ofClass.allSatisfy({ !$0.isEmpty }) else { throw .noConcepts }
    kindsOfClass = (0..<count).map { number in
      kinds.filter { members[$0.1].contains(number) }.map { (text: $0.0, concept: $0.1) }
    }
    names = (0..<count).map { number in
      [vocabulary.everydayNames[number], vocabulary.ownNames[number]].compactMap { name in
        let text = QuestionTokenizer.words(of: name).joined(separator: " ")
        guard let concept = vocabulary.concept(of: text), members[concept].contains(number) else { return nil }
        return forms[concept].isEmpty ? nil : (text, concept)
      }
    }
    var everyday: [String: Set<Int>] = [:]
    for (number, name) in vocabulary.everydayNames.enumerated() { everyday[name, default: []].insert(number) }
    (self.vocabulary, self.forms, self.members, self.ofClass) = (vocabulary, forms, members, ofClass)
    self.everyday = everyday
  }

  /// A concept that holds a class: often a name of it or a kind that people ask by, with the word; sometimes any other.
  func anyKind(of number: Int, _ draws: inout SeededDraws) -> (concept: Int, word: String?) {
    let way = draws.below(20)
    let known = way < 9 ? names[number] : way < 15 ? kindsOfClass[number] : []
    guard !known.isEmpty else { return (draws.one(of: ofClass[number]), nil) }
    let (text, concept) = draws.one(of: known)
    return (concept, text)
  }

  /// A kind to ask the name of a class by, or nil where there is none.
  func askedKind(of number: Int, _ draws: inout SeededDraws) -> (text: String, concept: Int)? {
    if !kindsOfClass[number].isEmpty, draws.chance(0.75) { return draws.one(of: kindsOfClass[number]) }
    let wider = ofClass[number].filter { members[$0].count > 1 }
    guard !wider.isEmpty else { return nil }
    let concept = draws.one(of: wider)
    let singular = forms[concept].filter { $0.number != .several }
    return singular.isEmpty ? nil : (draws.one(of: singular).text, concept)
  }

  /// Whether a kind holds only classes of the same everyday name as a class.
  func isNoWider(_ concept: Int, thanEverydayNameOf number: Int) -> Bool {
    members[concept].isSubset(of: everyday[vocabulary.everydayNames[number]] ?? [])
  }

  /// A form of a concept's words, three in four times no plural.
  ///
  /// - Parameters:
  ///   - concept: The concept.
  ///   - word: A word of it that is taken two times in three, itself or its plural.
  ///   - draws: Chooses the form.
  /// - Returns: The form.
  func form(of concept: Int, like word: String?, _ draws: inout SeededDraws) -> ConceptForm {
    var choice = forms[concept]
    if let word, draws.chance(0.67) {
      let like = choice.filter { $0.text == word || $0.isPlural(of: word) }
      if !like.isEmpty { choice = like }
    }
    let singular = choice.filter { $0.number != .several }
    let plural = choice.filter { $0.number == .several }
    if singular.isEmpty || !plural.isEmpty && draws.chance(0.25) { return draws.one(of: plural) }
    return draws.one(of: singular)
  }

  /// A class that a concept does not hold: half the time one that shares a kind with a class it holds, as near as there is.
  func classOutside(_ concept: Int, near number: Int, _ draws: inout SeededDraws) -> Int {
    if draws.chance(0.5) {
      for wider in ofClass[number] where members[wider].count > members[concept].count {
        let others = vocabulary.concepts[wider].classes.filter { !members[concept].contains($0) }
        if !others.isEmpty, others.count < vocabulary.ownNames.count / 2 { return draws.one(of: others) }
      }
    }
    while true {
      let other = draws.below(vocabulary.ownNames.count)
      if !members[concept].contains(other) { return other }
    }
  }

  /// What the classes of each concept have together, for the concepts that have anything; added up in the order of the classes.
  func scores(_ probabilities: [Int: Float]) -> [Int: Float] {
    var sums: [Int: Float] = [:]
    for (number, probability) in probabilities.sorted(by: { $0.key < $1.key }) {
      for concept in ofClass[number] { sums[concept, default: 0] += probability }
    }
    return sums
  }
}
