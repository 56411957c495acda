// WordNetNouns.swift - names and kinds of things, from the noun file of WordNet 3.0 (Debian `wordnet-base`: /usr/share/wordnet/data.noun).
//
// A line is one synset, as wndb(5WN) has it: offset, number of its file, type, a count in hexadecimal and so many words each with its number,
// a count in decimal and so many pointers of four fields, then the gloss. The classes of ImageNet are synsets, named by their offset.

import SafeFiles

/// The nouns of WordNet.
public struct WordNetNouns: Sendable {
  /// One meaning with all words that have it.
  public struct Synset: Sendable, Equatable {
    /// Its words, the most usual first, with spaces in place of underscores.
    public let words: [String]
    /// Offsets of the synsets of which it is a kind or an instance.
    public let kinds: [Int]
  }

  /// Where Debian has the file.
  public static let usualPath = "/usr/share/wordnet/data.noun"
  private static let kindPointers: Set<Substring> = ["@", "@i"]
  private static let greatestBytes = 1 << 26

  private let synsets: [Int: Synset]

  /// Reads the noun file.
  ///
  /// - Parameter path: `data.noun`.
  /// - Throws: `FileFailure` that names the line that is none of the format.
  public init(path: String = WordNetNouns.usualPath) throws(FileFailure) {
    let bytes = try readFile(path, limit: Self.greatestBytes)
    do {
      try self.init(text: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw FileFailure(file: path, cause: error)
    }
  }

  /// Reads the text of the noun file; lines that begin with a space are its licence.
  ///
  /// - Parameter text: The text.
  /// - Throws: ``WordNetFailure`` for the first line that is none of the format.
  public init(text: String) throws(WordNetFailure) {
    var found: [Int: Synset] = [:]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && line.first != " " {
      guard let (offset, synset) = Self.parse(line) else { throw WordNetFailure(line: number + 1) }
      found[offset] = synset
    }
    guard !found.isEmpty else { throw WordNetFailure(line: nil) }
    synsets = found
  }

  /// How many synsets there are.
  public var count: Int { synsets.count }

  /// The synset of an offset; nil where there is none.
  public func synset(_ offset: Int) -> Synset? { synsets[offset] }

  /// A synset and all that it is a kind of, itself first, then outwards; each once.
  ///
  /// - Parameter offset: The synset.
  /// - Returns: Offsets with their distance from the synset.
  public func kinds(of offset: Int) -> [(offset: Int, distance: Int)] {
    var found: [(offset: Int, distance: Int)] = synsets[offset] == nil ? [] : [(offset, 0)]
    var known: Set<Int> = [offset]
    var next = 0
    while next < found.count {
      for kind in synsets[found[next].offset]?.kinds ?? [] where known.insert(kind).inserted {
        found.append((kind, found[next].distance + 1))
      }
      next += 1
    }
    return found
  }

  private static func parse(_ line: Substring) -> (Int, Synset)? {
    let fields = line.prefix { $0 != "|" }.split(separator: " ")
    guard fields.count > 4, let offset = Int(fields[0]), let count = Int(fields[3], radix: 16), count > 0 else {
      return nil
    }
    let pointers = 4 + 2 * count
    guard fields.count > pointers, let pointerCount = Int(fields[pointers]) else { return nil }
    guard pointerCount >= 0, fields.count >= pointers + 1 + 4 * pointerCount else { return nil }
    let words = (0..<count).map { fields[4 + 2 * $0].split(separator: "_").joined(separator: " ") }
    let kinds = (0..<pointerCount).compactMap { number -> Int? in
      let place = pointers + 1 + 4 * number
      return kindPointers.contains(fields[place]) ? Int(fields[place + 1]) : nil
    }
    return (offset, Synset(words: words, kinds: kinds))
  }
}

/// A file is not the noun file of WordNet.
public struct WordNetFailure: Failure, Equatable {
  /// The line, from 1; nil where there is no synset at all.
  public let line: Int?

  /// A fault in a line, or of the whole file.
  public init(line: Int?) { self.line = line }

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The line.
  public var place: String? { line.map { "line \($0)" } }

  /// What is wrong.
  public var problem: String {
    line == nil ? "there is no synset in it" : "the line is not in the format of WordNet's noun files"
  }

  /// What to do.
  public var advice: String { "install WordNet 3.0 (Debian: apt-get install wordnet-base) and give its folder" }
}
