// UniqueList.swift - a checked list of different texts with the way back from text to index.

import SafeFiles

/// Texts in order, all different by scalars, each with its index.
struct UniqueList: Sendable {
  /// Most entries a list may have; the original's largest has some twenty thousand.
  static let mostEntries = 1_000_000
  /// Longest entry in bytes.
  static let longestEntry = 1024

  let items: [String]
  let indices: [ScalarText: Int]

  /// Checks every entry: none twice, none with a NUL, none too long, none empty unless allowed.
  init(_ items: [String], allowsEmpty: Bool) throws(FormatFailure) {
    guard items.count <= Self.mostEntries else {
      throw FormatFailure(path: "", reason: .tooMany(count: items.count, limit: Self.mostEntries))
    }
    var indices: [ScalarText: Int] = [:]
    indices.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      if let reason = Self.fault(of: item, allowsEmpty: allowsEmpty) {
        throw FormatFailure(path: "[\(index)]", reason: reason)
      }
      if let first = indices.updateValue(index, forKey: ScalarText(item)) {
        throw FormatFailure(path: "[\(index)]", reason: .duplicate(text: item, first: first))
      }
    }
    self.items = items
    self.indices = indices
  }

  /// Collects texts in the order in which each first occurs; what could never be stored is left out.
  init(firstOccurrencesOf texts: some Sequence<String>, startingWith start: [String] = [], allowsEmpty: Bool) {
    var items: [String] = []
    var indices: [ScalarText: Int] = [:]
    for list in [AnySequence(start), AnySequence(texts)] {
      for text in list where Self.fault(of: text, allowsEmpty: allowsEmpty) == nil && items.count < Self.mostEntries {
        let key = ScalarText(text)
        if indices[key] == nil {
          indices[key] = items.count
          items.append(text)
        }
      }
    }
    self.items = items
    self.indices = indices
  }

  /// Why an entry cannot be in a list.
  static func fault(of item: String, allowsEmpty: Bool) -> FormatFailure.Reason? {
    let count = item.utf8.count
    if count == 0 && !allowsEmpty { return .emptyEntry }
    if count > longestEntry { return .tooLong(bytes: count, limit: longestEntry) }
    return item.utf8.contains(0) ? .containsNUL : nil
  }

  /// The text at an index, or nil outside the list.
  func item(at index: Int) -> String? { items.indices.contains(index) ? items[index] : nil }
}
