// FeatureReader.swift - the features of one picture from a .npy or .npz file, as the original TRAR reads them.
//
// A .npy file holds one array [n, D]; of a .npz file the array `x` is taken (CLEVR). Any floating-point type, either order.

import SafeFiles
import Tensors
import VQAFormats
import WeightFiles

/// Reads feature files for one model.
public struct FeatureReader: Sendable {
  /// Rows that the model sees: the cells of its grid.
  public let rows: Int
  /// Numbers in a row.
  public let width: Int
  private let limits: LoadLimits
  /// Name of the array of a .npz file.
  package static let arrayName = "x"

  /// Reads for a model that takes features.
  public init(_ configuration: ModelConfiguration, limits: LoadLimits = .default) {
    self.init(
      rows: configuration.vision.gridSide * configuration.vision.gridSide, width: configuration.vision.width,
      limits: limits)
  }

  /// Reads features of a number of rows and a width.
  public init(rows: Int, width: Int, limits: LoadLimits = .default) {
    self.rows = rows
    self.width = width
    var limits = limits
    // A feature file is no larger than a picture's.
    limits.weightFileBytes = limits.fileBytes
    limits.inflatedBytes = min(limits.inflatedBytes, limits.fileBytes)
    self.limits = limits
  }

  /// Reads the features of a picture.
  ///
  /// - Parameter path: A .npy or .npz file.
  /// - Returns: `[rows, width]`; rows beyond are cut, rows that are not there are zeros.
  /// - Throws: `FileFailure` that names the numbers that do not fit.
  public func load(_ path: String) throws(FileFailure) -> Tensor {
    let array = try Self.array(path, limits: limits)
    do throws(VisionInputFailure) {
      return try tensor(array)
    } catch {
      throw FileFailure(file: path, cause: error)
    }
  }

  /// The shape of the features in a file.
  ///
  /// - Parameters:
  ///   - path: A .npy or .npz file.
  ///   - limits: What it may cost.
  /// - Returns: Sizes of the axes.
  /// - Throws: `FileFailure`.
  public static func shape(_ path: String, limits: LoadLimits = .default) throws(FileFailure) -> [Int] {
    try array(path, limits: limits).shape
  }

  private func tensor(_ array: ArrayFile) throws(VisionInputFailure) -> Tensor {
    guard array.shape.count == 2 else { throw .notRows(shape: array.shape) }
    guard array.shape[1] == width else { throw .wrongWidth(found: array.shape[1], expected: width) }
    let floats: [Float]
    switch array.dataType {
    case .float16, .float32, .float64, .bfloat16:
      do { floats = try array.floats() } catch { throw .wrongType(array.dataType.rawValue) }
    default: throw .wrongType(array.dataType.rawValue)
    }
    return try Tensor(floats, shape: array.shape).fitted(toRows: rows, width: width)
  }

  private static func array(_ path: String, limits: LoadLimits) throws(FileFailure) -> ArrayFile {
    guard path.hasSuffix(".npz") else { return try ArrayFile(path: path, limits: limits) }
    let archive = try ArrayArchive(path: path, limits: limits)
    do { return try archive.array(arrayName) } catch { throw FileFailure(file: path, cause: error) }
  }
}
