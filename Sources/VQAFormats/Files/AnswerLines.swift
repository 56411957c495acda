// AnswerLines.swift - the results of CLEVR: one answer a line, in the order of the questions.

import SafeFiles

/// Answers without ids, one a line.
public struct AnswerLines: Sendable, Equatable {
  /// The answers in the order of the questions; an empty one stands for a question without an answer.
  public var answers: [String]

  /// Given answers.
  public init(answers: [String]) { self.answers = answers }

  /// Reads the text of a result file; the last line may lack its line feed, and lines may end as on Windows.
  public init(text bytes: [UInt8]) throws(FormatFailure) {
    var answers: [String] = []
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      let trimmed = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let answer = String(validating: trimmed, as: UTF8.self) else {
        throw FormatFailure(path: "line \(index + 1)", reason: .json(.invalidUTF8(offset: line.startIndex)))
      }
      answers.append(answer)
    }
    self.answers = answers
  }

  /// Reads a result file.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let bytes = try readFile(path, limit: limits.jsonFileBytes)
    do { try self.init(text: bytes) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// The text of the file; a line feed inside an answer becomes a space.
  public var text: String {
    answers.map { answer in
      String(String.UnicodeScalarView(answer.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 })) + "\n"
    }.joined()
  }
}
