// Recipe.swift - everything that decides the outcome of a training run, as one JSON file.

import SafeFiles
import VQAPipeline

/// A whole recipe.
public struct Recipe: Sendable, Equatable, Codable {
  /// The data.
  public var data = DataRecipe()
  /// The model.
  public var model = ModelConfiguration()
  /// The learning.
  public var training = TrainingRecipe()

  /// The defaults.
  public init() {}

  /// Reads a recipe file and lays further settings over it.
  ///
  /// - Parameters:
  ///   - path: A JSON file with some of the settings; the others keep their defaults.
  ///   - assignments: `key.path=value` texts, the later ones winning.
  /// - Returns: The recipe.
  /// - Throws: `FileFailure` that names the setting.
  public static func load(_ path: String, assignments: [String] = []) throws(FileFailure) -> Recipe {
    do {
      let settings = try JSONValue.parse(try readFile(path, limit: 1 << 20))
      return try ConfigurationOverlay.apply(settings, over: Recipe()).changed(by: assignments)
    } catch let failure as FileFailure {
      throw failure
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(file: path, cause: ConfigurationFailure.unusable(path: "", problem: "\(error)"))
    }
  }

  /// The recipe with further settings laid over it.
  ///
  /// - Parameter assignments: `key.path=value` texts, the later ones winning.
  /// - Returns: The recipe.
  /// - Throws: ``ConfigurationFailure`` that names the setting.
  public func changed(by assignments: [String]) throws(ConfigurationFailure) -> Recipe {
    var recipe = self
    for assignment in assignments {
      recipe = try ConfigurationOverlay.apply(
        try ConfigurationOverlay.settings(fromAssignment: assignment), over: recipe)
    }
    if let problem = recipe.problem { throw problem }
    return recipe
  }

  /// The recipe as JSON with every setting written out.
  public func json() throws(ConfigurationFailure) -> JSONValue { try ConfigurationOverlay.json(of: self) }
}
