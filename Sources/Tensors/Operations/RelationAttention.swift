// RelationAttention.swift - attention whose scores take in relations of an earlier network and are handed on as relations.
//
// Dynamic ViT (Wang et al., NeurIPS 2021), relationship reuse: A = q kᵀ scale + R, and A itself, before the softmax, is what the next
// network reuses. R comes on a coarser grid and is resized row by row where it is added, so the fine map exists for a few rows at a time.
// Scores that nobody asks for are not kept either: the gradient computes them anew (RelationAttentionGradient.swift).

/// Relations of a coarser grid that are added to the scores of an attention.
public struct ReusedRelations: Sendable {
  /// `[B, C, n, n]`, the class token counted.
  public var coarse: Tensor
  /// The channel of the first head; the others follow.
  public var channel: Int
  /// From the coarse grid to that of the attention.
  public var resize: GridResize

  /// Takes the channels from one on.
  public init(coarse: Tensor, channel: Int, resize: GridResize) {
    self.coarse = coarse
    self.channel = channel
    self.resize = resize
  }
}

/// Relations of all layers of a network, filled layer by layer without a tape.
public final class RelationStack: @unchecked Sendable {
  /// The relations, `[B, C, N, N]`; channels that no attention has filled are undefined.
  public let maps: Tensor

  /// Takes memory for the relations of so many channels.
  public init(batch: Int, channels: Int, tokens: Int) {
    maps = Tensor(
      storage: Storage(count: batch * channels * tokens * tokens), shape: [batch, channels, tokens, tokens])
  }
}

/// What becomes of the scores of an attention.
public enum RelationExport {
  /// Nobody asks for them.
  case none
  /// They are a result, on the tape if there is one.
  case result
  /// They are written into channels of a stack, from the given one on; no gradient flows through them.
  case stack(RelationStack, channel: Int)
}

extension Tensor {
  /// Attention of a sequence to itself; this tensor holds queries, keys and values side by side.
  ///
  /// - Parameters:
  ///   - heads: Number of heads; divides D.
  ///   - scale: Multiplied onto the products of queries and keys; 1 / √(D / heads) when absent.
  ///   - reusing: Relations added to the scores.
  ///   - export: What becomes of the scores.
  /// - Returns: `[B, N, 3 D]` to `[B, N, D]`, and the scores `[B, heads, N, N]` when they are a result.
  public func selfAttention(
    heads: Int, scale: Float? = nil, reusing: ReusedRelations? = nil, export: RelationExport = .none
  ) -> (output: Tensor, relations: Tensor?) {
    let inner = width / 3
    precondition(rank == 3 && width == 3 * inner, "selfAttention: \(shape) is not [batch, tokens, 3 widths]")
    return RelationAttentionPass(
      query: Columns(self, 0), key: Columns(self, inner), value: Columns(self, 2 * inner), width: inner, heads: heads,
      scale: scale, reused: reusing
    ).run(export)
  }

  /// Attention from the first tokens of a sequence to all of them.
  ///
  /// - Parameters:
  ///   - queries: `[B, T, D]`, of the first T tokens.
  ///   - keysAndValues: Side by side, `[B, N, 2 D]`.
  ///   - heads: Number of heads; divides D.
  ///   - scale: Multiplied onto the products of queries and keys; 1 / √(D / heads) when absent.
  ///   - reusing: Relations added to the scores.
  /// - Returns: `[B, T, D]`.
  public static func attentionOfFirst(
    queries: Tensor, keysAndValues: Tensor, heads: Int, scale: Float? = nil, reusing: ReusedRelations? = nil
  ) -> Tensor {
    let inner = queries.width
    precondition(
      queries.rank == 3 && keysAndValues.rank == 3 && keysAndValues.width == 2 * inner
        && queries.shape[0] == keysAndValues.shape[0] && queries.shape[1] <= keysAndValues.shape[1],
      "attentionOfFirst: queries \(queries.shape), keys and values \(keysAndValues.shape)")
    return RelationAttentionPass(
      query: Columns(queries, 0), key: Columns(keysAndValues, 0), value: Columns(keysAndValues, inner), width: inner,
      heads: heads, scale: scale, reused: reusing
    ).run(.none).output
  }
}

/// Columns of a tensor's rows, from one on.
struct Columns {
  let tensor: Tensor
  let start: Int

  init(_ tensor: Tensor, _ start: Int) {
    self.tensor = tensor
    self.start = start
  }

  var layout: MatrixLayout { MatrixLayout(rowStride: tensor.width) }

  /// Where a token's columns begin, those of a head for instance.
  func offset(_ sample: Int, _ token: Int, _ column: Int) -> Int {
    (sample * tensor.shape[1] + token) * tensor.width + start + column
  }

