// KeptAnswers.swift - the answers of a run that was stopped, kept beside its output until the same run goes on.
//
// The file is a result file named OUTPUT.part-HASH; the hash stands for questions, pictures' folder, model and exits, so that
// no other run can take it for its own.

import Foundation
import SafeFiles
import VQAFormats

/// Answers kept between two runs of one command.
struct KeptAnswers {
  let output: String
  let questions: String
  let images: String
  let model: String
  /// Where a cascade was told to answer; empty where it was not.
  let exits: String

  /// The answers by question, none when no run of this kind was stopped.
  func load() throws(FileFailure) -> [Int: String] {
    guard !candidates.isEmpty else { return [:] }
    let path = try path()
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    let file = try ResultFile(path: path)
    return Dictionary(file.entries.map { ($0.questionID, $0.answer) }) { _, last in last }
  }

  /// Keeps answers.
  func save(_ answers: [Int: String]) throws(FileFailure) {
    let entries = answers.sorted { $0.key < $1.key }.map { ResultEntry(questionID: $0.key, answer: $0.value) }
    try ResultFile(entries: entries).write(to: try path())
  }

  /// Forgets the answers kept by a run of this kind.
  func remove() {
    guard !candidates.isEmpty, let path = try? path() else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Files that some stopped run with this output left; most often none, and then nothing needs to be hashed.
  private var candidates: [String] {
    let url = URL(filePath: output)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
    return names.filter { $0.hasPrefix(url.lastPathComponent + ".part-") }
  }

  private func path() throws(FileFailure) -> String {
    let limits = LoadLimits.default
    let parts = [
      ContentHash.hex(try readFile(questions, limit: limits.jsonFileBytes)), images,
      ContentHash.hex(try readFile(model, limit: limits.weightFileBytes)),
    ]
    let all = exits.isEmpty ? parts : parts + [exits]
    return "\(output).part-\(ContentHash.hex(texts: all).prefix(12))"
  }
}
