// TableInspection.swift - what a table of comma-separated values or a file of JSON lines holds.

import SafeFiles
import VQAFormats

/// A line that is no JSON.
private struct BadLine: Failure {
  let line: Int
  let cause: JSONFailure

  var kind: FailureKind { .badData }
  var place: String? { "line \(line)" + (cause.place.map { ", \($0)" } ?? "") }
  var problem: String { cause.problem }
  var advice: String { cause.advice }
}

/// Looks into tables.
enum TableInspection {
  /// JSON lines: those that `vqa batch` reads or writes, a table of own questions, or others.
  static func lines(_ path: String) throws -> Finding {
    let bytes = try readFile(path, limit: LoadLimits.default.jsonFileBytes)
    var (count, failed, answered) = (0, 0, 0)
    var (pictures, keys): (Set<String>, [String]) = ([], [])
    var questions = 0
    for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) {
      let value: JSONValue
      do throws(JSONFailure) { value = try JSONValue.parse(Array(line)) } catch {
        throw FileFailure(file: path, cause: BadLine(line: number + 1, cause: error))
      }
      count += 1
      if count == 1 { keys = value.objectValue?.keys ?? [] }
      if value["question"] != nil { questions += 1 }
      if value["error"] != nil { failed += 1 }
      if value["answer"] != nil { answered += 1 }
      if let image = value["image"]?.stringValue { pictures.insert(image) }
    }
    guard count > 0 else { throw FileFailure(file: path, cause: UnknownFile(isEmpty: true)) }
    let isAsked = questions == count && !pictures.isEmpty
    var finding = Finding(kind: isAsked ? "questions, one a line" : "JSON lines")
    finding.add("lines", count)
    if isAsked { finding.add("pictures", pictures.count) }
    if answered > 0 { finding.add("answered", answered) }
    if failed > 0 { finding.add("failed", failed) }
    if !isAsked, !keys.isEmpty { finding.add("keys", list(keys)) }
    return finding
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(20).map { visibleText($0, limit: 40) }.joined(separator: ", ") + (names.count > 20 ? ", ..." : "")
  }

  /// Comma-separated values: a table of own questions, or any other, such as a log.
  static func table(_ path: String) throws -> Finding {
    let bytes = try readFile(path, limit: LoadLimits.default.jsonFileBytes)
    let header = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    let columns = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    do throws(OwnDataFailure) {
      let table = try OwnTable(bytes, name: "table.csv")
      var finding = Finding(kind: "questions and answers")
      finding.add("questions", table.questions)
      finding.add("pictures", table.pictures)
      finding.add("answers", table.answers)
      return finding
    } catch .noColumn {
      var finding = Finding(kind: "table")
      finding.add("rows", max(0, bytes.split(separator: 0x0A).count - 1))
      finding.add("columns", list(columns))
      return finding
    } catch {
      throw FileFailure(file: path, cause: error)
    }
  }
}
