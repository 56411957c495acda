// EasyVQASource.swift - the PyPI package easy-vqa as it lies on disk, and its questions.
//
//   easy_vqa/data/{train,test}/questions.json = [[question, answer, image id], ...], images/<image id>.png

import Foundation
import SafeFiles

/// The data of an installed easy-vqa package.
public struct EasyVQASource: Sendable {
  /// The folder with `train` and `test` in it.
  public let dataFolder: String

  /// One line of the package's `questions.json`.
  struct Line: Sendable, Equatable {
    var question: String
    var answer: String
    var image: Int
  }

  /// Picture ids of the test split start here, so that both splits fit one folder.
  static let firstTestPicture = 1_000_000

  /// Takes the package's folder, its `data` folder, or the folder the package lies in.
  public init(folder: String) throws(FileFailure) {
    let candidates = ["", "/data", "/easy_vqa/data"].map { folder + $0 }
    guard let found = candidates.first(where: Self.isData) else {
      throw FileFailure(file: folder, cause: EasyVQAFailure.notThePackage)
    }
    dataFolder = found
  }

  /// Finds the package among the places where pip installs packages, or asks Python for it.
  ///
  /// - Parameters:
  ///   - sitePackages: Folders to look in first, in this order.
  ///   - askPython: Whether to run `python3` when none of them has it.
  /// - Returns: The first package found, or nil.
  public static func find(sitePackages: [String], askPython: Bool = true) -> EasyVQASource? {
    for folder in sitePackages {
      if let source = try? EasyVQASource(folder: folder) { return source }
    }
    guard askPython, let folder = PythonPackages.folder(of: "easy_vqa") else { return nil }
    return try? EasyVQASource(folder: folder)
  }

  /// The path of a picture of a split.
  func picture(_ id: Int, split: String) -> String { "\(dataFolder)/\(split)/images/\(id).png" }

  /// The questions of a split.
  func lines(split: String, limits: LoadLimits) throws(FileFailure) -> [Line] {
    let path = "\(dataFolder)/\(split)/questions.json"
    let bytes = try readFile(path, limit: limits.jsonFileBytes)
    do { return try Self.lines(json: bytes, limits: limits) } catch { throw FileFailure(file: path, cause: error) }
  }

  static func lines(json bytes: [UInt8], limits: LoadLimits) throws(FormatFailure) -> [Line] {
    try FieldReader.whole(bytes, limits: limits) { fields throws(FormatFailure) in
      var lines: [Line] = []
      try fields.list { fields, _ throws(FormatFailure) in lines.append(try Line(from: &fields)) }
      return lines
    }
  }

  private static func isData(_ folder: String) -> Bool {
    ["train", "test"].allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)/questions.json") }
  }
}

extension EasyVQASource.Line {
  fileprivate init(from fields: inout FieldReader) throws(FormatFailure) {
    var texts: [String] = []
    var image: Int?
    try fields.list { fields, index throws(FormatFailure) in
      switch index {
      case 0, 1: texts.append(try fields.string())
      case 2:
        let id = try fields.integer()
        let allowed = 0...(EasyVQASource.firstTestPicture - 1)
        guard allowed.contains(id) else { throw fields.failure(.outOfRange(value: id, allowed: allowed)) }
        image = id
      default: throw fields.failure(.tooMany(count: index + 1, limit: 3))
      }
    }
    self.init(
      question: try fields.required(texts.first, "question"), answer: try fields.required(texts.last, "answer"),
      image: try fields.required(image, "image id"))
  }
}
