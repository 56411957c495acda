// PictureGathering.swift - the pictures of several folders as those of one data set, by links: no picture is copied.

import Foundation
import SafeFiles

/// Folders of a data set that is made.
enum DataSetFolders {
  /// A path without links in it, from the root.
  static func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
}

/// Pictures of one or more folders with image ids that differ.
public struct PictureGathering: Sendable {
  /// One picture.
  public struct Item: Sendable, Equatable {
    /// Its id here.
    public let imageID: Int
    /// The path of its file, without links.
    public let path: String
    /// The name of the file as it was listed.
    public let name: String

    /// The name of its link.
    var linkName: String {
      let ending = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
      return "\(imageID)." + (ending == "png" ? "png" : "jpg")
    }
  }

  /// Ids of a further folder move by so much where they are taken.
  static let distance = 10_000_000

  /// The pictures, in the order of folders and of ids.
  public private(set) var items: [Item] = []
  private var numbers: [String: Int] = [:]
  private var taken: Set<Int> = []

  /// No pictures yet.
  public init() {}

  /// Adds a folder: what its `images.json` lists, or else all pictures in it.
  ///
  /// A picture keeps its id unless another one has it: then the id moves by 10,000,000. A picture that is there already is not added again.
  ///
  /// - Parameter folder: The folder; `images.json` may lie in it or beside it.
  /// - Returns: The id here of every id there.
  /// - Throws: `FileFailure` when it cannot be listed, or a listed picture is not there.
  @discardableResult
  public mutating func add(folder: String) throws(FileFailure) -> [Int: Int] {
    guard isFolder(folder) else { throw FileFailure(file: folder, cause: PictureFailure.noFolder) }
    let lists = [folder + "/images.json", PictureIndex.parent(of: folder) + "/images.json"]
    if let list = lists.first(where: isRegularFile) { return try add(list: list, folder: folder) }
    let found = try PictureListing(folder: folder).items
    let ids = found.map { $0.double == nil ? $0.imageID : nil }
    // Where only some names end with a number, numbers by place.
    let areNumbered = ids.allSatisfy { $0 != nil }
    var here: [Int: Int] = [:]
    for (place, item) in found.enumerated() {
      let id = (areNumbered ? ids[place] : nil) ?? place + 1
      here[id] = insert(item.path, id: id)
    }
    return here
  }

  /// Adds the pictures of an `images.json`.
  ///
  /// - Parameters:
  ///   - list: Its path; names may lead out of the folder.
  ///   - folder: What names are relative to; nil is the folder `images` beside the list, or the list's own.
  /// - Returns: The id here of every id there.
  /// - Throws: `FileFailure` when the list is wrong, or a picture is not there.
  @discardableResult
  public mutating func add(list: String, folder: String? = nil) throws(FileFailure) -> [Int: Int] {
    let bytes = try readFile(list, limit: LoadLimits.default.jsonFileBytes)
    let names: [Int: String]
    do { names = try PictureIndex.names(json: bytes, mayLeave: true) } catch {
      throw FileFailure(file: list, cause: error)
    }
    let own = (list as NSString).deletingLastPathComponent
    let folders = [folder, own.isEmpty ? "." : own].compactMap { $0 }.flatMap { [$0, $0 + "/images"] }
    var here: [Int: Int] = [:]
    for (id, name) in names.sorted(by: { $0.key < $1.key }) {
      guard let path = folders.map({ "\($0)/\(name)" }).first(where: isRegularFile) else {
        throw FileFailure(file: list, cause: PictureFailure.noPicture(imageID: id))
      }
      here[id] = insert(path, id: id)
    }
    guard !here.isEmpty else { throw FileFailure(file: list, cause: PictureFailure.noPictures) }
    return here
  }

  private mutating func insert(_ path: String, id: Int) -> Int {
    let real = DataSetFolders.real(path)
    if let known = numbers[real] { return known }
    var free = id
    while !taken.insert(free).inserted { free += Self.distance }
    numbers[real] = free
    items.append(Item(imageID: free, path: real, name: (path as NSString).lastPathComponent))
    return free
  }

  /// Writes `images/` with a link to each picture, and `images.json`.
  ///
  /// - Parameter output: Folder of the data set; made if it is not there.
  /// - Throws: `FileFailure` with a `FileWriteFailure`.
  public func write(to output: String) throws(FileFailure) {
    try makeFolder(output + "/images")
    for item in items { try AtomicFile.link("\(output)/images/\(item.linkName)", to: item.path) }
    let lines = items.sorted { $0.imageID < $1.imageID }.map { "\"\($0.imageID)\":\"\($0.linkName)\"" }
    try AtomicFile.write("{" + lines.joined(separator: ",\n") + "}\n", to: output + "/images.json")
  }
}
