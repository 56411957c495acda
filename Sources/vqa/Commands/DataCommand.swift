// DataCommand.swift - `vqa data`: data sets in the layout that training and evaluation read.

import CommandLineKit
import Foundation
import SafeFiles
import Scenes
import VQAFormats

extension Command {
  static let data = Command(
    specification: CommandSpecification(
      "data", summary: "Makes a data set in the layout of VQA v2",
      discussion: """
        easy-vqa: pictures of one coloured shape with simple questions, from the Python package of that name ('pip install \
        easy-vqa'), which is found where pip installs packages. A tenth of its training pictures becomes the split val, \
        for choosing; test stays untouched.

        scenes: pictures of several objects, drawn anew from a seed. The preset sort-of-clevr has six coloured objects and \
        ten relational and ten other questions a picture (Santoro et al. 2017); steps has three to eight objects of two \
        sizes and questions of one to three steps: count, exist, compare, left-of, above, same color; sizes has a few large \
        objects among small ones and questions of one step about either. A fiftieth of the pictures becomes val, another \
        test.

        Leaves images/, images.json, and questions.json and annotations.json in train/, val/ and test/.
        """,
      arguments: [ArgumentSpecification("NAME", help: "The data set: easy-vqa, scenes")],
      options: [
        OptionSpecification("output", short: "o", value: "DIR", help: "Folder to write to"),
        OptionSpecification("source", value: "DIR", help: "easy-vqa: folder of the Python package"),
        OptionSpecification(
          "preset", value: "NAME", help: "scenes: the kind of scenes", defaultText: ScenePreset.sortOfCLEVR.rawValue,
          allowed: ScenePreset.allCases.map(\.rawValue)),
        OptionSpecification("pictures", value: "N", help: "scenes: how many to draw", defaultText: "10000"),
        OptionSpecification(
          "size", value: "PX", help: "scenes: height and width of a picture",
          defaultText: "75 for sort-of-clevr, 128 for steps, 224 for sizes"),
        OptionSpecification(
          "seed", value: "N", help: "Chooses the pictures of val, or draws the scenes", defaultText: "1"),
        OptionSpecification("force", help: "Writes into a folder that is not empty"),
      ],
      examples: [
        ("vqa data easy-vqa --output easy-vqa", "Converts the installed package."),
        ("vqa data scenes --preset steps --pictures 5000 --output steps", "Draws scenes."),
      ]),
    withoutEffect: ["model", "max-pixels"]
  ) { call in
    let arguments = call.arguments
    let name = try arguments.requiredArgument("NAME")
    guard [EasyVQAData.name, SceneData.name].contains(name) else {
      throw arguments.failure(
        .invalidValue(option: "NAME", value: name, expected: "\(EasyVQAData.name) or \(SceneData.name)"))
    }
    let others = name == SceneData.name ? ["source"] : ["preset", "pictures", "size"]
    for option in others where arguments.flag(option) {
      throw arguments.failure(.conflict(first: name, second: "--\(option)"))
    }
    let output = try arguments.required("output")
    if !arguments.flag("force") { try EasyVQAData.refuseFolderInUse(output, name: name) }
    let rows: [(name: String, value: String)]
    if name == SceneData.name {
      rows = try SceneData.write(try SceneData.set(arguments), output: output, console: call.console)
    } else {
      let seed = UInt64(try arguments.integer("seed", in: 0 ... .max) ?? 1)
      let source = try EasyVQAData.source(folder: arguments.string("source"), environment: call.environment)
      let summary = try EasyVQAData.convert(source, output: output, seed: seed, console: call.console)
      rows = summary.splits.map { DataText.row($0.name, questions: $0.questions, pictures: $0.pictures) }
    }
    try call.console.write(Columns.text([("data set", output)] + rows))
    call.console.inform("next: vqa train RECIPE --data \(output) --output DIR")
    return .success
  }
}

/// How a split is told.
enum DataText {
  static func row(_ name: String, questions: Int, pictures: Int) -> (name: String, value: String) {
    (name, "\(Columns.grouped(questions)) questions about \(Columns.grouped(pictures)) pictures")
  }
}

/// The easy-VQA package was not found.
struct EasyVQAMissing: Failure {
  var kind: FailureKind { .missing }
  var place: String? { nil }
  var problem: String { "the Python package is not installed" }
  var advice: String { "run 'pip install easy-vqa', or name its folder with --source" }
}

/// The data set easy-vqa.
enum EasyVQAData {
  /// Its name on command lines and in recipes.
  static let name = "easy-vqa"

  /// The package: in the given folder, or where pip installs packages.
  static func source(folder: String?, environment: [String: String]) throws(FileFailure) -> EasyVQASource {
    if let folder { return try EasyVQASource(folder: folder) }
    guard let found = EasyVQASource.find(sitePackages: PythonPackages.usualFolders(environment: environment)) else {
      throw FileFailure(file: name, cause: EasyVQAMissing())
    }
    return found
  }

  /// Converts the package with a line of progress.
  static func convert(
    _ source: EasyVQASource, output: String, seed: UInt64, console: Console
  ) throws(FileFailure) -> EasyVQA.Summary {
    var line: ProgressLine?
    let summary = try EasyVQA.convert(source: source, output: output, seed: seed) { done, total in
      if line == nil { line = console.progress("pictures", total: total) }
      line?.update(done)
    }
    line?.finish()
    return summary
  }

  /// Refuses a folder with files that are not of this data set.
  ///
  /// easy-VQA compares a list of pictures that is there with its own; drawn scenes never go over another set.
  static func refuseFolderInUse(_ folder: String, name: String) throws(FileFailure) {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard let entry = entries.min(), name == SceneData.name || !entries.contains("images.json") else { return }
    throw FileFailure(file: folder, cause: OutputFailure.folderInUse(entry: entry))
  }
}
