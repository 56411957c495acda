// PortableConvolutionPixels.swift - input values under a kernel copied side by side, block of output pixels by block.

/// The values of some kernel places for a block of output rows, `[pixels, taps, C / groups]`.
final class GatheredPixels {
  /// A run of kernel places in one kernel row: they lie side by side in the input, too.
  private struct Run {
    let kernelRow: Int
    let columns: Range<Int>
  }

  private let shape: ConvolutionShape
  private let runs: [Run]
  private let rowsPerBlock: Int
  private let storage: Storage

  /// The values; valid until the next call of ``gather(_:group:_:)``.
  var values: UnsafeMutablePointer<Float> { storage.pointer }

  init(_ shape: ConvolutionShape, taps: Range<Int>) {
    self.shape = shape
    runs = (0..<shape.kernelHeight).compactMap { row in
      let start = row * shape.kernelWidth
      let part = (start..<(start + shape.kernelWidth)).clamped(to: taps)
      return part.isEmpty ? nil : Run(kernelRow: row, columns: (part.lowerBound - start)..<(part.upperBound - start))
    }
    let rowCount = shape.outputWidth * taps.count * shape.groupChannels
    // A quarter of a megabyte, but no fewer pixels than pay for packing the other operand.
    let fitting = max((1 << 16) / max(1, rowCount), (63 + shape.outputWidth) / shape.outputWidth)
    rowsPerBlock = max(1, min(shape.batch * shape.outputHeight, fitting))
    storage = Storage(count: rowsPerBlock * rowCount)
  }

  /// Calls `body` with ranges of output rows, counted through all samples.
  func forEachBlock(_ body: (Range<Int>) -> Void) {
    let rows = shape.batch * shape.outputHeight
    for start in stride(from: 0, to: rows, by: rowsPerBlock) { body(start..<min(rows, start + rowsPerBlock)) }
  }

  /// Copies the values under the kernel for the pixels of some output rows.
  func gather(_ rows: Range<Int>, group: Int, _ input: UnsafePointer<Float>) {
    let channels = shape.groupChannels
    var target = storage.pointer
    forEachRun(rows, group: group) { offset, before, inside, after in
      target.update(repeating: 0, count: before &* channels)
      target += before &* channels
      if shape.groups == 1 {
        target.update(from: input + offset, count: inside &* channels)
      } else {
        for place in 0..<inside {
          (target + place &* channels).update(from: input + (offset &+ place &* shape.channels), count: channels)
        }
      }
      target += inside &* channels
      target.update(repeating: 0, count: after &* channels)
      target += after &* channels
    }
  }

  /// Adds the values back to where ``gather(_:group:_:)`` copies them from.
  func scatter(_ rows: Range<Int>, group: Int, addingTo output: UnsafeMutablePointer<Float>) {
    let channels = shape.groupChannels
    var source = storage.pointer
    forEachRun(rows, group: group) { offset, before, inside, after in
      source += before &* channels
      if shape.groups == 1 {
        VectorMath.add(inside &* channels, source, to: output + offset)
      } else {
        for place in 0..<inside {
          VectorMath.add(channels, source + place &* channels, to: output + (offset &+ place &* shape.channels))
        }
      }
      source += (inside &+ after) &* channels
    }
  }

  /// Calls `body` for every output pixel and run with the input offset of the run's first place inside the picture, and how many
  /// places lie before, inside and after the picture.
  @inline(__always)
  private func forEachRun(_ rows: Range<Int>, group: Int, _ body: (Int, Int, Int, Int) -> Void) {
    let shape = shape
    runs.withUnsafeBufferPointer { runs in
      for row in rows {
        let sample = row / shape.outputHeight
        let top = (row &- sample &* shape.outputHeight) &* shape.stride &- shape.padding.top
        for column in 0..<shape.outputWidth {
          let left = column &* shape.stride &- shape.padding.left
          for run in runs {
            let inputRow = top &+ run.kernelRow
            let count = run.columns.count
            guard inputRow >= 0, inputRow < shape.height else {
              body(0, count, 0, 0)
              continue
            }
            let first = left &+ run.columns.lowerBound
            let before = min(count, max(0, 0 &- first))
            let after = min(count &- before, max(0, first &+ count &- shape.width))
            let pixel = (sample &* shape.height &+ inputRow) &* shape.width &+ first &+ before
            let offset = pixel &* shape.channels &+ group &* shape.groupChannels
            body(offset, before, count &- before &- after, after)
          }
        }
      }
    }
  }
}
