// SourceFile.swift - source files as the layering rules see them: lines of words, without comments and strings.

import Foundation

/// The repository's folder.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// One Swift, C or header file under Sources or Tests.
struct SourceFile {
  /// Path under the repository, such as `Sources/TRAR/Decoder.swift`.
  let path: String
  let text: String

  /// The folder after `Sources` or `Tests`.
  var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
  var isSwift: Bool { path.hasSuffix(".swift") }
  var lineCount: Int { text.utf8.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 } }

  /// Every source file under a folder of the repository.
  static func all(under folder: String) throws -> [SourceFile] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: repository.appending(path: folder).path())
    let sources = paths.filter { path in [".swift", ".c", ".h"].contains(where: path.hasSuffix) }
    return try sources.sorted().map { path in
      let data = try Data(contentsOf: repository.appending(path: "\(folder)/\(path)"))
      return SourceFile(path: "\(folder)/\(path)", text: String(decoding: data, as: UTF8.self))
    }
  }

  /// The modules the file imports, with the line of each.
  var imports: [(module: String, line: Int)] {
    lines.enumerated().compactMap { index, words in
      // Attributes and access levels come before, a kind (`struct`) may stand between.
      guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(importPrefixes.contains) else {
        return nil
      }
      let rest = words[(keyword + 1)...].drop(while: importKinds.contains)
      return rest.first.map { (module: $0, line: index + 1) }
    }
  }

  /// The lines of the file, each as its names and single punctuation characters; comments and strings are left out.
  var lines: [[String]] {
    var stripper = Stripper(bytes: Array(text.utf8))
    return stripper.strip().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(words)
  }
}

private let importPrefixes: Set<String> = [
  "@", "testable", "_exported", "preconcurrency", "_implementationOnly", "public", "package", "internal", "fileprivate",
  "private",
]
private let importKinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]

/// The names and single punctuation characters of a line of code.
private func words(of line: ArraySlice<UInt8>) -> [String] {
  var words: [String] = []
  var rest = line
  while let first = rest.first {
    let name = rest.prefix(while: isName)
    let taken = name.isEmpty ? rest.prefix(1) : name
    if first > UInt8(ascii: " ") { words.append(String(decoding: taken, as: UTF8.self)) }
    rest = rest.dropFirst(taken.count)
  }
  return words
}

private func isName(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
  default: false
  }
}

/// Overwrites comments and string literals with spaces; line ends stay.
private struct Stripper {
  var bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func strip() -> [UInt8] {
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "/"), bytes[position] != UInt8(ascii: "\"") {
        position += 1
      } else if starts("//") {
        while position < bytes.count, !starts("\n") { blank(1) }
      } else if starts("/*") {
        blankComment()
      } else if starts("\"") {
        blankString()
      } else {
        position += 1
      }
    }
    return bytes
  }

  /// A block comment; in Swift they nest.
  private mutating func blankComment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        blank(2)
      } else if starts("*/") {
        depth -= 1
        blank(2)
      } else {
        blank(1)
      }
    } while depth > 0 && position < bytes.count
  }

  /// A literal of any kind: one line or several, raw or not, with the code inside `\(...)`.
  private mutating func blankString() {
    let hashes = String(repeating: "#", count: bytes[..<position].reversed().prefix { $0 == UInt8(ascii: "#") }.count)
    let spansLines = starts("\"\"\"")
    let quote = spansLines ? "\"\"\"" : "\""
    blank(quote.utf8.count)
    while position < bytes.count, !starts(quote + hashes) {
      if !spansLines, starts("\n") { return }
      if starts("\\" + hashes + "(") {
        blankInterpolation()
      } else {
        blank(starts("\\" + hashes) ? 2 + hashes.utf8.count : 1)
      }
    }
    blank(quote.utf8.count)
  }

  private mutating func blankInterpolation() {
    while !starts("(") { blank(1) }
    var depth = 0
    repeat {
      if starts("(") { depth += 1 }
      if starts(")") { depth -= 1 }
      if starts("\"") { blankString() } else { blank(1) }
    } while depth > 0 && position < bytes.count
  }

  private func starts(_ text: String) -> Bool {
    bytes[position...].starts(with: text.utf8)
  }

  private mutating func blank(_ count: Int) {
    let end = min(position + count, bytes.count)
    for index in position..<end where bytes[index] != UInt8(ascii: "\n") { bytes[index] = UInt8(ascii: " ") }
    position = end
  }
}
