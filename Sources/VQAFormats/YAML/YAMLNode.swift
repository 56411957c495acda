// YAMLNode.swift - the tree of a YAML document, every part with its place in the text.

/// A place in a text, counted from 1.
package struct YAMLMark: Sendable, Equatable {
  /// Line.
  package var line: Int
  /// Column, in characters.
  package var column: Int

  /// A place.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// A value in a YAML document.
package struct YAMLNode: Sendable, Equatable {
  /// A key with its value.
  package struct Member: Sendable, Equatable {
    /// The key.
    package var key: String
    /// Where the key stands.
    package var mark: YAMLMark
    /// Its value.
    package var value: YAMLNode
  }

  /// What a value is.
  package enum Content: Sendable, Equatable {
    /// One value, and how it is written.
    case scalar(YAMLScalar, text: String)
    /// Values in order.
    case list([YAMLNode])
    /// Values by key, in order; no key stands twice.
    case map([Member])
  }

  /// What the value is.
  package var content: Content
  /// Where it begins.
  package var mark: YAMLMark

  /// What kind of value it is, for failures.
  package var kind: String {
    switch content {
    case .scalar(.null, _): "nothing"
    case .scalar(.boolean, _): "True or False"
    case .scalar(.integer, _): "a whole number"
    case .scalar(.number, _): "a number"
    case .scalar(.text, _): "a text"
    case .list: "a list"
    case .map: "a mapping"
    }
  }

  /// How the value is written, for failures; lists and mappings by their kind only.
  package var shown: String {
    if case .scalar(_, let text) = content { return text }
    return kind
  }

  /// The value if it is one value.
  package var scalar: YAMLScalar? {
    if case .scalar(let scalar, _) = content { return scalar }
    return nil
  }

  /// The values of a list.
  package var list: [YAMLNode]? {
    if case .list(let values) = content { return values }
    return nil
  }

  /// The members of a mapping.
  package var members: [Member]? {
    if case .map(let members) = content { return members }
    return nil
  }
}
