// OriginalSet.swift - the files that users of the original TRAR have, for a checkpoint of any sizes: settings, answers, questions.

import Foundation
import SafeFiles

/// Files in the original's layout, made for a number of words and answers.
///
/// The word of the id `i` is `w<i>`, the answer of the index `i` is `a<i>`. The words come for the first time in the order of their ids only
/// when the parts are scanned in the original's order.
public struct OriginalSet {
  /// The folder of the files.
  public let folder: String
  /// Entries of the embedding, PAD, UNK and CLS among them.
  public let words: Int
  /// Number of answers.
  public let answers: Int
  /// Whether the files are CLEVR's.
  public let isCLEVR: Bool

  /// Describes a set.
  public init(folder: String, words: Int, answers: Int, isCLEVR: Bool = false) {
    self.folder = folder
    self.words = words
    self.answers = answers
    self.isCLEVR = isCLEVR
  }

  /// Names of the question files, in the original's order.
  public var questionNames: [String] {
    isCLEVR
      ? ["train", "val", "test"].map { "CLEVR_\($0)_questions.json" }
      : [
        "v2_OpenEnded_mscoco_train2014_questions.json", "v2_OpenEnded_mscoco_val2014_questions.json",
        "v2_OpenEnded_mscoco_test2015_questions.json", "VG_questions.json",
      ]
  }

  /// Paths of the question files, sorted by name, as a shell gives them: not the original's order.
  public var questionPaths: [String] { questionNames.map { "\(folder)/\($0)" }.sorted() }

  /// The word of an id, or one that no file has.
  public func word(_ id: Int) -> String { id < 3 ? "unheard" : "w\(id)" }

  /// Writes the question files, and `answer_dict.json` for VQA.
  /// - Parameter longest: Words of the longest question, in CLEVR's first file.
  /// - Throws: What writing throws.
  public func write(longest: Int = 5) throws {
    let ids = Array(3..<max(4, words))
    let names = questionNames
    for (part, name) in names.enumerated() {
      let (start, end) = (part * ids.count / names.count, (part + 1) * ids.count / names.count)
      // Each part begins with words of the part before it.
      let own = Array(ids[max(0, start - 2)..<end])
      var questions = stride(from: 0, to: own.count, by: 5).map { Array(own[$0..<min($0 + 5, own.count)]) }
      if isCLEVR, part == 0 { questions.insert(Array(repeating: ids[0], count: longest), at: 0) }
      try AtomicFile.write(file(name, part: part, questions), to: "\(folder)/\(name)")
    }
    guard !isCLEVR else { return }
    let forward = (0..<answers).map { "\"a\($0)\": \($0)" }.joined(separator: ", ")
    let backward = (0..<answers).map { "\"\($0)\": \"a\($0)\"" }.joined(separator: ", ")
    try AtomicFile.write("[{\(forward)}, {\(backward)}]", to: folder + "/answer_dict.json")
  }

  private func file(_ name: String, part: Int, _ questions: [[Int]]) -> String {
    let functions = ["count", "exist", "less_than", "query_size", "equal_integer"]
    let splits = ["train", "val", "test"]
    var items: [String] = []
    // CLEVR's answers come from the questions, so there are as many questions as answers at least.
    let count = isCLEVR && part < 2 ? max(questions.count, answers) : questions.count
    for place in 0..<count {
      let text = questions[place % questions.count].map { word($0) }.joined(separator: " ") + "?"
      if isCLEVR {
        let truth =
          part == 2
          ? ""
          : """
          , "answer": "a\(place % answers)", "program": [{"function": "scene"}, {"function": "\(functions[place % 5])"}]
          """
        items.append(
          """
          {"image_index": \(place / 2), "image_filename": "CLEVR_\(splits[part])_\(place / 2).png", "question": "\(text)"\(truth)}
          """)
      } else {
        items.append("{\"image_id\": \(place), \"question\": \"\(text)\", \"question_id\": \(1000 * part + place)}")
      }
    }
    let header = isCLEVR ? "\"info\": {\"split\": \"\(splits[part])\"}" : "\"info\": {}"
    return "{\(header), \"questions\": [\(items.joined(separator: ",\n"))]}"
  }

  /// Settings as the text of a `trar.yml`; data set and width of words are left out, as in the published files.
  public static func settings(_ config: JSONValue) -> String {
    let members = config.objectValue?.members ?? []
    return members.filter { $0.key != "DATASET" && $0.key != "WORD_EMBED_SIZE" }.map { key, value in
      let text: String =
        switch value {
        case .bool(let flag): flag ? "True" : "False"
        case .string(let word): word
        default: value.serialized()
        }
      return "\(key): \(text)\n"
    }.joined()
  }
}
