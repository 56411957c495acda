// ArrayArchive.swift - reads named arrays from an .npz file: a zip archive of .npy files (NumPy, "numpy.savez").

import SafeFiles

/// The arrays of an `.npz` file; they stay in the file until they are asked for.
public struct ArrayArchive: Sendable {
  /// Names of the arrays in the order of the file, without ".npy".
  public let names: [String]

  private let zip: ZipArchive
  private let limits: LoadLimits
  private static let suffix = ".npy"

  /// Maps a file and checks its directory.
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - limits: Size of the file, number of entries, bytes they become, size of a header, number of dimensions.
  /// - Throws: ``FileFailure`` with a ``FileReadFailure`` or a ``ZipFailure``.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    self.init(try ZipArchive(path: path, limits: limits), limits: limits)
  }

  /// Checks the directory of a file that is in memory.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - limits: Number of entries, bytes they become, size of a header, number of dimensions.
  /// - Throws: ``ZipFailure``.
  public init(bytes: [UInt8], limits: LoadLimits = .default) throws(ZipFailure) {
    self.init(try ZipArchive(bytes: bytes, limits: limits), limits: limits)
  }

  /// Takes an archive that is open.
  init(_ zip: ZipArchive, limits: LoadLimits) {
    self.zip = zip
    self.limits = limits
    names = zip.entries.map(\.name).filter { $0.hasSuffix(Self.suffix) }.map { String($0.dropLast(Self.suffix.count)) }
  }

  /// Opens an array.
  /// - Parameter name: Its name without ".npy", compared scalar by scalar.
  /// - Returns: The array; its numbers still in the file when they are stored there as they are.
  /// - Throws: ``ArrayArchiveFailure``.
  public func array(_ name: String) throws(ArrayArchiveFailure) -> ArrayFile {
    guard let entry = zip[name + Self.suffix] else { throw .noArray(name: name, known: Array(names.prefix(8))) }
    let part: FilePart
    do { part = try zip.contents(of: entry) } catch { throw .zip(error) }
    do { return try ArrayFile(part, limits: limits) } catch { throw .array(name: name, cause: error) }
  }
}

/// Why an array of an `.npz` file cannot be had.
public enum ArrayArchiveFailure: Failure, Equatable {
  /// The archive is damaged there.
  case zip(ZipFailure)
  /// The entry is no array that is read.
  case array(name: String, cause: ArrayFailure)
  /// No array has this name.
  case noArray(name: String, known: [String])

  /// Always bad data.
  public var kind: FailureKind { .badData }

  /// The array and the place in it.
  public var place: String? {
    switch self {
    case .zip(let cause): cause.place
    case .array(let name, let cause): "array \(visibleText(name))" + (cause.place.map { ", \($0)" } ?? "")
    case .noArray: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .zip(let cause): cause.problem
    case .array(_, let cause): cause.problem
    case .noArray(let name, let known):
      "there is no array \(visibleText(name)), "
        + (known.isEmpty ? "nor any other" : "only " + known.map { visibleText($0, limit: 40) }.joined(separator: ", "))
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .zip(let cause): cause.advice
    case .array(_, let cause): cause.advice
    case .noArray: "check that this is the right file, or save the array under that name"
    }
  }
}
