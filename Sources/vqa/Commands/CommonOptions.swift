// CommonOptions.swift - arguments and options that several commands share, so that they mean the same everywhere.

import CommandLineKit

extension ArgumentSpecification {
  /// The picture of `ask` and `spans`.
  static let picture = ArgumentSpecification(
    "PICTURE", help: "A JPEG or PNG file, or features in a .npy or .npz file; '-' reads a picture from standard input")
}

extension OptionSpecification {
  static let json = OptionSpecification("json", help: "Writes JSON, one object a line")
  static let force = OptionSpecification("force", help: "Replaces the file that is there")
  static let questions = OptionSpecification(
    "questions", value: "FILE", help: "Questions in the layout of VQA v2, or of CLEVR")
  static let annotations = OptionSpecification(
    "annotations", value: "FILE", help: "What people answered, in the layout of VQA v2")
  static let images = OptionSpecification(
    "images", value: "DIR", help: "Folder of the pictures; found by images.json, COCO name or IMAGE_ID.png, .jpg, .jpeg"
  )
  static let features = OptionSpecification(
    "features", value: "DIR",
    help: "Folder of feature files, in place of --images; several of these options name several folders", repeats: true)
}
