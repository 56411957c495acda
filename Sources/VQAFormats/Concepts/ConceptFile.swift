// ConceptFile.swift - the readable JSON of a concept vocabulary.
//
//   {"format": "vqa-concepts-1", "everydayNames": ["fish", ...], "ownNames": ["tench", ...], "labels": ["person", ...],
//    "concepts": [[[151, 268], [273, 273]], ...], "conceptLabels": [-1, ...], "phrases": [["dog", 3], ...]}
//
// Classes are runs of numbers, first and last; a label of -1 is none.

import SafeFiles

extension ConceptVocabulary {
  private static let format = "vqa-concepts-1"
  /// No more numbers than this in any list.
  private static let most = 1 << 20

  /// Reads a vocabulary from the text of its file.
  ///
  /// - Throws: ``FormatFailure`` that names the field.
  public init(json bytes: [UInt8]) throws(FormatFailure) {
    let limit = Self.most
    let parts = try FieldReader.whole(bytes) { fields throws(FormatFailure) -> Parts in
      var parts = Parts()
      var found = ""
      try fields.object { fields, key throws(FormatFailure) in
        switch key {
        case "format": found = try fields.string()
        case "everydayNames": parts.everydayNames = try fields.strings(limit: limit)
        case "ownNames": parts.ownNames = try fields.strings(limit: limit)
        case "labels": parts.labels = try fields.strings(limit: limit)
        case "conceptLabels":
          try fields.list { fields, _ throws(FormatFailure) in parts.conceptLabels.append(try fields.integer()) }
        case "concepts":
          var room = Self.most
          try fields.list { fields, _ throws(FormatFailure) in
            let classes = try Self.classes(&fields, atMost: room)
            room -= classes.count
            parts.concepts.append(classes)
          }
        case "phrases":
          try fields.list { fields, _ throws(FormatFailure) in parts.phrases.append(try Self.phrase(&fields)) }
        default: try fields.skip()
        }
      }
      guard found.isExactly(Self.format) else {
        throw FormatFailure(path: "format", reason: .unknownFormat(found: found, expected: Self.format))
      }
      return parts
    }
    guard parts.conceptLabels.count == parts.concepts.count else {
      let allowed = parts.concepts.count...parts.concepts.count
      throw FormatFailure(
        path: "conceptLabels", reason: .outOfRange(value: parts.conceptLabels.count, allowed: allowed))
    }
    try self.init(
      everydayNames: parts.everydayNames, ownNames: parts.ownNames, labels: parts.labels,
      concepts: zip(parts.concepts, parts.conceptLabels).map { Concept(classes: $0, label: $1 < 0 ? nil : $1) },
      phrases: parts.phrases)
  }

  private struct Parts {
    var everydayNames: [String] = []
    var ownNames: [String] = []
    var labels: [String] = []
    var concepts: [[Int]] = []
    var conceptLabels: [Int] = []
    var phrases: [(text: String, concept: Int)] = []
  }

  private static func classes(_ fields: inout FieldReader, atMost room: Int) throws(FormatFailure) -> [Int] {
    var classes: [Int] = []
    try fields.list { fields, _ throws(FormatFailure) in
      var ends: [Int] = []
      try fields.list { fields, _ throws(FormatFailure) in ends.append(try fields.integer()) }
      let left = room - classes.count
      guard ends.count == 2, ends[0] >= 0, ends[0] <= ends[1], ends[1] < most, ends[1] - ends[0] < left else {
        let reason = FormatFailure.Reason.outOfRange(value: ends.last ?? 0, allowed: 0...(most - 1))
        throw FormatFailure(path: "concepts", reason: reason)
      }
      classes += Array(ends[0]...ends[1])
    }
    return classes
  }

  private static func phrase(_ fields: inout FieldReader) throws(FormatFailure) -> (text: String, concept: Int) {
    var text = ""
    var concept = -1
    try fields.list { fields, index throws(FormatFailure) in
      switch index {
      case 0: text = try fields.string()
      case 1: concept = try fields.integer()
      default: try fields.skip()
      }
    }
    return (text, concept)
  }

  /// The text of the vocabulary's file.
  public var json: String {
    func list(_ texts: [String]) -> String { "[" + texts.joined(separator: ", ") + "]" }
    func quoted(_ texts: [String]) -> String { list(texts.map { JSONValue.quoted($0) }) }
    let runs = concepts.map { concept in list(Self.runs(concept.classes).map { "[\($0.lowerBound), \($0.upperBound)]" })
    }
    let entries = phrases.map { "[\(JSONValue.quoted($0.text)), \($0.concept)]" }
    return """
      {
        "format": \(JSONValue.quoted(Self.format)),
        "everydayNames": \(quoted(everydayNames)),
        "ownNames": \(quoted(ownNames)),
        "labels": \(quoted(labels)),
        "concepts": \(list(runs)),
        "conceptLabels": \(list(concepts.map { String($0.label ?? -1) })),
        "phrases": \(list(entries))
      }

      """
  }

  private static func runs(_ numbers: [Int]) -> [ClosedRange<Int>] {
    numbers.reduce(into: []) { runs, number in
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
  }
}
