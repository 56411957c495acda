// Softmax.swift - rows of probabilities, with a temperature and with Gumbel noise.

extension Tensor {
  /// The softmax of every row.
  public func softmax() -> Tensor {
    softened(temperature: 1, noise: nil)
  }

  /// softmax((log softmax(x) + noise) / temperature) of every row: the Gumbel-softmax (Jang, Gu, Poole 2017) when the noise is Gumbel's.
  ///
  /// Adding a number to a whole row changes no softmax, so the inner log softmax is the row itself.
  ///
  /// - Parameters:
  ///   - temperature: Above 0; a small one makes the row nearly one-hot.
  ///   - noise: Of the same shape, or nil for none.
  /// - Returns: The same shape; every row sums to 1.
  public func softened(temperature: Float, noise: Tensor?) -> Tensor {
    let width = width
    let rows = rows
    precondition(noise.map { $0.count == count } ?? true, "softened: noise \(noise?.shape ?? []) for rows \(shape)")
    let storage = Storage(count: count)
    let sharpness = 1 / temperature
    for row in 0..<rows {
      let source = pointer + row * width
      let target = storage.pointer + row * width
      let addend = noise.map { $0.pointer + row * width }
      var greatest = -Float.infinity
      for index in 0..<width {
        target[index] = (source[index] + (addend?[index] ?? 0)) * sharpness
        greatest = max(greatest, target[index])
      }
      VectorMath.map(width, target, target) { VectorMath.exp($0 - greatest) }
      let total = 1 / VectorMath.sum(width, target)
      VectorMath.map(width, target, target) { $0 * total }
    }
    return Tape.result(Tensor(storage: storage, shape: shape), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        for row in 0..<rows {
          let weights = storage.pointer + row * width
          let slope = gradient + row * width
          let mean = VectorMath.dot(width, weights, slope)
          let place = target + row * width
          for index in 0..<width { place[index] += weights[index] * (slope[index] - mean) * sharpness }
        }
      }
    }
  }

  /// The place of the greatest element of every row, the first of equals.
  public func argmaxOfRows() -> [Int] {
    (0..<rows).map { row in
      let start = pointer + row * width
      return (1..<max(1, width)).reduce(0) { start[$1] > start[$0] ? $1 : $0 }
    }
  }

  /// The greatest element of every row, as ``argmaxOfRows()`` finds it.
  public func greatestOfRows() -> [Float] {
    argmaxOfRows().enumerated().map { pointer[$0 * width + $1] }
  }
}
