// LoadLimits.swift - how much a file may ask for before it is refused.

/// Limits that hold while a file is read; each is checked before memory is taken.
public struct LoadLimits: Sendable, Equatable {
  /// Size of a picture, recipe or vocabulary file, in bytes.
  public var fileBytes = 64 << 20
  /// Size of a question, annotation or result file, in bytes; the VQA v2 training annotations have about 354 MB.
  public var jsonFileBytes = 1 << 30
  /// Size of a weight file, in bytes.
  public var weightFileBytes = 4 << 30
  /// How deep arrays and objects may nest in a JSON text; at most ``JSONReader/deepest`` counts.
  public var jsonDepth = 64
  /// Size of the header of a weight file, in bytes.
  public var tensorHeaderBytes = 100_000_000
  /// Number of tensors in a weight file.
  public var tensorCount = 100_000

  /// The limits of every command.
  public static let `default` = LoadLimits()

  /// Makes the default limits, to be changed field by field.
  public init() {}
}
