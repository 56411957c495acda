// DataCommand.swift - `vqa data`: data sets in the layout that training and evaluation read.

import CommandLineKit
import Foundation
import SafeFiles
import VQAFormats

extension Command {
  static let data = Command(
    specification: CommandSpecification(
      "data", summary: "Makes a data set in the layout of VQA v2",
      discussion: """
        easy-vqa: pictures of one coloured shape with simple questions, from the Python package of that name ('pip install \
        easy-vqa'), which is found where pip installs packages. A tenth of its training pictures becomes the split val, \
        for choosing; test stays untouched.

        Leaves images/, images.json, and questions.json and annotations.json in train/, val/ and test/.
        """,
      arguments: [ArgumentSpecification("NAME", help: "The data set: easy-vqa")],
      options: [
        OptionSpecification("output", short: "o", value: "DIR", help: "Folder to write to"),
        OptionSpecification("source", value: "DIR", help: "Folder of the Python package, where it is not found"),
        OptionSpecification("seed", value: "N", help: "Chooses the pictures of val", defaultText: "1"),
        OptionSpecification("force", help: "Writes into a folder that is not empty"),
      ],
      examples: [("vqa data easy-vqa --output easy-vqa", "Converts the installed package.")]),
    withoutEffect: ["model", "threads", "max-pixels"]
  ) { call in
    let arguments = call.arguments
    let name = try arguments.requiredArgument("NAME")
    guard name == EasyVQAData.name else {
      throw arguments.failure(.invalidValue(option: "NAME", value: name, expected: EasyVQAData.name))
    }
    let output = try arguments.required("output")
    let seed = UInt64(try arguments.integer("seed", in: 0 ... .max) ?? 1)
    if !arguments.flag("force") { try EasyVQAData.refuseFolderInUse(output) }
    let source = try EasyVQAData.source(folder: arguments.string("source"), environment: call.environment)
    let summary = try EasyVQAData.convert(source, output: output, seed: seed, console: call.console)
    let rows = summary.splits.map { split in
      (
        name: split.name,
        value: "\(Columns.grouped(split.questions)) questions about \(Columns.grouped(split.pictures)) pictures"
      )
    }
    try call.console.write(Columns.text([("data set", output)] + rows))
    call.console.inform("next: vqa train RECIPE --data \(output) --output DIR")
    return .success
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
  static func refuseFolderInUse(_ folder: String) throws(FileFailure) {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard let entry = entries.min(), !entries.contains("images.json") else { return }
    throw FileFailure(file: folder, cause: OutputFailure.folderInUse(entry: entry))
  }
}
