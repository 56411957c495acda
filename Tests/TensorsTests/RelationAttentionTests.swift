// RelationAttentionTests.swift - cases of attention with reused relations, and that its ways of running agree.

import Tensors
import Testing

extension OperationCase {
  /// Scores of every head, and the output, with relations of a coarser grid added.
  private static func reference(
    heads: Int, scale: Double?, channel: Int, sides: (from: Int, to: Int)?, scores wantsScores: Bool
  ) -> @Sendable ([Reference]) -> Reference {
    { inputs in
      let width = inputs[0].width / 3
      let depth = width / heads
      let factor = scale ?? 1 / Double(depth).squareRoot()
      let matrix = sides.map { resizeMatrix(from: $0.from, to: $0.to) }
      var maps: [Double] = []
      var outputs: [Double] = []
      for (number, sample) in inputs[0].samples.enumerated() {
        let rows = sample.rows
        var columns: [[Double]] = Array(repeating: [], count: rows.count)
        for head in 0..<heads {
          func part(_ row: [Double], _ third: Int) -> [Double] {
            Array(row[(third * width + head * depth)..<(third * width + (head + 1) * depth)])
          }
          var scores = rows.map { query in rows.map { Exact.dot(part(query, 0), part($0, 1)) * factor } }
          if let matrix {
            let added = resizedRelations(inputs[1].samples[number].samples[channel + head].rows, matrix)
            scores = zip(scores, added).map { Exact.add($0, $1) }
          }
          maps += scores.flatMap { $0 }
          for (token, line) in scores.map(Exact.softmax).enumerated() {
            columns[token] += (0..<depth).map { column in Exact.dot(line, rows.map { part($0, 2)[column] }) }
          }
        }
        outputs += columns.flatMap { $0 }
      }
      let (batch, tokens) = (inputs[0].shape[0], inputs[0].shape[1])
      return wantsScores
        ? Reference(shape: [batch, heads, tokens, tokens], elements: maps)
        : Reference(shape: [batch, tokens, width], elements: outputs)
    }
  }

  private static func reusing(_ coarse: Tensor) -> ReusedRelations {
    ReusedRelations(coarse: coarse, channel: 1, resize: GridResize(from: 2, to: 3))
  }

  private static let joined = Tensor.random([2, 10, 12], seed: 1, -1.5, 1.5)
  private static let coarse = Tensor.random([2, 4, 5, 5], seed: 2, -2, 2)

  static let relationAttention: [OperationCase] = [
    OperationCase(
      "selfAttention, plain", [joined], { $0[0].selfAttention(heads: 2).output },
      reference: reference(heads: 2, scale: nil, channel: 0, sides: nil, scores: false)),
    OperationCase(
      "selfAttention, one head, own scale", [joined], { $0[0].selfAttention(heads: 1, scale: 0.3).output },
      reference: reference(heads: 1, scale: 0.3, channel: 0, sides: nil, scores: false)),
    OperationCase(
      "selfAttention, reused relations", [joined, coarse],
      { $0[0].selfAttention(heads: 2, reusing: reusing($0[1])).output },
      reference: reference(heads: 2, scale: nil, channel: 1, sides: (2, 3), scores: false)),
    OperationCase(
      "selfAttention, reused relations, output beside exported scores", [joined, coarse],
      { $0[0].selfAttention(heads: 2, reusing: reusing($0[1]), export: .result).output },
      reference: reference(heads: 2, scale: nil, channel: 1, sides: (2, 3), scores: false)),
    OperationCase(
      "selfAttention, exported scores", [joined, coarse],
      { $0[0].selfAttention(heads: 2, reusing: reusing($0[1]), export: .result).relations ?? $0[0] },
      reference: reference(heads: 2, scale: nil, channel: 1, sides: (2, 3), scores: true)),
  ]
}

extension TensorTests {
  @Suite struct RelationAttention {
    private static let resize = GridResize(from: 3, to: 5)
    private static let joined = Tensor.random([2, 26, 18], seed: 1)
    private static let reused = ReusedRelations(
      coarse: .random([2, 5, 10, 10], seed: 2), channel: 2, resize: resize)

    @Test func aStackHoldsTheExportedScores() throws {
      let stack = RelationStack(batch: 2, channels: 8, tokens: 26)
      let kept = Self.joined.selfAttention(heads: 3, reusing: Self.reused, export: .stack(stack, channel: 4))
      let given = Self.joined.selfAttention(heads: 3, reusing: Self.reused, export: .result)
      #expect(kept.relations == nil)
      #expect(kept.output.elements == given.output.elements)
      let relations = try #require(given.relations)
      for sample in 0..<2 {
        let stacked = stack.maps.samples([sample]).elements[(4 * 676)..<(7 * 676)]
        #expect(Array(stacked) == relations.samples([sample]).elements)
      }
    }

    @Test(arguments: [nil, reused]) func theFirstTokensAreThoseOfAll(_ reused: ReusedRelations?) {
      let whole = Self.joined.selfAttention(heads: 3, reusing: reused).output
      for count in [1, 4] {
        let first = Tensor.attentionOfFirst(
          queries: Self.joined.tokens(0..<count).columns(0..<6), keysAndValues: Self.joined.columns(6..<18), heads: 3,
          reusing: reused)
        expectClose(first.elements, whole.tokens(0..<count).elements.map(Double.init), within: 1e-6)
      }
    }

    /// So many tokens that the rows of queries are computed in several blocks.
    @Test func blocksDoNotMatter() throws {
      let joined = Tensor.random([1, 700, 6], seed: 3)
      let weights = Tensor.random([1, 700, 2], seed: 4)
      func computed(_ attend: (Tensor) -> Tensor) throws -> ([Float], [Float]) {
        let tape = Tape()
        let input = tape.watch(joined)
        let output = tape.record { attend(input) }
        tape.backward(from: output, seed: weights)
        return (output.elements, try #require(tape.gradient(of: input)).elements)
      }
      let blocks = try computed { $0.selfAttention(heads: 1).output }
      let whole = try computed {
        Tensor.attention(query: $0.columns(0..<2), key: $0.columns(2..<4), value: $0.columns(4..<6), heads: 1)
      }
      expectClose(blocks.0, whole.0.map(Double.init), within: 1e-5)
      expectClose(blocks.1, whole.1.map(Double.init), within: 1e-5)
    }
  }
}
