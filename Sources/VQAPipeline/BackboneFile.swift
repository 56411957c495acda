// BackboneFile.swift - a frozen network that turns pictures into grids, as one safetensors file, or as the checkpoint it was published in.
//
// The tensors have the names of EfficientNetLite.forEachParameter, that is those of the original with its batch norms folded into the
// convolutions. A model that uses the network need not hold a copy: the file's hash names it.

import Backbones
import Layers
import SafeFiles
import Tensors
import VQAFormats
import WeightFiles

/// Why a file is no backbone.
public enum BackboneFailure: Failure, Equatable {
  /// A metadata key is missing or has another value than it must.
  case badMetadata(key: String, expected: String, found: String?)
  /// A checkpoint holds something else than weights by name.
  case noWeights(found: String)

  /// Bad data.
  public var kind: FailureKind { .badData }

  /// The metadata key.
  public var place: String? {
    switch self {
    case .badMetadata(let key, _, _): "metadata \(key)"
    case .noWeights: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .badMetadata(_, let expected, let found):
      found.map { "it is \(visibleText($0, limit: 60)), not \(expected)" } ?? "missing; it must be \(expected)"
    case .noWeights(let found): "found \(found) where the dictionary of weights must be"
    }
  }

  /// What to do.
  public var advice: String {
    "give efficientnet-lite0-57934424.pth as it was published, or what 'vqa convert' has made of it"
  }
}

/// Reads and writes backbones.
public enum BackboneFile {
  /// Version of the layout of metadata and names.
  public static let format = "vqa-backbone-1"
  /// The one network there is.
  public static let architecture = "efficientnet-lite0"
  /// Key of the SHA-256 of the checkpoint that the weights come from.
  public static let sourceHashKey = "source.sha256"
  /// Metadata that have a meaning of their own; the others are the record of where the file comes from.
  public static let ownKeys: Set = ["format", architectureKey]

  private static let architectureKey = "architecture"
  /// What batch norms count while they learn; of no use to anyone else.
  private static let counter = "num_batches_tracked"

  /// What a file holds.
  public struct Contents: Sendable {
    /// The network; where its weights are stored as 32 bits they stay in the mapped file.
    public let network: EfficientNetLite
    /// Where it comes from: ``BackboneFile/sourceHashKey`` and, if it is known, more.
    public let record: [String: String]
  }

  /// Whether metadata are those of a backbone.
  public static func isOne(_ metadata: [String: String]) -> Bool { metadata["format"] == format }

  /// Whether a checkpoint holds weights under the names of a published EfficientNet.
  public static func isPublished(_ file: TorchCheckpoint) -> Bool {
    ["_conv_stem.weight", "_conv_head.weight", "_bn0.running_mean"].allSatisfy { file.root[$0]?.tensorValue != nil }
  }

  /// Reads a network from a file of this program or from the published checkpoint.
  ///
  /// - Parameter path: The file.
  /// - Returns: The network.
  /// - Throws: `FileFailure` that says what does not fit.
  public static func load(_ path: String) throws(FileFailure) -> EfficientNetLite { try read(path).network }

  /// Reads a network with what is known of where it comes from.
  ///
  /// - Parameters:
  ///   - path: A file of this program, or the published checkpoint.
  ///   - limits: Sizes above which files are refused.
  /// - Returns: The network and its record; that of a checkpoint is the checkpoint's hash.
  /// - Throws: `FileFailure` that says what does not fit.
  public static func read(_ path: String, limits: LoadLimits = .default) throws(FileFailure) -> Contents {
    do {
      if try isCheckpoint(path, limits) {
        let network = try network(of: TorchCheckpoint(path: path, limits: limits))
        let hash = try ContentHash.hex(path: path, limit: limits.weightFileBytes)
        return Contents(network: network, record: [sourceHashKey: hash])
      }
      return try contents(of: TensorFile(path: path, limits: limits))
    } catch let failure as FileFailure {
      throw failure
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(file: path, cause: BackboneFailure.noWeights(found: "\(error)"))
    }
  }

  /// Whether a file is a zip archive, as checkpoints are, or begins with a pickle, as those of old versions of torch do.
  private static func isCheckpoint(_ path: String, _ limits: LoadLimits) throws -> Bool {
    let bytes = FileBytes.mapped(try MappedFile(path: path, limit: limits.weightFileBytes))
    let start = bytes.copy(0..<min(9, bytes.count))
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return true }
    // A safetensors file begins with the length of its header, which can begin with anything, and the header's brace.
    return start.first == 0x80 && start.last != UInt8(ascii: "{")
  }

  private static func contents(of file: TensorFile) throws -> Contents {
    for (key, expected) in [("format", format), (architectureKey, architecture)] {
      guard file.metadata[key] == expected else {
        throw BackboneFailure.badMetadata(key: key, expected: expected, found: file.metadata[key])
      }
    }
    var random = SeededRandom(seed: 0)
    let network = Initialisation.skipped { EfficientNetLite(random: &random) }
    try ModelFile.fill(network.namedParameters, from: file, strict: true)
    return Contents(network: network, record: file.metadata.filter { !ownKeys.contains($0.key) })
  }

  /// The network of a published checkpoint, its batch norms folded.
  private static func network(of file: TorchCheckpoint) throws -> EfficientNetLite {
    guard let members = file.root.dictionaryValue else { throw BackboneFailure.noWeights(found: file.root.kindName) }
    var tensors: [String: Tensor] = [:]
    for (key, value) in members {
      guard let name = key.textValue else {
        throw BackboneFailure.noWeights(found: "a dictionary with the key \(key.kindName)")
      }
      guard let tensor = value.tensorValue else { throw BackboneFailure.noWeights(found: value.kindName) }
      if name.hasSuffix(counter) { continue }
      let weights = Tensor(try file.floats(of: tensor), shape: tensor.shape)
      guard weights.isFinite else { throw ModelFailure.notFinite(name) }
      tensors[name] = weights
    }
    let network: EfficientNetLite
    do throws(EfficientNetMismatch) {
      // Every tensor is taken once, so that those that are left over belong to another network.
      network = try EfficientNetLite(published: { tensors.removeValue(forKey: $0) })
    } catch {
      guard let found = error.found else { throw ModelFailure.noTensor(error.name) }
      throw ModelFailure.wrongShape(error.name, expected: error.expected, found: found)
    }
    if let strange = tensors.keys.min() { throw ModelFailure.strangeTensor(strange) }
    // A variance below zero makes what is folded no number.
    if let bad = network.namedParameters.first(where: { !$0.parameter.value.isFinite }) {
      throw ModelFailure.notFinite(bad.name)
    }
    return network
  }

  /// Writes a network in one atomic step.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - record: Where it comes from, by key.
  ///   - storage: How the weights are stored; whatever it is, they are read as 32 bits.
  ///   - path: The file.
  /// - Throws: When the file cannot be written or a weight is not finite.
  public static func save(
    _ network: EfficientNetLite, record: [String: String] = [:], storage: TensorStorage = .float32, to path: String
  ) throws {
    let tensors = network.namedParameters.map { item in
      (name: item.name, shape: item.parameter.value.shape, values: item.parameter.value.elements)
    }
    try TensorFileWriter.checkFinite(tensors)
    let own = ["format": format, architectureKey: architecture]
    try TensorFileWriter.write(
      tensors: tensors, metadata: own.merging(record) { own, _ in own }, storage: storage, to: path)
  }
}
