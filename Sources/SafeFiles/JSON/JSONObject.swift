// JSONObject.swift - the members of a JSON object in the order of the text, found by key.

/// A text whose equality is that of its scalars.
///
/// `String` takes composed and decomposed letters for equal; keys and names of files differ by their bytes.
package struct ScalarText: Hashable, Sendable {
  /// The text itself.
  package let text: String

  /// Wraps a text.
  package init(_ text: String) {
    self.text = text
  }

  /// Compares scalar by scalar.
  package static func == (one: Self, other: Self) -> Bool {
    one.text.utf8.elementsEqual(other.text.utf8)
  }

  /// Feeds the UTF-8 bytes.
  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}

/// The members of a JSON object in the order of the text; no key stands twice.
public struct JSONObject: Sendable {
  /// Key and value.
  public typealias Member = (key: String, value: JSONValue)

  /// All members in order.
  public private(set) var members: [Member] = []
  /// Where each key is; kept only once there are many.
  private var places: [ScalarText: Int] = [:]
  private static let few = 8

  /// Makes an object without members.
  public init() {}

  /// Takes members in order; a later one replaces an earlier one of the same key.
  public init(_ members: some Sequence<Member>) {
    for (key, value) in members { self[key] = value }
  }

  /// Number of members.
  public var count: Int { members.count }

  /// Whether there is no member.
  public var isEmpty: Bool { members.isEmpty }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  /// The value of a key; set to nil to remove the member.
  public subscript(key: String) -> JSONValue? {
    get { place(of: key).map { members[$0].value } }
    set {
      switch (place(of: key), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil):
        members.remove(at: place)
        rebuildPlaces()
      case (nil, let value?): append(key, value)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member whose key is known to be new.
  mutating func append(_ key: String, _ value: JSONValue) {
    members.append((key, value))
    if members.count > Self.few {
      if places.isEmpty { rebuildPlaces() } else { places[ScalarText(key)] = members.count - 1 }
    }
  }

  private func place(of key: String) -> Int? {
    guard places.isEmpty else { return places[ScalarText(key)] }
    return members.firstIndex { ScalarText($0.key) == ScalarText(key) }
  }

  private mutating func rebuildPlaces() {
    places.removeAll(keepingCapacity: true)
    guard members.count > Self.few else { return }
    for (place, member) in members.enumerated() { places[ScalarText(member.key)] = place }
  }
}

extension JSONObject: Equatable {
  /// Compares members by key, whatever their order.
  public static func == (one: Self, other: Self) -> Bool {
    one.count == other.count && one.members.allSatisfy { other[$0.key] == $0.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Makes an object of members written in a program.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements.lazy.map { (key: $0.0, value: $0.1) })
  }
}

extension JSONObject: Sequence {
  /// Goes through the members in order.
  public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}