  func place(_ sample: Int, _ token: Int, _ column: Int) -> UnsafePointer<Float> {
    UnsafePointer(tensor.pointer + offset(sample, token, column))
  }
}

/// One call of the operation.
struct RelationAttentionPass {
  let query: Columns
  let key: Columns
  let value: Columns
  let width: Int
  let heads: Int
  let scale: Float
  let reused: ReusedRelations?
  let batch: Int
  let queries: Int
  let keys: Int
  let headWidth: Int
  let stride: Int
  /// Query rows computed at a time.
  let blockRows: Int

  init(
    query: Columns, key: Columns, value: Columns, width: Int, heads: Int, scale: Float?, reused: ReusedRelations?
  ) {
    precondition(heads > 0 && width % heads == 0, "attention: a width of \(width) for \(heads) heads")
    self.query = query
    self.key = key
    self.value = value
    self.width = width
    self.heads = heads
    self.reused = reused
    batch = query.tensor.shape[0]
    queries = query.tensor.shape[1]
    keys = key.tensor.shape[1]
    headWidth = width / heads
    self.scale = scale ?? 1 / Float(headWidth).squareRoot()
    // An odd number of cache lines, so that rows do not collide in the cache.
    stride = ((keys + 15) / 16 * 16) | 16
    blockRows = max(16, min(queries, (1 << 17) / stride))
    if let reused {
      let (coarse, old) = (reused.coarse.shape, reused.resize.oldTokens)
      precondition(
        coarse.count == 4 && coarse[0] == batch && coarse[2] == old && coarse[3] == old
          && reused.channel >= 0 && reused.channel + heads <= coarse[1] && keys == reused.resize.newTokens,
        "attention: relations \(coarse) from channel \(reused.channel) for \(heads) heads over \(keys) tokens")
    }
  }

  var blocks: Int { (queries + blockRows - 1) / blockRows }

  func rows(ofBlock block: Int) -> Range<Int> {
    (block * blockRows)..<min(queries, (block + 1) * blockRows)
  }

  func run(_ export: RelationExport) -> (output: Tensor, relations: Tensor?) {
    let storage = Storage(count: batch * queries * width)
    let output = Tensor(storage: storage, shape: [batch, queries, width])
    let operands = [query.tensor, key.tensor, value.tensor]
    switch export {
    case .none:
      forward(into: storage.pointer, exporting: nil)
      return (
        Tape.result(output, of: operands + [reused?.coarse]) { { gradient in self.backward(gradient) } }, nil
      )
    case .stack(let stack, let channel):
      let shape = stack.maps.shape
      precondition(
        shape[0] == batch && channel >= 0 && channel + heads <= shape[1] && shape[2] == queries && shape[3] == keys,
        "attention: a stack \(shape) for channels from \(channel) of \(heads) heads")
      forward(into: storage.pointer, exporting: ExportPlace(stack.maps.pointer, channel: channel, channels: shape[1]))
      return (output, nil)
    case .result:
      let scores = Storage(count: batch * heads * queries * keys)
      forward(into: storage.pointer, exporting: ExportPlace(scores.pointer, channel: 0, channels: heads))
      // Two records: the scores are a result of their own, from which the output follows.
      let relations = Tape.result(
        Tensor(storage: scores, shape: [batch, heads, queries, keys]),
        of: [query.tensor, key.tensor, reused?.coarse]
      ) { { gradient in self.backwardOfRelations(gradient) } }
      return (
        Tape.result(output, of: [relations, value.tensor]) {
          { gradient in self.backward(gradient, through: relations) }
        }, relations
      )
    }
  }

  /// Where scores are written to.
  struct ExportPlace {
    let pointer: UnsafeMutablePointer<Float>
    let channel: Int
    let channels: Int

    init(_ pointer: UnsafeMutablePointer<Float>, channel: Int, channels: Int) {
      self.pointer = pointer
      self.channel = channel
      self.channels = channels
    }
  }

