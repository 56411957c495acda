// OwnEntries.swift - the entries of somebody's own table of questions, from CSV, JSON or a JSON object a line.

import SafeFiles

/// One question of a table.
struct OwnEntry: Equatable {
  /// The line it begins in, from 1.
  var line: Int
  var image = ""
  var question = ""
  /// Answers as given, empty ones left out.
  var answers: [String] = []

  /// White space around a text is left out.
  static func trimmed(_ text: String) -> String {
    let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    let scalars = text.unicodeScalars.drop(while: isSpace)
    return String(String.UnicodeScalarView(scalars.reversed().drop(while: isSpace).reversed()))
  }

  /// Whether a column or a key holds an answer: answer, answer1, answer2 and so on.
  static func isAnswer(_ name: String) -> Bool {
    name.hasPrefix("answer") && name.dropFirst("answer".count).utf8.allSatisfy { (48...57).contains($0) }
  }

  /// The entries of a CSV table.
  static func csv(_ bytes: [UInt8]) throws(OwnDataFailure) -> [OwnEntry] {
    let rows = try CommaSeparated.rows(bytes)
    guard let header = rows.first else { throw .noQuestions }
    let names = header.fields.map { trimmed($0).lowercased() }
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() where ["image", "question"].contains(name) || isAnswer(name) {
      guard places.updateValue(place, forKey: name) == nil else { throw .doubleColumn(name) }
    }
    guard let image = places["image"] else { throw .noColumn("image", found: names) }
    guard let question = places["question"] else { throw .noColumn("question", found: names) }
    let answers = names.indices.filter { isAnswer(names[$0]) }
    guard !answers.isEmpty else { throw .noColumn("answer", found: names) }
    var entries: [OwnEntry] = []
    for row in rows.dropFirst() {
      guard row.fields.count <= names.count else {
        throw .tooManyFields(line: row.line, found: row.fields.count, expected: names.count)
      }
      func field(_ place: Int) -> String { place < row.fields.count ? trimmed(row.fields[place]) : "" }
      let given = answers.flatMap { list(field($0)) ?? [field($0)] }
      entries.append(
        OwnEntry(line: row.line, image: field(image), question: field(question), answers: given.filter { !$0.isEmpty }))
    }
    return entries
  }

  /// The texts of a JSON list in a field; nil for all else, which is taken as it stands.
  private static func list(_ field: String) -> [String]? {
    guard field.hasPrefix("["), let value = try? JSONValue.parse(Array(field.utf8)) else { return nil }
    let texts = value.arrayValue?.map { $0.stringValue.map(trimmed) }
    return texts.flatMap { $0.contains(nil) ? nil : $0.compactMap { $0 } }
  }

  /// The entries of a JSON list of objects.
  static func json(_ bytes: [UInt8]) throws(OwnDataFailure) -> [OwnEntry] {
    let lines = LineStarts(bytes)
    do {
      return try FieldReader.whole(bytes) { fields throws(FormatFailure) in
        var entries: [OwnEntry] = []
        try fields.list { fields, _ throws(FormatFailure) in entries.append(try OwnEntry(from: &fields, lines)) }
        return entries
      }
    } catch {
      let (line, column) = lines.place(of: error.offset ?? 0)
      throw .json(line: line, column: column, error)
    }
  }

  /// The entries of lines with a JSON object each.
  static func jsonLines(_ bytes: [UInt8]) throws(OwnDataFailure) -> [OwnEntry] {
    var entries: [OwnEntry] = []
    for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) {
      do {
        var entry = try FieldReader.whole(Array(line)) { fields throws(FormatFailure) in
          try OwnEntry(from: &fields, LineStarts([]))
        }
        entry.line = number + 1
        entries.append(entry)
      } catch {
        throw .json(line: number + 1, column: (error.offset ?? 0) + 1, error)
      }
    }
    return entries
  }

  private init(from fields: inout FieldReader, _ lines: LineStarts) throws(FormatFailure) {
    var (image, question): (String?, String?) = (nil, nil)
    var answers: [String]?
    var line: Int?
    try fields.object { fields, key throws(FormatFailure) in
      if line == nil { line = lines.place(of: fields.offset).line }
      let name = key.lowercased()
      switch name {
      case "image": image = try fields.string()
      case "question": question = try fields.string()
      case "answers": answers = (answers ?? []) + (try Self.texts(&fields))
      case _ where Self.isAnswer(name): answers = (answers ?? []) + (try Self.texts(&fields))
      default: try fields.skip()
      }
    }
    self.line = line ?? 1
    self.image = Self.trimmed(try fields.required(image, "image"))
    self.question = Self.trimmed(try fields.required(question, "question"))
    self.answers = try fields.required(answers, "answer").map(Self.trimmed).filter { !$0.isEmpty }
  }

  init(line: Int, image: String, question: String, answers: [String]) {
    (self.line, self.image, self.question, self.answers) = (line, image, question, answers)
  }

  /// A text, a whole number, or a list of these.
  private static func texts(_ fields: inout FieldReader) throws(FormatFailure) -> [String] {
    func one(_ fields: inout FieldReader) throws(FormatFailure) -> String {
      try fields.kind() == .string ? try fields.string() : String(try fields.integer())
    }
    guard try fields.kind() == .array else { return [try one(&fields)] }
    var texts: [String] = []
    try fields.list { fields, _ throws(FormatFailure) in texts.append(try one(&fields)) }
    return texts
  }
}

/// Where the lines of a text begin.
struct LineStarts {
  private let starts: [Int]

  init(_ bytes: [UInt8]) { starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 } }

  /// Line and column of a byte, both from 1.
  func place(of offset: Int) -> (line: Int, column: Int) {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + 1, offset - starts[low] + 1)
  }
}
