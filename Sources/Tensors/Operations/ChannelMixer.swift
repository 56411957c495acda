// ChannelMixer.swift - two linear maps over channels with a GELU between them, at every place of a stack of maps by itself.
//
// The relation network of Dynamic ViT (Wang et al., NeurIPS 2021): two 1x1 convolutions over relations [B, C, n, n]. It runs over a few
// places at a time, so that the wide hidden maps never exist as a whole, neither forwards nor backwards.

extension Tensor {
  /// Mixes the channels of maps: second(GELU(first(x))) at every place.
  ///
  /// - Parameters:
  ///   - first: `[inner, C, 1, 1]` or `[inner, C]`.
  ///   - firstBias: `[inner]`.
  ///   - second: `[outputs, inner, 1, 1]` or `[outputs, inner]`.
  ///   - secondBias: `[outputs]`.
  /// - Returns: `[B, C, ...]` to `[B, outputs, ...]`.
  public func mixedChannels(first: Tensor, firstBias: Tensor, second: Tensor, secondBias: Tensor) -> Tensor {
    precondition(rank > 2, "mixedChannels: \(shape) is not [batch, channels, ...]")
    let mixer = ChannelMixer(maps: self, first: first, firstBias: firstBias, second: second, secondBias: secondBias)
    let storage = Storage(count: mixer.batch * mixer.outputs * mixer.places)
    WorkerPool.shared.run(mixer.batch * mixer.slices) { mixer.forward($0, into: storage.pointer) }
    let result = Tensor(storage: storage, shape: [mixer.batch, mixer.outputs] + shape.dropFirst(2))
    return Tape.result(result, of: [self, first, firstBias, second, secondBias]) {
      { gradient in
        // One after the other, since all add to the same gradients of weights.
        for piece in 0..<(mixer.batch * mixer.slices) { mixer.backward(piece, gradient) }
      }
    }
  }
}

/// One call of the operation.
private struct ChannelMixer {
  let maps: Tensor
  let first: Tensor
  let firstBias: Tensor
  let second: Tensor
  let secondBias: Tensor
  let batch: Int
  let channels: Int
  let inner: Int
  let outputs: Int
  let places: Int

  /// Places computed at a time: the hidden maps of so many stay in a core's cache.
  private static let sliceSize = 512

  init(maps: Tensor, first: Tensor, firstBias: Tensor, second: Tensor, secondBias: Tensor) {
    self.maps = maps
    self.first = first
    self.firstBias = firstBias
    self.second = second
    self.secondBias = secondBias
    batch = maps.shape[0]
    channels = maps.shape[1]
    places = maps.shape.dropFirst(2).reduce(1, *)
    inner = first.shape[0]
    outputs = second.shape[0]
    precondition(
      first.count == inner * channels && firstBias.count == inner && second.count == outputs * inner
        && secondBias.count == outputs,
      "mixedChannels: weights \(first.shape) and \(second.shape) for maps \(maps.shape)")
  }

  var slices: Int { (places + Self.sliceSize - 1) / Self.sliceSize }

  private func extent(_ piece: Int) -> (sample: Int, start: Int, length: Int) {
    let start = piece % slices * Self.sliceSize
    return (piece / slices, start, min(Self.sliceSize, places - start))
  }

  func forward(_ piece: Int, into output: UnsafeMutablePointer<Float>) {
    let (sample, start, length) = extent(piece)
    let hidden = Storage(count: inner * length)
    // The product adds to the bias and applies GELU while its sums are at hand.
    for channel in 0..<inner {
      (hidden.pointer + channel * length).update(repeating: firstBias.pointer[channel], count: length)
    }
    widen(sample, start, length, into: hidden.pointer, isBiased: true)
    let target = output + sample * outputs * places + start
    for channel in 0..<outputs {
      (target + channel * places).update(repeating: secondBias.pointer[channel], count: length)
    }
    MatrixProduct(
      rows: outputs, columns: length, inner: inner, left: MatrixLayout(rowStride: inner),
      right: MatrixLayout(rowStride: length), output: MatrixLayout(rowStride: places), accumulate: true
    ).run(second.pointer, hidden.pointer, into: target)
  }

  /// The hidden maps: before bias and GELU, or after both where the bias is there already.
  private func widen(
    _ sample: Int, _ start: Int, _ length: Int, into hidden: UnsafeMutablePointer<Float>, isBiased: Bool = false
  ) {
    MatrixProduct(
      rows: inner, columns: length, inner: channels, left: MatrixLayout(rowStride: channels),
      right: MatrixLayout(rowStride: places), output: MatrixLayout(rowStride: length), accumulate: isBiased,
      activation: isBiased ? .gelu : .none
    ).run(first.pointer, maps.pointer + sample * channels * places + start, into: hidden)
  }

  func backward(_ piece: Int, _ gradient: UnsafePointer<Float>) {
    let (sample, start, length) = extent(piece)
    let source = maps.pointer + sample * channels * places + start
    let slopes = gradient + sample * outputs * places + start
    let line = MatrixLayout(rowStride: length)
    let apart = MatrixLayout(rowStride: places)
    let hidden = Storage(count: inner * length)
    let passed = Storage(count: inner * length)
    let hiddenSlopes = Storage(count: inner * length)
    widen(sample, start, length, into: hidden.pointer)
    for channel in 0..<inner {
      let row = hidden.pointer + channel * length
      let bias = firstBias.pointer[channel]
      VectorMath.map(length, row, row) { $0 + bias }
      VectorMath.map(length, row, passed.pointer + channel * length) { $0 * VectorMath.normal($0).distribution }
    }
    addRowSums(slopes, rows: outputs, stride: places, length: length, to: secondBias)
    if let node = second.node {
      MatrixProduct(
        rows: outputs, columns: inner, inner: length, left: apart,
        right: MatrixLayout(rowStride: 1, columnStride: length), output: MatrixLayout(rowStride: inner),
        accumulate: true
      ).runOnPool(slopes, passed.pointer, into: node.addableContribution())
    }
    MatrixProduct(
      rows: inner, columns: length, inner: outputs, left: MatrixLayout(rowStride: 1, columnStride: inner),
      right: apart, output: line
    ).runOnPool(second.pointer, slopes, into: hiddenSlopes.pointer)
    ActivationKernel.multiplyByDerivative(.gelu, hidden.pointer, hiddenSlopes.pointer, hidden.count)
    addRowSums(hiddenSlopes.pointer, rows: inner, stride: length, length: length, to: firstBias)
    if let node = first.node {
      MatrixProduct(
        rows: inner, columns: channels, inner: length, left: line,
        right: MatrixLayout(rowStride: 1, columnStride: places), output: MatrixLayout(rowStride: channels),
        accumulate: true
      ).runOnPool(hiddenSlopes.pointer, source, into: node.addableContribution())
    }
    if let node = maps.node {
      MatrixProduct(
        rows: channels, columns: length, inner: inner, left: MatrixLayout(rowStride: 1, columnStride: channels),
        right: line, output: apart, accumulate: true
      ).runOnPool(
        first.pointer, hiddenSlopes.pointer,
        into: node.addableContribution() + sample * channels * places + start)
    }
  }

  private func addRowSums(
    _ rows: UnsafePointer<Float>, rows count: Int, stride: Int, length: Int, to bias: Tensor
  ) {
    guard let target = bias.node?.addableContribution() else { return }
    for row in 0..<count { target[row] += VectorMath.sum(length, rows + row * stride) }
  }
}
