// PNGBuilder.swift - writes PNG files of every kind, without compression, from the text of the standard.
//
// PNG, second edition (ISO/IEC 15948), sections 5, 8.2 and 11; stored deflate blocks (RFC 1951, 3.2.4) in a zlib stream.

/// A PNG file to be.
struct PNGBuilder {
  /// Numbers of the standard for the kinds of pixels.
  enum ColorType: UInt8, CaseIterable {
    case gray = 0, rgb = 2, palette = 3, grayAlpha = 4, rgbAlpha = 6
    var channels: Int {
      switch self {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgbAlpha: 4
      }
    }
    var depths: [Int] {
      switch self {
      case .gray: [1, 2, 4, 8, 16]
      case .palette: [1, 2, 4, 8]
      default: [8, 16]
      }
    }
  }

  var width: Int
  var height: Int
  var colorType: ColorType
  var depth: Int
  var isInterlaced = false
  /// Chunks between the header and the picture data.
  var extraChunks: [[UInt8]] = []
  /// The value of a channel of a pixel.
  var sample: (_ x: Int, _ y: Int, _ channel: Int) -> Int

  /// The whole file.
  var bytes: [UInt8] {
    var header = Self.bigEndian(width) + Self.bigEndian(height)
    header += [UInt8(depth), colorType.rawValue, 0, 0, isInterlaced ? 1 : 0]
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += Self.chunk("IHDR", header)
    for chunk in extraChunks { file += chunk }
    file += Self.chunk("IDAT", Self.stored(rows))
    return file + Self.chunk("IEND", [])
  }

  /// All rows, each after its filter byte.
  private var rows: [UInt8] {
    // first column, first row, column step, row step of each pass
    let passes =
      isInterlaced
      ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
      : [(0, 0, 1, 1)]
    var rows: [UInt8] = []
    for (left, top, across, down) in passes where left < width {
      for y in stride(from: top, to: height, by: down) {
        rows.append(0)
        var bits = 0, count = 0
        for x in stride(from: left, to: width, by: across) {
          for channel in 0..<colorType.channels {
            bits = bits << depth | sample(x, y, channel)
            count += depth
            while count >= 8 {
              count -= 8
              rows.append(UInt8(bits >> count & 0xFF))
            }
          }
        }
        if count > 0 { rows.append(UInt8(bits << (8 - count) & 0xFF)) }
      }
    }
    return rows
  }

  /// A chunk with its length and checksum.
  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + data
    return bigEndian(data.count) + named + bigEndian(Int(checksum(named[...])))
  }

  static func bigEndian(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }

  /// CRC-32 as in the annex of the standard.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(bytes.count, start + 65_535)], count = block.count
      stream += [start + count == bytes.count ? 1 : 0]
      stream += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)] + block
    }
    var low = 1, high = 0
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return stream + bigEndian(high << 16 | low)
  }

  /// The file with the checksum of every chunk made right, as far as the chunks can be followed.
  static func withChecksums(_ file: [UInt8]) -> [UInt8] {
    var file = file, offset = 8
    while offset + 12 <= file.count {
      let length = file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - offset - 12 else { break }
      let end = offset + 8 + length
      file.replaceSubrange(end..<end + 4, with: bigEndian(Int(checksum(file[offset + 4..<end]))))
      offset = end + 4
    }
    return file
  }
}
