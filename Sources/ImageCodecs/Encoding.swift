// Encoding.swift - a picture to the bytes of a PNG file.

import CImageCodecs

/// Encodes a picture as PNG (RGB, 8 bits, zlib level 6).
///
/// - Parameter image: The picture.
/// - Returns: The bytes of the file.
/// - Throws: ``ImageFailure/notEncoded(reason:)`` if a side is longer than the library writes (1,000,000 pixels).
public func encodePNG(_ image: RGBImage) throws(ImageFailure) -> [UInt8] {
  var encoded: UnsafeMutablePointer<UInt8>?
  var count = 0
  var report = codec_report()
  let status = image.pixels.withUnsafeBufferPointer { pixels in
    codec_encode_png(
      pixels.baseAddress, UInt32(clamping: image.width), UInt32(clamping: image.height), &encoded, &count, &report)
  }
  guard status == CODEC_OK, let encoded else { throw .notEncoded(reason: report.text) }
  defer { codec_release(encoded) }
  return [UInt8](UnsafeBufferPointer(start: encoded, count: count))
}
