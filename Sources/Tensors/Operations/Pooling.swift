// Pooling.swift - one row from many: plain means, and weighted sums whose weights are a softmax.

extension Tensor {
  /// The mean over the tokens of every sample, `[B, N, D]` to `[B, D]`; padded tokens count like the others.
  public func meanOverTokens() -> Tensor {
    precondition(rank == 3, "meanOverTokens: \(shape) is not [batch, tokens, width]")
    let batch = shape[0]
    let tokens = shape[1]
    let width = width
    let storage = Storage(zeros: batch * width)
    let share = 1 / Float(tokens)
    for sample in 0..<batch {
      let target = storage.pointer + sample * width
      ColumnSum.add(pointer + sample * tokens * width, rows: tokens, columns: width, to: target)
      VectorMath.map(width, target, target) { $0 * share }
    }
    return Tape.result(Tensor(storage: storage, shape: [batch, width]), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        for sample in 0..<batch {
          for token in 0..<tokens {
            let place = target + (sample * tokens + token) * width
            VectorMath.map(width, gradient + sample * width, place, place) { $0 * share + $1 }
          }
        }
      }
    }
  }

  /// Weighted sums of the tokens `[B, N, D]`, one for each glimpse; the weights are a softmax of scores over the tokens.
  ///
  /// - Parameters:
  ///   - scores: `[B, N, G]`, one column for each of G glimpses.
  ///   - hidden: One value for each token, row by row; a true one takes no part. When all tokens of a sample are hidden, all weigh the
  ///     same, as overwriting every score by one large negative number does.
  /// - Returns: `[B, G D]`, glimpse after glimpse.
  public func pooled(scores: Tensor, hidden: [Bool]? = nil) -> Tensor {
    precondition(rank == 3, "pooled: \(shape) is not [batch, tokens, width]")
    let batch = shape[0]
    let tokens = shape[1]
    let width = width
    let glimpses = scores.width
    precondition(scores.rows == batch * tokens, "pooled: scores \(scores.shape) for tokens \(shape)")
    let weights = Tensor.poolingWeights(scores: scores, batch: batch, hidden: hidden)
    let storage = Storage(count: batch * glimpses * width)
    // [B]: weights transposed [G, N] by tokens [N, D]
    let product = MatrixProduct(
      batch: batch, rows: glimpses, columns: width, inner: tokens,
      left: MatrixLayout(rowStride: 1, columnStride: glimpses, batchStride: tokens * glimpses),
      right: MatrixLayout(rowStride: width, batchStride: tokens * width),
      output: MatrixLayout(rowStride: width, batchStride: glimpses * width))
    product.run(weights.pointer, pointer, into: storage.pointer)
    return Tape.result(Tensor(storage: storage, shape: [batch, glimpses * width]), of: [self, scores]) {
      { gradient in
        if let node = self.node {
          let place = node.contribution()
          MatrixProduct(
            batch: batch, rows: tokens, columns: width, inner: glimpses,
            left: MatrixLayout(rowStride: glimpses, batchStride: tokens * glimpses),
            right: MatrixLayout(rowStride: width, batchStride: glimpses * width),
            output: MatrixLayout(rowStride: width, batchStride: tokens * width), accumulate: place.accumulate
          ).run(weights.pointer, gradient, into: place.pointer)
        }
        guard let target = scores.node?.addableContribution() else { return }
        let slopes = Storage(count: batch * tokens * glimpses)
        MatrixProduct(
          batch: batch, rows: tokens, columns: glimpses, inner: width,
          left: MatrixLayout(rowStride: width, batchStride: tokens * width),
          right: MatrixLayout(rowStride: 1, columnStride: width, batchStride: glimpses * width),
          output: MatrixLayout(rowStride: glimpses, batchStride: tokens * glimpses)
        ).run(self.pointer, gradient, into: slopes.pointer)
        for sample in 0..<batch where !Tensor.allHidden(hidden, sample, tokens) {
          for glimpse in 0..<glimpses {
            let start = sample * tokens * glimpses + glimpse
            var mean: Float = 0
            for token in 0..<tokens {
              mean += weights.pointer[start + token * glimpses] * slopes.pointer[start + token * glimpses]
            }
            for token in 0..<tokens {
              let place = start + token * glimpses
              target[place] += weights.pointer[place] * (slopes.pointer[place] - mean)
            }
          }
        }
      }
    }
  }

  private static func allHidden(_ hidden: [Bool]?, _ sample: Int, _ tokens: Int) -> Bool {
    guard let hidden else { return false }
    return hidden[(sample * tokens)..<((sample + 1) * tokens)].allSatisfy { $0 }
  }

  /// The weights that ``pooled(scores:hidden:)`` gives to the tokens, of the shape of the scores.
  public static func poolingWeights(scores: Tensor, batch: Int, hidden: [Bool]? = nil) -> Tensor {
    let tokens = scores.rows / batch
    let glimpses = scores.width
    precondition(hidden.map { $0.count == batch * tokens } ?? true, "poolingWeights: \(hidden?.count ?? 0) marks")
    let storage = Storage(zeros: scores.count)
    for sample in 0..<batch {
      if allHidden(hidden, sample, tokens) {
        let start = storage.pointer + sample * tokens * glimpses
        start.update(repeating: 1 / Float(tokens), count: tokens * glimpses)
        continue
      }
      for glimpse in 0..<glimpses {
        softmaxColumn(scores, storage, start: sample * tokens * glimpses + glimpse, tokens: tokens, step: glimpses) {
          hidden?[sample * tokens + $0] ?? false
        }
      }
    }
    return Tensor(storage: storage, shape: scores.shape)
  }

  private static func softmaxColumn(
    _ scores: Tensor, _ weights: Storage, start: Int, tokens: Int, step: Int, isHidden: (Int) -> Bool
  ) {
    var greatest = -Float.infinity
    for token in 0..<tokens where !isHidden(token) {
      greatest = max(greatest, scores.pointer[start + token * step])
    }
    var sum: Float = 0
    for token in 0..<tokens where !isHidden(token) {
      let value = VectorMath.exp(Vector(repeating: scores.pointer[start + token * step] - greatest))[0]
      weights.pointer[start + token * step] = value
      sum += value
    }
    for token in 0..<tokens { weights.pointer[start + token * step] /= sum }
  }
}
