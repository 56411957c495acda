// ScenePreset.swift - the kinds of scenes that can be drawn.

import Tensors

/// A kind of scenes with their questions.
public enum ScenePreset: String, Sendable, CaseIterable {
  /// Six coloured objects, questions with and without relations (Santoro et al., NeurIPS 2017).
  case sortOfCLEVR = "sort-of-clevr"
  /// Several objects of two sizes, questions of one to three steps.
  case steps
  /// A few large objects among small ones, questions of one step about either.
  case sizes

  /// Height and width of a picture in pixels, unless asked for otherwise.
  public var usualSide: Int {
    switch self {
    case .sortOfCLEVR: SortOfCLEVR.side
    case .steps: 128
    case .sizes: 224
    }
  }

  /// One scene with its questions; the seed and the number of the picture decide everything.
  ///
  /// - Parameters:
  ///   - number: Number of the picture.
  ///   - side: Height and width in pixels.
  ///   - seed: Seed of the whole set.
  /// - Returns: The scene and its questions.
  public func draw(number: Int, side: Int, seed: UInt64) -> (scene: Scene, questions: [SceneQuestion]) {
    var random = SeededRandom(seed: seed, stream: 0x5CE_4E5, UInt64(number))
    switch self {
    case .sortOfCLEVR:
      let scene = SortOfCLEVR.scene(side: side, random: &random)
      return (scene, SortOfCLEVR.questions(about: scene, random: &random))
    case .steps:
      let scene = StepsScene.scene(side: side, random: &random)
      return (scene, StepsQuestions(scene).questions(random: &random))
    case .sizes:
      let scene = SizesScene.scene(side: side, random: &random)
      return (scene, SizesQuestions(scene).questions(random: &random))
    }
  }
}
