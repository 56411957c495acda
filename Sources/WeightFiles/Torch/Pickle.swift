// Pickle.swift - reads the pickle of a torch checkpoint as data.

import SafeFiles

/// Reads pickles as data: the steps build a tree of values, and nothing is ever called.
public enum Pickle {
  /// Reads a pickle.
  /// - Parameters:
  ///   - bytes: The whole pickle, protocol 2 to 5.
  ///   - limits: How deep it may nest, how much it may keep, how many steps and how long texts it may have.
  ///   - storageBytes: Size in bytes of the storage with a key; nil when there is none.
  /// - Returns: The value the pickle stands for.
  /// - Throws: ``PickleFailure``.
  public static func read(
    _ bytes: [UInt8], limits: LoadLimits = .default, storageBytes: (String) -> Int?
  ) throws(PickleFailure) -> PickleValue {
    try withoutActuallyEscaping(storageBytes) { storageBytes throws(PickleFailure) in
      var unpickler = Unpickler(bytes, limits: limits, storageBytes: storageBytes)
      return try unpickler.run()
    }
  }
}
