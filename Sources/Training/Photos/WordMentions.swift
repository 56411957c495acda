// WordMentions.swift - which words people use about which pictures: what heads for words beyond the labels are learned from.
//
// Nobody labelled these pictures. But who asks "what is the man on the snowboard wearing?" has seen a snowboard, and who answers "kitchen" a
// kitchen. What nobody mentions may be there all the same, so a head learns what is *worth mentioning*, and that only between pictures of one set.

import SafeFiles
import VQAFormats

/// Words that are used about pictures, and about which.
package struct WordMentions {
  /// The words, as answers are written where they are answers, in alphabetical order.
  package let names: [String]
  /// Numbers of the words that are used about each picture of the training set; nil for pictures that nobody asked about.
  package let pictures: [[Int]?]
  /// The number of the set that each picture's questions are of; 0 for pictures without.
  package let sets: [Int]
  /// Words and phrases of questions with the number of their word.
  package let forms: [String: Int]

  /// A person may err; an answer that this many of ten give is seen.
  private static let votes = 2
  /// Answers that say nothing of what there is, and words that are nouns in WordNet all the same.
  private static let empty = Set(
    """
    a an as at be being both can could did do does has have he here how i in is it left like lot many more most no \
    none not nothing of on one or other out right see she so that the there they this time to two unknown us was what \
    when where which who why will yes you
    """.split(separator: " ").map(String.init))

  /// Collects the words.
  ///
  /// - Parameters:
  ///   - set: The training set.
  ///   - rule: Which sets count, and about how many pictures a word must be used.
  ///   - concepts: Words that have a label need no other head.
  ///   - wordNet: Its nouns count in questions; of other words only those that are answers.
  package init(_ set: QuestionSet, _ rule: KnowledgeRecipe.WordRule, _ concepts: ConceptVocabulary, _ wordNet: WordNet)
  {
    let questions = set.questions.filter {
      rule.sets.contains($0.set) && $0.picture != AskedQuestion.noPicture && $0.subject == nil
    }
    var answered: [String: Int] = [:]
    for question in set.questions where question.subject == nil {
      for part in Self.parts(question.common) { answered[part, default: 0] += 1 }
    }
    var mentions: [String: Set<Int>] = [:]
    var sets = [Int](repeating: 0, count: set.photos.count)
    var isAsked = [Bool](repeating: false, count: set.photos.count)
    for question in questions {
      isAsked[question.picture] = true
      sets[question.picture] = rule.sets.firstIndex(of: question.set) ?? 0
      var said: Set<String> = []
      var counts: [String: Int] = [:]
      for answer in question.answers { counts[answer, default: 0] += 1 }
      for (answer, count) in counts where count >= Self.votes || question.answers.count < Self.votes {
        said.formUnion(Self.parts(answer))
      }
      // What a question is about is there, unless the answer denies it.
      if question.common != "no" {
        for word in QuestionTokenizer.words(of: question.text)
        where answered[word, default: 0] >= Self.votes || !wordNet.synsets(of: wordNet.singular(of: word)).isEmpty {
          said.insert(word)
        }
      }
      for word in said where !Self.saysNothing(word) { mentions[word, default: []].insert(question.picture) }
    }
    // Forms of one word are one head, named as it is written most often.
    var groups: [String: [String]] = [:]
    for word in mentions.keys { groups[wordNet.singular(of: word), default: []].append(word) }
    var heads: [(name: String, forms: [String], pictures: Set<Int>)] = []
    for (base, forms) in groups {
      let hasLabel = (forms + [base]).contains { form in
        concepts.concept(of: Self.phrase(form)).map { concepts.concepts[$0].label != nil } ?? false
      }
      let pictures = forms.reduce(into: Set<Int>()) { $0.formUnion(mentions[$1] ?? []) }
      guard !hasLabel, pictures.count >= rule.count else { continue }
      let name = forms.max { (answered[$0, default: 0], $1) < (answered[$1, default: 0], $0) } ?? base
      heads.append((name, forms + [base], pictures))
    }
    heads.sort { $0.name < $1.name }
    names = heads.map(\.name)
    var found = isAsked.map { $0 ? [Int]() : nil }
    var numbers: [String: Int] = [:]
    for (number, head) in heads.enumerated() {
      for picture in head.pictures { found[picture]?.append(number) }
      for form in head.forms { numbers[Self.phrase(form)] = number }
    }
    (pictures, self.sets, forms) = (found, sets, numbers)
  }

  /// The things that an answer names.
  private static func parts(_ answer: String) -> [String] { answer.split(separator: ",").map { trimmed($0) } }

  private static func trimmed(_ text: Substring) -> String { text.split(separator: " ").joined(separator: " ") }

  /// An answer or word as it stands in a question.
  private static func phrase(_ text: String) -> String { QuestionTokenizer.words(of: text).joined(separator: " ") }

  private static func saysNothing(_ word: String) -> Bool {
    empty.contains(word) || word.first.map { $0.isNumber } ?? true
      || QuestionTokenizer.words(of: word).count > ConceptVocabulary.longestPhrase || phrase(word).isEmpty
  }
}

extension ConceptVocabulary {
  /// The vocabulary with the words as further labels.
  ///
  /// - Parameter mentions: The words.
  /// - Returns: A vocabulary whose phrases keep their classes; those of the words have a label besides.
  package func adding(_ mentions: WordMentions) -> ConceptVocabulary {
    var concepts = concepts
    var phrases = Dictionary(uniqueKeysWithValues: phrases.map { ($0.text, $0.concept) })
    for (phrase, number) in mentions.forms.sorted(by: { $0.key < $1.key }) {
      let known = phrases[phrase].map { concepts[$0].classes } ?? []
      phrases[phrase] = concepts.count
      concepts.append(Concept(classes: known, label: labels.count + number))
    }
    do {
      return try ConceptVocabulary(
        everydayNames: everydayNames, ownNames: ownNames, labels: labels + mentions.names, concepts: concepts,
        phrases: phrases.map { (text: $0.key, concept: $0.value) })
    } catch {
      preconditionFailure("numbers that were counted here: \(error)")
    }
  }
}
