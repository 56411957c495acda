// OwnRecipe.swift - how a model that learned before goes on with somebody's own pictures, where no recipe says it.

import SafeFiles
import VQAFormats
import VQAPipeline
import WeightFiles

extension Recipe {
  /// The recipe for somebody's own data: the model as it is, a few passes, a rate that leaves most of what it knows.
  ///
  /// - Parameter path: The model.
  /// - Returns: The recipe; its data have the layout ``QuestionLayout/own``.
  /// - Throws: `FileFailure` when the file is no model.
  public static func own(from path: String) throws(FileFailure) -> Recipe {
    let file = try TensorFile(path: path)
    var recipe = Recipe()
    do {
      guard file.metadata["format"] == ModelFile.format else { throw NoOrigin() }
      let settings = try JSONValue.parse(Array((file.metadata["configuration"] ?? "").utf8))
      recipe.model = try ConfigurationOverlay.apply(settings, over: ModelConfiguration(), path: "configuration")
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(file: path, cause: NoOrigin())
    }
    recipe.model.name = "own"
    recipe.model.summary = "\(recipe.model.summary); trained further on own data"
    recipe.data.layout = .own
    recipe.data.knowledge.views = 2
    recipe.training.epochs = 12
    recipe.training.questionsPerStep = 32
    recipe.training.questionsPerPicture = 2
    recipe.training.shards = 2
    recipe.training.rate = 5e-4
    recipe.training.loss = .binaryCrossEntropy
    recipe.training.optimiser.clipNorm = 5
    recipe.training.averageDecay = 0.99
    recipe.training.pictureDropout = 0.1
    recipe.training.augmentation.unknownWords = 0.02
    recipe.training.finerShare = 0.34
    recipe.data.answerForm = .written
    recipe.training.measure = .share
    return recipe
  }
}
