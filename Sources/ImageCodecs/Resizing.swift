// Resizing.swift - a picture at another size: first along the rows, then along the columns.

extension RGBImage {
  /// The picture at another size, antialiased when made smaller.
  ///
  /// - Parameters:
  ///   - size: Width and height of the result in pixels, each at least 1.
  ///   - filter: Which filter weighs the neighbours.
  /// - Returns: The resized picture; equal to Pillow's `resize` with the same filter.
  /// - Throws: ``ImageFailure/badSize(width:height:)`` or ``ImageFailure/tooManyPixels(width:height:limit:)``.
  public func resized(to size: (width: Int, height: Int), filter: ResampleFilter) throws(ImageFailure) -> RGBImage {
    _ = try Self.checkedCount(width: size.width, height: size.height)
    _ = try Self.checkedCount(width: size.width, height: height)  // between the two passes
    var result = self
    if size.width != width {
      let weights = ResampleWeights(from: width, to: size.width, filter: filter)
      result = result.resizedRows(weights, width: size.width)
    }
    if size.height != height {
      let weights = ResampleWeights(from: height, to: size.height, filter: filter)
      result = result.resizedColumns(weights, height: size.height)
    }
    return result
  }

  /// Every row at another width.
  private func resizedRows(_ weights: ResampleWeights, width newWidth: Int) -> RGBImage {
    let count = newWidth * height * 3
    let resized = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      pixels.withUnsafeBufferPointer { source in
        weights.values.withUnsafeBufferPointer { values in
          var offset = 0
          for y in 0..<height {
            let row = y &* width &* 3
            for x in 0..<newWidth {
              var red = ResampleWeights.half, green = red, blue = red
              var from = row &+ weights.starts[x] &* 3
              let first = x &* weights.stride
              for index in first..<first &+ weights.counts[x] {
                let weight = values[index]
                red &+= Int32(source[from]) &* weight
                green &+= Int32(source[from &+ 1]) &* weight
                blue &+= Int32(source[from &+ 2]) &* weight
                from &+= 3
              }
              target[offset] = ResampleWeights.value(ofSum: red)
              target[offset &+ 1] = ResampleWeights.value(ofSum: green)
              target[offset &+ 2] = ResampleWeights.value(ofSum: blue)
              offset &+= 3
            }
          }
        }
      }
      initialized = count
    }
    return RGBImage(width: newWidth, height: height, unchecked: resized)
  }

  /// Every column at another height; whole rows are added up at once.
  private func resizedColumns(_ weights: ResampleWeights, height newHeight: Int) -> RGBImage {
    let rowCount = width * 3, count = rowCount * newHeight
    var sums = [Int32](repeating: 0, count: rowCount)
    let resized = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      pixels.withUnsafeBufferPointer { source in
        sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<newHeight {
            sums.update(repeating: ResampleWeights.half)
            for index in 0..<weights.counts[y] {
              let weight = weights.values[y &* weights.stride &+ index]
              let row = (weights.starts[y] &+ index) &* rowCount
              for x in 0..<rowCount { sums[x] &+= Int32(source[row &+ x]) &* weight }
            }
            let row = y &* rowCount
            for x in 0..<rowCount { target[row &+ x] = ResampleWeights.value(ofSum: sums[x]) }
          }
        }
      }
      initialized = count
    }
    return RGBImage(width: width, height: newHeight, unchecked: resized)
  }
}
