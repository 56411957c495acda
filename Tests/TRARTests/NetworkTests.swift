// NetworkTests.swift - what holds for the answer network besides the original's values.

import Layers
import Routing
import TRAR
import Tensors
import Testing

extension TRARTests {
  @Suite struct Network {
    /// Every kind of router, with the orders out of order and one of them twice.
    private static let configurations: [TRARConfiguration] =
      RoutingKind.allCases.flatMap { routing in
        RouterPooling.allCases.map { .small(routing: routing, pooling: $0, orders: [2, 0, 1, 1]) }
      }

    @Test(arguments: configurations)
    func aSampleAloneIsAnsweredAsInABatch(_ configuration: TRARConfiguration) throws {
      // The original's `fc` pooling fails for a single sample; here it gives what it gives in a batch.
      let small = try SmallNetwork(configuration)
      let together = small.logits()
      #expect(together.shape == [3, 13])
      for sample in 0..<3 {
        #expect(small.logits([sample]).distance(to: together.samples([sample])) < 1e-6)
      }
      #expect(small.logits([2, 0]).distance(to: together.samples([2, 0])) < 1e-6)
    }

    @Test(arguments: configurations)
    func everyParameterGetsAGradient(_ configuration: TRARConfiguration) throws {
      let small = try SmallNetwork(configuration)
      let tape = Tape(training: TrainingMode(seed: 3))
      let loss = tape.record { small.logits().crossEntropy(classes: [1, 5, 12]) }
      tape.backward(from: loss)
      for (name, parameter) in small.network.namedParameters {
        let gradient = try #require(tape.gradient(of: parameter), "\(name)")
        #expect(gradient.shape == parameter.value.shape)
        #expect(gradient.isFinite, "\(name)")
        // A number added to all scores of a softmax changes nothing; such a bias may get no more than rounding errors.
        if ["linear_k.bias", "pool.bias", "mlp.linear.bias"].contains(where: name.hasSuffix) { continue }
        #expect(gradient.elements.contains { abs($0) > 1e-6 }, "\(name)")
      }
    }

    @Test(arguments: configurations)
    func threadsDoNotMatter(_ configuration: TRARConfiguration) throws {
      let small = try SmallNetwork(configuration)
      for backend in Backend.available {
        let results = [1, 2].map { threads in
          withBackend(backend) {
            withThreads(threads) { () -> [[UInt32]] in
              let tape = Tape(training: TrainingMode(seed: 5))
              let logits = tape.record { small.logits() }
              tape.backward(from: logits, seed: Tensor(repeating: 1, shape: logits.shape))
              return [logits.bits] + small.network.namedParameters.map { tape.gradient(of: $0.parameter)?.bits ?? [] }
            }
          }
        }
        #expect(results[0] == results[1], "\(backend)")
      }
    }

    @Test func nothingIsRecordedOutsideTraining() throws {
      let small = try SmallNetwork()
      let (logits, trace) = small.answer()
      #expect(logits.node == nil)
      #expect(trace.spans.count == 2)
      #expect(small.logits().bits == logits.bits, "answering is repeatable")
    }

    @Test func oneSeedTrainsInOneWay() throws {
      let small = try SmallNetwork(.small(routing: .hard))
      func trained(_ seed: UInt64) -> [UInt32] {
        Tape(training: TrainingMode(seed: seed)).record { small.logits() }.bits
      }
      #expect(trained(1) == trained(1))
      #expect(trained(1) != trained(2))
      #expect(trained(1) != small.logits().bits)
    }

    @Test func whoLooksOnChangesNothing() throws {
      let small = try SmallNetwork(.small(routing: .hard, pooling: .attention))
      func trained(_ pass: TRARPass) -> (logits: [UInt32], operations: Int) {
        let tape = Tape(training: TrainingMode(seed: 4))
        let logits = tape.record { small.logits(pass: pass) }
        return (logits.bits, tape.recordedOperations)
      }
      var names: [String] = []
      let watched = trained(
        TRARPass { name, value in
          names.append(name)
          #expect(value().isFinite, "\(name)")
        })
      let plain = trained(TRARPass())
      #expect(watched.logits == plain.logits)
      #expect(Set(names).count == names.count)
      // Looking at a value may view it in another shape, which is no operation.
      #expect(watched.operations == plain.operations)
    }

