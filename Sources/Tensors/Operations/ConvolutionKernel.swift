// ConvolutionKernel.swift - which code computes a convolution, and its pieces given to the pool.
//
// A convolution of single pixels is a matrix product as it stands. Of the others oneDNN takes those it has fast code for; the weight
// gradient of depthwise ones is not among them (measured: up to fifty times below its own forward).

/// One pass over a part of a convolution: reads the first buffer, writes the second.
typealias ConvolutionPass = (ConvolutionShape, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void

enum ConvolutionKernel {
  /// Computes the outputs.
  ///
  /// - Parameters:
  ///   - shape: The sizes.
  ///   - input: `[B, H, W, C]`.
  ///   - weight: `[O, C / groups, kernel height, kernel width]`.
  ///   - staying: Where the weights lie, if they stay as they are and may be kept rearranged.
  ///   - bias: `[O]` or nil.
  ///   - activation: Applied to every output.
  ///   - output: `[B, H', W', O]`, replaced.
  ///   - after: Where activated outputs go; another place than `output` where a gradient needs them before.
  static func forward(
    _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, staying: Storage?,
    bias: UnsafePointer<Float>?, activation: Activation, into output: UnsafeMutablePointer<Float>,
    after: UnsafeMutablePointer<Float>
  ) {
    // The library's activations make a number of what is none, which a training that goes wrong must not hide.
    let fused = after == output && staying != nil ? activation : .none
    func activate(_ start: Int, _ count: Int) {
      ActivationKernel.apply(activation, output + start, after + start, count)
    }
    if shape.isPointwise {
      pointwiseForward(shape, input, weight, staying: staying, bias: bias, activation: fused, into: output)
      if fused != activation { activate(0, shape.outputCount) }
      return
    }
    let orders = staying?.orders
    let pieces = shape.piecesOfOutput()
    if pieces.count == 1, let parts = shape.piecesOfChannels() {
      forwardByChannels(shape, parts, input, weight, orders, bias: bias, into: output)
      activate(0, shape.outputCount)
      return
    }
    let (compute, isActivated) = forwardPass(shape, pieces, weight, orders, bias, fused)
    WorkerPool.shared.run(pieces.count) { index in
      let piece = pieces[index]
      compute(piece.shape, input + piece.inputOffset, output + piece.outputOffset)
      if !isActivated || fused != activation { activate(piece.outputOffset, piece.shape.outputCount) }
    }
  }

  /// Computes a convolution of single pixels, cut over rows of pixels, or over outputs where a picture has few pixels.
  private static func pointwiseForward(
    _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, staying: Storage?,
    bias: UnsafePointer<Float>?, activation: Activation, into output: UnsafeMutablePointer<Float>
  ) {
    #if OneDNN
      if let staying, Backend.current == .oneDNN {
        let product = OneDNNPackedProduct(
          rows: shape.pixels, columns: shape.outputs, inner: shape.channels, activation: activation,
          piece: shape.pointwisePiece)
        if product.run(input, staying, bias: bias, into: output) { return }
      }
    #endif
    shape.pointwiseForward(activation).runOnPool(input, weight, into: output, bias: bias)
  }

  /// Computes the outputs of a picture of few rows, several output channels at a time, and puts them where they belong.
  private static func forwardByChannels(
    _ shape: ConvolutionShape, _ parts: [ConvolutionShape], _ input: UnsafePointer<Float>,
    _ weight: UnsafePointer<Float>, _ orders: KeptOrders?, bias: UnsafePointer<Float>?,
    into output: UnsafeMutablePointer<Float>
  ) {
    let starts = parts.indices.map { number in parts[..<number].reduce(0) { $0 + $1.outputs } }
    WorkerPool.shared.run(parts.count) { number in
      let (part, start) = (parts[number], starts[number])
      let piece = ConvolutionShape.Piece(shape: part, inputOffset: 0, outputOffset: 0)
      let dense = Storage(count: part.outputCount)
      let (compute, _) = forwardPass(
        part, [piece], weight + start * part.groupChannels * part.taps, orders, bias.map { $0 + start }, .none,
        number: number)
      compute(part, input, dense.pointer)
      for pixel in 0..<(part.outputCount / part.outputs) {
        (output + pixel * shape.outputs + start).update(from: dense.pointer + pixel * part.outputs, count: part.outputs)
      }
    }
  }

  /// The forward of a part, and whether it applies the activation.
  private static func forwardPass(
    _ shape: ConvolutionShape, _ pieces: [ConvolutionShape.Piece], _ weight: UnsafePointer<Float>,
    _ orders: KeptOrders?, _ bias: UnsafePointer<Float>?, _ activation: Activation, number: Int = 0
  ) -> (pass: ConvolutionPass, isActivated: Bool) {
    #if OneDNN
      let kept = orders.map { KeptPart(orders: $0, number: number) }
      if usesLibrary(shape),
        let pass = OneDNNConvolution.forward(
          pieces.map(\.shape), weight, bias, activation: activation, keeping: kept)
      {
        return (pass, true)
      }
    #endif
    let pass =
      shape.isDepthwise
      ? PortableDepthwiseConvolution.forward(shape, weight, bias) : PortableConvolution.forward(shape, weight, bias)
    return (pass, activation == .none)
  }

  /// Computes the gradient of the input from that of the output, replacing or adding.
  static func inputGradient(
    _ shape: ConvolutionShape, _ gradient: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    if shape.isPointwise {
      shape.pointwiseInputGradient(accumulate: accumulate).runOnPool(gradient, weight, into: target)
      return
    }
    let pieces = shape.piecesOfSamples()
    let compute = inputGradientPass(shape, pieces, weight, accumulate)
    WorkerPool.shared.run(pieces.count) { index in
      let piece = pieces[index]
      compute(piece.shape, gradient + piece.outputOffset, target + piece.inputOffset)
    }
  }

  private static func inputGradientPass(
    _ shape: ConvolutionShape, _ pieces: [ConvolutionShape.Piece], _ weight: UnsafePointer<Float>, _ accumulate: Bool
  ) -> ConvolutionPass {
    #if OneDNN
      if usesLibrary(shape),
        let pass = OneDNNConvolution.inputGradient(pieces.map(\.shape), weight, accumulate: accumulate)
      {
        return pass
      }
    #endif
    return shape.isDepthwise
      ? PortableDepthwiseConvolution.inputGradient(shape, weight, accumulate: accumulate)
      : PortableConvolution.inputGradient(shape, weight, accumulate: accumulate)
  }

  /// Computes the gradient of the weights from that of the output, replacing or adding.
  static func weightGradient(
    _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    if shape.isPointwise {
      shape.pointwiseWeightGradient(accumulate: accumulate).runOnPool(gradient, input, into: target)
      return
    }
    if shape.isDepthwise {
      PortableDepthwiseConvolution.weightGradient(shape, input, gradient, into: target, accumulate: accumulate)
      return
    }
    #if OneDNN
      if usesLibrary(shape),
        OneDNNConvolution.weightGradient(shape, input, gradient, into: target, accumulate: accumulate)
      {
        return
      }
    #endif
    PortableConvolution.weightGradient(shape, input, gradient, into: target, accumulate: accumulate)
  }

  #if OneDNN
    /// The library has no fast code for depthwise convolutions with several outputs a channel.
    private static func usesLibrary(_ shape: ConvolutionShape) -> Bool {
      Backend.current == .oneDNN && shape.batch > 0 && !(shape.isDepthwise && shape.groupOutputs > 1)
    }
  #endif
}

extension ConvolutionShape {
  fileprivate var pixels: Int { batch * height * width }

  /// Pixels and outputs computed at a time: of a picture of few pixels some outputs, so that the weights are read once, else some pixels.
  fileprivate var pointwisePiece: (rows: Int, columns: Int) {
    let picture = height * width
    guard picture < 144 else {
      let pieces = min(8, picture / 48)
      return ((picture + pieces - 1) / pieces, outputs)
    }
    let pieces = outputs >= 768 ? 4 : outputs >= 192 ? 2 : 1
    // A multiple of what the library's loops take.
    return (max(1, picture), min(outputs, ((outputs + pieces - 1) / pieces + 31) / 32 * 32))
  }

  fileprivate func pointwiseForward(_ activation: Activation) -> MatrixProduct {
    MatrixProduct(
      rows: pixels, columns: outputs, inner: channels, left: MatrixLayout(rowStride: channels),
      right: MatrixLayout(rowStride: 1, columnStride: channels), output: MatrixLayout(rowStride: outputs),
      activation: activation)
  }

  fileprivate func pointwiseInputGradient(accumulate: Bool) -> MatrixProduct {
    MatrixProduct(
      rows: pixels, columns: channels, inner: outputs, left: MatrixLayout(rowStride: outputs),
      right: MatrixLayout(rowStride: channels), output: MatrixLayout(rowStride: channels), accumulate: accumulate)
  }

  fileprivate func pointwiseWeightGradient(accumulate: Bool) -> MatrixProduct {
    MatrixProduct(
      rows: outputs, columns: channels, inner: pixels, left: MatrixLayout(rowStride: 1, columnStride: outputs),
      right: MatrixLayout(rowStride: channels), output: MatrixLayout(rowStride: channels), accumulate: accumulate)
  }

  /// What oneDNN calls the code it computes the forward, the input's and the weights' gradient with; empty without the library.
  package func libraryImplementations() -> [String] {
    #if OneDNN
      OneDNNConvolution.implementations(self)
    #else
      []
    #endif
  }
}
