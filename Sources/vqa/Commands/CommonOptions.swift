// CommonOptions.swift - arguments and options that several commands share, so that they mean the same everywhere.

import CommandLineKit
import Evaluation

extension ArgumentSpecification {
  /// The picture of `ask` and `spans`.
  static let picture = ArgumentSpecification(
    "PICTURE", help: "A JPEG or PNG file, or features in a .npy or .npz file; '-' reads a picture from standard input",
    completion: .files)
}

extension OptionSpecification {
  /// An option as it is, but every use adds a value.
  static func repeated(_ option: OptionSpecification) -> OptionSpecification {
    OptionSpecification(option.name, short: option.short, value: option.value, help: option.help, repeats: true)
  }

  static let scorer = OptionSpecification(
    "scorer", value: "RULES", help: "The rules answers are compared by", defaultText: Scorer.official.rawValue,
    allowed: Scorer.allCases.map(\.rawValue))
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
