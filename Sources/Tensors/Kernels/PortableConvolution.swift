// PortableConvolution.swift - convolutions in plain Swift as matrix products over gathered pixels ("im2col").
//
// For a block of output pixels the input values under the kernel are copied side by side, `[pixels, taps, C / groups]`; with the
// weights as `[O, taps, C / groups]` forward and gradients are matrix products. A block is chosen to stay in the second-level cache.

enum PortableConvolution {
  /// The forward for parts of a convolution.
  static func forward(
    _ shape: ConvolutionShape, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?
  ) -> ConvolutionPass {
    let packed = packedWeights(shape, weight)
    return { part, input, output in
      let inner = part.taps * part.groupChannels
      let blocks = GatheredPixels(part, taps: 0..<part.taps)
      for group in 0..<part.groups {
        let offset = group * part.groupOutputs
        blocks.forEachBlock { rows in
          blocks.gather(rows, group: group, input)
          let product = MatrixProduct(
            rows: rows.count * part.outputWidth, columns: part.groupOutputs, inner: inner,
            left: MatrixLayout(rowStride: inner), right: MatrixLayout(rowStride: 1, columnStride: inner),
            output: MatrixLayout(rowStride: part.outputs))
          PortableMatrixProduct.run(
            product, blocks.values, packed.pointer + offset * inner,
            into: output + rows.lowerBound * part.outputWidth * part.outputs + offset, bias: bias.map { $0 + offset })
        }
      }
    }
  }

  /// The gradient of the input for parts of a convolution.
  static func inputGradient(
    _ shape: ConvolutionShape, _ weight: UnsafePointer<Float>, accumulate: Bool
  ) -> ConvolutionPass {
    let packed = packedWeights(shape, weight)
    return { part, gradient, target in
      if !accumulate { target.initialize(repeating: 0, count: part.inputCount) }
      let inner = part.taps * part.groupChannels
      let blocks = GatheredPixels(part, taps: 0..<part.taps)
      for group in 0..<part.groups {
        let offset = group * part.groupOutputs
        blocks.forEachBlock { rows in
          let product = MatrixProduct(
            rows: rows.count * part.outputWidth, columns: inner, inner: part.groupOutputs,
            left: MatrixLayout(rowStride: part.outputs), right: MatrixLayout(rowStride: inner),
            output: MatrixLayout(rowStride: inner))
          PortableMatrixProduct.run(
            product, gradient + rows.lowerBound * part.outputWidth * part.outputs + offset,
            packed.pointer + offset * inner, into: blocks.values, bias: nil)
          blocks.scatter(rows, group: group, addingTo: target)
        }
      }
    }
  }

  /// The gradient of the weights, cut over groups and places of the kernel: each sum over pixels stays on one thread.
  static func weightGradient(
    _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    // At least 64 columns, or the products are too narrow.
    let size = min(shape.taps, (63 + shape.groupChannels) / shape.groupChannels)
    let cuts = (shape.taps + size - 1) / size
    WorkerPool.shared.run(shape.groups * cuts) { piece in
      let group = piece / cuts
      let first = piece % cuts * size
      let taps = first..<min(shape.taps, first + size)
      let columns = taps.count * shape.groupChannels
      let offset = group * shape.groupOutputs
      let sums = Storage(zeros: shape.groupOutputs * columns)
      let blocks = GatheredPixels(shape, taps: taps)
      blocks.forEachBlock { rows in
        blocks.gather(rows, group: group, input)
        let product = MatrixProduct(
          rows: shape.groupOutputs, columns: columns, inner: rows.count * shape.outputWidth,
          left: MatrixLayout(rowStride: 1, columnStride: shape.outputs), right: MatrixLayout(rowStride: columns),
          output: MatrixLayout(rowStride: columns), accumulate: true)
        PortableMatrixProduct.run(
          product, gradient + rows.lowerBound * shape.outputWidth * shape.outputs + offset, blocks.values,
          into: sums.pointer, bias: nil)
      }
      unpack(shape, taps, sums.pointer, into: target + offset * shape.groupChannels * shape.taps, accumulate)
    }
  }

  /// The weights of `[O, C / groups, taps]` in the order of the gathered pixels, `[O, taps, C / groups]`.
  private static func packedWeights(_ shape: ConvolutionShape, _ weight: UnsafePointer<Float>) -> Storage {
    let packed = Storage(count: shape.weightCount)
    let taps = shape.taps
    let channels = shape.groupChannels
    for output in 0..<shape.outputs {
      let source = weight + output &* taps &* channels
      let target = packed.pointer + output &* taps &* channels
      for channel in 0..<channels {
        for tap in 0..<taps { target[tap &* channels &+ channel] = source[channel &* taps &+ tap] }
      }
    }
    return packed
  }

  /// Puts sums of some taps, `[O, taps, C]`, into a gradient of `[O, C, all taps]`.
  private static func unpack(
    _ shape: ConvolutionShape, _ taps: Range<Int>, _ sums: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, _ accumulate: Bool
  ) {
    let channels = shape.groupChannels
    for output in 0..<shape.groupOutputs {
      let source = sums + output &* taps.count &* channels
      for channel in 0..<channels {
        let place = target + (output &* channels &+ channel) &* shape.taps
        for tap in taps {
          let sum = source[(tap &- taps.lowerBound) &* channels &+ channel]
          place[tap] = accumulate ? place[tap] + sum : sum
        }
      }
    }
  }
}
