// ZipDirectoryEntry.swift - one entry of the directory, and the record in front of its data that has to agree.

import SafeFiles

/// What the directory says of an entry; checked but for its place in the file.
struct ZipDirectoryEntry {
  let name: String
  let method: ZipMethod
  let checksum: UInt32
  let storedSize: UInt64
  let size: UInt64
  /// Where the record in front of the data begins.
  private let begin: UInt64
  /// Whether sizes and checksum stand behind the data instead of in front of it.
  private let isDescribedBehind: Bool
  private let nameBytes: [UInt8]

  private static let recordBytes = 30

  /// Reads an entry of the directory.
  /// - Parameters:
  ///   - reader: Stands before the entry; afterwards behind it.
  ///   - offset: Where the entry begins in the file.
  /// - Throws: ``ZipFailure``.
  init(_ reader: inout ByteReader, offset: Int) throws(ZipFailure) {
    var sizes: (stored: UInt64, size: UInt64, begin: UInt64, disk: UInt32)
    let (flags, rawMethod): (UInt16, UInt16)
    let extra: ArraySlice<UInt8>
    do {
      guard try reader.integer(UInt32.self) == 0x0201_4B50 else {
        throw ZipFailure.wrongMark(offset: offset, record: .directoryEntry)
      }
      try reader.skip(4)  // versions
      (flags, rawMethod) = (try reader.integer(), try reader.integer())
      try reader.skip(4)  // time and date
      checksum = try reader.integer()
      let (stored, size): (UInt32, UInt32) = (try reader.integer(), try reader.integer())
      let lengths: (name: UInt16, extra: UInt16, comment: UInt16) = (
        try reader.integer(), try reader.integer(), try reader.integer()
      )
      let disk: UInt16 = try reader.integer()
      try reader.skip(6)  // attributes
      let begin: UInt32 = try reader.integer()
      nameBytes = Array(try reader.bytes(Int(lengths.name)))
      extra = try reader.bytes(Int(lengths.extra))
      try reader.skip(Int(lengths.comment))
      sizes = (UInt64(stored), UInt64(size), UInt64(begin), UInt32(disk))
    } catch let failure as ZipFailure {
      throw failure
    } catch {
      throw .cutShort(offset: offset, record: .directoryEntry)
    }
    name = try Self.checkedName(nameBytes, offset: offset)
    // Bit 0: encrypted; bit 6: strongly; bit 13: the directory is.
    guard flags & 0x2041 == 0 else { throw .encrypted(entry: name) }
    guard let method = ZipMethod(rawValue: rawMethod) else { throw .unknownMethod(entry: name, method: rawMethod) }
    self.method = method
    isDescribedBehind = flags & 0x0008 != 0
    try Self.widen(&sizes, extra: extra, entry: name)
    guard sizes.disk == 0 else { throw .severalDisks(offset: offset) }
    (storedSize, size, begin) = (sizes.stored, sizes.size, sizes.begin)
  }

  /// A name that stays inside the archive's own tree on every system.
  private static func checkedName(_ bytes: [UInt8], offset: Int) throws(ZipFailure) -> String {
    guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else {
      throw .wrongName(offset: offset, name: String(decoding: bytes, as: UTF8.self))
    }
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let leadsOut = bytes.first == UInt8(ascii: "/") || parts.contains { $0.elementsEqual("..".utf8) }
    let isDrive = bytes.count > 1 && bytes[1] == UInt8(ascii: ":")
    guard !leadsOut, !isDrive, !bytes.contains(UInt8(ascii: "\\")), !bytes.contains(0) else {
      throw .wrongName(offset: offset, name: name)
    }
    return name
  }

  /// Takes the sizes of 64 bits from the extra field, where those of 32 bits are all ones (APPNOTE 4.5.3).
  private static func widen(
    _ sizes: inout (stored: UInt64, size: UInt64, begin: UInt64, disk: UInt32), extra: ArraySlice<UInt8>, entry: String
  ) throws(ZipFailure) {
    let limit = UInt64(UInt32.max)
    guard sizes.stored == limit || sizes.size == limit || sizes.begin == limit || sizes.disk == 0xFFFF else { return }
    var field = ByteReader(try zip64Field(extra, entry: entry))
    do {
      if sizes.size == limit { sizes.size = try field.integer() }
      if sizes.stored == limit { sizes.stored = try field.integer() }
      if sizes.begin == limit { sizes.begin = try field.integer() }
      if sizes.disk == 0xFFFF { sizes.disk = try field.integer() }
    } catch {
      throw .missingSize(entry: entry)
    }
  }

  private static func zip64Field(_ extra: ArraySlice<UInt8>, entry: String) throws(ZipFailure) -> [UInt8] {
    var reader = ByteReader(Array(extra))
    do {
      while true {
        let (identifier, length): (UInt16, UInt16) = (try reader.integer(), try reader.integer())
        let field = try reader.bytes(Int(length))
        if identifier == 0x0001 { return Array(field) }
      }
    } catch {
      throw .missingSize(entry: entry)
    }
  }

  /// Finds the data of the entry, behind a record that says the same as the directory.
  /// - Parameters:
  ///   - file: The whole archive.
  ///   - end: Where the directory begins.
  /// - Returns: Where the entry begins, and where its data is.
  /// - Throws: ``ZipFailure``.
  func place(in file: FileBytes, before end: Int) throws(ZipFailure) -> (begin: Int, data: Range<Int>) {
    guard begin <= UInt64(end), end - Int(begin) >= Self.recordBytes else {
      throw .outsideFile(entry: name, offset: begin)
    }
    let begin = Int(begin)
    let record = file.copy(begin..<begin + Self.recordBytes)
    func number(_ range: Range<Int>) -> UInt64 { record[range].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    guard number(0..<4) == 0x0403_4B50 else { throw .wrongMark(offset: begin, record: .entry) }
    let (nameLength, extraLength) = (Int(number(26..<28)), Int(number(28..<30)))
    let dataStart = begin + Self.recordBytes + nameLength + extraLength
    guard dataStart <= end, storedSize <= UInt64(end - dataStart) else {
      throw .outsideFile(entry: name, offset: UInt64(begin))
    }
    let nameStart = begin + Self.recordBytes
    guard file.copy(nameStart..<nameStart + nameLength) == nameBytes else {
      throw .recordsDiffer(entry: name, offset: begin, field: "name")
    }
    guard number(6..<8) & 0x2041 == 0 else { throw .encrypted(entry: name) }
    guard number(8..<10) == UInt64(method.rawValue) else {
      throw .recordsDiffer(entry: name, offset: begin, field: "method")
    }
    var sizes = (stored: number(18..<22), size: number(22..<26), begin: 0 as UInt64, disk: 0 as UInt32)
    let extraStart = nameStart + nameLength
    try Self.widen(&sizes, extra: file.copy(extraStart..<dataStart)[...], entry: name)
    let values: [(field: String, value: UInt64, expected: UInt64)] = [
      ("checksum", number(14..<18), UInt64(checksum)), ("stored size", sizes.stored, storedSize),
      ("size", sizes.size, size),
    ]
    // A writer that did not know a value yet left zeros.
    for (field, value, expected) in values where !(isDescribedBehind && value == 0) {
      guard value == expected else { throw .recordsDiffer(entry: name, offset: begin, field: field) }
    }
    return (begin, dataStart..<dataStart + Int(storedSize))
  }
}
