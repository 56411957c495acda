// ObjectQuestions.swift - questions about what photos show, made from names and kinds, so that words are tied to scores without a photo of
// every thing.
//
// Three kinds: about a simulated subject, about a photo's own scores, about its labels. Whatever a yes/no question names is asked about with
// the answer yes as often as with no, so that the word by itself tells nothing.

import SafeFiles

/// Makes questions about objects.
public struct ObjectQuestions: Sendable {
  /// Which questions are made.
  public struct Plan: Sendable, Equatable {
    /// How many.
    public var questions: Int
    /// The share of those about labels, where there are labels.
    public var labelShare: Double
    /// The seed of all draws.
    public var seed: UInt64

    /// A plan.
    public init(questions: Int = 40_000, labelShare: Double = 0.35, seed: UInt64 = 1) {
      (self.questions, self.labelShare, self.seed) = (questions, labelShare, seed)
    }
  }

  /// Of the questions without labels so many ask what, the others whether.
  static let whatShare = 0.5
  /// Of the yes/no questions without labels so many are about a photo's own scores, where there are scores.
  static let scoreShare = 0.25

  /// What a label question's `question_type` is.
  public static let labelType = "label"
  /// What the `question_type` of another yes/no question is.
  public static let kindType = "kind"
  /// What the `question_type` of a question for a name is.
  public static let nameType = "what is"

  let concepts: NamedConcepts
  let pictures: [Int]
  let labels: LabelTruth
  let scores: ScoreTruth

  /// Takes what is known.
  ///
  /// - Parameters:
  ///   - vocabulary: Names and kinds of the classes.
  ///   - pictures: Image ids of photos; at least one.
  ///   - labels: Names of labels by image id, for photos of which all labels are known.
  ///   - scores: Probabilities of classes by image id.
  /// - Throws: ``ObjectFailure`` when there is no photo or no class to ask about, or a label has no name.
  public init(
    _ vocabulary: ConceptVocabulary, pictures: [Int], labels: [Int: [String]] = [:], scores: [Int: [Int: Float]] = [:]
  ) throws(ObjectFailure) {
    guard !pictures.isEmpty else { throw .noPictures }
    concepts = try NamedConcepts(vocabulary)
    self.pictures = pictures.sorted()
    self.labels = try LabelTruth(vocabulary, labels)
    self.scores = ScoreTruth(concepts, scores)
  }

  /// Makes the questions; the same plan gives the same ones.
  ///
  /// - Parameter plan: How many of which kind.
  /// - Returns: Questions with ids from 1, mixed, and their annotations in the same order.
  public func make(_ plan: Plan) -> (questions: [Question], annotations: [Annotation]) {
    let aboutLabels = labels.isEmpty ? 0 : Int((Double(plan.questions) * plan.labelShare).rounded())
    let others = plan.questions - aboutLabels
    let what = Int((Double(others) * Self.whatShare).rounded())
    let aboutScores = scores.isEmpty ? 0 : Int((Double(others - what) * Self.scoreShare).rounded())
    var kinds = [Int](repeating: 0, count: aboutLabels) + [Int](repeating: 1, count: what)
    kinds += [Int](repeating: 2, count: aboutScores)
    kinds += [Int](repeating: 3, count: plan.questions - kinds.count)
    var draws = SeededDraws(seed: plan.seed, stream: 0)
    draws.shuffle(&kinds)
    var (labelBalance, scoreBalance, kindBalance) = (Balance(), Balance(), Balance())
    let made = kinds.map { kind in
      switch kind {
      case 0: labels.question(&draws, &labelBalance)
      case 1: nameQuestion(&draws)
      case 2: scores.question(&draws, &scoreBalance) ?? kindQuestion(&draws, &kindBalance)
      default: kindQuestion(&draws, &kindBalance)
      }
    }
    let numbered = Array(made.enumerated())
    return (numbered.map { $1.question(id: $0 + 1) }, numbered.map { $1.annotation(id: $0 + 1) })
  }

