// Embedding.swift - rows of a table by number.

extension Tensor {
  /// Looks up rows of this table, `[V, D]`.
  ///
  /// - Parameters:
  ///   - indices: Row numbers in 0 ..< V; anything else is a programmer's error.
  ///   - shape: Shape of the indices.
  /// - Returns: `shape + [D]`.
  public func rows(_ indices: [Int], shape: [Int]) -> Tensor {
    let width = width
    let available = rows
    precondition(indices.allSatisfy { $0 >= 0 && $0 < available }, "rows: an index outside 0 ..< \(available)")
    let storage = Storage(count: indices.count * width)
    for (place, index) in indices.enumerated() {
      (storage.pointer + place * width).update(from: pointer + index * width, count: width)
    }
    return Tape.result(Tensor(storage: storage, shape: shape + [width]), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        for (place, index) in indices.enumerated() {
          VectorMath.add(width, gradient + place * width, to: target + index * width)
        }
      }
    }
  }

  /// Takes whole samples of this batch, `[P, ...]`, by number; one may be taken several times.
  ///
  /// - Returns: `[indices.count, ...]`.
  public func samples(_ indices: [Int]) -> Tensor {
    let size = shape.dropFirst().reduce(1, *)
    let flat = reshaped([shape[0], size]).rows(indices, shape: [indices.count])
    return flat.reshaped([indices.count] + shape.dropFirst())
  }
}
