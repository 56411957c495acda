// PictureFolders.swift - where the pictures of many questions are: a folder of pictures, or folders of features.

import CommandLineKit
import SafeFiles
import VQAFormats
import VQAPipeline

/// What `--images` or `--features` names.
enum PictureFolders {
  case images(String)
  case features([String])

  /// Reads the two options, of which exactly one is needed.
  init(_ arguments: Arguments) throws(UsageError) {
    guard let folders = try Self.optional(arguments) else {
      throw arguments.failure(.missingOption(name: "--images' or '--features"))
    }
    self = folders
  }

  /// Reads the two options where a command can do without both.
  static func optional(_ arguments: Arguments) throws(UsageError) -> PictureFolders? {
    try arguments.refuse("images", with: "features")
    let features = arguments.strings("features")
    return features.isEmpty ? arguments.string("images").map { .images($0) } : .features(features)
  }

  /// Opens the folders for a model; refuses those of the other kind than it takes.
  func open(for loaded: LoadedModel) throws(FileFailure) -> any PictureSource {
    try check(loaded)
    switch self {
    case .images(let folder): return try PictureIndex(folder: folder)
    case .features(let folders): return try FeatureIndex(folders)
    }
  }

  /// Refuses folders of the other kind than a model takes.
  func check(_ loaded: LoadedModel) throws(FileFailure) {
    let model = loaded.model
    switch self {
    case .images where model.takesFeatures:
      let grid = model.vision.grids[0]
      let cause = VisionInputFailure.needsFeatures(count: grid.tokens, width: model.vision.tokenWidth)
      throw FileFailure(file: loaded.path, cause: cause)
    case .features where !model.takesFeatures:
      throw FileFailure(file: loaded.path, cause: VisionInputFailure.needsPictures(size: model.vision.pictureSize))
    default: return
    }
  }

  /// The folders, the one searched first at the front.
  var folders: [String] {
    switch self {
    case .images(let folder): [folder]
    case .features(let folders): folders
    }
  }
}
