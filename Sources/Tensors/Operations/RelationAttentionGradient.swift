// RelationAttentionGradient.swift - the gradients of RelationAttention.swift: from the output to scores and values, from scores to the rest.
//
// With P = softmax(A) and the output P v: dP = g vᵀ, dA = P (dP - sum of P dP), dv = Pᵀ g; then dq = dA k scale, dk = dAᵀ q scale, and the
// reused relations get dA, carried back through the resize.

extension RelationAttentionPass {
  /// Where the gradients of queries, keys, values and coarse relations are gathered.
  private struct Targets {
    let query: UnsafeMutablePointer<Float>?
    let key: UnsafeMutablePointer<Float>?
    let value: UnsafeMutablePointer<Float>?
    let coarse: UnsafeMutablePointer<Float>?
  }

  private var scoreTargets: Targets {
    Targets(
      query: query.tensor.node?.addableContribution(), key: key.tensor.node?.addableContribution(), value: nil,
      coarse: reused?.coarse.node?.addableContribution())
  }

  /// The gradient of everything, when the scores are no result: they are computed anew.
  func backward(_ gradient: UnsafePointer<Float>) {
    let places = scoreTargets
    let values = value.tensor.node?.addableContribution()
    forEachHead { sample, head in
      let finer = finerKeys(sample, head, for: 0..<queries)
      let finerSlopes = makeFinerSlopes()
      for block in 0..<blocks {
        let range = rows(ofBlock: block)
        let scores = Storage(count: range.count * stride)
        computeScores(sample, head, range, finer, into: scores.pointer)
        addOutputGradient(sample, head, range, scores.pointer, gradient, values)
        addScoreGradient(sample, head, range, scores.pointer, places, finerSlopes)
      }
      addRelationGradient(sample, head, finerSlopes, places)
    }
  }

  /// The gradient of scores and values, when the scores are a result and stand on the tape themselves.
  func backward(_ gradient: UnsafePointer<Float>, through relations: Tensor) {
    let values = value.tensor.node?.addableContribution()
    let target = relations.node?.addableContribution()
    forEachHead { sample, head in
      for block in 0..<blocks {
        let range = rows(ofBlock: block)
        let scores = Storage(count: range.count * stride)
        let start = ((sample * heads + head) * queries + range.lowerBound) * keys
        for row in 0..<range.count {
          (scores.pointer + row * stride).update(from: relations.pointer + start + row * keys, count: keys)
        }
        addOutputGradient(sample, head, range, scores.pointer, gradient, values)
        guard let target else { continue }
        for row in 0..<range.count {
          VectorMath.add(keys, scores.pointer + row * stride, to: target + start + row * keys)
        }
      }
    }
  }

  /// The gradient of queries, keys and coarse relations from that of the scores.
  func backwardOfRelations(_ gradient: UnsafePointer<Float>) {
    let places = scoreTargets
    forEachHead { sample, head in
      let finerSlopes = makeFinerSlopes()
      for block in 0..<blocks {
        let range = rows(ofBlock: block)
        let slopes = Storage(count: range.count * stride)
        let start = ((sample * heads + head) * queries + range.lowerBound) * keys
        for row in 0..<range.count {
          (slopes.pointer + row * stride).update(from: gradient + start + row * keys, count: keys)
        }
        addScoreGradient(sample, head, range, slopes.pointer, places, finerSlopes)
      }
      addRelationGradient(sample, head, finerSlopes, places)
    }
  }

  /// Calls `body` for every sample and head; each adds to columns and channels of its own.
  private func forEachHead(_ body: @escaping (_ sample: Int, _ head: Int) -> Void) {
    WorkerPool.shared.run(batch * heads) { body($0 / heads, $0 % heads) }
  }

  private func makeFinerSlopes() -> Storage? {
    guard let reused, reused.coarse.node != nil else { return nil }
    return Storage(zeros: reused.resize.oldTokens * stride)
  }

  /// Turns scores into their gradient, in place, and adds the gradient of the values.
  private func addOutputGradient(
    _ sample: Int, _ head: Int, _ range: Range<Int>, _ scores: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ values: UnsafeMutablePointer<Float>?
  ) {
    softenRows(scores, range.count)
    let slope = gradient + (sample * queries + range.lowerBound) * width + head * headWidth
    if let values {
      MatrixProduct(
        rows: keys, columns: headWidth, inner: range.count, left: MatrixLayout(rowStride: 1, columnStride: stride),
        right: MatrixLayout(rowStride: width), output: value.layout, accumulate: true
      ).run(scores, slope, into: values + value.offset(sample, 0, head * headWidth))
    }
    let products = Storage(count: range.count * stride)
    MatrixProduct(
      rows: range.count, columns: keys, inner: headWidth, left: MatrixLayout(rowStride: width),
      right: MatrixLayout(rowStride: 1, columnStride: value.tensor.width), output: MatrixLayout(rowStride: stride)
    ).run(slope, value.place(sample, 0, head * headWidth), into: products.pointer)
    for row in 0..<range.count {
      let (weights, slopes) = (scores + row * stride, products.pointer + row * stride)
      let mean = VectorMath.dot(keys, weights, slopes)
      VectorMath.map(keys, weights, slopes, weights) { $0 * ($1 - mean) }
    }
  }

  /// From the gradient of some rows of scores to those of queries and keys, and to that of relations with fine keys.
  private func addScoreGradient(
    _ sample: Int, _ head: Int, _ range: Range<Int>, _ slopes: UnsafeMutablePointer<Float>, _ places: Targets,
    _ finerSlopes: Storage?
  ) {
    if let reused, let finerSlopes {
      reused.resize.withTaps { taps in
        for row in 0..<range.count {
          taps.addRowGradient(
            range.lowerBound + row, slopes + row * stride, width: keys, to: finerSlopes.pointer, stride: stride)
        }
      }
    }
    for row in 0..<range.count {
      VectorMath.map(keys, slopes + row * stride, slopes + row * stride) { $0 * scale }
    }
    let column = head * headWidth
    if let target = places.query {
      MatrixProduct(
        rows: range.count, columns: headWidth, inner: keys, left: MatrixLayout(rowStride: stride), right: key.layout,
        output: query.layout, accumulate: true
      ).run(slopes, key.place(sample, 0, column), into: target + query.offset(sample, range.lowerBound, column))
    }
    if let target = places.key {
      MatrixProduct(
        rows: keys, columns: headWidth, inner: range.count, left: MatrixLayout(rowStride: 1, columnStride: stride),
        right: query.layout, output: key.layout, accumulate: true
      ).run(slopes, query.place(sample, range.lowerBound, column), into: target + key.offset(sample, 0, column))
    }
  }

  private func addRelationGradient(_ sample: Int, _ head: Int, _ finerSlopes: Storage?, _ places: Targets) {
    guard let reused, let finerSlopes, let target = places.coarse else { return }
    let old = reused.resize.oldTokens
    let map = target + (sample * reused.coarse.shape[1] + reused.channel + head) * old * old
    reused.resize.withTaps { taps in
      RelationResizing.addKeyGradients(finerSlopes.pointer, taps, old: old, stride: stride, to: map)
    }
  }
}
