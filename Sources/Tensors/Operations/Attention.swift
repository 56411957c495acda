// Attention.swift - multi-head attention, plain and routed, as one operation with its gradient.
//
// Vaswani et al. 2017; TRAR (Zhou et al., ICCV 2021) for the routed kind. Scores are computed once and exp is taken once an element,
// whatever the number of spans (AttentionRow.swift). The gradient computes the scores anew instead of keeping a map for every head.

extension Tensor {
  /// Attends from queries `[B, T, D]` to keys and values `[B, N, D]`; the width is cut into heads.
  ///
  /// - Parameters:
  ///   - query: `[B, T, D]`.
  ///   - key: `[B, N, D]`.
  ///   - value: `[B, N, D]`.
  ///   - heads: Number of heads; divides D.
  ///   - hiddenKeys: One mark for each of the B N keys, true for those that take no part; when all of a sample are hidden, each gets 1/N.
  ///   - dropout: Probability of dropping an attention weight in training.
  /// - Returns: `[B, T, D]`.
  public static func attention(
    query: Tensor, key: Tensor, value: Tensor, heads: Int, hiddenKeys: [Bool]? = nil, dropout: Float = 0
  ) -> Tensor {
    AttentionPass(query, key, value, heads, windows: nil, weights: nil, hiddenKeys, dropout).run()
  }

  /// Attends from every token of a grid through several windows at once, mixing their maps by weights.
  ///
  /// - Parameters:
  ///   - query: `[B, N, D]`.
  ///   - key: `[B, N, D]`.
  ///   - value: `[B, N, D]`.
  ///   - heads: Number of heads; divides D.
  ///   - windows: The windows; their grid has N tokens.
  ///   - weights: The weight of each window for each sample, `[B, S]`.
  ///   - hiddenKeys: One mark for each of the B N keys, true for padding. A window whose keys are all hidden gives 1/N to every key.
  ///   - dropout: Probability of dropping an attention weight in training, drawn for each window by itself.
  /// - Returns: `[B, N, D]`.
  public static func routedAttention(
    query: Tensor, key: Tensor, value: Tensor, heads: Int, windows: AttentionWindows, weights: Tensor,
    hiddenKeys: [Bool]? = nil, dropout: Float = 0
  ) -> Tensor {
    precondition(
      windows.tokens == key.shape[1] && query.shape == key.shape,
      "routedAttention: queries \(query.shape), keys \(key.shape), a grid of \(windows.tokens)")
    precondition(weights.shape == [query.shape[0], windows.orders.count], "routedAttention: weights \(weights.shape)")
    return AttentionPass(query, key, value, heads, windows: windows, weights: weights, hiddenKeys, dropout).run()
  }
}

/// One call of the operation, forward and gradient.
private struct AttentionPass {
  let query: Tensor
  let key: Tensor
  let value: Tensor
  let heads: Int
  let windows: AttentionWindows?
  let weights: Tensor?
  let dropout: Float
  let seed: UInt64?
  let marks: AttentionMarks
  let batch: Int
  let queries: Int
  let keys: Int
  let width: Int
  let headWidth: Int
  let stride: Int

  init(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, _ heads: Int, windows: AttentionWindows?, weights: Tensor?,
    _ hiddenKeys: [Bool]?, _ dropout: Float
  ) {
    self.query = query
    self.key = key
    self.value = value
    self.heads = heads
    self.windows = windows
    self.weights = weights
    batch = query.shape[0]
    queries = query.shape[1]
    keys = key.shape[1]
    width = query.width
    precondition(heads > 0 && width % heads == 0, "attention: a width of \(width) for \(heads) heads")
    precondition(key.shape == [batch, keys, width] && value.shape == key.shape, "attention: keys \(key.shape)")
    headWidth = width / heads
    // Eight floats of slack for the last vector, and an odd number of cache lines so that rows do not collide in the cache.
    stride = ((keys + 8 + 15) / 16 * 16) | 16
    precondition(DropoutMask.allows(dropout), "attention: a dropout of \(dropout)")
    seed = dropout > 0 ? Tape.current?.nextSeed() : nil
    self.dropout = dropout
    marks = AttentionMarks(hiddenKeys, batch: batch, keys: keys, stride: stride)
  }

