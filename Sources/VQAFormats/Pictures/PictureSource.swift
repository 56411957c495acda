// PictureSource.swift - what finds the file of a picture: a folder of pictures, or folders of features.

import SafeFiles

/// Finds the file of a picture by its image id.
public protocol PictureSource: Sendable {
  /// The path of the picture with an id.
  ///
  /// - Parameter imageID: The `image_id` of a question.
  /// - Returns: The path of its file.
  /// - Throws: `FileFailure` when there is none, or more than one.
  func path(of imageID: Int) throws(FileFailure) -> String
}

extension PictureIndex: PictureSource {}