  private func forward(into output: UnsafeMutablePointer<Float>, exporting place: ExportPlace?) {
    WorkerPool.shared.run(batch * heads * blocks) { piece in
      let (sample, head) = (piece / blocks / heads, piece / blocks % heads)
      let range = rows(ofBlock: piece % blocks)
      let scores = Storage(count: range.count * stride)
      let finer = finerKeys(sample, head, for: range)
      computeScores(sample, head, range, finer, into: scores.pointer)
      if let place {
        let map = (sample * place.channels + place.channel + head) * queries + range.lowerBound
        for row in 0..<range.count {
          (place.pointer + (map + row) * keys).update(from: scores.pointer + row * stride, count: keys)
        }
      }
      let factors = exponentiateRows(scores.pointer, range.count)
      let target = output + (sample * queries + range.lowerBound) * width + head * headWidth
      MatrixProduct(
        rows: range.count, columns: headWidth, inner: keys, left: MatrixLayout(rowStride: stride),
        right: value.layout, output: MatrixLayout(rowStride: width)
      ).run(scores.pointer, value.place(sample, 0, head * headWidth), into: target)
      // A head's outputs are fewer than the keys, so they are scaled and not the weights.
      for row in 0..<range.count {
        let factor = factors.pointer[row]
        VectorMath.map(headWidth, target + row * width, target + row * width) { $0 * factor }
      }
    }
  }

  /// The softmax of every row before it is scaled, in place; gives the factor of each row.
  private func exponentiateRows(_ scores: UnsafeMutablePointer<Float>, _ count: Int) -> Storage {
    let factors = Storage(count: count)
    for row in 0..<count {
      let line = scores + row * stride
      let greatest = VectorMath.greatest(keys, line)
      factors.pointer[row] = 1 / VectorMath.exponentiate(keys, line, minus: greatest)
    }
    return factors
  }

  /// The reused relations of a head with their keys resized, `[n, N]`; only the old queries that the rows are made of are set.
  func finerKeys(_ sample: Int, _ head: Int, for range: Range<Int>) -> Storage? {
    guard let reused else { return nil }
    let old = reused.resize.oldTokens
    let map = reused.coarse.pointer + (sample * reused.coarse.shape[1] + reused.channel + head) * old * old
    let finer = Storage(count: old * stride)
    reused.resize.withTaps { taps in
      // The class token's row is made of itself alone.
      let needed = range.upperBound == 1 ? 1 : old
      RelationResizing.keys(map, taps, old: old, queries: needed, into: finer.pointer, stride: stride)
    }
    return finer
  }

  /// Scores of some rows, relations added.
  func computeScores(
    _ sample: Int, _ head: Int, _ range: Range<Int>, _ finer: Storage?, into scores: UnsafeMutablePointer<Float>
  ) {
    MatrixProduct(
      rows: range.count, columns: keys, inner: headWidth, left: query.layout,
      right: MatrixLayout(rowStride: 1, columnStride: key.tensor.width), output: MatrixLayout(rowStride: stride)
    ).run(
      query.place(sample, range.lowerBound, head * headWidth), key.place(sample, 0, head * headWidth), into: scores)
    guard let reused, let finer else {
      for row in 0..<range.count {
        VectorMath.map(keys, scores + row * stride, scores + row * stride) { $0 * scale }
      }
      return
    }
    reused.resize.withTaps { taps in
      for row in 0..<range.count {
        taps.addRow(
          range.lowerBound &+ row, of: finer.pointer, stride: stride, width: keys, factor: scale,
          to: scores + row * stride)
      }
    }
  }

  /// The softmax of every row, in place.
  func softenRows(_ scores: UnsafeMutablePointer<Float>, _ count: Int) {
    for row in 0..<count {
      let line = scores + row * stride
      let greatest = VectorMath.greatest(keys, line)
      VectorMath.map(keys, line, line) { VectorMath.exp($0 - greatest) }
      let factor = 1 / VectorMath.sum(keys, line)
      VectorMath.map(keys, line, line) { $0 * factor }
    }
  }
}

extension VectorMath {
  /// e to the power of every element less a number, in place; gives the sum.
  @inline(__always)
  static func exponentiate(_ count: Int, _ row: UnsafeMutablePointer<Float>, minus greatest: Float) -> Float {
    var sum = Vector()
    var index = 0
    while index &+ 8 <= count {
      let values = exp(row.vector(index) - greatest)
      row.store(values, index)
      sum += values
      index = index &+ 8
    }
    var total = sum.total
    guard index < count else { return total }
    var padded = Vector()
    for lane in 0..<(count &- index) { padded[lane] = row[index &+ lane] }
    padded = exp(padded - greatest)
    for lane in 0..<(count &- index) {
      row[index &+ lane] = padded[lane]
      total += padded[lane]
    }
    return total
  }

  /// The greatest element of a row.
  @inline(__always)
  static func greatest(_ count: Int, _ row: UnsafePointer<Float>) -> Float {
    var lanes = Vector(repeating: -.infinity)
    var index = 0
    while index &+ 8 <= count {
      let values = row.vector(index)
      lanes = lanes.replacing(with: values, where: lanes .< values)
      index = index &+ 8
    }
    var result = lanes.greatest
    while index < count {
      if row[index] > result { result = row[index] }
      index = index &+ 1
    }
    return result
  }
}
