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
  /// Size of the header of a weight file, or of the directory of an archive, in bytes.
  public var tensorHeaderBytes = 100_000_000
  /// Number of tensors in a weight file.
  public var tensorCount = 100_000
  /// Size of the header of an `.npy` file, in bytes; NumPy's own.
  public var arrayHeaderBytes = 10_000
  /// Number of dimensions of an array or a tensor; NumPy's and PyTorch's own.
  public var dimensions = 64
  /// Number of entries of a zip archive.
  public var archiveEntries = 100_000
  /// Bytes the compressed entries of a zip archive become together when they are inflated.
  public var inflatedBytes = 1 << 30
  /// Size of a pickle, in bytes; the numbers of a checkpoint lie outside it.
  public var pickleBytes = 64 << 20
  /// How deep the values of a pickle may nest.
  public var pickleDepth = 64
  /// Number of values a pickle may keep to refer to, and of lists, tuples and dictionaries it may make.
  public var pickleMemo = 1_000_000
  /// Number of steps of a pickle, and of values it stands for.
  public var pickleSteps = 10_000_000
  /// Size of a text in a pickle, in bytes.
  public var pickleTextBytes = 16 << 20

  /// The limits of every command.
  public static let `default` = LoadLimits()

  /// Makes the default limits, to be changed field by field.
  public init() {}
}
