// LeastWeights.swift - how many weights a model has at least, told from its sizes before anything is made of them.
//
// A file of a few kilobytes can speak of sizes that no memory holds. The matrices alone are counted; what is left out (biases, norms) is
// never more than these. All in Double, since a product of sizes may be beyond every integer.

import Backbones
import DynamicViT
import TRAR

extension ModelConfiguration {
  /// A lower bound of the number of weights, at most a few times smaller than the true one.
  package var leastWeights: Double {
    (isCascade ? cascade.stages.leastWeights : vision.leastWeights) + network.leastWeights(features: Double(tokenWidth))
      + (knowledge.isUsed ? knowledge.leastWeights(network) : 0)
  }
}

extension KnowledgeConfiguration {
  fileprivate func leastWeights(_ network: TRARConfiguration) -> Double {
    let vectors = Double(vectorWidth) * (Double(network.vocabularySize) + Double(network.answers))
    return vectors + 2 * Double(EfficientNetLite.width) * Double(labels)
  }
}

extension PlainVisionConfiguration {
  fileprivate var leastWeights: Double {
    if embedding == .features || embedding == .cascade { return 0 }
    let width = Double(width)
    let positions = Double(gridSide) * Double(gridSide) * width
    let blocks = Double(layers) * width * width * (4 + 2 * Double(expansion))
    guard embedding == .stem else { return positions + blocks + 3 * Double(patchSize) * Double(patchSize) * width }
    let inputs = [3] + channels.dropLast()
    let halvings = zip(inputs, channels).reduce(0) { $0 + 9 * Double($1.0) * Double($1.1) }
    let last = Double(channels.last ?? 0)
    return positions + blocks + halvings + 9 * last * last * Double(refinements)
  }
}

extension DynamicViTConfiguration {
  fileprivate var leastWeights: Double {
    let (width, channels) = (Double(width), Double(relationChannels))
    let blocks = Double(layers) * width * width * (4 + 2 * expansion)
    let relations = relationReuse ? Double(stages - 1) * 6 * channels * channels : 0
    return Double(stages) * (blocks + width * Double(classes)) + relations
  }
}

extension TRARConfiguration {
  fileprivate func leastWeights(features: Double) -> Double {
    let (width, inner, output) = (Double(hidden), Double(feedForward), Double(flatOutput))
    let words = Double(vocabularySize) * Double(wordWidth) + 4 * width * (Double(wordWidth) + width)
    let encoders = Double(encoderLayers) * (4 * width * width + 2 * width * inner)
    let router = (width - 1) * (width + Double(orders.count)) / 2
    let decoders = Double(decoderLayers) * (8 * width * width + 2 * width * inner + router)
    let pooling = Double(flatHidden) * (width + Double(glimpses)) + Double(glimpses) * width * output
    return words + features * width + encoders + decoders + 2 * pooling + output * Double(answers)
  }
}
