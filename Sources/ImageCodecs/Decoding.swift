// Decoding.swift - bytes of a JPEG or PNG file to an upright picture, under limits.

import CImageCodecs

/// Decodes a JPEG or PNG picture and sets it upright as its Exif block says.
///
/// Transparent parts are put over white. Colour profiles are not applied. A picture that is damaged or cut short is an
/// error, never a picture with made-up parts.
///
/// - Parameters:
///   - bytes: The whole file.
///   - limits: What the picture may cost.
///   - atLeast: The size that is wanted in the end, upright. A JPEG picture is then decoded at the smallest of 1/1, 1/2,
///     1/4 and 1/8 of its size that is not below it, which is faster and takes less memory; a PNG picture above
///     ``ImageLimits/wholePixels`` that is not interlaced likewise, each pixel the mean of a square.
/// - Returns: The picture.
/// - Throws: What is wrong with the bytes.
public func decodeImage(
  _ bytes: [UInt8], limits: ImageLimits = .default, atLeast: (width: Int, height: Int)? = nil
) throws(ImageFailure) -> RGBImage {
  guard bytes.count <= limits.fileBytes else { throw .fileTooLarge(bytes: bytes.count, limit: limits.fileBytes) }
  let format = try sniffFormat(bytes)
  let orientation = exifOrientation(of: bytes, format: format)
  var wanted: (width: UInt32, height: UInt32) = (0, 0)
  if let atLeast {
    wanted = (UInt32(clamping: max(1, atLeast.width)), UInt32(clamping: max(1, atLeast.height)))
    if orientation.swapsSides { wanted = (wanted.height, wanted.width) }
  }
  let decoder = Decoder(format: format, bytes: bytes, limits: limits)
  let shape = try decoder.measure(wanted: wanted)
  let count = Int(shape.width) * Int(shape.height) * 3
  if orientation != .upright, count > limits.memory / 2 {
    throw .tooMuchMemory(bytes: 2 * count, limit: limits.memory)  // the picture and its turned copy
  }
  let stored = RGBImage(
    width: Int(shape.width), height: Int(shape.height), unchecked: try decoder.decode(shape, count: count))
  return stored.oriented(orientation)
}

/// The codec of one file.
private struct Decoder {
  let format: ImageFormat
  let bytes: [UInt8]
  let limits: ImageLimits

  private var codecLimits: codec_limits {
    codec_limits(
      pixels: UInt64(clamping: limits.pixels), side: UInt64(clamping: limits.side),
      memory: UInt64(clamping: limits.memory), scans: UInt32(clamping: limits.scans),
      chunks: UInt32(clamping: limits.chunks), chunk_bytes: UInt64(clamping: limits.chunkBytes),
      whole_pixels: UInt64(clamping: limits.wholePixels))
  }

  /// Reads the header; no memory for pixels yet.
  func measure(wanted: (width: UInt32, height: UInt32)) throws(ImageFailure) -> codec_shape {
    var shape = codec_shape(), report = codec_report(), codecLimits = codecLimits
    let status = bytes.withUnsafeBufferPointer { file in
      switch format {
      case .jpeg:
        codec_measure_jpeg(
          file.baseAddress, file.count, &codecLimits, wanted.width, wanted.height, &shape, &report)
      case .png:
        codec_measure_png(file.baseAddress, file.count, &codecLimits, wanted.width, wanted.height, &shape, &report)
      }
    }
    guard status == CODEC_OK else { throw failure(report) }
    return shape
  }

  /// Decodes into an array of `count` values.
  func decode(_ shape: codec_shape, count: Int) throws(ImageFailure) -> [UInt8] {
    var shape = shape, report = codec_report(), codecLimits = codecLimits
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      let status = bytes.withUnsafeBufferPointer { file in
        switch format {
        case .jpeg:
          codec_decode_jpeg(file.baseAddress, file.count, &codecLimits, &shape, target.baseAddress, count, &report)
        case .png:
          codec_decode_png(file.baseAddress, file.count, &codecLimits, &shape, target.baseAddress, count, &report)
        }
      }
      initialized = status == CODEC_OK ? count : 0
    }
    guard report.status == CODEC_OK else { throw failure(report) }
    return pixels
  }

  /// The failure that a report of the codec tells of.
  private func failure(_ report: codec_report) -> ImageFailure {
    let byte = Int(clamping: report.offset)
    let width = Int(report.width), height = Int(report.height)
    return switch report.status {
    case CODEC_TRUNCATED: .truncated(format: format, byte: byte)
    case CODEC_UNSUPPORTED: .unsupported(format: format, byte: byte, feature: report.text)
    case CODEC_PIXELS: .tooManyPixels(width: width, height: height, limit: limits.pixels)
    case CODEC_SIDE: .sideTooLong(width: width, height: height, limit: limits.side)
    case CODEC_MEMORY: .tooMuchMemory(bytes: Int(clamping: report.value), limit: limits.memory)
    case CODEC_SCANS: .tooManyScans(limit: limits.scans)
    case CODEC_CHUNKS: .tooManyChunks(limit: limits.chunks)
    case CODEC_CHUNK_LENGTH:
      .chunkTooLong(byte: byte, bytes: Int(clamping: report.value), limit: limits.chunkBytes)
    default: .corrupt(format: format, byte: byte, reason: report.text)
    }
  }
}

extension codec_report {
  /// The library's words.
  var text: String {
    withUnsafeBytes(of: message) { field in
      String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
