// FeatureFailure.swift - why the features of a picture cannot be found.

import SafeFiles

/// Why features cannot be found in a folder.
public enum FeatureFailure: Failure, Equatable {
  /// The folder is not there, or is no folder.
  case noFolder
  /// Neither the folder nor those in it hold a feature file with a number in its name.
  case noFiles(unnumbered: String?)
  /// No feature file has that image id.
  case noFeatures(imageID: Int)
  /// Two feature files have the same image id.
  case twoFiles(imageID: Int, first: String, second: String)

  /// An input that is not there, or two where one is asked for.
  public var kind: FailureKind {
    if case .twoFiles = self { return .badData }
    return .notFound
  }

  /// The image id.
  public var place: String? {
    switch self {
    case .noFeatures(let imageID), .twoFiles(let imageID, _, _): "image_id \(imageID)"
    case .noFolder, .noFiles: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noFolder: "there is no such folder"
    case .noFiles(nil): "neither the folder nor one in it holds a .npy or .npz file"
    case .noFiles(let name?): "the name of no .npy or .npz file ends in a number, \(visibleText(name)) for one"
    case .noFeatures: "there is no feature file of this id"
    case .twoFiles(_, let first, let second): "both \(visibleText(first)) and \(visibleText(second)) have this id"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .noFolder: "check the path given with --features"
    case .noFiles, .noFeatures:
      "the number after the last '_' of a name, up to its first dot, is the image id, as in "
        + "COCO_train2014_000000000009.jpg.npy; 'vqa features' writes such files"
    case .twoFiles: "name only the folder of one of them with --features"
    }
  }
}
