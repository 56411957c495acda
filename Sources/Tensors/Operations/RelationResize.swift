// RelationResize.swift - maps between all tokens of a coarse grid, resized over queries and keys to those of a finer one.
//
// Dynamic ViT (Wang et al., NeurIPS 2021), relationship reuse: new = G old Gᵀ for every channel, with G the sparse matrix of GridResize and
// the class token's row and column kept apart. The doubled map of the original never exists.

extension Tensor {
  /// Resizes both axes of relations.
  ///
  /// - Parameter resize: From the grid of these tokens to the finer one.
  /// - Returns: `[B, C, n, n]` to `[B, C, N, N]`, the class token counted in both.
  public func resizedRelations(_ resize: GridResize) -> Tensor {
    let old = resize.oldTokens
    let new = resize.newTokens
    precondition(
      rank == 4 && shape[2] == old && shape[3] == old, "resizedRelations: \(shape) for a grid of side \(resize.from)")
    let maps = shape[0] * shape[1]
    let storage = Storage(count: maps * new * new)
    WorkerPool.shared.run(maps) { map in
      let finer = Storage(count: old * new)
      resize.withTaps { taps in
        RelationResizing.keys(
          self.pointer + map * old * old, taps, old: old, queries: old, into: finer.pointer, stride: new)
        for query in 0..<new {
          let target = storage.pointer + (map * new + query) * new
          target.update(repeating: 0, count: new)
          taps.addRow(query, of: finer.pointer, stride: new, width: new, factor: 0, to: target)
        }
      }
    }
    return Tape.result(Tensor(storage: storage, shape: [shape[0], shape[1], new, new]), of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        WorkerPool.shared.run(maps) { map in
          let finer = Storage(zeros: old * new)
          resize.withTaps { taps in
            for query in 0..<new {
              taps.addRowGradient(
                query, gradient + (map * new + query) * new, width: new, to: finer.pointer, stride: new)
            }
            RelationResizing.addKeyGradients(finer.pointer, taps, old: old, stride: new, to: target + map * old * old)
          }
        }
      }
    }
  }
}

/// The first of the two steps, over keys; it works on the old queries, which are few.
enum RelationResizing {
  /// Resizes the keys of the first old queries, `[n, n]` to `[n, N]`.
  static func keys(
    _ map: UnsafePointer<Float>, _ taps: GridTaps, old: Int, queries: Int, into finer: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    for query in 0..<queries { taps.gather(map + query &* old, into: finer + query &* stride) }
  }

  /// Adds the gradient of what ``keys(_:_:old:queries:into:stride:)`` made.
  static func addKeyGradients(
    _ finer: UnsafePointer<Float>, _ taps: GridTaps, old: Int, stride: Int, to map: UnsafeMutablePointer<Float>
  ) {
    for query in 0..<old { taps.addGathered(finer + query &* stride, to: map + query &* old) }
  }
}