  /// Whether gradients will be asked for; then all pairs are computed.
  private var isRecorded: Bool {
    Tape.current != nil && [query, key, value, weights].contains { $0?.node != nil }
  }

  /// For each sample the number of the only window of some weight, if nothing outside it is to be computed.
  private var bands: [Int?] {
    guard let windows, let weights, seed == nil, !isRecorded else { return [] }
    let count = windows.orders.count
    return (0..<batch).map { sample in
      windows.bandWindow(UnsafeBufferPointer(start: weights.pointer + sample * count, count: count))
    }
  }

  private func runBand(
    _ window: Int, _ windows: AttentionWindows, _ sample: Int, _ head: Int, _ row: AttentionRow, into storage: Storage
  ) {
    let offset = queryOffset(sample, head)
    AttentionBand(
      windows: windows, order: windows.orders[window], headWidth: headWidth, width: width, visible: row.visible
    )
    .run(
      query.pointer + offset, keyPlace(key, sample, head), keyPlace(value, sample, head),
      weight: row.weights?[window] ?? 1, into: storage.pointer + offset)
  }

  func run() -> Tensor {
    let storage = Storage(count: query.count)
    let bands = bands
    forEachHead { sample, head, row in
      if !bands.isEmpty, let windows, let window = bands[sample] {
        runBand(window, windows, sample, head, row, into: storage)
        return
      }
      let scores = Storage(zeros: queries * stride)
      let map = Storage(zeros: queries * stride)
      computeScores(sample, head, into: scores.pointer)
      var dropped = DroppedRows(dropout, seed, sample * heads + head, stride)
      let spare = Storage(count: stride)
      for queryIndex in 0..<queries {
        let line = scores.pointer + queryIndex * stride
        row.exponentials(line)
        for window in 0..<row.windowCount {
          let weight = row.weights?[window] ?? 1
          let factors = dropped.next(keys)
          if weight == 0 { continue }
          let outcome = row.outcome(window, queryIndex, exponentials: line, spare: spare.pointer) {
            rawScore(sample, head, queryIndex, $0)
          }
          row.addMap(
            outcome, window, queryIndex, amount: weight, exponentials: line, spare: spare.pointer, dropped: factors,
            to: map.pointer + queryIndex * stride)
        }
      }
      MatrixProduct(
        rows: queries, columns: headWidth, inner: keys, left: MatrixLayout(rowStride: stride),
        right: MatrixLayout(rowStride: width), output: MatrixLayout(rowStride: width)
      ).run(map.pointer, keyPlace(value, sample, head), into: storage.pointer + queryOffset(sample, head))
    }
    return Tape.result(Tensor(storage: storage, shape: query.shape), of: [query, key, value, weights]) {
      { gradient in self.backward(gradient) }
    }
  }

