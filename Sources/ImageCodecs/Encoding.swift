// Encoding.swift - a picture to the bytes of a PNG or JPEG file.

import CImageCodecs

/// Encodes a picture as PNG (RGB, 8 bits, zlib level 6).
///
/// - Parameter image: The picture.
/// - Returns: The bytes of the file.
/// - Throws: ``ImageFailure/notEncoded(reason:)`` if a side is longer than the library writes (1,000,000 pixels).
public func encodePNG(_ image: RGBImage) throws(ImageFailure) -> [UInt8] {
  try encoded(image) { codec_encode_png($0, $1, $2, $3, $4, $5) }
}

/// Encodes a picture as baseline JPEG with halved colour resolution; a photograph takes a tenth of its bytes as PNG.
///
/// - Parameters:
///   - image: The picture.
///   - quality: From 1 to 100; the nearer end is taken outside.
/// - Returns: The bytes of the file.
/// - Throws: ``ImageFailure/notEncoded(reason:)`` if a side is longer than the format knows (65,500 pixels).
public func encodeJPEG(_ image: RGBImage, quality: Int = 80) throws(ImageFailure) -> [UInt8] {
  let quality = Int32(min(100, max(1, quality)))
  return try encoded(image) { codec_encode_jpeg($0, $1, $2, quality, $3, $4, $5) }
}

/// One call of an encoder of C.
private typealias Encoder = (
  UnsafePointer<UInt8>?, UInt32, UInt32, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>,
  UnsafeMutablePointer<codec_report>
) -> codec_status

private func encoded(_ image: RGBImage, _ encoder: Encoder) throws(ImageFailure) -> [UInt8] {
  var encoded: UnsafeMutablePointer<UInt8>?
  var count = 0
  var report = codec_report()
  let status = image.pixels.withUnsafeBufferPointer { pixels in
    encoder(
      pixels.baseAddress, UInt32(clamping: image.width), UInt32(clamping: image.height), &encoded, &count, &report)
  }
  guard status == CODEC_OK, let encoded else { throw .notEncoded(reason: report.text) }
  defer { codec_release(encoded) }
  return [UInt8](UnsafeBufferPointer(start: encoded, count: count))
}
