// Unfold.swift - overlapping squares of a picture as tokens: the "split" of T2T-ViT (Yuan et al., ICCV 2021), im2col with zero padding.

/// Squares that a picture is cut into, in pixels.
public struct SquareWindows: Sendable, Hashable {
  /// Side of a square.
  public var size: Int
  /// Pixels from one square to the next, in both directions.
  public var stride: Int
  /// Zeros put around the picture on all sides.
  public var padding: Int

  /// Squares of a size, at a stride, with a padding.
  public init(size: Int, stride: Int, padding: Int) {
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  /// Squares along a side of so many pixels; 0 when not one fits.
  public func count(along side: Int) -> Int {
    let room = side + 2 * padding - size
    return room < 0 || stride < 1 ? 0 : room / stride + 1
  }
}

extension Tensor {
  /// Cuts pictures `[B, H, W, C]` into overlapping squares, one token each, row by row.
  ///
  /// - Parameter windows: Size, stride and padding of the squares; at least one fits.
  /// - Returns: `[B, H' W', C size size]`; within a token the order is channel, row, column, as PyTorch's unfold has it.
  public func unfolded(_ windows: SquareWindows) -> Tensor {
    precondition(rank == 4, "unfolded: \(shape) is not [batch, height, width, channels]")
    let pass = UnfoldPass(shape: shape, windows: windows)
    precondition(pass.rows > 0 && pass.columns > 0, "unfolded: no square of \(windows) fits into \(shape)")
    let storage = Storage(count: pass.batch * pass.tokens * pass.tokenWidth)
    Pieces.runRows(pass.batch * pass.tokens, width: pass.tokenWidth) { range in
      for token in range { pass.read(self.pointer, token, into: storage.pointer + token * pass.tokenWidth) }
    }
    let result = Tensor(storage: storage, shape: [pass.batch, pass.tokens, pass.tokenWidth])
    return Tape.result(result, of: [self]) {
      { gradient in
        guard let target = self.node?.addableContribution() else { return }
        // Squares of one picture overlap, those of two do not.
        WorkerPool.shared.run(pass.batch) { sample in
          for token in (sample * pass.tokens)..<((sample + 1) * pass.tokens) {
            pass.add(gradient + token * pass.tokenWidth, token, to: target)
          }
        }
      }
    }
  }
}

/// Sizes of one call.
private struct UnfoldPass {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int
  let windows: SquareWindows
  let rows: Int
  let columns: Int

  init(shape: [Int], windows: SquareWindows) {
    batch = shape[0]
    height = shape[1]
    width = shape[2]
    channels = shape[3]
    self.windows = windows
    rows = windows.count(along: height)
    columns = windows.count(along: width)
  }

  var tokens: Int { rows * columns }
  var tokenWidth: Int { channels * windows.size * windows.size }

  /// Calls `body` with the place in the picture and in the token of every pixel of a square that lies within the picture.
  @inline(__always)
  private func forEachPixel(_ token: Int, _ body: (_ pixel: Int, _ place: Int) -> Void) {
    let sample = token / tokens
    let top = token % tokens / columns * windows.stride - windows.padding
    let left = token % columns * windows.stride - windows.padding
    for row in max(0, -top)..<max(max(0, -top), min(windows.size, height - top)) {
      for column in max(0, -left)..<max(max(0, -left), min(windows.size, width - left)) {
        body(((sample &* height &+ top &+ row) &* width &+ left &+ column) &* channels, row &* windows.size &+ column)
      }
    }
  }

  func read(_ pictures: UnsafePointer<Float>, _ token: Int, into target: UnsafeMutablePointer<Float>) {
    let area = windows.size * windows.size
    target.update(repeating: 0, count: tokenWidth)
    forEachPixel(token) { pixel, place in
      for channel in 0..<channels { target[channel &* area &+ place] = pictures[pixel &+ channel] }
    }
  }

  func add(_ gradient: UnsafePointer<Float>, _ token: Int, to pictures: UnsafeMutablePointer<Float>) {
    let area = windows.size * windows.size
    forEachPixel(token) { pixel, place in
      for channel in 0..<channels { pictures[pixel &+ channel] += gradient[channel &* area &+ place] }
    }
  }
}
