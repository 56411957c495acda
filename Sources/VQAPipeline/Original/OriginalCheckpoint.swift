// OriginalCheckpoint.swift - a checkpoint of the original TRAR: `epoch<n>.pkl`, a dictionary of weights, optimiser, rate and epoch.

import Layers
import SafeFiles
import Tensors
import VQAFormats
import WeightFiles

/// A checkpoint of the original; its numbers stay in the file until they are asked for.
public struct OriginalCheckpoint: Sendable {
  /// The whole file.
  public let file: TorchCheckpoint
  /// The weights in the file's order, under the original's names.
  public let weights: [(name: String, tensor: TorchTensor)]
  /// Finished epochs.
  public let epoch: Int?
  /// The learning rate as decayed so far.
  public let rate: Double?

  private let places: [String: Int]

  /// Reads a checkpoint; only its small parts, no weights.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let file = try TorchCheckpoint(path: path, limits: limits)
    do { try self.init(file) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Takes what a checkpoint holds.
  public init(_ file: TorchCheckpoint) throws(OriginalFailure) {
    self.file = file
    // Some keep the weights alone.
    let state = file.root["state_dict"] ?? file.root
    guard let members = state.dictionaryValue, !members.isEmpty else { throw .noWeights(found: state.kindName) }
    var weights: [(name: String, tensor: TorchTensor)] = []
    for (key, value) in members {
      guard let name = key.textValue else { throw .noWeights(found: "a dictionary with the key \(key.kindName)") }
      guard let tensor = value.tensorValue else { throw .notTensor(name, found: value.kindName) }
      weights.append((name, tensor))
    }
    // What several cards learned together may carry their wrapper's name.
    let prefix = "module."
    if weights.allSatisfy({ $0.name.hasPrefix(prefix) }) {
      weights = weights.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
    }
    if let old = weights.first(where: { $0.name.contains(".prediction_layer.") })?.name { throw .beforeRelease(old) }
    self.weights = weights
    places = Dictionary(weights.enumerated().map { ($1.name, $0) }) { first, _ in first }
    epoch = file.root["epoch"]?.integerValue.flatMap { Int(exactly: $0) }
    rate = file.root["lr_base"]?.numberValue
  }

  /// A weight by name.
  public subscript(name: String) -> TorchTensor? { places[name].map { weights[$0].tensor } }

  /// Number of all weights.
  public var count: Double { weights.reduce(0) { $0 + Double($1.tensor.count) } }

  /// The data set that the projection of features belongs to; nil when there is none.
  public var dataSet: OriginalConfiguration.DataSet? {
    if self["adapter.grid_linear.weight"] != nil { return .clevr }
    return self["adapter.frcn_linear.weight"] != nil ? .vqa : nil
  }

  /// Rows of the word embedding.
  public var words: Int? { rows("embedding.weight") }
  /// Answers of the last layer.
  public var answers: Int? { rows("proj.weight") }

  /// Rows of a matrix.
  private func rows(_ name: String) -> Int? { self[name].flatMap { $0.shape.count == 2 ? $0.shape[0] : nil } }

  /// The width of a matrix's rows.
  func width(_ name: String) -> Int? { self[name].flatMap { $0.shape.count == 2 ? $0.shape[1] : nil } }

  /// Sets parameters from the weights of the same names; each must be there with its shape, and no other may be.
  public func fill(_ parameters: [(name: String, parameter: Parameter)]) throws {
    let known = Set(parameters.map(\.name))
    if let strange = weights.first(where: { !known.contains($0.name) }) {
      throw OriginalFailure.strangeTensor(strange.name)
    }
    for (name, parameter) in parameters {
      guard let tensor = self[name] else { throw OriginalFailure.noTensor(name) }
      guard tensor.shape == parameter.value.shape else {
        throw OriginalFailure.wrongShape(name, expected: parameter.value.shape, found: tensor.shape)
      }
      let value = Tensor(try file.floats(of: tensor), shape: tensor.shape)
      guard value.isFinite else { throw OriginalFailure.notFinite(name) }
      parameter.value = value
    }
  }
}
