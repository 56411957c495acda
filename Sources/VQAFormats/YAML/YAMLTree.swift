// YAMLTree.swift - puts the events of a YAML text together to a tree, and refuses what settings never need.

import SafeFiles

/// What may stand before a value: an anchor and a tag.
struct YAMLLabel {
  var anchor: String?
  var tag: String?

  /// The tags of YAML's own types begin so.
  private static let standard = "tag:yaml.org,2002:"

  /// The type that the tag names, nil without a tag; refuses anchors and all other tags.
  func type(at mark: YAMLMark) throws(YAMLFailure) -> String? {
    if let anchor { throw YAMLFailure(.anchor(anchor), at: mark) }
    guard let tag, tag != "!" else { return nil }
    guard tag.hasPrefix(Self.standard) else { throw YAMLFailure(.tag(tag), at: mark) }
    let name = String(tag.dropFirst(Self.standard.count))
    guard ["str", "null", "bool", "int", "float", "seq", "map"].contains(name) else {
      throw YAMLFailure(.tag("!!" + name), at: mark)
    }
    return name
  }
}

/// Puts events together.
struct YAMLTree {
  /// A list or mapping whose end has not come.
  private struct Open {
    let isMap: Bool
    let mark: YAMLMark
    var values: [YAMLNode] = []
    var members: [YAMLNode.Member] = []
    /// The key whose value comes next.
    var key: (text: String, mark: YAMLMark)?
    /// The line of every key so far.
    var lines: [ScalarText: Int] = [:]

    var node: YAMLNode { YAMLNode(content: isMap ? .map(members) : .list(values), mark: mark) }
  }

  private let deepest: Int
  private var open: [Open] = []
  private var root: YAMLNode?
  private var hasDocument = false

  init(deepest: Int) { self.deepest = deepest }

  mutating func beginDocument(at mark: YAMLMark) throws(YAMLFailure) {
    if hasDocument { throw YAMLFailure(.severalDocuments, at: mark) }
    hasDocument = true
  }

  mutating func add(_ text: String, isPlain: Bool, label: YAMLLabel, at mark: YAMLMark) throws(YAMLFailure) {
    let type = try label.type(at: mark)
    var scalar = isPlain && label.tag == nil ? YAMLScalar(plain: text) : .text(text)
    if let type {
      guard let value = YAMLScalar(text, tag: type) else {
        throw YAMLFailure(.notOfTag(text, tag: "!!" + type), at: mark)
      }
      scalar = value
    }
    guard isAtKey else { return put(YAMLNode(content: .scalar(scalar, text: text), mark: mark)) }
    guard case .text(let key) = scalar else { throw YAMLFailure(.keyNotText(text), at: mark) }
    let last = open.count - 1
    if let line = open[last].lines.updateValue(mark.line, forKey: ScalarText(key)) {
      throw YAMLFailure(.duplicateKey(first: line), key: key, at: mark)
    }
    open[last].key = (key, mark)
  }

  mutating func begin(isMap: Bool, label: YAMLLabel, at mark: YAMLMark) throws(YAMLFailure) {
    let name = isMap ? "a mapping" : "a list"
    if let type = try label.type(at: mark), type != (isMap ? "map" : "seq") {
      throw YAMLFailure(.notOfTag(name, tag: "!!" + type), at: mark)
    }
    if isAtKey { throw YAMLFailure(.keyNotText(name), at: mark) }
    guard open.count < deepest else { throw YAMLFailure(.tooDeep(limit: deepest), at: mark) }
    open.append(Open(isMap: isMap, mark: mark))
  }

  mutating func end() {
    if let ended = open.popLast() { put(ended.node) }
  }

  /// Whether the next scalar is a key.
  private var isAtKey: Bool { open.last.map { $0.isMap && $0.key == nil } ?? false }

  /// Puts a value where it belongs: into the list or mapping that is open, or as the whole document.
  private mutating func put(_ node: YAMLNode) {
    guard !open.isEmpty else { return root = node }
    let last = open.count - 1
    if let key = open[last].key {
      open[last].members.append(YAMLNode.Member(key: key.text, mark: key.mark, value: node))
      open[last].key = nil
    } else {
      open[last].values.append(node)
    }
  }

  /// The document.
  func finished() throws(YAMLFailure) -> YAMLNode {
    guard let root else { throw YAMLFailure(.empty) }
    return root
  }
}
