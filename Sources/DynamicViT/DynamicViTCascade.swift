// DynamicViTCascade.swift - the stages of a Dynamic ViT one behind the other, as a vision side and as a classifier.

import Layers
import Routing
import Tensors

/// Up to three vision transformers over grids of 7, 10 and 14 tokens a side, each reusing the one before.
public struct DynamicViTCascade: VisionSide {
  /// Names of the stages in the original's checkpoints.
  public static let stageNames = ["less_less_token", "less_token", "normal_token"]
  private static let featuresKey = "features"
  private static let relationsKey = "relations"

  /// Sizes and choices.
  public let configuration: DynamicViTConfiguration
  /// The stages, the coarsest first.
  public let stages: [DynamicViTStage]

  /// Makes a cascade with the original's first values; its sizes are possible ones.
  public init(_ configuration: DynamicViTConfiguration, random: inout SeededRandom) {
    precondition(configuration.problem == nil, configuration.problem ?? "")
    self.configuration = configuration
    stages = (0..<configuration.stages).map { DynamicViTStage(configuration, stage: $0, random: &random) }
  }

  /// Height and width of the pictures in pixels.
  public var pictureSize: Int { configuration.pictureSize }

  /// The grid of each stage.
  public var grids: [GridSize] { stages.map(\.grid) }

  /// Width D of a token.
  public var tokenWidth: Int { configuration.width }

  /// Computes one stage; its tokens are those of the grid after the final norm, without the class token.
  public func tokens(of pictures: Tensor, stage: Int, after earlier: VisionTokens?) -> VisionTokens {
    let isLast = stage == stages.count - 1
    let carried = earlier.flatMap { earlier in
      earlier.carried[Self.featuresKey].map {
        DynamicViTFeatures(features: $0, relations: earlier.carried[Self.relationsKey])
      }
    }
    let found = stages[stage](pictures, reusing: carried, for: isLast ? .tokens : .handedOn)
    var result = VisionTokens(tokens: stages[stage].patchTokens(found), grid: stages[stage].grid)
    if !isLast {
      result.carried[Self.featuresKey] = found.features
      result.carried[Self.relationsKey] = found.relations
    }
    return result
  }

  /// The logits of every stage, `[B, classes]` each; all stages run.
  public func logits(_ pictures: Tensor, pass: DynamicViTPass = DynamicViTPass()) -> [Tensor] {
    var earlier: DynamicViTFeatures?
    return stages.map { stage in
      let found = stage(
        pictures, reusing: earlier, for: stage.number == stages.count - 1 ? .classes : .handedOn, pass: pass)
      earlier = found
      return stage.logits(found, pass: pass)
    }
  }

  /// All parameters under the names of the original's checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    for (name, stage) in zip(Self.stageNames, stages) {
      stage.forEachParameter(at: parameterName(path, name), body)
    }
  }
}
