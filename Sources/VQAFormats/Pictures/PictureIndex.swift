// PictureIndex.swift - finds the picture of an image id in a folder.
//
// In this order: `images.json` in or beside the folder (image id to file name), the official COCO name of the three
// splits, and `<id>.png`, `.jpg` or `.jpeg`.

import Foundation
import SafeFiles

/// A folder of pictures that are asked for by image id.
public struct PictureIndex: Sendable {
  /// The folder as given.
  public let folder: String
  /// File names by image id, from `images.json`.
  let names: [Int: String]

  /// Most entries `images.json` may have; VQA v2 has 204,721 pictures.
  static let mostNames = 10_000_000

  /// Opens a folder and reads its `images.json`, if there is one.
  public init(folder: String, limits: LoadLimits = .default) throws(FileFailure) {
    guard Self.isFolder(folder) else { throw FileFailure(file: folder, cause: PictureFailure.noFolder) }
    self.folder = folder
    let list = [folder + "/images.json", Self.parent(of: folder) + "/images.json"].first(where: Self.isFile)
    guard let list else {
      names = [:]
      return
    }
    let bytes = try readFile(list, limit: limits.jsonFileBytes)
    do { names = try Self.names(json: bytes, limits: limits) } catch { throw FileFailure(file: list, cause: error) }
  }

  /// The path of the picture with an id.
  ///
  /// - Parameter imageID: The `image_id` of a question.
  /// - Returns: A path inside the folder at which there is a file.
  /// - Throws: ``FileFailure`` with ``PictureFailure/noPicture(imageID:)``.
  public func path(of imageID: Int) throws(FileFailure) -> String {
    for name in candidates(for: imageID) {
      let path = "\(folder)/\(name)"
      if Self.isFile(path) { return path }
    }
    throw FileFailure(file: folder, cause: PictureFailure.noPicture(imageID: imageID))
  }

  /// File names that a picture may have, the likeliest first.
  func candidates(for imageID: Int) -> [String] {
    let digits = String(imageID)
    let padded = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    var result: [String] = []
    if let name = names[imageID] { result += [name, "images/" + name] }
    result += ["train2014", "val2014", "test2015"].map { "COCO_\($0)_\(padded).jpg" }
    result += ["png", "jpg", "jpeg"].map { "\(digits).\($0)" }
    return result
  }

  /// The file names by image id in the text of an `images.json`.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - limits: What it may cost.
  ///   - mayLeave: Whether names may lead out of the folder, for lists that the user names to make a data set of.
  /// - Returns: The names.
  /// - Throws: ``FormatFailure`` that names the entry.
  package static func names(
    json bytes: [UInt8], limits: LoadLimits = .default, mayLeave: Bool = false
  ) throws(FormatFailure) -> [Int: String] {
    try FieldReader.whole(bytes, limits: limits) { fields throws(FormatFailure) in
      var names: [Int: String] = [:]
      try fields.object { fields, key throws(FormatFailure) in
        let id = try fields.imageID(key)
        let name = try fields.string()
        guard isSafe(name) || mayLeave && !name.isEmpty && !name.utf8.contains(0) else {
          throw fields.failure(.unsafeFileName(name))
        }
        guard names.count < mostNames else {
          throw fields.failure(.tooMany(count: names.count + 1, limit: mostNames))
        }
        names[id] = name
      }
      return names
    }
  }

  /// Whether a name stays in the folder it is looked up in.
  static func isSafe(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    let climbs = zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".") }
    return !bytes.isEmpty && !climbs && !bytes.contains(UInt8(ascii: "/")) && !bytes.contains(0)
  }

  static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The folder around a folder, by its path where the path names it.
  static func parent(of folder: String) -> String {
    let parts = folder.split(separator: "/")
    guard let last = parts.last, last != ".", last != ".." else { return folder + "/.." }
    let start = folder.hasPrefix("/") ? "/" : "./"
    return start + parts.dropLast().joined(separator: "/")
  }
}

extension FieldReader {
  /// The image id that a key is.
  mutating func imageID(_ key: String) throws(FormatFailure) -> Int {
    guard let id = Int(key), String(id) == key else { throw failure(.badImageID(key)) }
    return id
  }
}
