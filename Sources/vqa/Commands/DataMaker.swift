// DataMaker.swift - what `vqa data` can make: each with its text, its options and its example.

import CommandLineKit
import Foundation
import SafeFiles
import Scenes
import VQAFormats

/// One thing that `vqa data` makes.
struct DataMaker: Sendable {
  /// What comes of it.
  enum Kind: String, Sendable {
    /// A folder of pictures and questions.
    case dataSet = "data set"
    /// A single file.
    case file
  }

  /// The word that stands for it on the command line.
  let name: String
  var kind = Kind.dataSet
  /// What it is, for help.
  let discussion: String
  /// Names of the options that it takes besides those of all.
  let uses: Set<String>
  /// A line to copy.
  let example: CommandSpecification.Example
  /// Whether its own files in the output are no reason to refuse it: it compares them with what it would write.
  var mayContinue = false
  /// Makes it at a path and gives the rows that tell of it.
  let make: @Sendable (Call, _ output: String) throws -> [(name: String, value: String)]

  /// All of them, in the order help lists them.
  static let all: [DataMaker] = [.easyVQA, .scenes, .concepts, .objects, .text, .folds]

  /// Their options.
  static let options: [OptionSpecification] = [
    OptionSpecification(
      "source", value: "PATH",
      help: "easy-vqa: folder of the Python package; text: the lines, as they are or by gzip; folds: the data set"),
    OptionSpecification(
      "preset", value: "NAME", help: "scenes: the kind of scenes", defaultText: ScenePreset.sortOfCLEVR.rawValue,
      allowed: ScenePreset.allCases.map(\.rawValue)),
    OptionSpecification("pictures", value: "N", help: "scenes: how many to draw", defaultText: "10000"),
    OptionSpecification(
      "size", value: "PX", help: "scenes: height and width of a picture",
      defaultText: "75 for sort-of-clevr, 128 for steps, 224 for sizes"),
    OptionSpecification(
      "classes", value: "FILE", help: "concepts: WordNet's noun of each class, such as n01440764, one a line",
      defaultText: "the thousand of ImageNet"),
    OptionSpecification(
      "wordnet", value: "DIR", help: "concepts: folder of WordNet 3.0", defaultText: WordNet.usualFolder),
    OptionSpecification(
      "images", value: "DIR", help: "objects: a folder of photos; may be given several times", repeats: true),
    OptionSpecification(
      "labels", value: "FILE",
      help: "objects: names of labels by image id (JSON), the pictures being those of images.json beside it"),
    OptionSpecification(
      "scores", value: "FILE", help: "objects: probabilities of classes by name of the picture (JSON)"),
    OptionSpecification(
      "concepts", value: "FILE", help: "objects: names and kinds of the classes",
      defaultText: "those of ImageNet's thousand"),
    OptionSpecification("questions", value: "N", help: "objects: how many to make", defaultText: "40000"),
    OptionSpecification(
      "share-labels", value: "SHARE", help: "objects: the part of them that is about labels", defaultText: "0.35"),
    OptionSpecification("folds", value: "N", help: "folds: how many", defaultText: "5"),
    OptionSpecification(
      "by", value: "UNIT", help: "folds: what stays together", defaultText: FoldedSet.Unit.picture.rawValue,
      allowed: FoldedSet.Unit.allCases.map(\.rawValue)),
    OptionSpecification("lower-case", help: "folds: makes answers small letters"),
    OptionSpecification(
      "seed", value: "N", help: "Chooses the pictures of val and the folds, draws scenes and questions",
      defaultText: "1"),
  ]

  /// The seed that a command line gives.
  static func seed(_ arguments: Arguments) throws(UsageError) -> UInt64 {
    UInt64(try arguments.integer("seed", in: 0 ... .max) ?? 1)
  }

  /// Refuses a file that is there, or a folder with files that are not of this data set.
  func refuse(_ output: String) throws(FileFailure) {
    guard kind == .dataSet else { return try OutputFile.check(output, isForced: false) }
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
    guard let entry = entries.min(), !mayContinue || !entries.contains("images.json") else { return }
    throw FileFailure(file: output, cause: OutputFailure.folderInUse(entry: entry))
  }
}

extension DataMaker {
  /// Pictures of one coloured shape; a list of pictures that is there is compared with its own.
  static let easyVQA = DataMaker(
    name: EasyVQAData.name,
    discussion: """
      pictures of one coloured shape with simple questions, from the Python package of that name ('pip install \
      easy-vqa'), which is found where pip installs packages. A tenth of its training pictures becomes the split val, \
      for choosing; test stays untouched.
      """,
    uses: ["source", "seed"], example: ("vqa data easy-vqa --output easy-vqa", "Converts the installed package."),
    mayContinue: true
  ) { call, output in
    let source = try EasyVQAData.source(folder: call.arguments.string("source"), environment: call.environment)
    let seed = try seed(call.arguments)
    let summary = try EasyVQAData.convert(source, output: output, seed: seed, console: call.console)
    return summary.splits.map { DataText.row($0.name, questions: $0.questions, pictures: $0.pictures) }
  }

  /// Drawn pictures of several objects.
  static let scenes = DataMaker(
    name: SceneData.name,
    discussion: """
      pictures of several objects, drawn anew from a seed. The preset sort-of-clevr has six coloured objects and \
      ten relational and ten other questions a picture (Santoro et al. 2017); steps has three to eight objects of two \
      sizes and questions of one to three steps: count, exist, compare, left-of, above, same color; sizes has a few large \
      objects among small ones and questions of one step about either. A fiftieth of the pictures becomes val, another \
      test.
      """,
    uses: ["preset", "pictures", "size", "seed"],
    example: ("vqa data scenes --preset steps --pictures 5000 --output steps", "Draws scenes.")
  ) { call, output in
    try SceneData.write(try SceneData.set(call.arguments), output: output, console: call.console)
  }
}
