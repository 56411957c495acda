// DynamicViTShapes.swift - names and shapes of all parameters of a stage, told without taking memory for them.
//
// So a file can be held against what a configuration needs before anything is made of sizes that only the file speaks of.

import Tensors

/// A parameter's name and the sizes of its axes.
public struct NamedShape: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The sizes, outermost first.
  public let shape: [Int]

  /// A name and its shape.
  public init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  /// How many numbers there are.
  public var count: Int { shape.reduce(1, *) }
}

extension DynamicViTConfiguration {
  /// The parameters of all stages in the order of ``DynamicViTCascade``, under the names of the original's checkpoints.
  public var parameterShapes: [NamedShape] { (0..<stages).flatMap { parameterShapes(stage: $0) } }

  /// The parameters of one stage, its own prefix included.
  public func parameterShapes(stage: Int) -> [NamedShape] {
    let side = Self.gridSides[stage]
    var list = ShapeList(prefix: DynamicViTCascade.stageNames[stage])
    list.add("cls_token", [1, 1, width])
    list.add("pos_embed", [1, side * side + 1, width])
    switch family {
    case .deit:
      let square = windows(stage: stage).size
      list.addBoth("patch_embed.proj", [width, 3, square, square])
    case .grids: list.addBoth("grid", [width, gridWidth])
    case .stem: addStem(to: &list)
    case .performer, .transformer:
      let square = windows(stage: stage).size
      let later = Self.laterWindows.size
      let wide = tokenWidth * later * later
      addAttention("tokens_to_token.attention1", inputs: 3 * square * square, to: &list)
      addAttention("tokens_to_token.attention2", inputs: wide, to: &list)
      list.addBoth("tokens_to_token.project", [width, wide])
    }
    if stage > 0, relationReuse {
      list.addBoth("relation_reuse_conv.0", [3 * relationChannels, relationChannels, 1, 1])
      list.addBoth("relation_reuse_conv.2", [relationChannels, 3 * relationChannels, 1, 1])
    }
    for layer in 0..<layers { addBlock("blocks.\(layer)", reuses: stage > 0 && featureReuse, to: &list) }
    list.addBoth("norm", [width])
    if classes > 0 { list.addBoth("head", [classes, width]) }
    return list.shapes
  }

  private func addStem(to list: inout ShapeList) {
    let last = channels.last ?? 3
    let inputs = [3] + channels + Array(repeating: last, count: max(0, refinements - 1))
    let outputs = channels + Array(repeating: last, count: refinements)
    for (index, (input, output)) in zip(inputs, outputs).enumerated() {
      list.add("stem.\(index).conv.weight", [output, input, 3, 3])
      for name in ["weight", "bias", "running_mean", "running_var"] { list.add("stem.\(index).norm.\(name)", [output]) }
    }
    if last != width { list.addBoth("project", [width, last]) }
    list.add("colors.weight", [width, 3, cell, cell])
  }

  private func addAttention(_ path: String, inputs: Int, to list: inout ShapeList) {
    let square = [tokenWidth, tokenWidth]
    let isPerformer = family == .performer
    if isPerformer { list.add("\(path).w", [performerFeatures, tokenWidth]) }
    list.add("\(path).\(isPerformer ? "kqv" : "attn.qkv").weight", [3 * tokenWidth, inputs])
    if isPerformer { list.add("\(path).kqv.bias", [3 * tokenWidth]) }
    list.addBoth("\(path).\(isPerformer ? "proj" : "attn.proj")", square)
    list.addBoth("\(path).norm1", [inputs])
    list.addBoth("\(path).norm2", [tokenWidth])
    list.addBoth("\(path).mlp.\(isPerformer ? "0" : "fc1")", square)
    list.addBoth("\(path).mlp.\(isPerformer ? "2" : "fc2")", square)
  }

  private func addBlock(_ path: String, reuses: Bool, to list: inout ShapeList) {
    let seen = width + (reuses ? Self.contextWidth : 0)
    list.addBoth("\(path).norm1", [width])
    list.add("\(path).attn.qkv.weight", [3 * width, width])
    if !isT2T { list.add("\(path).attn.qkv.bias", [3 * width]) }
    list.addBoth("\(path).attn.proj", [width, width])
    if reuses {
      list.addBoth("\(path).feature_resuse_mlp.0", [width])
      list.addBoth("\(path).feature_resuse_mlp.1.fc1", [Self.contextInner, width])
      list.addBoth("\(path).feature_resuse_mlp.1.fc2", [Self.contextWidth, Self.contextInner])
    }
    list.addBoth("\(path).norm2", [seen])
    list.addBoth("\(path).mlp.fc1", [inner, seen])
    list.addBoth("\(path).mlp.fc2", [width, inner])
  }
}

/// The shapes gathered so far.
private struct ShapeList {
  let prefix: String
  private(set) var shapes: [NamedShape] = []

  init(prefix: String) { self.prefix = prefix }

  mutating func add(_ name: String, _ shape: [Int]) {
    shapes.append(NamedShape("\(prefix).\(name)", shape))
  }

  /// A weight and its bias, one number for each output.
  mutating func addBoth(_ name: String, _ weight: [Int]) {
    add("\(name).weight", weight)
    add("\(name).bias", [weight[0]])
  }
}