    @Test func theTraceHoldsEveryLayersWeights() throws {
      let small = try SmallNetwork(.small(orders: [2, 0, 1]))
      var observed: [String: Tensor] = [:]
      let (_, trace) = small.answer(pass: TRARPass { name, value in observed[name] = value() })
      #expect(trace.exits.isEmpty)
      for layer in 0..<2 {
        let decision = trace.spans[layer]
        #expect(decision.layer == layer)
        #expect(decision.orders == [2, 0, 1])
        #expect(decision.weights.flatMap { $0 } == observed["mid.dec\(layer).route_alpha"]?.elements)
        #expect(decision.weights.count == 3)
        for row in decision.weights { #expect(abs(row.reduce(0, +) - 1) < 1e-6) }
      }
    }

    @Test(arguments: RoutingKind.allCases)
    func binarisedRoutersChooseTheGreatestWeight(_ routing: RoutingKind) throws {
      let small = try SmallNetwork(.small(routing: routing))
      let soft = small.answer()
      let hard = small.answer(pass: TRARPass(settings: RoutingSettings(binarize: true)))
      // The first layer of both sees the same tokens.
      for sample in 0..<3 {
        let row = soft.trace.spans[0].weights[sample]
        let greatest = try #require(row.max())
        #expect(hard.trace.spans[0].weights[sample] == row.map { $0 == greatest ? 1 : 0 })
      }
      #expect(hard.logits.distance(to: soft.logits) > 1e-4)
      // In training the routers stay soft.
      let tape = Tape(training: TrainingMode(seed: 1))
      let trained = tape.record { small.answer(pass: TRARPass(settings: RoutingSettings(binarize: true))) }
      #expect(trained.trace.spans[0].weights.allSatisfy { $0.allSatisfy { $0 < 1 } })
    }

    /// A span that hides nothing is the whole picture, whatever its order.
    @Test func aSpanOfTheWholeGridIsGlobal() throws {
      let windows = try SmallNetwork(.small(orders: [3, 3]))
      let global = try SmallNetwork(.small(orders: [0, 0]))
      #expect(windows.logits().distance(to: global.logits()) < 1e-6)
      let narrow = try SmallNetwork(.small(orders: [1, 1]))
      #expect(narrow.logits().distance(to: global.logits()) > 1e-4)
    }

    @Test func paddedTokensAreNotLookedAt() throws {
      // The same network, its picture once with a row of padding more: windows of the whole grid see the same tokens.
      let configuration = TRARConfiguration.small(pooling: .scored, orders: [0])
      let small = try SmallNetwork(configuration, grid: GridSize(rows: 3, columns: 4))
      let larger = try SpanMasks(grid: GridSize(rows: 4, columns: 4), orders: [0])
      let question = small.network.encode(words: Array(small.words[0..<5]), batch: 1)
      let picture = small.features.samples([0])
      let padded = Tensor(picture.elements + [Float](repeating: 0, count: 4 * 7), shape: [1, 16, 7])
      var (trace, paddedTrace) = (RoutingTrace(), RoutingTrace())
      let logits = small.network.decode(features: picture, question: question, spans: small.spans, trace: &trace)
      let same = small.network.decode(features: padded, question: question, spans: larger, trace: &paddedTrace)
      #expect(same.distance(to: logits) < 1e-6)
      #expect(paddedTrace == trace, "one span has the weight 1")
    }

    @Test func aPaddingWordIsNotLookedAtButCountsAsAStep() throws {
      let small = try SmallNetwork()
      let question = small.network.encode(words: [3, 4, 5, 0, 0], batch: 1)
      let shorter = small.network.encode(words: [3, 4, 5], batch: 1)
      #expect(question.hidden == [false, false, false, true, true])
      #expect(question.states.shape == [1, 5, 8])
      // The words before the padding do not see it.
      let first = Tensor(Array(question.states.elements[0..<24]))
      #expect(first.distance(to: Tensor(shorter.states.elements)) < 1e-6)
    }

    @Test func encodedQuestionsAreTakenByNumber() throws {
      let small = try SmallNetwork()
      let all = small.network.encode(words: small.words, batch: 3)
      let chosen = all.samples([1, 1, 0])
      #expect(chosen.states.shape == [3, 5, 8])
      #expect(chosen.states.elements == all.states.samples([1, 1, 0]).elements)
      let second = [false, false, true, true, true]
      #expect(chosen.hidden == second + second + [Bool](repeating: false, count: 5))
    }

    @Test func noiseFromOutsideIsUsedByItsLayer() throws {
      let small = try SmallNetwork(.small(routing: .hard))
      var settings = RoutingSettings(temperature: 1)
      let quiet = small.answer(pass: TRARPass(settings: settings)).trace
      settings.noise[1] = Tensor([5, 0, 0, 0, 5, 0, 0, 0, 5], shape: [3, 3])
      let noisy = small.answer(pass: TRARPass(settings: settings)).trace
      #expect(noisy.spans[0] == quiet.spans[0])
      #expect((0..<3).map { noisy.spans[1].chosenOrder(picture: $0) } == [2, 0, 1])
    }
  }
}
