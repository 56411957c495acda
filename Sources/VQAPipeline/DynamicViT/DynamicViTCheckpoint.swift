// DynamicViTCheckpoint.swift - checkpoints of the original Dynamic ViT: the published ones, and those its training leaves behind.
//
// A published one (`*.pth.tar`) is a dictionary of model_state_dict, flops, anytime_classification, dynamic_threshold and
// budgeted_batch_classification. Training keeps state_dict and, averaged over the steps, state_dict_ema, and no facts about exits.

import DynamicViT
import Layers
import SafeFiles
import Tensors
import WeightFiles

/// A checkpoint of the original Dynamic ViT; its numbers stay in the file until they are asked for.
public struct DynamicViTCheckpoint: Sendable {
  /// Which weights of a training checkpoint are meant.
  public enum Weights: String, Sendable, CaseIterable {
    /// The average over the steps of the training, state_dict_ema.
    case average = "ema"
    /// Those of the last step, state_dict.
    case plain
  }

  /// The whole file.
  public let file: TorchCheckpoint
  /// The key of the dictionary that the weights come from; empty: the file holds weights alone.
  public let source: String
  /// What the file says of its exits.
  public let facts: DynamicViTFacts
  /// Configuration, and where its number of heads comes from.
  public let sizes: DynamicViTSizes

  private let weights: [String: TorchTensor]

  /// Whether a file holds weights under the names of a Dynamic ViT's stages.
  public static func isOne(_ file: TorchCheckpoint) -> Bool {
    let places = [publishedKey, averageKey, plainKey].compactMap { file.root[$0] } + [file.root]
    return places.contains { place in
      (place.dictionaryValue ?? []).contains { member in
        let name = withoutWrapper(member.key.textValue ?? "")
        return DynamicViTCascade.stageNames.contains { name.hasPrefix($0 + ".") }
      }
    }
  }

  private static let publishedKey = "model_state_dict"
  private static let averageKey = "state_dict_ema"
  private static let plainKey = "state_dict"
  private static let wrapper = "module."

  private static func withoutWrapper(_ name: String) -> String {
    name.hasPrefix(wrapper) ? String(name.dropFirst(wrapper.count)) : name
  }

