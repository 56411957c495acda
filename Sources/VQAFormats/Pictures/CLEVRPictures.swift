// CLEVRPictures.swift - finds the pictures of CLEVR questions, which name their files.

import SafeFiles

/// A folder of CLEVR's pictures, asked for by index.
public struct CLEVRPictures: PictureSource {
  private let index: PictureIndex
  private let folders: [String]
  private let names: [Int: String]

  /// Opens a folder: that of the split's pictures, or the one around the folders of all splits.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - file: The questions, which give the names.
  /// - Throws: `FileFailure` when the folder is not there, or a name would leave it.
  public init(folder: String, file: CLEVRQuestionFile) throws(FileFailure) {
    index = try PictureIndex(folder: folder)
    var names: [Int: String] = [:]
    for (place, question) in file.questions.enumerated() {
      guard let name = question.imageFile else { continue }
      guard PictureIndex.isSafe(name) else {
        let path = "questions[\(place)].image_filename"
        throw FileFailure(file: folder, cause: FormatFailure(path: path, reason: .unsafeFileName(name)))
      }
      names[question.imageIndex] = name
    }
    self.names = names
    folders = [folder] + CLEVRPictures.splitFolders(of: folder, split: file.split)
  }

  /// The path of the picture with an index: under the name that the questions give, else as ``PictureIndex`` finds it.
  public func path(of imageID: Int) throws(FileFailure) -> String {
    if let name = names[imageID] {
      for folder in folders where PictureIndex.isFile("\(folder)/\(name)") { return "\(folder)/\(name)" }
    }
    return try index.path(of: imageID)
  }

  /// The folder of a split in the one around it, as CLEVR and the original's features have them; none where there is none.
  public static func splitFolders(of folder: String, split: String?) -> [String] {
    guard let split, PictureIndex.isSafe(split), isFolder("\(folder)/\(split)") else { return [] }
    return ["\(folder)/\(split)"]
  }
}
