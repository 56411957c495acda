// FirstValues.swift - changes the first weights of an answer network as a recipe asks.

import Layers
import Tensors
import VQAPipeline

extension FirstValuesRecipe {
  /// Changes a model that has not been trained yet.
  func apply(to model: VQAModel) {
    for (name, parameter) in model.namedParameters {
      if crossAttentionGain != 1, name.hasPrefix("backbone.dec_list."), Self.isCrossAttention(name) {
        parameter.value = Tensor(parameter.value.elements.map { $0 * crossAttentionGain }, shape: parameter.value.shape)
      }
      if forgetBias != 0, name == "lstm.bias_ih_l0" {
        // The gates' order is input, forget, cell, output.
        let width = parameter.value.count / 4
        var values = parameter.value.elements
        for index in width..<(2 * width) { values[index] += forgetBias }
        parameter.value = Tensor(values, shape: parameter.value.shape)
      }
    }
  }

  private static func isCrossAttention(_ name: String) -> Bool {
    name.hasSuffix("mhatt2.linear_v.weight") || name.hasSuffix("mhatt2.linear_merge.weight")
  }
}
