// Network.swift - the full VQA size of TRAR with seeded random weights, as the peer builds it: 8,000 words, 3,129 answers.

import Backbones
import Layers
import Routing
import TRAR
import Tensors
import VQAFormats
import VQAPipeline

/// The original's VQA configuration over an 8x8 grid of 2,048 features.
func fullConfiguration() -> TRARConfiguration {
  var configuration = TRARConfiguration()
  configuration.vocabularySize = 8000
  return configuration
}

let grid = GridSize(rows: 8, columns: 8)

func makeSpans(_ configuration: TRARConfiguration) -> SpanMasks {
  guard let spans = try? SpanMasks(grid: grid, orders: configuration.orders) else {
    fatalError("the spans fit the grid")
  }
  return spans
}

/// Features of pictures and words of questions drawn at random.
func makeInputs(batch: Int, _ configuration: TRARConfiguration) -> (features: Tensor, words: [Int]) {
  var random = SeededRandom(seed: 1)
  let shape = [batch, grid.tokens, configuration.featureWidth]
  let features = Tensor(shape: shape) { buffer in
    for index in buffer.indices { buffer[index] = random.normal() }
  }
  let words = (0..<(batch * configuration.questionLength)).map { _ in
    random.integer(in: 1...(configuration.vocabularySize - 1))
  }
  return (features, words)
}

/// The whole forward pass: question and features in, logits out.
func logits(_ network: TRARNetwork, _ spans: SpanMasks, _ features: Tensor, _ words: [Int]) -> Tensor {
  var trace = RoutingTrace()
  let question = network.encode(words: words, batch: features.shape[0])
  return network.decode(features: features, question: question, spans: spans, trace: &trace)
}

/// A forward pass of a batch without a tape.
func forward(batch: Int, seconds: Double) -> Measurement {
  let configuration = fullConfiguration()
  var random = SeededRandom(seed: 0)
  let network = TRARNetwork(configuration, random: &random)
  let spans = makeSpans(configuration)
  let (features, words) = makeInputs(batch: batch, configuration)
  var sum: Float = 0
  let result = measure(seconds: seconds) { sum += logits(network, spans, features, words).elements[0] }
  precondition(sum.isFinite, "the logits are not finite")
  return result
}
