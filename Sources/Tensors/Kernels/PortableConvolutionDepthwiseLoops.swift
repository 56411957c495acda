// PortableConvolutionDepthwiseLoops.swift - the innermost loops of depthwise convolutions, sixteen channels at a time.

/// The sum over kernel places for every pixel of a target, channel by channel.
struct DepthwiseSum {
  let source: UnsafePointer<Float>
  let sourceWidth: Int
  let weights: UnsafePointer<Float>  // [taps, channels]
  let kernelWidth: Int
  let channels: Int

  /// Computes all pixels of one sample.
  func run(
    _ rows: DepthwiseReach, _ columns: DepthwiseReach, start: UnsafePointer<Float>?,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let most = max(1, rows.pairs.count) * max(1, columns.pairs.count)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * most) { list in
      guard let list = list.baseAddress else { return }
      var place = target
      for row in 0..<rows.count {
        for column in 0..<columns.count {
          var terms = 0
          for vertical in rows.pairs[rows.starts[row]..<rows.starts[row + 1]] {
            for horizontal in columns.pairs[columns.starts[column]..<columns.starts[column + 1]] {
              list[2 &* terms] = (vertical.source &* sourceWidth &+ horizontal.source) &* channels
              list[2 &* terms &+ 1] = (vertical.kernel &* kernelWidth &+ horizontal.kernel) &* channels
              terms = terms &+ 1
            }
          }
          let initial = accumulate ? UnsafePointer(place) : start
          addTerms(list, terms, start: initial, into: place)
          place += channels
        }
      }
    }
  }

  @inline(__always)
  private func addTerms(
    _ list: UnsafePointer<Int>, _ terms: Int, start: UnsafePointer<Float>?, into target: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel &+ 16 <= channels {
      var first = start?.vector(channel) ?? Vector()
      var second = start?.vector(channel &+ 8) ?? Vector()
      for term in 0..<terms {
        let values = source + (list[2 &* term] &+ channel)
        let factors = weights + (list[2 &* term &+ 1] &+ channel)
        first += values.vector(0) * factors.vector(0)
        second += values.vector(8) * factors.vector(8)
      }
      target.store(first, channel)
      target.store(second, channel &+ 8)
      channel = channel &+ 16
    }
    while channel < channels {
      var sum = start?[channel] ?? 0
      for term in 0..<terms {
        sum += source[list[2 &* term] &+ channel] * weights[list[2 &* term &+ 1] &+ channel]
      }
      target[channel] = sum
      channel = channel &+ 1
    }
  }
}

/// The sums over pixels that make the gradient of depthwise weights.
struct DepthwiseWeightGradient {
  let shape: ConvolutionShape
  let input: UnsafePointer<Float>  // [B, H, W, O]
  let gradient: UnsafePointer<Float>  // [B, H', W', O]

  /// Adds the sums of some channels to `sums`, `[taps, channels.count]`.
  ///
  /// A row is summed by itself first: long running sums lose digits.
  func add(_ channels: Range<Int>, to sums: UnsafeMutablePointer<Float>) {
    let width = shape.outputs
    for row in 0..<(shape.batch * shape.outputHeight) {
      let sample = row / shape.outputHeight
      let top = (row - sample * shape.outputHeight) * shape.stride - shape.padding.top
      let slopes = gradient + row * shape.outputWidth * width
      for kernelRow in 0..<shape.kernelHeight where top + kernelRow >= 0 && top + kernelRow < shape.height {
        let values = input + (sample * shape.height + top + kernelRow) * shape.width * width
        for kernelColumn in 0..<shape.kernelWidth {
          let reach = columns(kernelColumn)
          guard !reach.isEmpty else { continue }
          let offset = reach.lowerBound * shape.stride - shape.padding.left + kernelColumn
          let target = sums + (kernelRow * shape.kernelWidth + kernelColumn) * channels.count
          addRow(slopes + reach.lowerBound * width, values + offset * width, reach.count, channels, to: target)
        }
      }
    }
  }

  /// The output columns for which a column of the kernel lies inside the picture.
  private func columns(_ kernelColumn: Int) -> Range<Int> {
    let shift = shape.padding.left - kernelColumn
    let first = shift > 0 ? (shift + shape.stride - 1) / shape.stride : 0
    let reach = shape.width - 1 + shift
    let end = reach < 0 ? 0 : min(shape.outputWidth, reach / shape.stride + 1)
    return first..<max(first, end)
  }

  @inline(__always)
  private func addRow(
    _ slopes: UnsafePointer<Float>, _ values: UnsafePointer<Float>, _ count: Int, _ channels: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let slopeStep = shape.outputs
    let valueStep = shape.outputs &* shape.stride
    var channel = channels.lowerBound
    var place = target
    while channel &+ 16 <= channels.upperBound {
      var first = Vector()
      var second = Vector()
      var slope = slopes + channel
      var value = values + channel
      for _ in 0..<count {
        first += slope.vector(0) * value.vector(0)
        second += slope.vector(8) * value.vector(8)
        slope += slopeStep
        value += valueStep
      }
      place.store(place.vector(0) + first, 0)
      place.store(place.vector(8) + second, 8)
      channel = channel &+ 16
      place += 16
    }
    while channel < channels.upperBound {
      var sum: Float = 0
      for column in 0..<count { sum += slopes[column &* slopeStep &+ channel] * values[column &* valueStep &+ channel] }
      place.pointee += sum
      channel = channel &+ 1
      place += 1
    }
  }
}
