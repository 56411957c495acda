// Extending.swift - a model that learned before, with more words and answers: what it knew stays as it was.

import Layers
import TRAR
import Tensors
import VQAFormats

extension VQAModel {
  /// A model with the same weights whose vocabularies hold further words and answers.
  ///
  /// A further word begins as the unknown word does. A further answer begins as improbable as most are, near those whose words it shares.
  ///
  /// - Parameters:
  ///   - more: Words of questions; those that are known are passed over.
  ///   - moreAnswers: Answers; those that are known are passed over.
  /// - Returns: The model; its first words and answers have the same numbers as before.
  /// - Throws: ``ConfigurationFailure`` when the sizes are more than a model may have.
  public func extended(words more: [String], answers moreAnswers: [String]) throws -> VQAModel {
    var seen: Set<String> = []
    let newWords = more.filter { words.id(of: $0) == nil && seen.insert($0).inserted }
    seen = []
    let newAnswers = moreAnswers.filter { answers.index(of: $0) == nil && seen.insert($0).inserted }
    guard !newWords.isEmpty || !newAnswers.isEmpty else { return self }
    let wider = try VQAModel(
      configuration, words: Vocabulary(words: words.words + newWords, madeFrom: words.madeFrom),
      answers: AnswerVocabulary(answers: answers.answers + newAnswers, madeFrom: answers.madeFrom), tables: tables,
      seed: 0)
    let known = Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.parameter) })
    for (name, parameter) in wider.namedParameters {
      guard let old = known[name] else { continue }
      parameter.value =
        old.value.shape == parameter.value.shape
        ? old.value : rows(of: name, old.value, count: parameter.value.shape[0], newAnswers)
    }
    return wider
  }

  /// A table with further rows.
  private func rows(of name: String, _ table: Tensor, count: Int, _ newAnswers: [String]) -> Tensor {
    let width = table.count / table.shape[0]
    var values = table.elements
    if name == "knowledge.answers", let vectors = knowledge?.wordVectors.value {
      let known = vectors.elements
      for answer in newAnswers {
        let ids = QuestionTokenizer.words(of: answer).compactMap { words.id(of: $0) }
        for column in 0..<width {
          values.append(ids.reduce(0) { $0 + known[$1 * width + column] } / Float(max(1, ids.count)))
        }
      }
      return Tensor(values, shape: [count] + table.shape.dropFirst())
    }
    let isBias = table.rank == 1
    // Words begin as the unknown one; answers with no weight, and a bias as most have it.
    let isWords = name.hasSuffix("embedding.weight") || name == "knowledge.words"
    let fresh: [Float]
    if isWords {
      fresh = Array(values[(Vocabulary.unknown * width)..<((Vocabulary.unknown + 1) * width)])
    } else if isBias {
      fresh = [values.sorted()[values.count / 2]]
    } else {
      fresh = [Float](repeating: 0, count: width)
    }
    for _ in table.shape[0]..<count { values += fresh }
    return Tensor(values, shape: [count] + table.shape.dropFirst())
  }
}
