// OwnDataFailure.swift - what can be wrong with a folder of somebody's own pictures and questions.

import SafeFiles

/// Why a folder of pictures with a table of questions cannot be read.
public enum OwnDataFailure: Failure, Equatable {
  /// The folder holds no table.
  case noTable
  /// The folder holds several tables.
  case severalTables([String])
  /// The table holds no question.
  case noQuestions
  /// A line is no UTF-8 text.
  case notUTF8(line: Int)
  /// The first line names no such column.
  case noColumn(String, found: [String])
  /// The first line names a column twice.
  case doubleColumn(String)
  /// A quote stands where none may, or one that opens a field is not closed.
  case badQuote(line: Int, column: Int)
  /// A line has more fields than the first.
  case tooManyFields(line: Int, found: Int, expected: Int)
  /// A field that must say something is empty.
  case empty(line: Int, column: String)
  /// A question has more answers than are counted.
  case tooManyAnswers(line: Int, limit: Int)
  /// A picture's name leads out of the folder.
  case unsafePicture(line: Int, name: String)
  /// There is no such picture in the folder.
  case noPicture(line: Int, name: String)
  /// A JSON text is wrong, or holds something else than is expected there.
  case json(line: Int, column: Int, FormatFailure)

  /// Bad data, except where a file is not there.
  public var kind: FailureKind {
    switch self {
    case .noTable, .noPicture: .notFound
    default: .badData
    }
  }

  /// The line, from 1, with the column: a place in the line or the name of a field.
  public var place: String? {
    switch self {
    case .noTable, .severalTables, .noQuestions: nil
    case .noColumn, .doubleColumn: "line 1"
    case .notUTF8(let line), .tooManyFields(let line, _, _): "line \(line)"
    case .badQuote(let line, let column): "line \(line), column \(column)"
    case .empty(let line, let column): "line \(line), column '\(column)'"
    case .tooManyAnswers(let line, _): "line \(line), column 'answer'"
    case .unsafePicture(let line, _), .noPicture(let line, _): "line \(line), column 'image'"
    case .json(let line, let column, let failure):
      "line \(line), column \(column)" + (failure.path.isEmpty ? "" : ", \(visibleText(failure.path))")
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noTable: "the folder holds no table of questions"
    case .severalTables(let names): "the folder holds several tables: \(visibleText(names.joined(separator: ", ")))"
    case .noQuestions: "the table holds no question"
    case .notUTF8: "the text is not UTF-8"
    case .noColumn(let name, let found):
      "no column is called '\(name)', only \(visibleText(found.joined(separator: ", "), limit: 200))"
    case .doubleColumn(let name): "two columns are called '\(visibleText(name, limit: 60))'"
    case .badQuote: "a quote stands where none may, or is not closed"
    case .tooManyFields(_, let found, let expected): "there are \(found) fields, and \(expected) columns"
    case .empty: "the field is empty"
    case .tooManyAnswers(_, let limit): "there are more than \(limit) answers"
    case .unsafePicture(_, let name): "the name '\(visibleText(name, limit: 60))' leads out of the folder"
    case .noPicture(_, let name): "there is no picture '\(visibleText(name, limit: 60))'"
    case .json(_, _, let failure): failure.problem
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .noTable: "put a .csv, .json or .jsonl file with image, question and answer beside the pictures"
    case .severalTables: "leave one .csv, .json or .jsonl file in the folder"
    case .noQuestions: "write a line for each question, with image, question and answer"
    case .notUTF8: "save the table as UTF-8"
    case .noColumn, .doubleColumn: "name the columns image, question and answer (or answer1, answer2 and so on)"
    case .badQuote: "put a field with quotes into quotes and write each of its own twice"
    case .tooManyFields: "put a field with a separator in it into quotes"
    case .empty: "fill it in, or take the line out"
    case .tooManyAnswers: "give fewer answers"
    case .unsafePicture: "name pictures as they are called in the folder or in its folder images"
    case .noPicture: "put it into the folder or its folder images, or correct the name"
    case .json(_, _, let failure):
      switch failure.reason {
      case .missingField, .json:
        "each question is {\"image\": name, \"question\": text, \"answer\": text or list of texts}"
      default: failure.advice
      }
    }
  }
}
