// LSTM.swift - a long short-term memory of one layer and one direction (Hochreiter, Schmidhuber 1997).

import Tensors

/// Reads a sequence and gives the hidden state after every step, padding steps included.
public struct LSTM: Layer, Sendable {
  /// `[4 hidden, inputs]`; gates in the order input, forget, cell, output.
  public let inputWeight: Parameter
  /// `[4 hidden, hidden]`.
  public let hiddenWeight: Parameter
  /// `[4 hidden]`.
  public let inputBias: Parameter
  /// `[4 hidden]`, added to the other bias.
  public let hiddenBias: Parameter

  /// Makes a memory with PyTorch's default first values, uniform in ±1/√hidden.
  public init(_ inputs: Int, hidden: Int, random: inout SeededRandom) {
    inputWeight = Initialisation.uniform([4 * hidden, inputs], fanIn: hidden, random: &random)
    hiddenWeight = Initialisation.uniform([4 * hidden, hidden], fanIn: hidden, random: &random)
    inputBias = Initialisation.uniform([4 * hidden], fanIn: hidden, random: &random)
    hiddenBias = Initialisation.uniform([4 * hidden], fanIn: hidden, random: &random)
  }

  /// Reads `[B, T, inputs]`; gives `[B, T, hidden]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.lstm(
      inputWeight: inputWeight.tensor, hiddenWeight: hiddenWeight.tensor, inputBias: inputBias.tensor,
      hiddenBias: hiddenBias.tensor)
  }

  /// The parameters under the names of the original checkpoints.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    body(parameterName(path, "weight_ih_l0"), inputWeight)
    body(parameterName(path, "weight_hh_l0"), hiddenWeight)
    body(parameterName(path, "bias_ih_l0"), inputBias)
    body(parameterName(path, "bias_hh_l0"), hiddenBias)
  }
}
