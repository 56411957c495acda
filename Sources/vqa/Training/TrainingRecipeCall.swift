// TrainingRecipeCall.swift - the recipe that a command line of `vqa train` describes.

import CommandLineKit
import SafeFiles
import Tensors
import Training
import VQAFormats
import VQAPipeline

/// The recipe of a call, and what it begins from.
struct TrainingRecipeCall {
  /// The recipe with all that the command line lays over it.
  let recipe: Recipe
  /// A checkpoint or model to begin from.
  let source: String?
  /// What a person should know of it.
  let notes: [String]
  /// The file that the recipe comes from.
  let path: String

  init(_ call: Call) throws {
    let arguments = call.arguments
    var words = [arguments.argument("RECIPE")].compactMap { $0 } + arguments.arguments("KEY=VALUE")
    var source = try Self.source(call)
    var notes: [String] = []
    var recipe: Recipe
    if let config = arguments.string("config") {
      // `--resume epoch11.pkl`, which is a flag and a word to the parser.
      if arguments.flag("resume"), source == nil, let index = words.firstIndex(where: Self.isCheckpoint) {
        source = words.remove(at: index)
      }
      for word in words where !word.contains("=") {
        throw arguments.failure(.conflict(first: word, second: "--config"))
      }
      path = config
      let dataSet = arguments.string("dataset").flatMap(OriginalConfiguration.DataSet.init)
      let original = try OriginalConfiguration(path: config, dataSet: dataSet)
      do throws(ConfigurationFailure) {
        recipe = try Recipe(original)
      } catch {
        throw FileFailure(file: config, cause: error)
      }
      if original.learning.usesGloVe, source == nil {
        notes.append("USE_GLOVE: there are no GloVe vectors here, the embedding begins at random")
      }
      if arguments.string("seed") == nil, original.run.seed == nil {
        notes.append("SEED is \(recipe.training.seed) (the original draws one); --seed sets another")
      }
    } else if let model = source, words.first.map({ $0.contains("=") }) ?? true {
      // No recipe: somebody's own data, for a model that is there.
      if arguments.flag("dataset") { throw arguments.failure(.missingOption(name: "--config")) }
      path = model
      recipe = try Recipe.own(from: model)
      // The model gave the recipe; a run that goes on begins with its own checkpoint.
      if arguments.flag("resume") { source = nil }
    } else {
      if arguments.flag("dataset") { throw arguments.failure(.missingOption(name: "--config")) }
      path = try arguments.requiredArgument("RECIPE")
      words.removeFirst()
      recipe = try Recipe.load(path)
    }
    if let features = try Self.features(arguments, &recipe, file: path) { notes.append(features) }
    if let split = arguments.string("split") { recipe.data.split = split }
    if let answers = arguments.string("answers") { recipe.data.answers = answers }
    if let seed = try arguments.integer("seed", in: 0 ... .max) { words.append("training.seed=\(seed)") }
    do throws(ConfigurationFailure) {
      self.recipe = try recipe.changed(by: words)
    } catch {
      throw FileFailure(file: path, cause: error)
    }
    (self.source, self.notes) = (source, notes)
  }

  /// The file that `--from` names: itself, or the model of that name.
  private static func source(_ call: Call) throws(FileFailure) -> String? {
    guard let name = call.arguments.string("from") else { return nil }
    guard !name.contains("/"), !name.contains(".") else { return name }
    return try LoadedModel.path(call, named: name)
  }

  private static func isCheckpoint(_ word: String) -> Bool {
    [".pkl", ".pth", ".pt", ".safetensors"].contains { word.hasSuffix($0) } && !word.contains("=")
  }

  /// Lays `--features` over a recipe; one whose vision side sees pictures gets the sizes of the features instead.
  private static func features(
    _ arguments: Arguments, _ recipe: inout Recipe, file: String
  ) throws(FileFailure) -> String? {
    let folders = arguments.strings("features")
    guard !folders.isEmpty else { return nil }
    recipe.data.features = folders
    guard recipe.model.vision.embedding != .features else { return nil }
    let index = try FeatureIndex(folders)
    let path = try index.path(of: index.imageIDs[0])
    let shape = try FeatureReader.shape(path)
    guard shape.count == 2, let side = side(ofRows: shape[0]) else {
      throw FileFailure(file: path, cause: NoGrid(shape: shape))
    }
    recipe.model.vision.embedding = .features
    (recipe.model.vision.featureGrid, recipe.model.vision.width) = (side, shape[1])
    return "the model takes features, \(side) x \(side) cells of \(shape[1]) numbers, in place of the recipe's pictures"
  }

  private static func side(ofRows rows: Int) -> Int? {
    (1...128).first { $0 * $0 == rows }
  }
}

/// Features that fill no square grid.
struct NoGrid: Failure, Equatable {
  let shape: [Int]
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "its shape is \(shape): the rows fill no square grid" }
  var advice: String {
    "say which grid it is with \"vision\": {\"embedding\": \"features\", \"featureGrid\": 8, \"width\": 2048} in the recipe"
  }
}
