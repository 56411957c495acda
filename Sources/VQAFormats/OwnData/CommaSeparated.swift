// CommaSeparated.swift - rows of a table whose fields are parted by commas (RFC 4180), semicolons or tabs.
//
// A field in quotes may hold separators, line ends and doubled quotes. Lines end with LF, CR LF or CR; a byte order mark is passed over.

/// Rows of a table.
struct CommaSeparated {
  /// One row that is not empty.
  struct Row: Equatable {
    /// The line it begins in, from 1.
    let line: Int
    let fields: [String]
  }

  private static let (quote, lineFeed, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))

  private let bytes: [UInt8]
  private let separator: UInt8
  private var place = 0
  private var line = 1
  private var lineStart = 0

  /// All rows; the separator is the one that the first line has most of.
  static func rows(_ bytes: [UInt8]) throws(OwnDataFailure) -> [Row] {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    let first = text.prefix { $0 != lineFeed && $0 != carriageReturn }
    let separators = [",", ";", "\t"].compactMap { Character($0).asciiValue }
    let counts = separators.map { separator in first.count { $0 == separator } }
    let most = counts.max().flatMap(counts.firstIndex) ?? 0
    var reader = CommaSeparated(bytes: text, separator: separators[most])
    var rows: [Row] = []
    while let row = try reader.row() {
      if row.fields != [""] { rows.append(row) }
    }
    return rows
  }

  private init(bytes: [UInt8], separator: UInt8) { (self.bytes, self.separator) = (bytes, separator) }

  private mutating func row() throws(OwnDataFailure) -> Row? {
    guard place < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard place < bytes.count else { break }
      let byte = bytes[place]
      guard byte == separator else {
        endLine()
        break
      }
      place += 1
    }
    return Row(line: start, fields: fields)
  }

  /// Goes over a line end.
  private mutating func endLine() {
    let isPair = bytes[place] == Self.carriageReturn && place + 1 < bytes.count && bytes[place + 1] == Self.lineFeed
    place += isPair ? 2 : 1
    line += 1
    lineStart = place
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  /// Reads a field up to its separator, the end of its line or of the text.
  private mutating func field() throws(OwnDataFailure) -> String {
    let startLine = line
    let column = place - lineStart + 1
    guard place < bytes.count, bytes[place] == Self.quote else {
      let start = place
      while place < bytes.count, !isEnd(bytes[place]) {
        if bytes[place] == Self.quote { throw .badQuote(line: line, column: place - lineStart + 1) }
        place += 1
      }
      return try text(bytes[start..<place], line: startLine)
    }
    place += 1
    var content: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      if byte == Self.quote {
        place += 1
        guard place < bytes.count, !isEnd(bytes[place]) else { return try text(ArraySlice(content), line: startLine) }
        guard bytes[place] == Self.quote else { throw .badQuote(line: line, column: place - lineStart + 1) }
        content.append(byte)
        place += 1
      } else if byte == Self.lineFeed || byte == Self.carriageReturn {
        content.append(Self.lineFeed)
        endLine()
      } else {
        content.append(byte)
        place += 1
      }
    }
    throw .badQuote(line: startLine, column: column)
  }

  private func text(_ bytes: ArraySlice<UInt8>, line: Int) throws(OwnDataFailure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(line: line) }
    return text
  }
}
