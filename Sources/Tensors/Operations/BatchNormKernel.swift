// BatchNormKernel.swift - the loops of batch normalisation over rows of channels.
//
// With y = (x - mean) * inverse and g the gradient of the result: dshift = Σ g, dscale = Σ g y, and through the batch's own statistics
// dx = scale * inverse * (g - mean(g) - y * mean(g y)). With running statistics the two means are absent.

enum BatchNormKernel {
  /// Sums over rows, for each channel.
  struct Sums {
    var slopes: [Double]
    var products: [Double]

    /// The means over all rows of all shards, `[slopes, products]` one after the other.
    func overAll(_ exchange: ShardExchange?, rows: Int) -> Storage {
      let own = [Float(rows)] + slopes.map { Float($0) } + products.map { Float($0) }
      let all = exchange?.sum(own) ?? own
      let means = Storage(count: own.count - 1)
      for index in 0..<means.count { means.pointer[index] = all[index + 1] / max(1, all[0]) }
      return means
    }
  }

  /// (x - mean) * factor + shift for one row.
  @inline(__always)
  static func row(
    _ channels: Int, _ source: UnsafePointer<Float>, mean: UnsafePointer<Float>, factor: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel &+ 8 <= channels {
      let centred = source.vector(channel) - mean.vector(channel)
      target.store(centred * factor.vector(channel) + shift.vector(channel), channel)
      channel = channel &+ 8
    }
    while channel < channels {
      target[channel] = (source[channel] - mean[channel]) * factor[channel] + shift[channel]
      channel = channel &+ 1
    }
  }

  /// Takes the gradient back through the activation, in place, and sums it over this shard's rows.
  static func slopeSums(
    _ input: Tensor, _ statistics: ChannelStatistics, _ activation: Activation,
    _ before: UnsafeMutablePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
  ) -> Sums {
    let channels = input.width
    let size = ChannelBlocks.rowsPerPiece(channels)
    let pieces = (input.rows + size - 1) / size
    let partial = Storage(count: max(1, pieces * 2 * channels))
    let mean = UnsafePointer(statistics.mean.pointer)
    WorkerPool.shared.run(pieces) { piece in
      let start = piece * size * channels
      let rows = min(size, input.rows - piece * size)
      ActivationKernel.multiplyByDerivative(activation, before + start, gradient + start, rows * channels)
      let slopes = UnsafePointer(gradient + start)
      let values = UnsafePointer(input.pointer + start)
      let target = partial.pointer + piece * 2 * channels
      let sums = ChannelBlocks.sums(rows: rows, channels: channels) { row, channel in
        slopes.vector(row &* channels &+ channel)
      } single: { row, channel in
        slopes[row &* channels &+ channel]
      }
      let products = ChannelBlocks.sums(rows: rows, channels: channels) { row, channel in
        let place = row &* channels &+ channel
        return slopes.vector(place) * (values.vector(place) - mean.vector(channel))
      } single: { row, channel in
        let place = row &* channels &+ channel
        return slopes[place] * (values[place] - mean[channel])
      }
      for channel in 0..<channels {
        target[channel] = Float(sums[channel])
        target[channels + channel] = Float(products[channel]) * statistics.inverse.pointer[channel]
      }
    }
    var result = Sums(
      slopes: [Double](repeating: 0, count: channels), products: [Double](repeating: 0, count: channels))
    for piece in 0..<pieces {
      let source = partial.pointer + piece * 2 * channels
      for channel in 0..<channels {
        result.slopes[channel] += Double(source[channel])
        result.products[channel] += Double(source[channels + channel])
      }
    }
    return result
  }

  /// The gradient of the input; `means` are absent when the statistics were the running ones.
  static func inputGradient(
    _ input: Tensor, _ statistics: ChannelStatistics, _ factors: UnsafePointer<Float>, _ means: Storage?,
    _ gradient: UnsafePointer<Float>, into place: (pointer: UnsafeMutablePointer<Float>, accumulate: Bool)
  ) {
    let channels = input.width
    // dx = g * factor + (x - mean) * slope + offset
    let slope = Storage(zeros: channels)
    let offset = Storage(zeros: channels)
    if let means {
      for channel in 0..<channels {
        slope.pointer[channel] =
          -means.pointer[channels + channel] * statistics.inverse.pointer[channel] * factors[channel]
        offset.pointer[channel] = -means.pointer[channel] * factors[channel]
      }
    }
    Pieces.runRows(input.rows, width: channels) { range in
      let scratch = Storage(count: channels)
      for row in range {
        let target = place.pointer + row &* channels
        let result = place.accumulate ? scratch.pointer : target
        let slopes = gradient + row &* channels
        Self.row(
          channels, input.pointer + row &* channels, mean: statistics.mean.pointer, factor: slope.pointer,
          shift: offset.pointer, into: result)
        VectorMath.map(channels, slopes, factors, result, into: result)
        if place.accumulate { VectorMath.add(channels, result, to: target) }
      }
    }
  }
}

extension VectorMath {
  /// target = first * second + addend.
  @inline(__always)
  fileprivate static func map(
    _ count: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ addend: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index &+ 8 <= count {
      target.store(first.vector(index) * second.vector(index) + addend.vector(index), index)
      index = index &+ 8
    }
    while index < count {
      target[index] = first[index] * second[index] + addend[index]
      index = index &+ 1
    }
  }
}