  /// Asks what the subject is.
  private func nameQuestion(_ draws: inout SeededDraws) -> MadeQuestion {
    let number = draws.below(concepts.vocabulary.ownNames.count)
    let (own, everyday) = (concepts.vocabulary.ownNames[number], concepts.vocabulary.everydayNames[number])
    var (text, isBelow) = ("", false)
    if let kind = draws.chance(0.5) ? concepts.askedKind(of: number, &draws) : nil {
      isBelow = concepts.isNoWider(kind.concept, thanEverydayNameOf: number)
      text = ObjectPhrases.kind(kind.text, isBreed: isBelow, &draws)
    } else {
      text = draws.one(of: ObjectPhrases.what)
    }
    // Who asks for the breed of a dog does not want to hear "dog".
    let (first, second) = isBelow ? (own, everyday) : (everyday, own)
    let answers = [String](repeating: first, count: 8) + [String](repeating: second, count: 2)
    return MadeQuestion(
      imageID: draws.one(of: pictures), text: text, type: Self.nameType, answers: answers,
      subject: subject(number, &draws))
  }

  /// Asks whether the subject is of a kind.
  private func kindQuestion(_ draws: inout SeededDraws, _ balance: inout Balance) -> MadeQuestion {
    var number = draws.below(concepts.vocabulary.ownNames.count)
    let (concept, word) = concepts.anyKind(of: number, &draws)
    let form = concepts.form(of: concept, like: word, &draws)
    let isYes = balance.answer(concept, form, &draws)
    if !isYes { number = concepts.classOutside(concept, near: number, &draws) }
    let text = ObjectPhrases.presence(form, isSubject: true, &draws)
    return MadeQuestion(
      imageID: draws.one(of: pictures), text: text, type: Self.kindType, isYes: isYes, subject: subject(number, &draws))
  }

  private func subject(_ number: Int, _ draws: inout SeededDraws) -> SimulatedSubject {
    SimulatedSubject(
      classNumber: number, own: Double(40 + draws.below(61)) / 100, gain: Double(40 + draws.below(81)) / 10)
  }
}

/// A question before it has a number.
struct MadeQuestion: Sendable {
  let imageID: Int
  let text: String
  let type: String
  let answers: [String]
  let answerType: String
  let subject: SimulatedSubject?

  init(imageID: Int, text: String, type: String, answers: [String], subject: SimulatedSubject?) {
    (self.imageID, self.text, self.type, self.answers, self.subject) = (imageID, text, type, answers, subject)
    answerType = "other"
  }

  init(imageID: Int, text: String, type: String, isYes: Bool, subject: SimulatedSubject? = nil) {
    (self.imageID, self.text, self.type, self.subject) = (imageID, text, type, subject)
    (answers, answerType) = ([String](repeating: isYes ? "yes" : "no", count: 10), "yes/no")
  }

  func question(id: Int) -> Question { Question(imageID: imageID, text: text, questionID: id, subject: subject) }

  func annotation(id: Int) -> Annotation {
    let people = answers.enumerated().map { HumanAnswer($1, confidence: "yes", answerID: $0 + 1) }
    return Annotation(
      questionID: id, imageID: imageID, questionType: type, answerType: answerType, multipleChoiceAnswer: answers[0],
      answers: people)
  }
}

/// Keeps yes and no equally frequent for everything that is asked for, and for each word for it.
struct Balance: Sendable {
  private var ofConcepts: [Int: Int] = [:]
  private var ofWords: [String: Int] = [:]

  /// The answer that is behind for the word, or else for the concept; of equals any.
  mutating func answer(_ concept: Int, _ form: ConceptForm, _ draws: inout SeededDraws) -> Bool {
    let surpluses = [ofWords[form.text, default: 0], ofConcepts[concept, default: 0]]
    let isYes = surpluses.first { $0 != 0 }.map { $0 < 0 } ?? draws.chance(0.5)
    ofConcepts[concept, default: 0] += isYes ? 1 : -1
    ofWords[form.text, default: 0] += isYes ? 1 : -1
    return isYes
  }
}

/// Why no questions can be made.
public enum ObjectFailure: Failure, Equatable {
  /// There is no photo.
  case noPictures
  /// No word stands for some of the classes and not for all.
  case noConcepts
  /// A label is none of the vocabulary's.
  case unknownLabel(String, imageID: Int)

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The photo.
  public var place: String? {
    guard case .unknownLabel(_, let imageID) = self else { return nil }
    return "image \(imageID)"
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noPictures: "there is no photo to ask about"
    case .noConcepts: "no word stands for some of the classes and not for others"
    case .unknownLabel(let name, _): "the label '\(visibleText(name, limit: 60))' is none of the vocabulary's"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .noPictures: "give a folder of pictures with --images"
    case .noConcepts: "give a vocabulary that 'vqa data concepts' made with --concepts"
    case .unknownLabel: "name labels as COCO does, such as 'dining table'"
    }
  }
}
