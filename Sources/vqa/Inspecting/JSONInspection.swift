// JSONInspection.swift - which of the known JSON files this is, and how much it holds.

import SafeFiles
import Training
import VQAFormats

/// Looks into JSON files.
enum JSONInspection {
  static func inspect(_ path: String) throws -> Finding {
    let outline: Outline
    do {
      outline = try Outline(try FileBytes(path: path, limit: LoadLimits.default.jsonFileBytes))
    } catch let error as JSONFailure { throw FileFailure(file: path, cause: error) }
    let keys = Set(outline.keys)
    if keys.contains("questions") { return questions(try AnyQuestionFile(path: path)) }
    if keys.contains("annotations") { return annotations(try AnnotationFile(path: path)) }
    let bytes = try readFile(path, limit: LoadLimits.default.jsonFileBytes)
    if keys.contains("format") && keys.contains("words") { return words(try Vocabulary(path: path)) }
    if keys.contains("format") && keys.contains("answers") { return answers(try AnswerVocabulary(path: path)) }
    if outline.format?.hasPrefix("vqa-features") == true,
      let finding = PictureFileInspection.features(try JSONValue.parse(bytes))
    {
      return finding
    }
    if let finding = try PictureFileInspection.inspect(path, bytes, keys: outline.keys, format: outline.format) {
      return finding
    }
    if !keys.isEmpty && keys.isSubset(of: ["data", "model", "training"]) { return try recipe(path) }
    if outline.looksLikeResults { return results(try ResultFile(path: path)) }
    if outline.looksLikeAnswers { return answers(try AnswerVocabulary(path: path)) }
    if outline.looksLikeTable { return try table(path, bytes) }
    return other(outline)
  }

  private static func questions(_ file: AnyQuestionFile) -> Finding {
    switch file {
    case .vqa(let file): questions(file)
    case .clevr(let file): questions(file)
    }
  }

  private static func questions(_ file: CLEVRQuestionFile) -> Finding {
    var finding = Finding(kind: "CLEVR questions")
    finding.add("questions", file.questions.count)
    finding.add("pictures", Set(file.questions.map(\.imageIndex)).count)
    finding.add("answered", file.questions.filter { $0.answer != nil }.count)
    if let split = file.split { finding.add("split", visibleText(split, limit: 40)) }
    return finding
  }

  private static func questions(_ file: QuestionFile) -> Finding {
    var finding = Finding(kind: "questions")
    finding.add("questions", file.questions.count)
    finding.add("pictures", Set(file.questions.map(\.imageID)).count)
    describe(file.header, &finding)
    return finding
  }

  private static func annotations(_ file: AnnotationFile) -> Finding {
    var finding = Finding(kind: "annotations")
    finding.add("annotations", file.annotations.count)
    finding.add("pictures", Set(file.annotations.map(\.imageID)).count)
    finding.add("questionTypes", Set(file.annotations.map(\.questionType)).count)
    finding.add("answerTypes", Set(file.annotations.map(\.answerType)).count)
    describe(file.header, &finding)
    return finding
  }

  private static func describe(_ header: DataSetHeader, _ finding: inout Finding) {
    if let type = header.dataType { finding.add("dataType", type) }
    if let subtype = header.dataSubtype { finding.add("dataSubtype", subtype) }
  }

  private static func results(_ file: ResultFile) -> Finding {
    var finding = Finding(kind: "results")
    finding.add("results", file.entries.count)
    finding.add("questions", Set(file.entries.map(\.questionID)).count)
    return finding
  }

  private static func words(_ vocabulary: Vocabulary) -> Finding {
    var finding = Finding(kind: "words")
    finding.add("words", vocabulary.count)
    finding.add("madeFrom", vocabulary.madeFrom)
    finding.add("contentHash", vocabulary.contentHash)
    return finding
  }

  private static func answers(_ vocabulary: AnswerVocabulary) -> Finding {
    var finding = Finding(kind: "answers")
    finding.add("answers", vocabulary.count)
    finding.add("madeFrom", vocabulary.madeFrom)
    finding.add("contentHash", vocabulary.contentHash)
    return finding
  }

  /// A table of own questions; the pictures are not looked for.
  private static func table(_ path: String, _ bytes: [UInt8]) throws(FileFailure) -> Finding {
    let table: OwnTable
    do { table = try OwnTable(bytes, name: "table.json") } catch { throw FileFailure(file: path, cause: error) }
    var finding = Finding(kind: "questions and answers")
    finding.add("questions", table.questions)
    finding.add("pictures", table.pictures)
    finding.add("answers", table.answers)
    return finding
  }

  private static func recipe(_ path: String) throws -> Finding {
    let recipe = try Recipe.load(path)
    var finding = Finding(kind: "recipe")
    finding.add("name", recipe.model.name)
    finding.add("set", recipe.data.set)
    finding.add("epochs", recipe.training.epochs)
    finding.members["recipe"] = try recipe.json()
    return finding
  }

  private static func other(_ outline: Outline) -> Finding {
    var finding = Finding(kind: "JSON")
    finding.add("entries", outline.count)
    if !outline.keys.isEmpty {
      let shown = outline.keys.prefix(20)
      let more = outline.keys.count > shown.count ? ", ..." : ""
      finding.rows.append(("keys", shown.map { visibleText($0, limit: 40) }.joined(separator: ", ") + more))
      finding.members["keys"] = .array(shown.map { .string($0) })
    }
    return finding
  }
}

/// The outermost level of a JSON text; all of it is checked, little of it kept.
private struct Outline {
  private(set) var keys: [String] = []
  private(set) var count = 0
  private(set) var looksLikeResults = false
  /// Two objects that number answers, as in the original's answer_dict.json.
  private(set) var looksLikeAnswers = false
  /// Objects with a picture and a question each.
  private(set) var looksLikeTable = false
  /// What the file says of its own layout.
  private(set) var format: String?

  init(_ text: FileBytes) throws(JSONFailure) {
    var reader = JSONReader(text)
    switch try reader.peek() {
    case .object:
      try reader.beginObject()
      while let key = try reader.nextKey() {
        keys.append(key)
        if key == "format", try reader.peek() == .string {
          format = try reader.value().stringValue
        } else {
          try reader.skipValue()
        }
      }
      count = keys.count
    case .array:
      try reader.beginArray()
      while try reader.nextElement() {
        if count == 0, try reader.peek() == .object {
          let first = try reader.value()
          looksLikeResults = first["question_id"] != nil && first["answer"] != nil
          looksLikeTable = first["image"] != nil && first["question"] != nil
          looksLikeAnswers = first.objectValue?.members.first?.value.integerValue == 0
        } else {
          try reader.skipValue()
        }
        count += 1
      }
    default:
      try reader.skipValue()
      count = 1
    }
    if count != 2 { looksLikeAnswers = false }
    try reader.end()
  }
}
