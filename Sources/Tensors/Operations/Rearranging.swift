// Rearranging.swift - joining and cutting tensors.

extension Tensor {
  /// Joins tensors along the innermost axis; all other axes agree.
  ///
  /// - Parameter parts: At least one tensor, `[..., width]`.
  /// - Returns: `[..., sum of the widths]`.
  public static func concatenated(_ parts: [Tensor]) -> Tensor {
    guard let first = parts.first else { preconditionFailure("concatenated: no parts") }
    let outer = Array(first.shape.dropLast())
    precondition(
      parts.allSatisfy { $0.rank > 0 && Array($0.shape.dropLast()) == outer },
      "concatenated: shapes \(parts.map(\.shape)) differ")
    let rows = outer.reduce(1, *)
    let width = parts.reduce(0) { $0 + $1.width }
    let storage = Storage(count: rows * width)
    var start = 0
    for part in parts {
      for row in 0..<rows {
        (storage.pointer + row * width + start).update(from: part.pointer + row * part.width, count: part.width)
      }
      start += part.width
    }
    let result = Tensor(storage: storage, shape: outer + [width])
    return Tape.result(result, of: parts) {
      { gradient in
        var start = 0
        for part in parts {
          if let target = part.node?.addableContribution() {
            for row in 0..<rows {
              VectorMath.add(part.width, gradient + row * width + start, to: target + row * part.width)
            }
          }
          start += part.width
        }
      }
    }
  }

  /// Joins tokens of the same pictures, `[B, N₁, D]`, `[B, N₂, D]` ..., along the token axis.
  ///
  /// - Returns: `[B, N₁ + N₂ + ..., D]`.
  public static func joiningTokens(_ parts: [Tensor]) -> Tensor {
    guard let first = parts.first else { preconditionFailure("joiningTokens: no parts") }
    let width = first.width
    precondition(
      parts.allSatisfy { $0.rank == 3 && $0.width == width }, "joiningTokens: shapes \(parts.map(\.shape)) differ")
    let flat = concatenated(parts.map { $0.reshaped([$0.shape[0], $0.shape[1] * width]) })
    return flat.reshaped([first.shape[0], flat.width / width, width])
  }

  /// The tokens `range` of every picture, `[B, N, D]` to `[B, range.count, D]`.
  public func tokens(_ range: Range<Int>) -> Tensor {
    precondition(rank == 3 && range.lowerBound >= 0 && range.upperBound <= shape[1], "tokens: \(range) of \(shape)")
    let batch = shape[0]
    let size = shape[1] * width
    let kept = range.count * width
    let offset = range.lowerBound * width
    let storage = Storage(count: batch * kept)
    for sample in 0..<batch {
      (storage.pointer + sample * kept).update(from: pointer + sample * size + offset, count: kept)
    }
    return Tape.result(Tensor(storage: storage, shape: [batch, range.count, width]), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        for sample in 0..<batch {
          VectorMath.add(kept, gradient + sample * kept, to: target + sample * size + offset)
        }
      }
    }
  }
}

extension Tensor {
  /// Some columns of every row.
  ///
  /// - Parameter range: Columns of `[..., D]`.
  /// - Returns: `[..., range.count]`.
  public func columns(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= width, "columns: \(range) of \(shape)")
    let (width, kept, rows) = (width, range.count, rows)
    let storage = Storage(count: rows * kept)
    for row in 0..<rows {
      (storage.pointer + row * kept).update(from: pointer + row * width + range.lowerBound, count: kept)
    }
    return Tape.result(Tensor(storage: storage, shape: shape.dropLast() + [kept]), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        for row in 0..<rows {
          VectorMath.add(kept, gradient + row * kept, to: target + row * width + range.lowerBound)
        }
      }
    }
  }

  /// One mark for each row, true where every element is zero: how padding is told apart in picture features.
  public var zeroRows: [Bool] {
    (0..<rows).map { row in
      UnsafeBufferPointer(start: pointer + row * width, count: width).allSatisfy { $0 == 0 }
    }
  }
}

extension Tensor {
  /// Tensors of one shape one behind the other, as inputs of a batch; no gradient flows through it.
  ///
  /// - Parameters:
  ///   - parts: The tensors, possibly none.
  ///   - shape: Their shape.
  /// - Returns: `[parts] + shape`.
  public static func stacked(_ parts: [Tensor], shape: [Int]) -> Tensor {
    precondition(parts.allSatisfy { $0.shape == shape }, "stacked: \(parts.map(\.shape)), not all of them \(shape)")
    let size = shape.reduce(1, *)
    return Tensor(shape: [parts.count] + shape) { target in
      guard let base = target.baseAddress else { return }
      for (index, part) in parts.enumerated() { (base + index * size).update(from: part.pointer, count: size) }
    }
  }
}