  private func backward(_ gradient: UnsafeMutablePointer<Float>) {
    let queryPlace = query.node?.contribution()
    let keyPlaceOut = key.node?.contribution()
    let valuePlace = value.node?.contribution()
    let weightSlopes = Storage(zeros: batch * heads * (windows?.orders.count ?? 1))
    let undropped = Tensor(repeating: 1, shape: [stride])
    forEachHead { sample, head, row in
      let scores = Storage(zeros: queries * stride)
      let map = Storage(zeros: queries * stride)
      let slopes = Storage(zeros: queries * stride)
      let scoreSlopes = Storage(zeros: queries * stride)
      computeScores(sample, head, into: scores.pointer)
      let offset = queryOffset(sample, head)
      MatrixProduct(  // the gradient of the mixed map
        rows: queries, columns: keys, inner: headWidth, left: MatrixLayout(rowStride: width),
        right: MatrixLayout(rowStride: 1, columnStride: width), output: MatrixLayout(rowStride: stride)
      ).run(gradient + offset, keyPlace(value, sample, head), into: slopes.pointer)
      var dropped = DroppedRows(dropout, seed, sample * heads + head, stride)
      let spare = Storage(count: stride)
      let sums = weightSlopes.pointer + (sample * heads + head) * row.windowCount
      for queryIndex in 0..<queries {
        let line = scores.pointer + queryIndex * stride
        let slopeLine = scoreSlopes.pointer + queryIndex * stride
        row.exponentials(line)
        for window in 0..<row.windowCount {
          let weight = row.weights?[window] ?? 1
          let factors = dropped.next(keys)
          let outcome = row.outcome(window, queryIndex, exponentials: line, spare: spare.pointer) {
            rawScore(sample, head, queryIndex, $0)
          }
          row.addMap(
            outcome, window, queryIndex, amount: weight, exponentials: line, spare: spare.pointer, dropped: factors,
            to: map.pointer + queryIndex * stride)
          sums[window] += row.gradient(
            outcome, window, queryIndex, weight: weight, exponentials: line, spare: spare.pointer,
            dropped: factors ?? UnsafePointer(undropped.pointer), slope: slopes.pointer + queryIndex * stride,
            to: slopeLine)
        }
        VectorMath.map(keys, slopeLine, slopeLine) { $0 * row.scale }
      }
      add(scoreSlopes.pointer, map.pointer, gradient, sample, head, queryPlace, keyPlaceOut, valuePlace)
    }
    guard let node = weights?.node, let windows else { return }
    let target = node.addableContribution()
    for sample in 0..<batch {
      for head in 0..<heads {
        let source = weightSlopes.pointer + (sample * heads + head) * windows.orders.count
        for window in windows.orders.indices { target[sample * windows.orders.count + window] += source[window] }
      }
    }
  }

  private typealias Place = (pointer: UnsafeMutablePointer<Float>, accumulate: Bool)

  /// The three products that carry the gradients of scores and map to queries, keys and values, in this order.
  private func add(
    _ scoreSlopes: UnsafePointer<Float>, _ map: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ sample: Int,
    _ head: Int, _ queryPlace: Place?, _ keyOut: Place?, _ valueOut: Place?
  ) {
    let queryStart = queryOffset(sample, head)
    let keyStart = sample * keys * width + head * headWidth
    let rowsOfWidth = MatrixLayout(rowStride: width)
    if let queryPlace {
      MatrixProduct(
        rows: queries, columns: headWidth, inner: keys, left: MatrixLayout(rowStride: stride), right: rowsOfWidth,
        output: rowsOfWidth, accumulate: queryPlace.accumulate
      ).run(scoreSlopes, key.pointer + keyStart, into: queryPlace.pointer + queryStart)
    }
    let transposed = MatrixLayout(rowStride: 1, columnStride: stride)
    if let keyOut {
      MatrixProduct(
        rows: keys, columns: headWidth, inner: queries, left: transposed, right: rowsOfWidth, output: rowsOfWidth,
        accumulate: keyOut.accumulate
      ).run(scoreSlopes, query.pointer + queryStart, into: keyOut.pointer + keyStart)
    }
    if let valueOut {
      MatrixProduct(
        rows: keys, columns: headWidth, inner: queries, left: transposed, right: rowsOfWidth, output: rowsOfWidth,
        accumulate: valueOut.accumulate
      ).run(map, gradient + queryStart, into: valueOut.pointer + keyStart)
    }
  }

  private func queryOffset(_ sample: Int, _ head: Int) -> Int { sample * queries * width + head * headWidth }

  private func keyPlace(_ tensor: Tensor, _ sample: Int, _ head: Int) -> UnsafePointer<Float> {
    UnsafePointer(tensor.pointer + sample * keys * width + head * headWidth)
  }

