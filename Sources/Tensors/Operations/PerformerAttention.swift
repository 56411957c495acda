// PerformerAttention.swift - attention in linear time through random features, as the token performer of T2T-ViT computes it.
//
// Choromanski et al., ICLR 2021: softmax's kernel as a mean over positive features phi(u) = exp(W u - |u|²/2) / sqrt(m). One head, no scale,
// and keys before queries before values. The exponent is not shifted by its maximum, as in the original.

extension Tensor {
  /// Attends through random features; this tensor holds keys, queries and values side by side.
  ///
  /// - Parameter features: The fixed directions W, `[m, e]`; no gradient flows to them.
  /// - Returns: `[B, T, 3 e]` to `[B, T, e]`.
  public func performerAttention(features: Tensor) -> Tensor {
    let width = features.width
    precondition(rank == 3 && self.width == 3 * width, "performerAttention: \(shape) for features \(features.shape)")
    let pass = PerformerPass(joined: self, features: features)
    let storage = Storage(count: pass.batch * pass.tokens * width)
    let maps = Storage(count: pass.batch * pass.mapSize)
    WorkerPool.shared.run(pass.batch) { pass.forward($0, maps: maps.pointer, into: storage.pointer) }
    return Tape.result(Tensor(storage: storage, shape: [pass.batch, pass.tokens, width]), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        WorkerPool.shared.run(pass.batch) { sample in
          pass.backward(sample, maps: maps.pointer, output: storage.pointer, gradient, to: target)
        }
      }
    }
  }
}

/// One call of the operation: T tokens of width e, m features.
private struct PerformerPass {
  let joined: Tensor
  let features: Tensor
  let batch: Int
  let tokens: Int
  let width: Int
  let count: Int

  /// Added to the sum that divides a token's output.
  private static let epsilon: Float = 1e-8

  init(joined: Tensor, features: Tensor) {
    self.joined = joined
    self.features = features
    batch = joined.shape[0]
    tokens = joined.shape[1]
    width = features.width
    count = features.shape[0]
  }

  /// What is kept of a sample for the gradient: phi(k) and phi(q), `[T, m]` each, then the sums S `[m, e]` and z `[m]`.
  var mapSize: Int { 2 * tokens * count + count * (width + 1) }

  private var rowOfInput: MatrixLayout { MatrixLayout(rowStride: 3 * width) }
  private var rowOfFeatures: MatrixLayout { MatrixLayout(rowStride: count) }
  private var rowOfWidth: MatrixLayout { MatrixLayout(rowStride: width) }
  private var columnOfFeatures: MatrixLayout { MatrixLayout(rowStride: 1, columnStride: count) }
  private var columnOfWidth: MatrixLayout { MatrixLayout(rowStride: 1, columnStride: width) }

  private func part(_ sample: Int, _ part: Int) -> UnsafePointer<Float> {
    UnsafePointer(joined.pointer + sample * tokens * 3 * width + part * width)
  }

  func forward(_ sample: Int, maps: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    let keys = maps + sample * mapSize
    let queries = keys + tokens * count
    let sums = queries + tokens * count
    let totals = sums + count * width
    project(part(sample, 0), into: keys)
    project(part(sample, 1), into: queries)
    MatrixProduct(
      rows: count, columns: width, inner: tokens, left: columnOfFeatures, right: rowOfInput, output: rowOfWidth
    ).run(keys, part(sample, 2), into: sums)
    totals.update(repeating: 0, count: count)
    ColumnSum.add(keys, rows: tokens, columns: count, to: totals)
    let target = output + sample * tokens * width
    MatrixProduct(
      rows: tokens, columns: width, inner: count, left: rowOfFeatures, right: rowOfWidth, output: rowOfWidth
    ).runOnPool(queries, sums, into: target)
    for token in 0..<tokens {
      let factor = 1 / divisor(queries + token * count, totals)
      VectorMath.map(width, target + token * width, target + token * width) { $0 * factor }
    }
  }

  private func divisor(_ query: UnsafePointer<Float>, _ totals: UnsafePointer<Float>) -> Float {
    VectorMath.dot(count, query, totals) + Self.epsilon
  }

