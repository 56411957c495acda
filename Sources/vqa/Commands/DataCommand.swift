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
      discussion: DataMaker.all.map { "\($0.name): \($0.discussion)" }.joined(separator: "\n\n") + """


        A data set is images/, images.json, and questions.json and annotations.json in a folder for each split.
        """,
      arguments: [
        ArgumentSpecification("NAME", help: "What to make", allowed: DataMaker.all.map(\.name))
      ],
      options: [
        OptionSpecification("output", short: "o", value: "PATH", help: "Folder to write to; concepts: the file")
      ] + DataMaker.options + [
        OptionSpecification("force", help: "Writes into a folder that is not empty, or over a file")
      ],
      examples: DataMaker.all.map(\.example)),
    withoutEffect: ["model", "max-pixels"]
  ) { call in
    let arguments = call.arguments
    let name = try arguments.requiredArgument("NAME")
    guard let maker = DataMaker.all.first(where: { $0.name == name }) else { return .bug }
    let foreign = DataMaker.options.first { arguments.flag($0.name) && !maker.uses.contains($0.name) }
    if let foreign { throw arguments.failure(.conflict(first: name, second: "--\(foreign.name)")) }
    let output = try arguments.required("output")
    if !arguments.flag("force") { try maker.refuse(output) }
    let rows = try maker.make(call, output)
    try call.console.write(Columns.text([(maker.kind.rawValue, output)] + rows))
    if maker.kind == .dataSet { call.console.inform("next: vqa train RECIPE --data \(output) --output DIR") }
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
}
