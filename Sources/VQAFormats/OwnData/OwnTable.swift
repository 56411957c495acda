// OwnTable.swift - what a table of somebody's own questions and answers holds, without the pictures around it.

/// A table of questions and answers, as ``OwnData`` reads it.
public struct OwnTable: Sendable, Equatable {
  /// Number of rows, each a question with its answers.
  public let questions: Int
  /// Number of different pictures they name.
  public let pictures: Int
  /// Number of different answers, as they are written.
  public let answers: Int

  /// Reads a table; the pictures are not looked for.
  ///
  /// - Parameters:
  ///   - bytes: The text: CSV with the columns image, question and answer, JSON, or a JSON object a line.
  ///   - name: Name of the file, whose ending says which: `.csv`, `.jsonl`, otherwise JSON.
  /// - Throws: ``OwnDataFailure``, which names line and column.
  public init(_ bytes: [UInt8], name: String) throws(OwnDataFailure) {
    let entries = try OwnData.entries(bytes, name: name)
    questions = entries.count
    pictures = Set(entries.map(\.image)).count
    answers = Set(entries.flatMap(\.answers)).count
  }
}
