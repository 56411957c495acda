// ZipBuilder.swift - makes zip archives byte by byte, good ones and, field by field, bad ones (APPNOTE 4.3).

/// An entry of an archive to be made; every field can be set to a lie.
public struct ZipBuilderEntry: Sendable {
  /// Path in the archive.
  public var name: [UInt8]
  /// What stands in the file.
  public var data: [UInt8]
  /// 0 stored, 8 deflated.
  public var method: UInt16
  /// General purpose flags.
  public var flags: UInt16 = 0
  /// CRC-32 in the directory.
  public var checksum: UInt32
  /// Compressed size in the directory.
  public var storedSize: UInt64
  /// Size in the directory.
  public var size: UInt64
  /// Bytes of padding in the extra field of the record in front of the data.
  public var padding = 0
  /// Whether sizes and offset are given as 64 bits, in extra fields.
  public var isZip64 = false
  /// Where the entry begins, by the directory; nil for the truth.
  public var offset: UInt64?
  /// Changes the record in front of the data, name and extra field included.
  public var changeRecord: @Sendable (inout [UInt8]) -> Void = { _ in }

  /// An entry stored as it is.
  public init(_ name: String, _ data: [UInt8]) {
    self.name = Array(name.utf8)
    self.data = data
    method = 0
    checksum = crc32(data)
    storedSize = UInt64(data.count)
    size = UInt64(data.count)
  }

  /// A deflated entry, in blocks that are not compressed (RFC 1951, 3.2.4).
  public init(deflating data: [UInt8], as name: String) {
    self.init(name, [])
    method = 8
    for start in stride(from: 0, to: max(1, data.count), by: 0xFFFF) {
      let block = data[start..<min(start + 0xFFFF, data.count)]
      let length = UInt16(block.count)
      self.data.append(start + 0xFFFF >= data.count ? 1 : 0)
      self.data += littleEndian(length) + littleEndian(~length) + block
    }
    checksum = crc32(data)
    storedSize = UInt64(self.data.count)
    size = UInt64(data.count)
  }
}

/// An archive to be made.
public struct ZipBuilder: Sendable {
  /// Its entries.
  public var entries: [ZipBuilderEntry]
  /// Whether it has the end records of 64 bits.
  public var isZip64 = false
  /// The comment behind the end record.
  public var comment: [UInt8] = []
  /// Number of entries by the end record; nil for the truth.
  public var entryCount: UInt64?
  /// Size of the directory by the end record; nil for the truth.
  public var directorySize: UInt64?
  /// Bytes between the directory and the end records.
  public var gap: [UInt8] = []
  /// Changes the end record of 64 bits, its locator and the end record.
  public var changeEnd: @Sendable (inout [UInt8]) -> Void = { _ in }

  /// An archive of entries.
  public init(_ entries: [ZipBuilderEntry] = []) {
    self.entries = entries
  }

  /// The bytes of the archive.
  public func bytes() -> [UInt8] {
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
      directory += directoryRecord(entry, offset: entry.offset ?? UInt64(bytes.count))
      bytes += record(entry) + entry.data
    }
    let start = UInt64(bytes.count)
    let size = directorySize ?? UInt64(directory.count)
    let count = entryCount ?? UInt64(entries.count)
    bytes += directory + gap
    var end: [UInt8] = []
    if isZip64 {
      let offset = UInt64(bytes.count)
      end += littleEndian(0x0606_4B50 as UInt32) + littleEndian(44 as UInt64) + littleEndian(45 as UInt16)
      end += littleEndian(45 as UInt16) + littleEndian(0 as UInt64) + littleEndian(count) + littleEndian(count)
      end += littleEndian(size) + littleEndian(start)
      end += littleEndian(0x0706_4B50 as UInt32) + littleEndian(0 as UInt32) + littleEndian(offset)
      end += littleEndian(1 as UInt32)
    }
    let count16 = isZip64 ? 0xFFFF : UInt16(truncatingIfNeeded: count)
    end +=
      littleEndian(0x0605_4B50 as UInt32) + littleEndian(0 as UInt32) + littleEndian(count16) + littleEndian(count16)
    end += littleEndian(isZip64 ? .max : UInt32(truncatingIfNeeded: size))
    end += littleEndian(isZip64 ? .max : UInt32(truncatingIfNeeded: start))
    end += littleEndian(UInt16(comment.count))
    changeEnd(&end)
    return bytes + end + comment
  }

  private func sizes(_ entry: ZipBuilderEntry) -> [UInt8] {
    if entry.isZip64 { return littleEndian(UInt64.max) }
    return littleEndian(UInt32(truncatingIfNeeded: entry.storedSize))
      + littleEndian(UInt32(truncatingIfNeeded: entry.size))
  }

  private func record(_ entry: ZipBuilderEntry) -> [UInt8] {
    var extra: [UInt8] = []
    if entry.isZip64 {
      extra += littleEndian(1 as UInt16) + littleEndian(16 as UInt16)
      extra += littleEndian(entry.size) + littleEndian(entry.storedSize)
    }
    if entry.padding >= 4 {
      // The field in which PyTorch pads: "FB", filled with "Z".
      extra += Array("FB".utf8) + littleEndian(UInt16(entry.padding - 4))
      extra += [UInt8](repeating: 0x5A, count: entry.padding - 4)
    }
    var record = littleEndian(0x0403_4B50 as UInt32) + littleEndian(45 as UInt16) + littleEndian(entry.flags)
    record += littleEndian(entry.method) + littleEndian(0 as UInt32) + littleEndian(entry.checksum) + sizes(entry)
    record += littleEndian(UInt16(entry.name.count)) + littleEndian(UInt16(extra.count)) + entry.name + extra
    entry.changeRecord(&record)
    return record
  }

  private func directoryRecord(_ entry: ZipBuilderEntry, offset: UInt64) -> [UInt8] {
    var extra: [UInt8] = []
    if entry.isZip64 {
      extra += littleEndian(1 as UInt16) + littleEndian(24 as UInt16)
      extra += littleEndian(entry.size) + littleEndian(entry.storedSize) + littleEndian(offset)
    }
    var record = littleEndian(0x0201_4B50 as UInt32) + littleEndian(45 as UInt16) + littleEndian(45 as UInt16)
    record += littleEndian(entry.flags) + littleEndian(entry.method) + littleEndian(0 as UInt32)
    record += littleEndian(entry.checksum) + sizes(entry)
    record += littleEndian(UInt16(entry.name.count)) + littleEndian(UInt16(extra.count)) + littleEndian(0 as UInt16)
    record += littleEndian(0 as UInt16) + littleEndian(0 as UInt16) + littleEndian(0 as UInt32)
    record += littleEndian(entry.isZip64 ? .max : UInt32(truncatingIfNeeded: offset))
    return record + entry.name + extra
  }
}

/// The bytes of a number, the least significant first.
public func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
  (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (Number($0) * 8)) }
}

/// CRC-32 of bytes (ISO 3309), bit by bit through a table; independent of the library under test.
public func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { $0 >> 8 ^ crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
}

private let crcTable: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
}
