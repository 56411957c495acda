// FurtherTokenTests.swift - tokens that are encoded beside the words: padding is not looked at, and no order binds them.

import Routing
import TRAR
import Tensors
import Testing

extension TRARTests {
  @Suite struct FurtherTokens {
    private let small: SmallNetwork
    private let hidden: [Bool]
    private let embedded: Tensor
    private static let count = 3

    init() throws {
      small = try SmallNetwork()
      hidden = small.words.map { $0 == 0 }
      embedded = small.network.embed(small.words, shape: [3, 5])
    }

    private static func tokens(seed: UInt64 = 4) -> Tensor {
      var random = SeededRandom(seed: seed)
      return Tensor((0..<(3 * count * 8)).map { _ in random.uniform(-1, 1) }, shape: [3, count, 8])
    }

    private func encode(
      _ further: (tokens: Tensor, hidden: [Bool])?, words: Tensor? = nil
    ) -> EncodedQuestion {
      small.network.encode(embedded: words ?? embedded, hidden: hidden, further: further)
    }

    private func logits(_ question: EncodedQuestion) -> Tensor {
      var trace = RoutingTrace()
      return small.network.decode(features: small.features, question: question, spans: small.spans, trace: &trace)
    }

    private static func marks(_ isHidden: Bool) -> [Bool] { Array(repeating: isHidden, count: 3 * count) }

    @Test func wordsAloneAreEncodedAsBefore() {
      let words = small.network.encode(words: small.words, batch: 3)
      let encoded = encode(nil)
      #expect(encoded.states.bits == words.states.bits)
      #expect(encoded.hidden == words.hidden)
    }

    @Test func paddedTokensChangeNothing() {
      let padded = encode((Self.tokens(), Self.marks(true)))
      #expect(padded.states.shape == [3, 5 + Self.count, 8])
      #expect(padded.hidden.count == 3 * (5 + Self.count))
      let plain = encode(nil)
      // The third question is empty: it is encoded without anything to look at, and is not looked at by the picture.
      for sample in 0..<2 {
        let states = Array(padded.states.samples([sample]).elements.prefix(5 * 8))
        #expect(Tensor(states).distance(to: plain.states.samples([sample])) < 1e-6)
      }
      let (one, other) = (logits(padded), logits(plain))
      #expect(one.samples([0, 1]).distance(to: other.samples([0, 1])) < 1e-6)
    }

    @Test func marksBelongToTheirSample() {
      var marks = Self.marks(false)
      (marks[0], marks[4], marks[5]) = (true, true, true)
      let encoded = encode((Self.tokens(), marks))
      #expect(encoded.hidden[5..<8] == [true, false, false])
      #expect(encoded.hidden[8..<16] == [false, false, true, true, true, false, true, true])
      #expect(encoded.hidden[16..<24] == [true, true, true, true, true, false, false, false])
    }

    @Test func shownTokensCount() {
      let plain = logits(encode(nil))
      let shown = logits(encode((Self.tokens(), Self.marks(false))))
      let others = logits(encode((Self.tokens(seed: 5), Self.marks(false))))
      for sample in 0..<3 {
        #expect(shown.samples([sample]).distance(to: plain.samples([sample])) > 1e-4, "\(sample)")
        #expect(shown.samples([sample]).distance(to: others.samples([sample])) > 1e-4, "\(sample)")
      }
    }

    @Test func theirOrderDoesNotMatter() {
      let tokens = Self.tokens()
      var marks = Self.marks(false)
      marks[1] = true
      var rows: [Float] = []
      var turnedMarks: [Bool] = []
      for sample in 0..<3 {
        for token in (0..<Self.count).reversed() {
          let place = sample * Self.count + token
          rows += tokens.elements[(place * 8)..<(place * 8 + 8)]
          turnedMarks.append(marks[place])
        }
      }
      let turned = Tensor(rows, shape: tokens.shape)
      #expect(turned.elements != tokens.elements)
      let distance = logits(encode((tokens, marks))).distance(to: logits(encode((turned, turnedMarks))))
      #expect(distance < 1e-5)
    }

    /// Gradients by tokens and words, held against differences along one direction each.
    @Test func gradientsFlow() throws {
      var marks = Self.marks(false)
      marks[4] = true
      let tape = Tape()
      let (words, tokens) = (tape.watch(embedded), tape.watch(Self.tokens()))
      let loss = tape.record { logits(encode((tokens, marks), words: words)).crossEntropy(classes: [1, 5, 12]) }
      tape.backward(from: loss)
      let found = [try #require(tape.gradient(of: words)), try #require(tape.gradient(of: tokens))]
      // Nobody looks at the hidden one.
      for (token, isHidden) in marks.enumerated() {
        let row = found[1].elements[(token * 8)..<(token * 8 + 8)]
        #expect(row.allSatisfy { $0 == 0 } == isHidden, "token \(token)")
      }
      func value(_ words: Tensor, _ tokens: Tensor) -> Float {
        logits(encode((tokens, marks), words: words)).crossEntropy(classes: [1, 5, 12]).scalar
      }
      let step: Float = 1e-2
      for (place, gradient) in found.enumerated() {
        // Along this direction no part of the slope takes another away.
        let direction = Tensor(gradient.elements.map { $0 < 0 ? -1 : 1 }, shape: gradient.shape)
        let inputs = [embedded, Self.tokens()]
        func moved(_ by: Float) -> Float {
          var changed = inputs
          changed[place] = changed[place] + direction * (by * step)
          return value(changed[0], changed[1])
        }
        let slope = zip(gradient.elements, direction.elements).reduce(0) { $0 + $1.0 * $1.1 }
        let difference = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)
        #expect(slope > 1e-2)
        #expect(abs(slope - difference) < 0.02 * slope, "\(place): \(slope), \(difference)")
      }
    }
  }
}
