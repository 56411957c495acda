// Orientation.swift - the eight ways a camera may have been held, and how to set a picture upright.

/// How the stored picture must be changed to stand upright; raw values as in Exif tag 0x0112.
enum Orientation: UInt16, Sendable, CaseIterable {
  /// Stored upright.
  case upright = 1
  /// To be mirrored left to right.
  case mirrored
  /// To be turned by half a circle.
  case turnedHalf
  /// To be mirrored top to bottom.
  case flipped
  /// To be mirrored along the diagonal from the top left.
  case transposed
  /// To be turned a quarter clockwise.
  case turnedClockwise
  /// To be mirrored along the diagonal from the top right.
  case transversed
  /// To be turned a quarter counter-clockwise.
  case turnedCounterclockwise

  /// Whether width and height change places.
  var swapsSides: Bool { rawValue >= 5 }
}

extension RGBImage {
  /// The picture set upright.
  ///
  /// - Parameter orientation: How it is stored.
  /// - Returns: The upright picture.
  func oriented(_ orientation: Orientation) -> RGBImage {
    // The pixel at (x, y) of the result is stored at first + x * across + y * down.
    let last = width * height - 1, row = width, lastRow = width * (height - 1), lastColumn = width - 1
    let (first, across, down) =
      switch orientation {
      case .upright: (0, 1, row)
      case .mirrored: (lastColumn, -1, row)
      case .turnedHalf: (last, -1, -row)
      case .flipped: (lastRow, 1, -row)
      case .transposed: (0, row, 1)
      case .turnedClockwise: (lastRow, -row, 1)
      case .transversed: (last, -row, -1)
      case .turnedCounterclockwise: (lastColumn, row, -1)
      }
    if orientation == .upright { return self }
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    let count = pixels.count
    let turned = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      pixels.withUnsafeBufferPointer { source in
        var offset = 0
        for y in 0..<newHeight {
          var from = (first + y * down) * 3
          for _ in 0..<newWidth {
            target[offset] = source[from]
            target[offset &+ 1] = source[from &+ 1]
            target[offset &+ 2] = source[from &+ 2]
            offset &+= 3
            from &+= across &* 3
          }
        }
      }
      initialized = count
    }
    return RGBImage(width: newWidth, height: newHeight, unchecked: turned)
  }
}
