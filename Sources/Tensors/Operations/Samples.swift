// Samples.swift - a network that looks at every sample by itself, run sample by sample.
//
// Run layer by layer, a batch's widest maps go through memory twice a layer, and threads meet at every layer. Run sample by sample, each
// thread has its own samples, whose maps stay in its cache.

extension Tensor {
  /// Applies a function to every sample of the first axis, several at a time; not on a tape.
  ///
  /// - Parameter body: Takes `[1, ...]` and gives `[1, ...]`, all of one shape.
  /// - Returns: The results one after the other.
  package func mappingSamples(_ body: @escaping (Tensor) -> Tensor) -> Tensor {
    precondition(rank > 0 && Tape.current == nil, "mappingSamples: shape \(shape)")
    guard shape[0] > 1 else { return body(self) }
    let (size, rest) = (count / shape[0], Array(shape.dropFirst()))
    func sample(_ number: Int) -> Tensor {
      let memory = UnsafeMutableBufferPointer(start: storage.pointer + number * size, count: size)
      return body(Tensor(borrowing: memory, of: storage, isFile: false, shape: [1] + rest))
    }
    let results = WorkerPool.shared.map(shape[0], sample)
    let (resultSize, resultShape) = (results[0].count, Array(results[0].shape.dropFirst()))
    return Tensor(shape: [shape[0]] + resultShape) { target in
      guard let base = target.baseAddress else { return }
      for (number, result) in results.enumerated() {
        precondition(result.count == resultSize, "mappingSamples: \(result.shape) beside \(results[0].shape)")
        (base + number * resultSize).update(from: result.pointer, count: resultSize)
      }
    }
  }
}
