// AnyQuestionFile.swift - a question file of VQA v2 or of CLEVR, told apart by what is in it.

import SafeFiles

/// A question file of either data set.
public enum AnyQuestionFile: Sendable, Equatable {
  /// Questions with ids, about pictures with ids.
  case vqa(QuestionFile)
  /// Questions without ids, about pictures with indices.
  case clevr(CLEVRQuestionFile)

  /// Reads the text of a question file.
  public init(json bytes: [UInt8], limits: LoadLimits = .default) throws(FormatFailure) {
    self =
      Self.isCLEVR(.memory(bytes), limits: limits)
      ? .clevr(try CLEVRQuestionFile(json: bytes, limits: limits)) : .vqa(try QuestionFile(json: bytes, limits: limits))
  }

  /// Reads a question file.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    self =
      Self.isCLEVR(try FileBytes(path: path, limit: limits.jsonFileBytes), limits: limits)
      ? .clevr(try CLEVRQuestionFile(path: path, limits: limits)) : .vqa(try QuestionFile(path: path, limits: limits))
  }

  /// The questions as written, in order.
  public var texts: [String] {
    switch self {
    case .vqa(let file): file.questions.map(\.text)
    case .clevr(let file): file.questions.map(\.text)
    }
  }

  /// Whether the first question has an `image_index` and no `image_id`; a text that is wrong before it counts as VQA's.
  private static func isCLEVR(_ text: FileBytes, limits: LoadLimits) -> Bool {
    var reader = JSONReader(text, limits: limits)
    do throws(JSONFailure) {
      try reader.beginObject()
      while let key = try reader.nextKey() {
        guard key == "questions" else {
          try reader.skipValue()
          continue
        }
        try reader.beginArray()
        guard try reader.nextElement() else { return false }
        let question = try reader.value()
        return question["image_index"] != nil && question["image_id"] == nil
      }
    } catch {
      // Whoever reads the file in full names the place.
    }
    return false
  }
}
