// PictureFailure.swift - why the picture of a question cannot be found.

import SafeFiles

/// Why a picture cannot be found in a folder.
public enum PictureFailure: Failure, Equatable {
  /// The folder is not there, or is no folder.
  case noFolder
  /// The folder has no picture of that id.
  case noPicture(imageID: Int)
  /// The folder holds no picture at all.
  case noPictures

  /// Always an input that is not there.
  public var kind: FailureKind { .notFound }

  /// The image id.
  public var place: String? {
    guard case .noPicture(let imageID) = self else { return nil }
    return "image_id \(imageID)"
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noFolder: "there is no such folder"
    case .noPictures: "neither the folder nor one in it holds a JPEG or PNG file"
    case .noPicture: "the folder has no picture of this id"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .noFolder, .noPictures: "check the path given with --images"
    case .noPicture(let imageID):
      "name it \(imageID).png, \(imageID).jpg or as COCO does, or list it in images.json beside the folder"
    }
  }
}
