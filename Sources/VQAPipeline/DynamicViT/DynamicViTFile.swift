// DynamicViTFile.swift - a Dynamic ViT as one safetensors file: the tensors of the original under its names, all the rest as metadata.

import DynamicViT
import Layers
import SafeFiles
import Tensors
import WeightFiles

/// Reads and writes Dynamic ViT cascades.
public enum DynamicViTFile {
  /// Version of the layout of metadata and names.
  public static let format = "vqa-dynamic-vit-1"
  /// What the metadata say that the file is.
  public static let kind = "dynamic-vit"
  /// Metadata that have a meaning of their own; the others are the record of where the file comes from.
  public static let ownKeys = Set(["format", "kind", configurationKey]).union(DynamicViTFacts.keys)

  private static let configurationKey = "configuration"

  /// What a file holds.
  public struct Contents: Sendable {
    /// The cascade.
    public let cascade: DynamicViTCascade
    /// Costs, accuracies and thresholds of its exits.
    public let facts: DynamicViTFacts
    /// Where it comes from.
    public let record: [String: String]
  }

  /// Whether metadata are those of a Dynamic ViT.
  public static func isOne(_ metadata: [String: String]) -> Bool { metadata["format"] == format }

  /// Reads a cascade.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limits: Sizes above which files are refused.
  /// - Returns: The cascade, whose weights stay in the mapped file, and what is known of it.
  /// - Throws: `FileFailure` that says what does not fit.
  public static func load(_ path: String, limits: LoadLimits = .default) throws(FileFailure) -> Contents {
    let file = try TensorFile(path: path, limits: limits)
    do {
      return try contents(of: file)
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      throw FileFailure(
        file: path, cause: DynamicViTFailure.badMetadata(key: configurationKey, problem: "\(error)"))
    }
  }

  private static func contents(of file: TensorFile) throws -> Contents {
    guard isOne(file.metadata) else {
      let problem = file.metadata["format"].map { "it is \(visibleText($0)), not \(format)" } ?? "missing"
      throw DynamicViTFailure.badMetadata(key: "format", problem: problem)
    }
    let configuration = try configuration(file.metadata)
    let facts = try DynamicViTFacts(file.metadata)
    if let (part, problem) = facts.problem(exits: configuration.stages) {
      throw DynamicViTFailure.badMetadata(key: part.metadataKey, problem: problem)
    }
    // Held against the file before memory is taken for sizes that only the metadata speak of.
    try DynamicViTSizes.check(file.tensors.map { NamedShape($0.name, $0.shape) }, configuration)
    var random = SeededRandom(seed: 0)
    let cascade = Initialisation.skipped { DynamicViTCascade(configuration, random: &random) }
    try ModelFile.fill(cascade.namedParameters, from: file, strict: true)
    return Contents(
      cascade: cascade, facts: facts, record: file.metadata.filter { !ownKeys.contains($0.key) })
  }

  private static func configuration(_ metadata: [String: String]) throws -> DynamicViTConfiguration {
    guard let text = metadata[configurationKey] else {
      throw DynamicViTFailure.badMetadata(key: configurationKey, problem: "missing")
    }
    let configuration: DynamicViTConfiguration
    do {
      configuration = try ConfigurationOverlay.apply(
        try JSONValue.parse(Array(text.utf8)), over: DynamicViTConfiguration(), path: configurationKey)
    } catch let failure as any Failure {
      // A byte or field of the text would be taken for one of the file, so the key is named before it.
      let problem = (failure.place.map { $0 + ": " } ?? "") + failure.problem
      throw DynamicViTFailure.badMetadata(key: configurationKey, problem: problem)
    }
    if let problem = configuration.problem {
      throw DynamicViTFailure.badMetadata(key: configurationKey, problem: problem)
    }
    return configuration
  }

  /// Writes a cascade in one atomic step.
  ///
  /// - Parameters:
  ///   - cascade: The cascade.
  ///   - facts: What is known of its exits.
  ///   - record: Where it comes from, by key.
  ///   - storage: How the weights are stored; whatever it is, they are read as 32 bits.
  ///   - path: The file.
  /// - Throws: When the file cannot be written or a weight is not finite.
  public static func save(
    _ cascade: DynamicViTCascade, facts: DynamicViTFacts, record: [String: String] = [:],
    storage: TensorStorage = .float32, to path: String
  ) throws {
    let tensors = cascade.namedParameters.map { item in
      (name: item.name, shape: item.parameter.value.shape, values: item.parameter.value.elements)
    }
    try TensorFileWriter.checkFinite(tensors)
    var metadata = facts.metadata
    metadata["format"] = format
    metadata["kind"] = kind
    metadata[configurationKey] = try ConfigurationOverlay.json(of: cascade.configuration).serialized()
    try TensorFileWriter.write(
      tensors: tensors, metadata: metadata.merging(record) { own, _ in own }, storage: storage, to: path)
  }
}
