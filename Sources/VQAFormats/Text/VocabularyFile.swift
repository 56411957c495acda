// VocabularyFile.swift - the readable JSON of both vocabularies.
//
//   {"format": "vqa-words-1", "madeFrom": "easy-VQA train questions", "words": ["PAD", "UNK", "CLS", "what", ...]}
//
// An entry's place in the list is its id. Any change of the layout gets a new format name.

import SafeFiles

/// One vocabulary layout: its format name and the key of its list.
struct VocabularyFile {
  let format: String
  let listKey: String

  static let words = VocabularyFile(format: "vqa-words-1", listKey: "words")
  static let answers = VocabularyFile(format: "vqa-answers-1", listKey: "answers")

  /// The list and where it was made from.
  func parse(_ bytes: [UInt8]) throws(FormatFailure) -> (items: [String], madeFrom: String) {
    try FieldReader.whole(bytes) { fields throws(FormatFailure) in
      var found: String?
      var madeFrom = ""
      var items: [String]?
      try fields.object { fields, key throws(FormatFailure) in
        switch key {
        case "format": found = try fields.string()
        case "madeFrom": madeFrom = try fields.string()
        case listKey: items = try fields.strings(limit: UniqueList.mostEntries)
        default: try fields.skip()
        }
      }
      guard let found, found.isExactly(format) else {
        throw FormatFailure(path: "format", reason: .unknownFormat(found: found ?? "", expected: format))
      }
      return (try fields.required(items, listKey), madeFrom)
    }
  }

  /// The file's text, one entry a line.
  func text(items: [String], madeFrom: String) -> String {
    let entries = items.map { "    " + JSONValue.quoted($0) }.joined(separator: ",\n")
    return """
      {
        "format": \(JSONValue.quoted(format)),
        "madeFrom": \(JSONValue.quoted(madeFrom)),
        "\(listKey)": [
      \(entries)
        ]
      }

      """
  }
}
