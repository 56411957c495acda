// LayerNorm.swift - normalises every row to mean 0 and deviation 1, then scales and shifts it.
//
// Two kinds: the standard one divides by sqrt(variance + epsilon) with the variance over n (Ba, Kiros, Hinton 2016); TRAR's divides by
// the deviation over n - 1 plus epsilon, as its original does. Where the deviation is zero, TRAR's gradient of it is taken as zero.

/// How a layer norm measures the spread of a row.
public enum LayerNormKind: Sendable, Equatable {
  /// (x - mean) / sqrt(variance + epsilon), the variance a mean over n.
  case standard(epsilon: Float)
  /// (x - mean) / (deviation + epsilon), the deviation unbiased (over n - 1).
  case unbiased(epsilon: Float)
}

extension Tensor {
  /// Normalises every row.
  ///
  /// - Parameters:
  ///   - scale: `[D]`, multiplied onto the normalised row.
  ///   - shift: `[D]`, added at the end.
  ///   - kind: Which measure of spread is used.
  /// - Returns: The same shape, `[..., D]`.
  public func layerNorm(scale: Tensor, shift: Tensor, kind: LayerNormKind) -> Tensor {
    let width = width
    let rows = rows
    precondition(scale.count == width && shift.count == width, "layerNorm: rows of \(width), scale of \(scale.count)")
    let storage = Storage(count: count)
    let statistics = Storage(count: 2 * rows)  // mean and 1 / spread of each row
    Pieces.runRows(rows, width: width) { range in
      for row in range {
        let source = UnsafePointer(self.pointer + row * width)
        let mean = VectorMath.sum(width, source) / Float(width)
        let spread = LayerNormKernel.inverseSpread(source, width, mean, kind)
        statistics.pointer[2 * row] = mean
        statistics.pointer[2 * row + 1] = spread
        let target = storage.pointer + row * width
        VectorMath.map(width, source, scale.pointer, target) { ($0 - mean) * spread * $1 }
        VectorMath.add(width, shift.pointer, to: target)
      }
    }
    return Tape.result(Tensor(storage: storage, shape: shape), of: [self, scale, shift]) {
      { gradient in
        if let node = shift.node {
          ColumnSum.add(gradient, rows: rows, columns: width, to: node.addableContribution())
        }
        if let node = scale.node {
          let target = node.addableContribution()
          for row in 0..<rows {
            let mean = statistics.pointer[2 * row]
            let spread = statistics.pointer[2 * row + 1]
            let source = self.pointer + row * width
            let slope = gradient + row * width
            for index in 0..<width { target[index] += slope[index] * ((source[index] - mean) * spread) }
          }
        }
        guard let node = self.node else { return }
        let place = node.contribution()
        Pieces.runRows(rows, width: width) { range in
          let scaled = Storage(count: width)
          for row in range {
            LayerNormKernel.gradient(
              self.pointer + row * width, mean: statistics.pointer[2 * row], spread: statistics.pointer[2 * row + 1],
              slope: gradient + row * width, scale: scale.pointer, width, kind, scaled.pointer,
              into: place.pointer + row * width, accumulate: place.accumulate)
          }
        }
      }
    }
  }
}

enum LayerNormKernel {
  static func inverseSpread(
    _ row: UnsafePointer<Float>, _ width: Int, _ mean: Float, _ kind: LayerNormKind
  ) -> Float {
    var squares = Vector()
    var index = 0
    while index &+ 8 <= width {
      let distance = row.vector(index) - mean
      squares += distance * distance
      index = index &+ 8
    }
    var sum = squares.total
    while index < width {
      sum += (row[index] - mean) * (row[index] - mean)
      index = index &+ 1
    }
    switch kind {
    case .standard(let epsilon): return 1 / (sum / Float(width) + epsilon).squareRoot()
    case .unbiased(let epsilon): return 1 / ((sum / Float(max(1, width - 1))).squareRoot() + epsilon)
    }
  }

  /// The gradient of one row.
  ///
  /// With g = slope x scale and y = (x - mean) / spread: dx = (g - mean(g) - y * mean(g * y) * c) / spread, where c is 1 for the standard
  /// kind; for TRAR's kind the deviation's own gradient brings n / (n - 1) and (deviation + epsilon) / deviation.
  static func gradient(
    _ row: UnsafePointer<Float>, mean: Float, spread: Float, slope: UnsafePointer<Float>, scale: UnsafePointer<Float>,
    _ width: Int, _ kind: LayerNormKind, _ scaled: UnsafeMutablePointer<Float>,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    VectorMath.map(width, slope, scale, scaled) { $0 * $1 }
    let meanSlope = VectorMath.sum(width, scaled) / Float(width)
    var products: Float = 0
    var lanes = Vector()
    var index = 0
    while index &+ 8 <= width {
      lanes += UnsafePointer(scaled).vector(index) * (row.vector(index) - mean)
      index = index &+ 8
    }
    products = lanes.total
    while index < width {
      products += scaled[index] * (row[index] - mean)
      index = index &+ 1
    }
    let factor: Float
    switch kind {
    case .standard:
      factor = products * spread * spread / Float(width)
    case .unbiased(let epsilon):
      let deviation = 1 / spread - epsilon
      factor = deviation > 0 ? products * spread / (deviation * Float(max(1, width - 1))) : 0
    }
    if accumulate {
      for index in 0..<width { target[index] += (scaled[index] - meanSlope - (row[index] - mean) * factor) * spread }
    } else {
      for index in 0..<width { target[index] = (scaled[index] - meanSlope - (row[index] - mean) * factor) * spread }
    }
  }
}
