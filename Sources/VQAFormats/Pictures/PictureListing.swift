// PictureListing.swift - all pictures of a folder, each with the name under which its features are kept.

import SafeFiles

/// The pictures of a folder and of the folders in it.
public struct PictureListing: Sendable, Equatable {
  /// One picture.
  public struct Item: Sendable, Equatable {
    /// Path of the picture.
    public var path: String
    /// Path of its feature file below the folder of features.
    public var featureName: String
    /// Its image id; nil when its name ends with no number.
    public var imageID: Int?
    /// The picture before it that has the same image id.
    public var double: String?
  }

  /// The pictures: those of `images.json` by id, or else all files by name.
  public let items: [Item]

  /// Lists a folder.
  ///
  /// With an `images.json` in or beside the folder it decides, and features are named by image id. Otherwise they keep the name of their
  /// picture (COCO_train2014_000000000009.jpg.npy), in the folders that the pictures are in.
  ///
  /// - Parameter folder: The folder.
  /// - Throws: `FileFailure` when it cannot be listed or holds no picture.
  public init(folder: String) throws(FileFailure) {
    let index = try PictureIndex(folder: folder)
    if index.names.isEmpty {
      items = Self.marked(try Self.files(in: folder, below: "", isRoot: true))
    } else {
      items = index.names.sorted { $0.key < $1.key }.map { imageID, name in
        // One that is missing fails when it is opened.
        let path = (try? index.path(of: imageID)) ?? "\(folder)/\(name)"
        return Item(path: path, featureName: "\(imageID).npy", imageID: imageID)
      }
    }
    guard !items.isEmpty else { throw FileFailure(file: folder, cause: PictureFailure.noPictures) }
  }

  /// Whether a file is a picture, by its name.
  static func isPicture(_ name: String) -> Bool {
    let lower = name.lowercased()
    return [".jpg", ".jpeg", ".png"].contains { lower.hasSuffix($0) }
  }

  private static func files(in folder: String, below: String, isRoot: Bool) throws(FileFailure) -> [Item] {
    var items: [Item] = []
    for entry in try listFolder(folder).sorted(by: { $0.name < $1.name }) where !entry.name.hasPrefix(".") {
      let path = "\(folder)/\(entry.name)"
      if entry.kind != .folder, isPicture(entry.name) {
        let name = entry.name + ".npy"
        items.append(Item(path: path, featureName: below + name, imageID: FeatureIndex.imageID(ofFile: name)))
      } else if isRoot, entry.kind != .file, isFolder(path) {
        items += try files(in: path, below: entry.name + "/", isRoot: false)
      }
    }
    return items
  }

  /// Marks pictures whose id another one before them has.
  private static func marked(_ items: [Item]) -> [Item] {
    var first: [Int: String] = [:]
    return items.map { item in
      guard let imageID = item.imageID else { return item }
      var item = item
      item.double = first[imageID]
      if item.double == nil { first[imageID] = item.path }
      return item
    }
  }
}