  private func computeScores(_ sample: Int, _ head: Int, into scores: UnsafeMutablePointer<Float>) {
    MatrixProduct(
      rows: queries, columns: keys, inner: headWidth, left: MatrixLayout(rowStride: width),
      right: MatrixLayout(rowStride: 1, columnStride: width), output: MatrixLayout(rowStride: stride)
    ).run(query.pointer + queryOffset(sample, head), keyPlace(key, sample, head), into: scores)
  }

  private func rawScore(_ sample: Int, _ head: Int, _ queryIndex: Int, _ keyIndex: Int) -> Float {
    VectorMath.dot(
      headWidth, query.pointer + queryOffset(sample, head) + queryIndex * width,
      keyPlace(key, sample, head) + keyIndex * width)
  }

  /// Calls `body` for every sample and head; each writes to columns of its own, so they may run side by side.
  private func forEachHead(_ body: @escaping (_ sample: Int, _ head: Int, _ row: AttentionRow) -> Void) {
    WorkerPool.shared.run(batch * heads) { piece in
      let sample = piece / heads
      let count = windows?.orders.count ?? 1
      func call(_ masks: UnsafePointer<Float>?) {
        let row = AttentionRow(
          keys: keys, stride: stride, scale: 1 / Float(headWidth).squareRoot(), windows: windows, masks: masks,
          visible: marks.visible(sample), penalty: marks.penalty(sample),
          hasVisibleKeys: marks.hasVisibleKeys[sample],
          weights: weights.map { UnsafePointer($0.pointer + sample * count) })
        body(sample, piece % heads, row)
      }
      if let windows { windows.withMasks { call($0) } } else { call(nil) }
    }
  }
}

/// The marks of hidden keys as factors and addends, padded to whole vectors.
private struct AttentionMarks {
  let hasVisibleKeys: [Bool]
  private let storage: Storage
  private let stride: Int
  private let isShared: Bool

  init(_ hidden: [Bool]?, batch: Int, keys: Int, stride: Int) {
    precondition(hidden.map { $0.count == batch * keys } ?? true, "attention: \(hidden?.count ?? 0) marks for keys")
    let samples = hidden == nil ? 1 : batch
    storage = Storage(count: samples * 2 * stride)
    self.stride = stride
    isShared = hidden == nil
    var found = [Bool](repeating: true, count: batch)
    for sample in 0..<samples {
      let visible = storage.pointer + sample * 2 * stride
      var count = 0
      for index in 0..<stride {
        let isVisible = index < keys && !(hidden?[sample * keys + index] ?? false)
        visible[index] = isVisible ? 1 : 0
        visible[stride + index] = isVisible ? 0 : -1e30
        count += isVisible ? 1 : 0
      }
      if !isShared { found[sample] = count > 0 }
    }
    hasVisibleKeys = found
  }

  func visible(_ sample: Int) -> UnsafePointer<Float> {
    UnsafePointer(storage.pointer + (isShared ? 0 : sample * 2 * stride))
  }

  func penalty(_ sample: Int) -> UnsafePointer<Float> { visible(sample) + stride }
}

/// The dropout factors of one head, row after row, each drawn for all keys; nil outside training.
private struct DroppedRows {
  private var mask: DropoutMask?
  private let row: Storage?

  init(_ probability: Float, _ seed: UInt64?, _ index: Int, _ stride: Int) {
    mask = seed.map { DropoutMask(probability, seed: SeededRandom.mix($0, UInt64(index))) }
    row = seed == nil ? nil : Storage(zeros: stride)
  }

  mutating func next(_ keys: Int) -> UnsafePointer<Float>? {
    guard let row, var mask else { return nil }
    var index = 0
    while index < keys {  // the slack of the row is set as well, where it meets zeros only
      row.pointer.store(mask.next(), index)
      index = index &+ 8
    }
    self.mask = mask
    return UnsafePointer(row.pointer)
  }
}
