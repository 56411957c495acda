// ObjectTruth.swift - yes/no questions about what is known of a photo: its labels, or the scores of its classes.

/// Photos whose labels are all known.
struct LabelTruth: Sendable {
  private let names: [String]
  private let forms: [[ConceptForm]]
  private let with: [[Int]]
  private let without: [[Int]]
  /// The roots of the labels' frequencies, summed up, in thousandths.
  private let sums: [Int]

  /// Sorts photos by label.
  ///
  /// - Throws: ``ObjectFailure/unknownLabel(_:imageID:)``.
  init(_ vocabulary: ConceptVocabulary, _ labels: [Int: [String]]) throws(ObjectFailure) {
    let numbers = Dictionary(vocabulary.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var with = [[Int]](repeating: [], count: vocabulary.labels.count)
    var without = with
    for (imageID, names) in labels.sorted(by: { $0.key < $1.key }) {
      var found: Set<Int> = []
      for name in names {
        guard let number = numbers[name] else { throw .unknownLabel(name, imageID: imageID) }
        found.insert(number)
      }
      for number in with.indices {
        if found.contains(number) { with[number].append(imageID) } else { without[number].append(imageID) }
      }
    }
    let words = vocabulary.labels.map { name in [name] + (ObjectPhrases.labelWords[name] ?? []) }
    forms = words.map { words in
      // A name alone may look like a plural's base or the other way round, so that all words are looked at together.
      ConceptForm.forms(of: words)
    }
    names = vocabulary.labels
    (self.with, self.without) = (with, without)
    var sum = 0
    sums = with.indices.map { number in
      if !with[number].isEmpty, !without[number].isEmpty {
        sum += Int((Double(with[number].count).squareRoot() * 1000).rounded())
      }
      return sum
    }
  }

  /// Whether there is nothing to ask.
  var isEmpty: Bool { (sums.last ?? 0) == 0 }

  /// Asks for a label in a photo.
  func question(_ draws: inout SeededDraws, _ balance: inout Balance) -> MadeQuestion {
    let place = draws.below(sums.last ?? 1)
    let number = sums.firstIndex { $0 > place } ?? 0
    // The label's own name most often.
    let own = forms[number].first { $0.text == names[number] }
    let form = own.flatMap { draws.chance(0.7) ? $0 : nil } ?? draws.one(of: forms[number])
    let isYes = balance.answer(number, form, &draws)
    let text = ObjectPhrases.presence(form, isSubject: false, &draws)
    return MadeQuestion(
      imageID: draws.one(of: isYes ? with[number] : without[number]), text: text, type: ObjectQuestions.labelType,
      isYes: isYes)
  }
}

/// Photos with the probabilities of their classes.
struct ScoreTruth: Sendable {
  /// A kind is there above this.
  static let there: Float = 0.5
  /// A kind is not there below this.
  static let absent: Float = 0.01
  /// So many photos are tried for one without a kind.
  private static let tries = 100

  private let concepts: NamedConcepts
  /// Photos with the scores of the concepts.
  private let photos: [(imageID: Int, scores: [Int: Float])]
  /// For each photo that shows something, its place in `photos` and the kinds it shows.
  private let shown: [(photo: Int, concepts: [Int])]

  init(_ concepts: NamedConcepts, _ scores: [Int: [Int: Float]]) {
    let photos = scores.sorted { $0.key < $1.key }.map { (imageID: $0.key, scores: concepts.scores($0.value)) }
    shown = photos.enumerated().compactMap { place, photo in
      let kinds = photo.scores.filter { $0.value > Self.there }.keys.sorted()
      return kinds.isEmpty ? nil : (place, kinds)
    }
    (self.concepts, self.photos) = (concepts, photos)
  }

  /// Whether there is nothing to ask.
  var isEmpty: Bool { shown.isEmpty }

  /// Asks for a kind in a photo; nil when no photo is found for the answer that is due.
  func question(_ draws: inout SeededDraws, _ balance: inout Balance) -> MadeQuestion? {
    let chosen = draws.one(of: shown)
    let concept = draws.one(of: chosen.concepts)
    var other: Int?
    for _ in 0..<Self.tries where other == nil {
      let photo = draws.below(photos.count)
      if photos[photo].scores[concept, default: 0] < Self.absent { other = photo }
    }
    // Without a photo for "no" the word would always mean "yes".
    guard let absent = other else { return nil }
    let form = concepts.form(of: concept, like: nil, &draws)
    let isYes = balance.answer(concept, form, &draws)
    let text = ObjectPhrases.presence(form, isSubject: false, &draws)
    return MadeQuestion(
      imageID: photos[isYes ? chosen.photo : absent].imageID, text: text, type: ObjectQuestions.kindType, isYes: isYes)
  }
}
