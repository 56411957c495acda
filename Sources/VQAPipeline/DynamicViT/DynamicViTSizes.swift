// DynamicViTSizes.swift - the configuration of a Dynamic ViT, read off the shapes of its tensors.
//
// The published checkpoints keep no configuration. Nearly all of it shows in shapes; the number of heads shows only in the network that
// mixes relations, whose channels are layers x heads. Without it all published models have heads of width 64, and that is taken.

import DynamicViT
import SafeFiles

/// Reads a configuration off shapes.
public struct DynamicViTSizes: Sendable, Equatable {
  /// Where the number of heads comes from.
  public enum HeadSource: String, Sendable {
    /// From the channels of the relations.
    case relations
    /// Nothing tells it: width / 64, as in all published models.
    case usual
    /// Somebody said it.
    case given
  }

  /// The configuration.
  public let configuration: DynamicViTConfiguration
  /// Where its number of heads comes from.
  public let headSource: HeadSource

  /// Heads have this width where nothing else is known.
  private static let usualHeadWidth = 64

  /// Finds the configuration and holds every shape against it.
  ///
  /// - Parameters:
  ///   - shapes: All tensors of a file, under the names of the original's checkpoints.
  ///   - heads: The number of heads, where somebody said it.
  /// - Throws: ``DynamicViTFailure`` that names the first tensor that does not fit.
  public init(_ shapes: [NamedShape], heads: Int? = nil) throws(DynamicViTFailure) {
    let known = KnownShapes(shapes)
    var found = DynamicViTConfiguration()
    let first = DynamicViTCascade.stageNames[0]
    found.stages = DynamicViTCascade.stageNames.lastIndex { known.hasAny("\($0).") }.map { $0 + 1 } ?? 1
    found.width = try known.size("\(first).cls_token", axis: 2, of: 3)
    found.layers = known.blocks(of: first)
    let squares = "\(first).tokens_to_token.attention1"
    if known.hasAny("\(squares).") {
      let isTransformer = known.hasAny("\(squares).attn.")
      found.family = isTransformer ? .transformer : .performer
      found.tokenWidth = try known.size("\(squares).\(isTransformer ? "attn.proj" : "proj").weight", axis: 0, of: 2)
      if !isTransformer { found.performerFeatures = try known.size("\(squares).w", axis: 0, of: 2) }
    }
    let inner = try known.size("\(first).blocks.0.mlp.fc1.weight", axis: 0, of: 2)
    found.expansion = Double(inner) / Double(max(1, found.width))
    // A quotient may lie a hair below the whole number that it stands for.
    if found.width > 0, found.inner < inner { found.expansion = found.expansion.nextUp }
    let heading = DynamicViTCascade.stageNames.map { "\($0).head.weight" }.first { known[$0] != nil }
    found.classes = try heading.map { name throws(DynamicViTFailure) in try known.size(name, axis: 0, of: 2) } ?? 0
    found.featureReuse = known.names.contains { $0.contains(".feature_resuse_mlp.") }
    found.relationReuse = known.names.contains { $0.contains(".relation_reuse_conv.") }
    var relationHeads: Int?
    if found.relationReuse {
      // The first stage reuses nothing.
      let mixers = DynamicViTCascade.stageNames.dropFirst().map { "\($0).relation_reuse_conv.0.weight" }
      let channels = try known.size(mixers.first { known[$0] != nil } ?? mixers[0], axis: 1, of: 4)
      relationHeads = max(1, channels / max(1, found.layers))
    }
    (found.heads, headSource) = try Self.heads(heads, relations: relationHeads, width: found.width)
    if let problem = found.problem { throw .impossible(problem) }
    try Self.check(known, found)
    configuration = found
  }

  private static func heads(
    _ given: Int?, relations: Int?, width: Int
  ) throws(DynamicViTFailure) -> (Int, HeadSource) {
    if let relations {
      if let given, given != relations { throw .otherHeads(given: given, relations: relations) }
      return (relations, .relations)
    }
    if let given { return (given, .given) }
    guard width % usualHeadWidth == 0 else { throw .unknownHeads(width: width) }
    return (max(1, width / usualHeadWidth), .usual)
  }

  /// Holds all tensors against a configuration; each must be there with its shape, and no other may be.
  static func check(_ shapes: [NamedShape], _ configuration: DynamicViTConfiguration) throws(DynamicViTFailure) {
    try check(KnownShapes(shapes), configuration)
  }

  private static func check(
    _ known: KnownShapes, _ configuration: DynamicViTConfiguration
  ) throws(DynamicViTFailure) {
    // No list is made of blocks that the file cannot have.
    guard configuration.layers <= known.names.count else {
      throw .noTensor("\(DynamicViTCascade.stageNames[0]).blocks.\(configuration.layers - 1).norm1.weight")
    }
    let needed = configuration.parameterShapes
    let names = Set(needed.map(\.name))
    if let strange = known.names.first(where: { !names.contains($0) }) { throw .strangeTensor(strange) }
    for item in needed {
      guard let found = known[item.name] else { throw .noTensor(item.name) }
      guard found == item.shape else { throw .wrongShape(item.name, expected: item.shape, found: found) }
    }
  }
}

/// Shapes by name.
private struct KnownShapes {
  /// The names in the order of the file.
  let names: [String]
  private let shapes: [String: [Int]]

  init(_ shapes: [NamedShape]) {
    names = shapes.map(\.name)
    self.shapes = Dictionary(shapes.map { ($0.name, $0.shape) }) { first, _ in first }
  }

  subscript(name: String) -> [Int]? { shapes[name] }

  func hasAny(_ prefix: String) -> Bool { names.contains { $0.hasPrefix(prefix) } }

  /// The size of one axis of a tensor that must be there.
  func size(_ name: String, axis: Int, of axes: Int) throws(DynamicViTFailure) -> Int {
    guard let shape = shapes[name] else { throw .noTensor(name) }
    guard shape.count == axes else { throw .wrongAxes(name, expected: axes, found: shape) }
    // Tensors without numbers can have axes of any size.
    guard shape[axis] <= 1 << 16 else { throw .impossible("a size of \(shape[axis]) in the tensor \(name)") }
    return shape[axis]
  }

  /// Blocks of a stage: one more than the greatest number that a name has; of absurd numbers none.
  func blocks(of stage: String) -> Int {
    let prefix = "\(stage).blocks."
    let numbers = names.filter { $0.hasPrefix(prefix) }
      .compactMap { Int($0.dropFirst(prefix.count).prefix { $0 != "." }) }
    return numbers.filter { $0 < names.count }.max().map { $0 + 1 } ?? 0
  }
}
