// Sniffing.swift - what a file is, by its first bytes.

/// Finds the picture format, or names what the bytes look like instead.
///
/// - Parameter bytes: The whole file or its beginning.
/// - Returns: The format, if it is one that is read.
/// - Throws: ``ImageFailure/empty`` or ``ImageFailure/unknownFormat(seen:)``.
func sniffFormat(_ bytes: [UInt8]) throws(ImageFailure) -> ImageFormat {
  if bytes.isEmpty { throw .empty }
  if bytes.starts(with: [0xFF, 0xD8]) { return .jpeg }
  if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return .png }
  throw .unknownFormat(seen: nameOfOtherFormat(bytes))
}

/// Beginnings of files that people take for pictures we might read.
private let otherFormats: [(start: String, name: String)] = [
  ("GIF8", "GIF"), ("%PDF", "PDF"), ("BM", "BMP"), ("II*\0", "TIFF"), ("MM\0*", "TIFF"), ("8BPS", "Photoshop"),
  ("<svg", "SVG"), ("<?xml", "XML"), ("<", "HTML"), ("PK\u{3}\u{4}", "a ZIP archive"), ("{", "JSON"), ("[", "JSON"),
  ("\u{0}\u{0}\u{1}\u{0}", "an icon (ICO)"), ("\u{0}\u{0}\u{0}\u{C}JXL ", "JPEG XL"),
  ("\u{0}\u{0}\u{0}\u{C}jP  ", "JPEG 2000"),
]

private func nameOfOtherFormat(_ bytes: [UInt8]) -> String {
  if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "WebP" }
  if bytes.starts(with: [0xFF, 0x0A]) { return "JPEG XL" }
  if bytes.dropFirst(4).starts(with: "ftyp".utf8) {
    let brand = bytes.dropFirst(8).prefix(4)
    if brand.starts(with: "avi".utf8) { return "AVIF" }
    let pictures = ["heic", "heix", "mif1", "msf1", "heim", "heis"]
    return pictures.contains { brand.starts(with: $0.utf8) } ? "HEIC" : "a video (MP4)"
  }
  for other in otherFormats where bytes.starts(with: other.start.utf8) { return other.name }
  let start = bytes.prefix(16)
  if start.allSatisfy({ (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }) { return "text" }
  let hexadecimal = start.prefix(8).map { byte in
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
  return "unknown data (first bytes \(hexadecimal.joined(separator: " ")))"
}
