// Convolution.swift - y = activation(x * w + b) over pictures, as PyTorch's conv2d: the kernel is not flipped.

extension Tensor {
  /// Convolves a batch of pictures `[B, H, W, C]`, adds a bias and applies an activation.
  ///
  /// - Parameters:
  ///   - weight: `[O, C / groups, kernel height, kernel width]`, as PyTorch stores it.
  ///   - bias: `[O]` or nil.
  ///   - stride: Pixels from one place of the kernel to the next, in both directions.
  ///   - padding: Zeros put around the picture.
  ///   - groups: Parts that the channels are cut into, each convolved by itself; as many as channels: depthwise.
  ///   - activation: Applied to every output.
  /// - Returns: `[B, H', W', O]`.
  public func convolution(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: ConvolutionPadding = ConvolutionPadding(),
    groups: Int = 1, activation: Activation = .none
  ) -> Tensor {
    let sizes = ConvolutionShape(
      input: shape, weight: weight.shape, stride: stride, padding: padding, groups: groups)
    precondition(bias.map { $0.count == sizes.outputs } ?? true, "convolution: a bias of \(bias?.count ?? 0)")
    let before = Storage(count: sizes.outputCount)
    let isWatched = Tape.current != nil && [self, weight, bias].contains { $0?.node != nil }
    // GELU's gradient needs what went in; ReLU's can be read off what came out.
    let after = activation == .gelu && isWatched ? Storage(count: before.count) : before
    let staying = Tape.current == nil ? weight.storage : nil
    ConvolutionKernel.forward(
      sizes, pointer, weight.pointer, staying: staying, bias: bias?.pointer, activation: activation,
      into: before.pointer, after: after.pointer)
    let result = Tensor(
      storage: after, shape: [sizes.batch, sizes.outputHeight, sizes.outputWidth, sizes.outputs])
    return Tape.result(result, of: [self, weight, bias]) {
      { gradient in
        ActivationKernel.multiplyByDerivative(activation, before.pointer, gradient, before.count)
        if let node = bias?.node {
          let rows = sizes.batch * sizes.outputHeight * sizes.outputWidth
          ColumnSum.add(gradient, rows: rows, columns: sizes.outputs, to: node.addableContribution())
        }
        if let place = weight.node?.contribution() {
          ConvolutionKernel.weightGradient(
            sizes, self.pointer, gradient, into: place.pointer, accumulate: place.accumulate)
        }
        if let place = self.node?.contribution() {
          ConvolutionKernel.inputGradient(
            sizes, gradient, weight.pointer, into: place.pointer, accumulate: place.accumulate)
        }
      }
    }
  }
}
