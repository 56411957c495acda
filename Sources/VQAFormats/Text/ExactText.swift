// ExactText.swift - telling apart what Python tells apart.
//
// Swift's `==` follows canonical equivalence ("é" equals "e" + U+0301); answers, words and question types must not.

import SafeFiles

extension String {
  /// Whether the two strings have the same scalars.
  package func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Set<ScalarText> {
  /// A set of texts told apart by their scalars.
  init(texts: some Sequence<String>) { self.init(texts.lazy.map(ScalarText.init)) }
}

extension Dictionary<ScalarText, String> {
  /// A table of texts told apart by their scalars; no key may stand twice.
  init(texts: KeyValuePairs<String, String>) {
    self.init(texts.lazy.map { (ScalarText($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