  /// phi of every token of one part.
  private func project(_ rows: UnsafePointer<Float>, into maps: UnsafeMutablePointer<Float>) {
    MatrixProduct(
      rows: tokens, columns: count, inner: width, left: rowOfInput, right: columnOfWidth, output: rowOfFeatures
    ).runOnPool(rows, features.pointer, into: maps)
    let norm = 1 / Float(count).squareRoot()
    Pieces.runRows(tokens, width: count) { range in
      for token in range {
        let row = rows + token * 3 * width
        let half = VectorMath.dot(width, row, row) * 0.5
        let place = maps + token * count
        VectorMath.map(count, place, place) { VectorMath.exp($0 - half) * norm }
      }
    }
  }

  /// With d = phi(q).z + epsilon and y = S phi(q) / d, the gradients run back through S, z and both phis.
  func backward(
    _ sample: Int, maps: UnsafeMutablePointer<Float>, output: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let keys = UnsafePointer(maps + sample * mapSize)
    let queries = keys + tokens * count
    let sums = queries + tokens * count
    let totals = sums + count * width
    let above = Storage(count: tokens * width)  // gradient of the numerator
    let below = Storage(count: tokens)  // gradient of the divisor
    for token in 0..<tokens {
      let place = (sample * tokens + token) * width
      let factor = 1 / divisor(queries + token * count, totals)
      below.pointer[token] = -VectorMath.dot(width, gradient + place, output + place) * factor
      VectorMath.map(width, gradient + place, above.pointer + token * width) { $0 * factor }
    }
    let slopes = Storage(count: tokens * count)  // gradient of a phi
    MatrixProduct(
      rows: tokens, columns: count, inner: width, left: rowOfWidth, right: columnOfWidth, output: rowOfFeatures
    ).runOnPool(above.pointer, sums, into: slopes.pointer)
    for token in 0..<tokens {
      let (row, factor) = (slopes.pointer + token * count, below.pointer[token])
      VectorMath.map(count, totals, row, row) { $0 * factor + $1 }
    }
    addThroughFeatures(slopes.pointer, queries, sample, part: 1, to: target)

    let sumSlopes = Storage(count: count * width)
    MatrixProduct(
      rows: count, columns: width, inner: tokens, left: columnOfFeatures, right: rowOfWidth, output: rowOfWidth
    ).run(queries, above.pointer, into: sumSlopes.pointer)
    let totalSlopes = Storage(zeros: count)
    for token in 0..<tokens {
      let factor = below.pointer[token]
      VectorMath.map(count, queries + token * count, totalSlopes.pointer, totalSlopes.pointer) { $0 * factor + $1 }
    }
    let values = target + sample * tokens * 3 * width + 2 * width
    MatrixProduct(
      rows: tokens, columns: width, inner: count, left: rowOfFeatures, right: rowOfWidth, output: rowOfInput,
      accumulate: true
    ).runOnPool(keys, sumSlopes.pointer, into: values)
    MatrixProduct(
      rows: tokens, columns: count, inner: width, left: rowOfInput, right: columnOfWidth, output: rowOfFeatures
    ).runOnPool(part(sample, 2), sumSlopes.pointer, into: slopes.pointer)
    for token in 0..<tokens { VectorMath.add(count, totalSlopes.pointer, to: slopes.pointer + token * count) }
    addThroughFeatures(slopes.pointer, keys, sample, part: 0, to: target)
  }

  /// From the gradient of phi(u) to that of u: with a = slope x phi, it is a W - (sum of a) u.
  private func addThroughFeatures(
    _ slopes: UnsafeMutablePointer<Float>, _ maps: UnsafePointer<Float>, _ sample: Int, part number: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    let place = target + sample * tokens * 3 * width + number * width
    let source = part(sample, number)
    for token in 0..<tokens {
      let row = slopes + token * count
      VectorMath.map(count, row, maps + token * count, row) { $0 * $1 }
      let total = VectorMath.sum(count, row)
      let at = place + token * 3 * width
      VectorMath.map(width, source + token * 3 * width, at, at) { $1 - $0 * total }
    }
    MatrixProduct(
      rows: tokens, columns: width, inner: count, left: rowOfFeatures, right: rowOfWidth, output: rowOfInput,
      accumulate: true
    ).runOnPool(slopes, features.pointer, into: place)
  }
}
