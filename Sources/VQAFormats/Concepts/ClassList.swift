// ClassList.swift - which synset of WordNet each class of a backbone is: one identifier a line, such as "n01440764".

import SafeFiles

/// What is wrong with a list of classes.
public enum ClassListFailure: Failure, Equatable {
  /// A line is no identifier of a noun.
  case badLine(line: Int, text: String)
  /// A class is there already.
  case double(line: Int, first: Int)
  /// WordNet has no such noun.
  case unknown(line: Int, synset: Int)
  /// There is no class.
  case empty

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The line, from 1.
  public var place: String? {
    switch self {
    case .badLine(let line, _), .double(let line, _), .unknown(let line, _): "line \(line)"
    case .empty: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .badLine(_, let text): "'\(visibleText(text, limit: 60))' is no noun of WordNet, such as n01440764"
    case .double(_, let first): "the class is already in line \(first)"
    case .unknown(_, let synset): "WordNet has no noun at offset \(synset)"
    case .empty: "the list has no class"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .unknown: "give the folder of WordNet 3.0, whose offsets the classes are"
    case .badLine, .double, .empty: "write one class a line, in the order of the network's outputs"
    }
  }
}

/// The classes of a backbone as synsets.
public struct ClassList: Sendable, Equatable {
  /// No list is longer.
  private static let greatestBytes = 1 << 24

  /// The offset of each class's synset; the index is the number of the class.
  public let synsets: [Int]

  /// Reads the text of a list; empty lines at its end do not count.
  ///
  /// - Throws: ``ClassListFailure`` with the line.
  public init(text: String) throws(ClassListFailure) {
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty else { throw .empty }
    var synsets: [Int] = []
    var known: [Int: Int] = [:]
    for (number, line) in lines.enumerated() {
      let digits = line.dropFirst()
      let isPlain =
        line.first == "n" && (1...8).contains(digits.count) && digits.utf8.allSatisfy { (48...57).contains($0) }
      guard isPlain, let synset = Int(digits) else { throw .badLine(line: number + 1, text: String(line)) }
      if let first = known.updateValue(number + 1, forKey: synset) { throw .double(line: number + 1, first: first) }
      synsets.append(synset)
    }
    self.synsets = synsets
  }

  /// Reads a list.
  ///
  /// - Throws: `FileFailure` that names the line.
  public init(path: String) throws(FileFailure) {
    let bytes = try readFile(path, limit: Self.greatestBytes)
    do { try self.init(text: String(decoding: bytes, as: UTF8.self)) } catch {
      throw FileFailure(file: path, cause: error)
    }
  }
}