  /// Reads a checkpoint; only its small parts, no weights.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - weights: Which weights; nil: averaged ones where there are any.
  ///   - heads: The number of heads, where no tensor tells it.
  ///   - limits: Sizes above which files are refused.
  /// - Throws: `FileFailure` that says what does not fit.
  public init(
    path: String, weights: Weights? = nil, heads: Int? = nil, limits: LoadLimits = .default
  ) throws(FileFailure) {
    let file = try TorchCheckpoint(path: path, limits: limits)
    do { try self.init(file, weights: weights, heads: heads) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Takes what a checkpoint holds; see ``init(path:weights:heads:limits:)``.
  public init(_ file: TorchCheckpoint, weights: Weights? = nil, heads: Int? = nil) throws(DynamicViTFailure) {
    let (state, source) = try Self.state(file.root, weights)
    guard let members = state.dictionaryValue, !members.isEmpty else { throw .noWeights(found: state.kindName) }
    // What several cards learned together may carry their wrapper's name.
    let isWrapped = members.allSatisfy { $0.key.textValue?.hasPrefix(Self.wrapper) ?? false }
    var tensors: [(name: String, tensor: TorchTensor)] = []
    for (key, value) in members {
      guard let text = key.textValue else { throw .noWeights(found: "a dictionary with the key \(key.kindName)") }
      let name = isWrapped ? Self.withoutWrapper(text) : text
      guard let tensor = value.tensorValue else { throw .notTensor(name, found: value.kindName) }
      tensors.append((name, tensor))
    }
    sizes = try DynamicViTSizes(tensors.map { NamedShape($0.name, $0.tensor.shape) }, heads: heads)
    facts = try Self.facts(file, exits: sizes.configuration.stages)
    self.weights = Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    self.file = file
    self.source = source
  }

  private static func state(
    _ root: PickleValue, _ weights: Weights?
  ) throws(DynamicViTFailure) -> (PickleValue, String) {
    let average = root[averageKey].flatMap { $0.dictionaryValue == nil ? nil : $0 }
    if weights == .average {
      guard let average else { throw .noAverage }
      return (average, averageKey)
    }
    if let published = root[publishedKey] { return (published, publishedKey) }
    if weights == nil, let average { return (average, averageKey) }
    if let plain = root[plainKey] { return (plain, plainKey) }
    return (root, "")
  }

  /// The cascade with the weights of the file.
  ///
  /// - Throws: ``DynamicViTFailure/notFinite(_:)``, or a `TorchFailure` where the file is damaged.
  public func cascade() throws -> DynamicViTCascade {
    var random = SeededRandom(seed: 0)
    let cascade = Initialisation.skipped { DynamicViTCascade(sizes.configuration, random: &random) }
    for (name, parameter) in cascade.namedParameters {
      guard let tensor = weights[name] else { throw DynamicViTFailure.noTensor(name) }
      let value = Tensor(try file.floats(of: tensor), shape: tensor.shape)
      guard value.isFinite else { throw DynamicViTFailure.notFinite(name) }
      parameter.value = value
    }
    return cascade
  }
}

extension DynamicViTCheckpoint {
  /// What a published checkpoint says of its exits; what it does not say is empty.
  private static func facts(_ file: TorchCheckpoint, exits: Int) throws(DynamicViTFailure) -> DynamicViTFacts {
    func read(_ part: DynamicViTFacts.Part, axes: Int) throws(DynamicViTFailure) -> NumberGrid? {
      guard let value = file.root[part.rawValue] else { return nil }
      guard let grid = NumberGrid(value, in: file), grid.shape.count == axes else {
        throw .badValue(key: part.rawValue, problem: "this is no list of \(axes == 1 ? "" : "lists of ")numbers")
      }
      guard grid.values.allSatisfy(\.isFinite) else {
        throw .badValue(key: part.rawValue, problem: "not all of it is finite")
      }
      return grid
    }
    var facts = DynamicViTFacts()
    facts.costs = try read(.costs, axes: 1)?.values ?? []
    facts.anytimeAccuracy = try read(.anytime, axes: 1)?.values ?? []
    facts.thresholds = try read(.thresholds, axes: 2)?.rows ?? []
    if let budgeted = try read(.budgeted, axes: 2)?.rows {
      guard budgeted.count == 2 else {
        throw .badValue(
          key: DynamicViTFacts.Part.budgeted.rawValue,
          problem: "\(budgeted.count) lists where costs and accuracies must be")
      }
      (facts.budgetedCosts, facts.budgetedAccuracy) = (budgeted[0], budgeted[1])
    }
    if let (part, problem) = facts.problem(exits: exits) { throw .badValue(key: part.rawValue, problem: problem) }
    return facts
  }
}

/// Numbers in rows and columns, whether the file keeps them as lists, tensors or lists of tensors.
private struct NumberGrid {
  private(set) var shape: [Int] = []
  private(set) var values: [Double] = []

  /// More numbers than any fact has.
  private static let most = 10_000

  /// Takes a number, a tensor, or a list of equal shapes; nil when it is something else.
  init?(_ value: PickleValue, in file: TorchCheckpoint) {
    if let number = value.numberValue {
      values = [number]
    } else if let tensor = value.tensorValue {
      guard tensor.count <= Self.most, let numbers = try? file.floats(of: tensor) else { return nil }
      (shape, values) = (tensor.shape, numbers.map { Double($0) })
    } else if let elements = value.elements {
      var inner: [Int]?
      for element in elements {
        guard let part = NumberGrid(element, in: file), inner == nil || inner == part.shape,
          values.count + part.values.count <= Self.most
        else { return nil }
        inner = part.shape
        values += part.values
      }
      shape = [elements.count] + (inner ?? [])
    } else {
      return nil
    }
  }

  /// The rows of two axes.
  var rows: [[Double]] {
    guard shape.count == 2 else { return [] }
    return (0..<shape[0]).map { Array(values[($0 * shape[1])..<(($0 + 1) * shape[1])]) }
  }
}
