// Exif.swift - finds the orientation in a JPEG or PNG file.
//
// Exif 2.32, 4.5 and 4.6: a TIFF header, then a directory of 12-byte entries, one of which (0x0112) is the orientation.
// It stands in the APP1 segment of a JPEG file (ITU T.81, B.1.1) or the eXIf chunk of a PNG file. Whatever is odd about
// it is ignored: a picture with a broken note about its camera is still a picture.

/// The orientation a file asks for; upright where it says nothing that can be understood.
func exifOrientation(of bytes: [UInt8], format: ImageFormat) -> Orientation {
  let block =
    switch format {
    case .jpeg: exifBlock(ofJPEG: bytes)
    case .png: exifBlock(ofPNG: bytes)
    }
  return block.flatMap(orientation(inTIFF:)) ?? .upright
}

/// Bytes read as numbers, nil where they end.
private struct Numbers {
  var bytes: ArraySlice<UInt8>
  var isLittleEndian = false

  /// The number of `size` bytes at `offset` from the beginning.
  func read(_ size: Int, at offset: Int) -> Int? {
    guard offset >= 0, size <= bytes.count, offset <= bytes.count - size else { return nil }
    let start = bytes.startIndex + offset
    let field = bytes[start..<start + size]
    func join(_ number: Int, _ byte: UInt8) -> Int { number << 8 | Int(byte) }
    return isLittleEndian ? field.reversed().reduce(0, join) : field.reduce(0, join)
  }

  /// The `count` bytes at `offset` from the beginning.
  func slice(_ count: Int, at offset: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, count >= 0, count <= bytes.count, offset <= bytes.count - count else { return nil }
    return bytes[bytes.startIndex + offset..<bytes.startIndex + offset + count]
  }
}

private func exifBlock(ofJPEG bytes: [UInt8]) -> ArraySlice<UInt8>? {
  let numbers = Numbers(bytes: bytes[...])
  var offset = 2
  while numbers.read(1, at: offset) == 0xFF, let marker = numbers.read(1, at: offset + 1) {
    switch marker {
    case 0xFF:  // a fill byte
      offset += 1
      continue
    case 0x01, 0xD0...0xD8:  // markers that stand alone
      offset += 2
      continue
    case 0xD9, 0xDA: return nil  // end, or the picture itself
    default: break
    }
    guard let length = numbers.read(2, at: offset + 2), length >= 2 else { return nil }
    let name = Array("Exif\0\0".utf8)
    if marker == 0xE1, let segment = numbers.slice(length - 2, at: offset + 4), segment.starts(with: name) {
      return segment.dropFirst(name.count)
    }
    offset += 2 + length
  }
  return nil
}

private func exifBlock(ofPNG bytes: [UInt8]) -> ArraySlice<UInt8>? {
  let numbers = Numbers(bytes: bytes[...])
  var offset = 8
  while let length = numbers.read(4, at: offset), let name = numbers.slice(4, at: offset + 4) {
    if name.elementsEqual("eXIf".utf8) { return numbers.slice(length, at: offset + 8) }
    if name.elementsEqual("IEND".utf8) { return nil }
    offset += 12 + length
  }
  return nil
}

private func orientation(inTIFF block: ArraySlice<UInt8>) -> Orientation? {
  var numbers = Numbers(bytes: block)
  switch numbers.read(2, at: 0) {
  case 0x4949: numbers.isLittleEndian = true
  case 0x4D4D: numbers.isLittleEndian = false
  default: return nil
  }
  guard numbers.read(2, at: 2) == 42, let directory = numbers.read(4, at: 4), let count = numbers.read(2, at: directory)
  else { return nil }
  for entry in 0..<count {
    // tag, type, number of values, value
    let offset = directory + 2 + 12 * entry
    guard let tag = numbers.read(2, at: offset) else { return nil }
    guard tag == 0x0112 else { continue }
    let shortType = 3
    guard numbers.read(2, at: offset + 2) == shortType, numbers.read(4, at: offset + 4) == 1,
      let value = numbers.read(2, at: offset + 8)
    else { return nil }
    return UInt16(exactly: value).flatMap(Orientation.init(rawValue:))
  }
  return nil
}
