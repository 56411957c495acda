// BatchNormMoments.swift - mean and centred squares of every channel over all pieces and shards.
//
// Each piece of rows is read while it is in the cache: first its mean, then the squares of the distances from it. Pieces and shards are
// joined in order by the formula of Chan, Golub and LeVeque (1979), which loses no digits however far the mean is from zero; so the
// shards meet once.

/// Count, mean and sum of centred squares of each channel.
struct BatchMoments {
  private(set) var count = 0.0
  private(set) var mean: [Double]
  private(set) var squares: [Double]

  /// The variance over n.
  var biasedVariance: [Double] { squares.map { $0 / max(1, count) } }
  /// The variance over n - 1.
  var unbiasedVariance: [Double] { squares.map { $0 / max(1, count - 1) } }

  private init(channels: Int) {
    mean = [Double](repeating: 0, count: channels)
    squares = mean
  }

  /// The moments of a tensor's channels, over all shards when there is an exchange.
  init(of tensor: Tensor, exchange: ShardExchange?) {
    let channels = tensor.width
    self.init(channels: channels)
    let size = ChannelBlocks.rowsPerPiece(channels)
    let pieces = (tensor.rows + size - 1) / size
    let partial = Storage(count: max(1, pieces * 2 * channels))
    WorkerPool.shared.run(pieces) { piece in
      let start = piece * size
      Self.measure(
        tensor.pointer + start * channels, rows: min(size, tensor.rows - start), channels: channels,
        into: partial.pointer + piece * 2 * channels)
    }
    for piece in 0..<pieces {
      join(partial.pointer + piece * 2 * channels, count: Double(min(size, tensor.rows - piece * size)))
    }
    guard let exchange else { return }
    let own = [Float(tensor.rows)] + mean.map { Float($0) } + squares.map { Float($0) }
    self.init(channels: channels)
    for shard in exchange.group.gather(own, shard: exchange.shard) where shard.count == own.count {
      shard.withUnsafeBufferPointer { values in
        if let base = values.baseAddress { join(base + 1, count: Double(base[0])) }
      }
    }
  }

  /// Joins means and centred squares, one after the other, of `count` further rows.
  private mutating func join(_ other: UnsafePointer<Float>, count added: Double) {
    guard added > 0 else { return }
    let total = count + added
    let channels = mean.count
    for channel in 0..<channels {
      let distance = Double(other[channel]) - mean[channel]
      mean[channel] += distance * (added / total)
      squares[channel] += Double(other[channels + channel]) + distance * distance * (count * added / total)
    }
    count = total
  }

  /// Writes the means and then the centred squares of some rows.
  private static func measure(
    _ values: UnsafePointer<Float>, rows: Int, channels: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let sums = ChannelBlocks.sums(rows: rows, channels: channels) { row, channel in
      values.vector(row &* channels &+ channel)
    } single: { row, channel in
      values[row &* channels &+ channel]
    }
    for channel in 0..<channels { target[channel] = Float(sums[channel] / Double(rows)) }
    let mean = UnsafePointer(target)
    let squares = ChannelBlocks.sums(rows: rows, channels: channels) { row, channel in
      let distance = values.vector(row &* channels &+ channel) - mean.vector(channel)
      return distance * distance
    } single: { row, channel in
      let distance = values[row &* channels &+ channel] - mean[channel]
      return distance * distance
    }
    for channel in 0..<channels {
      // The squares were taken about the rounded mean.
      let rounding = Double(target[channel]) - sums[channel] / Double(rows)
      target[channels + channel] = Float(max(0, squares[channel] - rounding * rounding * Double(rows)))
    }
  }

  /// Moves running statistics towards those of a batch.
  func move(_ parameter: Parameter, towards values: [Double], _ momentum: Float) {
    let old = parameter.value
    precondition(old.count == values.count, "batchNorm: running statistics \(old.shape) for \(values.count) channels")
    let share = Double(momentum)
    let new = zip(old.elements, values).map { Float((1 - share) * Double($0) + share * $1) }
    parameter.value = Tensor(new, shape: old.shape)
  }
}

/// Sums over rows, channel by channel.
enum ChannelBlocks {
  /// Rows that one thread reads at a time; depends on the width alone.
  static func rowsPerPiece(_ channels: Int) -> Int { max(1, Pieces.elements / max(1, channels)) }

  /// Sums a value of every row and channel: 32 rows at a time in single precision, those sums in double.
  @inline(__always)
  static func sums(
    rows: Int, channels: Int, _ eight: (_ row: Int, _ channel: Int) -> Vector,
    single: (_ row: Int, _ channel: Int) -> Float
  ) -> [Double] {
    var totals = [Double](repeating: 0, count: channels)
    totals.withUnsafeMutableBufferPointer { totals in
      var start = 0
      while start < rows {
        let end = min(rows, start &+ 32)
        var channel = 0
        while channel &+ 8 <= channels {
          var sum = Vector()
          for row in start..<end { sum += eight(row, channel) }
          for lane in 0..<8 { totals[channel &+ lane] += Double(sum[lane]) }
          channel = channel &+ 8
        }
        while channel < channels {
          var sum: Float = 0
          for row in start..<end { sum += single(row, channel) }
          totals[channel] += Double(sum)
          channel = channel &+ 1
        }
        start = end
      }
    }
    return totals
  }
}
