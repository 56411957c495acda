// FeatureIndex.swift - finds the feature file of an image id in folders of many thousands.
//
// As the original TRAR reads them: the image id is the number after the last `_` of a file's name, up to its first dot
// (COCO_train2014_000000000009.jpg.npy is 9, 17.npz is 17). The folders are listed once; no file is touched before it is asked for.

import SafeFiles

/// Folders of feature files that are asked for by image id.
public struct FeatureIndex: PictureSource, Equatable {
  /// A file without its folder.
  private struct File: Sendable, Equatable {
    let folder: Int32
    let name: String
  }

  /// The folders as given.
  public let roots: [String]
  /// Those that hold files: the ones given and the ones in them.
  private var folders: [String] = []
  private var files: [Int: File] = [:]
  /// The second of two files of one id.
  private var seconds: [Int: File] = [:]

  /// Lists folders, and the folders in them.
  ///
  /// - Parameter roots: Folders that hold `.npy` or `.npz` files, or folders of them as `train2014`, `val2014` and `test2015`.
  /// - Throws: `FileFailure` with a ``FeatureFailure`` when one is no folder, or none holds a feature file.
  public init(_ roots: [String]) throws(FileFailure) {
    self.roots = roots
    var unnumbered: String?
    for root in roots {
      guard isFolder(root) else { throw FileFailure(file: root, cause: FeatureFailure.noFolder) }
      try add(root, isRoot: true, &unnumbered)
    }
    guard !files.isEmpty else {
      throw FileFailure(file: roots.joined(separator: ", "), cause: FeatureFailure.noFiles(unnumbered: unnumbered))
    }
  }

  /// Number of pictures.
  public var count: Int { files.count }

  /// The image ids, in rising order.
  public var imageIDs: [Int] { files.keys.sorted() }

  /// Whether there is a file of an image id.
  public func contains(_ imageID: Int) -> Bool { files[imageID] != nil }

  /// The path of the feature file with an id.
  ///
  /// - Parameter imageID: The `image_id` of a question.
  /// - Returns: Its path; that it can be read is not yet known.
  /// - Throws: `FileFailure` with a ``FeatureFailure``.
  public func path(of imageID: Int) throws(FileFailure) -> String {
    let place = roots.joined(separator: ", ")
    guard let file = files[imageID] else {
      throw FileFailure(file: place, cause: FeatureFailure.noFeatures(imageID: imageID))
    }
    if let second = seconds[imageID] {
      // In a fixed order, whatever order the file system lists them in.
      let both = [path(of: file), path(of: second)].sorted()
      throw FileFailure(
        file: place, cause: FeatureFailure.twoFiles(imageID: imageID, first: both[0], second: both[1]))
    }
    return path(of: file)
  }

  private func path(of file: File) -> String { "\(folders[Int(file.folder)])/\(file.name)" }

  private mutating func add(_ folder: String, isRoot: Bool, _ unnumbered: inout String?) throws(FileFailure) {
    let number = Int32(folders.count)
    folders.append(folder)
    var inner: [String] = []
    for entry in try listFolder(folder) {
      guard entry.kind != .folder, Self.isFeatureFile(entry.name) else {
        if isRoot, entry.kind != .file { inner.append(entry.name) }
        continue
      }
      guard let imageID = Self.imageID(ofFile: entry.name) else {
        if unnumbered.map({ entry.name < $0 }) ?? true { unnumbered = entry.name }
        continue
      }
      let file = File(folder: number, name: entry.name)
      if files[imageID] == nil {
        files[imageID] = file
      } else if seconds[imageID] == nil {
        seconds[imageID] = file
      }
    }
    for name in inner.sorted() where isFolder("\(folder)/\(name)") {
      try add("\(folder)/\(name)", isRoot: false, &unnumbered)
    }
  }

  /// Whether a file holds features, by its name.
  public static func isFeatureFile(_ name: String) -> Bool { name.hasSuffix(".npy") || name.hasSuffix(".npz") }

  /// The image id that a name ends with, or nil when it ends with no number.
  public static func imageID(ofFile name: String) -> Int? {
    let bytes = name.utf8
    let start = bytes.lastIndex(of: UInt8(ascii: "_")).map { bytes.index(after: $0) } ?? bytes.startIndex
    let digits = bytes[start...].prefix { $0 != UInt8(ascii: ".") }
    guard !digits.isEmpty else { return nil }
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, beyond) = tens.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !beyond else { return nil }
      number = sum
    }
    return number
  }
}
