// StemTokens.swift - tokens from small convolutions over a picture that is made as small as the stage's grid allows.
//
// Not of the paper: its patches ask for a million pictures to learn from. A few convolutions of stride 2 learn from thousands (Xiao et al.,
// NeurIPS 2021), and a coarse grid needs no more pixels than its cells can tell apart, so a coarse stage is cheap from the first pixel on.

import Layers
import Tensors

/// Pictures to the tokens of one grid.
struct StemTokens: Layer, Sendable {
  let side: Int
  let cell: Int
  let stem: ConvolutionStem
  let project: Linear?  // last channels -> D, when they differ
  let colors: Convolution  // pixels of a cell -> D

  init(_ configuration: DynamicViTConfiguration, stage: Int, random: inout SeededRandom) {
    side = DynamicViTConfiguration.gridSides[stage]
    cell = configuration.cell
    let width = configuration.width
    stem = ConvolutionStem(
      configuration.channels, refinements: configuration.refinements, random: &random)
    let last = configuration.channels.last ?? 3
    project = last == width ? nil : Linear(last, width, random: &random)
    colors = .meanColors(cell: cell, width, random: &random)
  }

  /// `[B, H, W, 3]` to `[B, N, D]`.
  func callAsFunction(_ pictures: Tensor) -> Tensor {
    let small = pictures.adaptiveAverage(side: side * cell)
    let map = stem(small)
    let shape = [map.shape[0], side * side]
    let tokens = map.reshaped(shape + [map.shape[3]])
    let colored = colors(small)
    return (project?(tokens) ?? tokens) + colored.reshaped(shape + [colored.shape[3]])
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    stem.forEachParameter(at: parameterName(path, "stem"), body)
    project?.forEachParameter(at: parameterName(path, "project"), body)
    colors.forEachParameter(at: parameterName(path, "colors"), body)
  }
}

extension DynamicViTConfiguration {
  /// Height and width in pixels of what one token of the stem family is made of.
  var cell: Int { 1 << channels.count }

  /// Multiplications with addition of one picture in the stem of a stage, without making it smaller.
  func stemCost(stage: Int) -> Int {
    let tokens = Self.gridSides[stage] * Self.gridSides[stage]
    var places = tokens * cell * cell
    var cost = tokens * cell * cell * 3 * width
    for (inputs, outputs) in zip([3] + channels, channels) {
      places /= 4
      cost += places * 9 * inputs * outputs
    }
    let last = channels.last ?? 3
    cost += refinements * tokens * 9 * last * last
    return cost + (last == width ? 0 : tokens * last * width)
  }
}
