// WordNet.swift - the nouns with the words that mean them: which meaning is usual, and how plurals are made (Debian `wordnet-base`).
//
// Besides the synsets there are `index.noun`, which gives each word its synsets by how usual they are, and `noun.exc`, irregular plurals.

import SafeFiles

/// The nouns of WordNet 3.0, found by word and by synset.
public struct WordNet: Sendable {
  /// Where Debian has the files.
  public static let usualFolder = "/usr/share/wordnet"
  private static let greatestBytes = 1 << 26

  /// The synsets.
  public let nouns: WordNetNouns
  private let senses: [String: [Int]]
  private let irregular: [String: String]  // plural to singular
  private let irregularPlurals: [String: [String]]

  /// Reads the three files of a folder.
  ///
  /// - Parameter folder: Holds `data.noun`, `index.noun` and `noun.exc`.
  /// - Throws: `FileFailure` that names the file and the line.
  public init(folder: String = WordNet.usualFolder) throws(FileFailure) {
    func text(_ name: String) throws(FileFailure) -> String {
      String(decoding: try readFile("\(folder)/\(name)", limit: Self.greatestBytes), as: UTF8.self)
    }
    let nouns = try WordNetNouns(path: "\(folder)/data.noun")
    let (index, exceptions) = (try text("index.noun"), try text("noun.exc"))
    do throws(WordNetFailure) {
      try self.init(nouns: nouns, index: index, exceptions: exceptions)
    } catch {
      throw FileFailure(file: "\(folder)/index.noun", cause: error)
    }
  }

  /// Takes the synsets and the texts of the two other files.
  ///
  /// - Throws: ``WordNetFailure`` for the first line of the index that is none of its format.
  public init(nouns: WordNetNouns, index: String, exceptions: String) throws(WordNetFailure) {
    self.nouns = nouns
    var senses: [String: [Int]] = [:]
    for (number, line) in index.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && line.first != " " {
      let fields = line.split(separator: " ")
      // word, type, number of synsets, ..., as many offsets
      guard fields.count > 3, let count = Int(fields[2]), count > 0, fields.count > 3 + count else {
        throw WordNetFailure(line: number + 1)
      }
      let offsets = fields.suffix(count).compactMap { Int($0) }
      guard offsets.count == count else { throw WordNetFailure(line: number + 1) }
      senses[fields[0].split(separator: "_").joined(separator: " ")] = offsets
    }
    self.senses = senses
    var irregular: [String: String] = [:]
    var plurals: [String: [String]] = [:]
    for line in exceptions.split(separator: "\n") {
      let words = line.split(separator: " ").map { $0.split(separator: "_").joined(separator: " ") }
      guard words.count >= 2 else { continue }
      irregular[words[0]] = words[1]
      plurals[words[1], default: []].append(words[0])
    }
    (self.irregular, irregularPlurals) = (irregular, plurals)
  }

  /// The synsets of a word, the most usual first; none for a word that is no noun.
  public func synsets(of word: String) -> [Int] { senses[word] ?? [] }

  /// The plurals of a word or a phrase; of a phrase the last word changes.
  public func plurals(of phrase: String) -> [String] {
    let parts = phrase.split(separator: " ")
    guard let last = parts.last.map(String.init) else { return [] }
    let before = parts.dropLast().map { $0 + " " }.joined()
    let isVowel = { (letter: Character) in "aeiou".contains(letter) }
    let regular: String
    if last.hasSuffix("y"), let letter = last.dropLast().last, !isVowel(letter) {
      regular = String(last.dropLast()) + "ies"
    } else if ["s", "x", "z", "ch", "sh"].contains(where: last.hasSuffix) {
      regular = last + "es"
    } else {
      regular = last + "s"
    }
    return ((irregularPlurals[last] ?? []) + [regular]).map { before + $0 }
  }

  /// The singular of a word; the word itself where it is a noun, or nothing is known of it.
  public func singular(of word: String) -> String {
    if let known = irregular[word] { return known }
    if senses[word] != nil { return word }
    let endings = [("ies", "y"), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")]
    for (plural, singular) in endings where word.hasSuffix(plural) {
      let candidate = String(word.dropLast(plural.count)) + singular
      if senses[candidate] != nil { return candidate }
    }
    return word
  }
}
