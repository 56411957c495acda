// DropPath.swift - whole samples of a residual branch dropped in training: stochastic depth (Huang et al., ECCV 2016).

extension Tensor {
  /// In training, sets each sample to zero with a probability and scales the others so that the mean stays; else changes nothing.
  ///
  /// - Parameter probability: At least 0, below 1.
  /// - Returns: The same shape, `[B, ...]`.
  public func droppingSamples(_ probability: Float) -> Tensor {
    precondition(DropoutMask.allows(probability), "droppingSamples: a probability of \(probability)")
    guard probability > 0, let seed = Tape.current?.nextSeed() else { return self }
    var random = SeededRandom(seed: seed)
    let factors = (0..<shape[0]).map { _ in random.uniform() < probability ? 0 : 1 / (1 - probability) }
    let size = shape.dropFirst().reduce(1, *)
    let storage = Storage(count: count)
    for (sample, factor) in factors.enumerated() {
      VectorMath.map(size, pointer + sample * size, storage.pointer + sample * size) { $0 * factor }
    }
    return Tape.result(Tensor(storage: storage, shape: shape), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        for (sample, factor) in factors.enumerated() {
          let place = target + sample * size
          VectorMath.map(size, gradient + sample * size, place, place) { $0 * factor + $1 }
        }
      }
    }
  }
}
