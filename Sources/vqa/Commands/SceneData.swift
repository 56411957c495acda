// SceneData.swift - drawn scenes as a data set, for `vqa data` and for recipes.

import CommandLineKit
import SafeFiles
import Scenes

/// The data set scenes.
enum SceneData {
  /// Its name on command lines and in recipes.
  static let name = "scenes"

  /// The set that a command line asks for.
  static func set(_ arguments: Arguments) throws(UsageError) -> SceneSet {
    SceneSet(
      preset: arguments.string("preset").flatMap(ScenePreset.init) ?? .sortOfCLEVR,
      pictures: try arguments.integer("pictures", in: SceneSet.counts) ?? 10_000,
      side: try arguments.integer("size", in: SceneSet.sides),
      seed: UInt64(try arguments.integer("seed", in: 0 ... .max) ?? 1))
  }

  /// Draws a set with a line of progress.
  ///
  /// - Returns: A row for each split.
  static func write(
    _ set: SceneSet, output: String, console: Console
  ) throws(FileFailure) -> [(name: String, value: String)] {
    var line: ProgressLine?
    let splits = try set.write(to: output) { done, total in
      if line == nil { line = console.progress("pictures", total: total) }
      line?.update(done)
    }
    line?.finish()
    return splits.map { DataText.row($0.name, questions: $0.questions, pictures: $0.pictures.count) }
  }
}
