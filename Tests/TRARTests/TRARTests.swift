// TRARTests.swift - the suite around all tests of the network, and small networks for them.

import Routing
import TRAR
import Tensors
import TestSupport
import Testing

/// The suite around all others: tests that set the number of threads or the back end must not run beside others, nor those of other targets.
@Suite(.serialized, .inTurn)
enum TRARTests {}

/// Runs `body` with a back end, then sets the back end back.
func withBackend<Result>(_ backend: Backend, _ body: () throws -> Result) rethrows -> Result {
  let before = Backend.current
  Backend.current = backend
  defer { Backend.current = before }
  return try body()
}

/// Runs `body` with a number of threads, then sets the number back.
func withThreads<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
  let before = WorkerPool.shared.threads
  WorkerPool.shared.threads = threads
  defer { WorkerPool.shared.threads = before }
  return try body()
}

extension TRARConfiguration: CustomTestStringConvertible {
  /// What tells the small networks apart.
  public var testDescription: String { "\(routing), \(pooling), orders \(orders)" }

  /// A network of every part at widths that all differ, so that a mix-up of two of them shows.
  static func small(
    routing: RoutingKind = .soft, pooling: RouterPooling = .average, orders: [Int] = [2, 0, 1], layers: Int = 2
  ) -> TRARConfiguration {
    var configuration = TRARConfiguration()
    configuration.vocabularySize = 11
    configuration.wordWidth = 6
    configuration.questionLength = 5
    configuration.featureWidth = 7
    configuration.hidden = 8
    configuration.feedForward = 10
    configuration.heads = 2
    configuration.encoderLayers = layers
    configuration.decoderLayers = layers
    configuration.flatHidden = 9
    configuration.glimpses = 2
    configuration.flatOutput = 12
    configuration.answers = 13
    configuration.orders = orders
    configuration.routing = routing
    configuration.pooling = pooling
    return configuration
  }
}

/// A small network with a batch of questions and pictures for it.
struct SmallNetwork {
  let network: TRARNetwork
  let spans: SpanMasks
  /// Words row by row; the second question is shorter, the third is empty.
  let words = [3, 4, 5, 6, 7] + [8, 3, 0, 0, 0] + [0, 0, 0, 0, 0]
  let features: Tensor

  init(_ configuration: TRARConfiguration = .small(), grid: GridSize = GridSize(rows: 3, columns: 4), seed: UInt64 = 1)
    throws
  {
    var random = SeededRandom(seed: seed)
    network = TRARNetwork(configuration, random: &random)
    // Half of a router's first rows are the negatives of the others, so that its ReLU is never dead for a picture.
    for (name, parameter) in network.namedParameters where name.hasSuffix("routing_block.mlp.0.weight") {
      let rows = parameter.value.elements.prefix(parameter.value.count / 2)
      parameter.value = Tensor(rows + rows.map { -$0 }, shape: parameter.value.shape)
    }
    spans = try SpanMasks(grid: grid, orders: configuration.orders)
    let width = configuration.featureWidth
    var values = (0..<(3 * grid.tokens * width)).map { _ in random.uniform(-1, 1) }
    // The last row of the second picture is padding.
    for index in ((2 * grid.tokens - grid.columns) * width)..<(2 * grid.tokens * width) { values[index] = 0 }
    features = Tensor(values, shape: [3, grid.tokens, width])
  }

  /// The logits of the samples asked for, with whatever tape is recording.
  func logits(_ samples: [Int] = [0, 1, 2], pass: TRARPass = TRARPass()) -> Tensor {
    answer(samples, pass: pass).logits
  }

  /// The logits and the trace of the samples asked for.
  func answer(_ samples: [Int] = [0, 1, 2], pass: TRARPass = TRARPass()) -> (logits: Tensor, trace: RoutingTrace) {
    var trace = RoutingTrace()
    let asked = samples.flatMap { words[($0 * 5)..<($0 * 5 + 5)] }
    let question = network.encode(words: asked, batch: samples.count, pass: pass)
    let result = network.decode(
      features: features.samples(samples), question: question, spans: spans, pass: pass, trace: &trace)
    return (result, trace)
  }
}

extension Tensor {
  /// The greatest distance of any element from that of another tensor of the same size.
  func distance(to other: Tensor) -> Float {
    zip(elements, other.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// The bits of all elements, to tell any difference at all.
  var bits: [UInt32] { elements.map(\.bitPattern) }
}
