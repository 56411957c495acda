// ObjectPhrases.swift - how questions about objects are put. {a}: "a dog", "any dogs", "any bread"; {x}: "dogs"; {k}: "animal".

/// The ways to put a question.
enum ObjectPhrases {
  /// What the subject is.
  static let what = [
    "what is this?", "what is this?", "what is in the picture?", "what is shown here?",
    "what can be seen in the photo?",
    "what does the picture show?", "what is in this image?", "what do you see?", "what is the subject of this photo?",
    "what is the main thing in the picture?", "what is that?", "what is this a picture of?", "what object is this?",
    "what is this thing?", "what is it?",
  ]

  /// What the subject of a kind is.
  static let whatKind = [
    "what {k} is this?", "what {k} is this?", "what kind of {k} is this?", "which {k} is this?",
    "what type of {k} is shown?", "what {k} is in the picture?", "what {k} can you see?",
    "which kind of {k} is shown here?", "what is the {k} in the photo called?", "what sort of {k} is it?",
    "what {k} is that?", "what {k} does the photo show?",
  ]

  /// What breed the subject is, for animals that people breed.
  static let whatBreed = [
    "which breed of {k} is it?", "what breed of {k} is this?", "what breed is this {k}?", "what kind of {k} is this?",
    "what is the breed of the {k}?", "which breed is the {k} in the picture?",
  ]

  /// Whether one thing is there.
  static let isThere = [
    "is there {a}?", "is there {a}?", "is there {a} in the picture?", "is there {a} in the photo?",
    "is there {a} in this image?", "do you see {a}?", "does this photo show {a}?", "can you see {a}?",
    "does the picture contain {a}?", "is {a} visible?", "is {a} shown here?", "can {a} be seen?",
  ]

  /// Whether the subject is that.
  static let isThis = [
    "is this {a}?", "is this {a}?", "is it {a}?", "is that {a}?", "is this a picture of {a}?", "is the object {a}?",
    "is {a} the subject of the photo?",
  ]

  /// Whether several are there.
  static let areThere = [
    "are there any {x}?", "are there {x} in the picture?", "do you see any {x}?", "can you see any {x}?",
    "does this photo show {x}?", "are any {x} visible?", "are there {x} here?", "does the picture contain any {x}?",
  ]

  /// Whether something that is not counted is there.
  static let isThereAny = [
    "is there any {x}?", "is there {x} in the picture?", "do you see any {x}?", "can you see any {x}?",
    "does this photo show {x}?", "is any {x} visible?", "does the picture contain any {x}?",
  ]

  /// Whether the subject is that, uncounted.
  static let isThisAny = [
    "is this {x}?", "is it {x}?", "is that {x}?", "is this a picture of {x}?", "is the thing in the photo {x}?",
    "is {x} the subject of the photo?",
  ]

  /// Kinds that people ask by.
  static let askedKinds = [
    "animal", "mammal", "bird", "fish", "reptile", "insect", "snake", "lizard", "turtle", "frog", "spider", "monkey",
    "dog", "cat", "bear", "vehicle", "car", "truck", "boat", "ship", "aircraft", "food", "fruit", "vegetable", "dish",
    "drink", "furniture", "chair", "clothing", "garment", "hat", "shoe", "footwear", "headgear", "musical instrument",
    "instrument", "tool", "machine", "building", "structure", "container", "vessel", "bottle", "weapon", "gun",
    "appliance", "device", "equipment", "game equipment", "ball", "bag", "covering", "fungus", "shop", "rodent",
    "crustacean", "shellfish", "beetle", "butterfly", "whale", "wolf", "fox", "ape", "parrot", "hound", "terrier",
    "kitchen utensil", "timepiece", "clock", "plant", "flower", "sports equipment", "electronic equipment",
  ]

  /// Animals with breeds.
  static let bred: Set = ["dog", "cat", "hound", "terrier", "spaniel", "retriever", "horse", "sheepdog"]

  /// Things of which one is "a piece of".
  static let pieces: Set = ["clothing", "furniture", "equipment", "footwear", "headgear", "fruit", "food"]

  /// Other words that mean all of a label's things and no others.
  static let labelWords: [String: [String]] = [
    "person": ["people", "human"], "bicycle": ["bike", "bikes"], "motorcycle": ["motorbike", "motorcycles"],
    "airplane": ["plane", "aeroplane"], "couch": ["sofa"], "tv": ["television"], "cell phone": ["cellphone", "phone"],
    "refrigerator": ["fridge"], "donut": ["doughnut"], "cow": ["cows"], "sheep": ["sheep"], "skis": ["ski"],
  ]

  /// Questions about whether a form is there.
  ///
  /// - Parameters:
  ///   - form: What is asked for.
  ///   - isSubject: Whether it may be asked whether the picture is that.
  ///   - draws: Chooses the phrase.
  /// - Returns: The question.
  static func presence(_ form: ConceptForm, isSubject: Bool, _ draws: inout SeededDraws) -> String {
    // Two in five ask what "this" is.
    let asksThis = isSubject && draws.chance(0.4)
    let phrases =
      switch form.number {
      case .one: asksThis ? isThis : isThere
      case .several: areThere
      case .uncounted: asksThis ? isThisAny : isThereAny
      }
    return fill(draws.one(of: phrases), form)
  }

  /// A question with its gap filled.
  private static func fill(_ phrase: String, _ form: ConceptForm) -> String {
    phrase.split(separator: "{a}", omittingEmptySubsequences: false).joined(separator: form.withArticle)
      .split(separator: "{x}", omittingEmptySubsequences: false).joined(separator: form.text)
  }

  /// A question for the thing of a kind.
  static func kind(_ kind: String, isBreed: Bool, _ draws: inout SeededDraws) -> String {
    let phrase = draws.one(of: isBreed && bred.contains(kind) ? whatBreed : whatKind)
    let isOfKind = phrase.contains("kind of") || phrase.contains("type of") || phrase.contains("sort of")
    let name = pieces.contains(kind) && !isOfKind && draws.chance(0.5) ? "piece of \(kind)" : kind
    return phrase.split(separator: "{k}", omittingEmptySubsequences: false).joined(separator: name)
  }
}
