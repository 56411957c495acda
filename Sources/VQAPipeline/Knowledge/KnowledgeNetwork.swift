// KnowledgeNetwork.swift - the tie between a question's words and the picture, and the pointer to the answers that name what it shows.
//
// Every word has a fixed vector, learned from much text elsewhere, so that words without a training question lie near their like. What the
// backbone says to the word itself is added to it; the names of what it sees are tokens beside the question, with the same word vectors.

import Layers
import TRAR
import Tensors

/// The parts of a model that use what its backbone knows.
public struct KnowledgeNetwork: Layer, Sendable {
  /// Vectors of the words, `[V, vectorWidth]`, not trained.
  public let wordVectors: Parameter
  /// Vectors of the answers, `[A, vectorWidth]`, not trained.
  public let answerVectors: Parameter
  let wordMap: Linear  // vector -> E
  let tie: Linear  // 8 or 11 -> E
  let nameMap: Linear  // E -> D
  let nameScore: Linear  // 3 or 4 -> D
  let asked: Linear  // F -> vector
  let pointer: Linear  // F -> 7 or 9
  let gate: Linear  // E -> 1

  init(_ configuration: KnowledgeConfiguration, _ network: TRARConfiguration, random: inout SeededRandom) {
    let width = configuration.vectorWidth
    wordVectors = Initialisation.constant(0, [network.vocabularySize, width], isTrainable: false)
    answerVectors = Initialisation.constant(0, [network.answers, width], isTrainable: false)
    wordMap = Linear(width, network.wordWidth, hasBias: false, random: &random)
    tie = Linear(configuration.tieWidth, network.wordWidth, hasBias: false, random: &random)
    nameMap = Linear(network.wordWidth, network.hidden, random: &random)
    nameScore = Linear(1 + configuration.nameKinds, network.hidden, random: &random)
    asked = Linear(network.flatOutput, width, random: &random)
    pointer = Linear(network.flatOutput, configuration.pointerFactors, random: &random)
    gate = Linear(network.wordWidth, 1, random: &random)
  }

  /// What words are worth by themselves, `[..., E]`.
  func vectors(_ ids: [Int], shape: [Int], _ network: TRARNetwork) -> Tensor {
    network.embed(ids, shape: shape) + wordMap(wordVectors.tensor.rows(ids, shape: shape))
  }

  /// The names of what pictures show, as tokens `[B, K, D]`; those of no picture are padding.
  func names(
    _ seen: [KnowledgeLookup.Seen?], count: Int, _ network: TRARNetwork
  ) -> (tokens: Tensor, hidden: [Bool]) {
    var ids: [Int] = []
    var scores: [Float] = []
    for picture in seen {
      for place in 0..<count {
        guard let name = picture?.names[place] else {
          ids += [0, 0]
          scores += [Float](repeating: 0, count: nameScore.inputs)
          continue
        }
        ids += name.name.words
        scores.append(name.score)
        scores += (1..<nameScore.inputs).map { $0 - 1 == name.kind.rawValue ? 1 : 0 }
      }
    }
    let words = vectors(ids, shape: [seen.count * count, 2], network).meanOverTokens()
    let tokens =
      nameMap(words).reshaped([seen.count, count, nameMap.outputs])
      + nameScore(Tensor(scores, shape: [seen.count, count, nameScore.inputs]))
    return (tokens, seen.flatMap { Array(repeating: $0 == nil, count: count) })
  }

  /// What is added to the logits of what was read, `[B, F]` to `[B, A]`.
  func logits(_ joined: Tensor, gates: Tensor, pointers: [PointerScores]) -> Tensor {
    let like = asked(joined).linear(answerVectors.tensor) * Self.likenessScale
    return like
      + PointerLogits.logits(
        factors: pointer(joined) * Self.pointerScale, gates: gates, scores: pointers,
        answers: answerVectors.value.shape[0])
  }

  /// Vectors are some five long.
  private static let likenessScale: Float = 1 / 8
  /// Lets the factors get where they are needed within the first hundreds of steps.
  private static let pointerScale: Float = 3

  /// Multiplications with addition of one question: its words and name tokens, without the encoder.
  func questionMultiplyAdds(words: Int, names: Int) -> Int {
    let word = wordMap.inputs * wordMap.outputs
    return words * (word + tie.inputs * tie.outputs + gate.inputs)
      + names * (2 * word + nameMap.inputs * nameMap.outputs + nameScore.inputs * nameScore.outputs)
  }

  /// Multiplications with addition of one answer.
  var answerMultiplyAdds: Int {
    asked.inputs * (asked.outputs + pointer.outputs) + answerVectors.value.count
  }

  /// All parameters by name.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "words"), wordVectors)
    body(parameterName(path, "answers"), answerVectors)
    let parts = [
      ("word_map", wordMap), ("tie", tie), ("name_map", nameMap), ("name_score", nameScore), ("asked", asked),
      ("pointer", pointer), ("gate", gate),
    ]
    for (name, layer) in parts { layer.forEachParameter(at: parameterName(path, name), body) }
  }
}
