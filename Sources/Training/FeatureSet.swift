// FeatureSet.swift - the feature files of a set, read when a step needs them.

import SafeFiles
import Tensors
import VQAPipeline

/// The features of the pictures of a set.
public struct FeatureSet: Sendable {
  /// The file of each picture.
  public var paths: [String]
  /// Reads them.
  public var reader: FeatureReader

  /// Collects files.
  public init(paths: [String], reader: FeatureReader) {
    self.paths = paths
    self.reader = reader
  }

  /// Reads some pictures, each once.
  ///
  /// - Parameter pictures: Places of the pictures.
  /// - Returns: Their features, `[N, D]`, or why they cannot be had.
  func load(_ pictures: some Sequence<Int>) -> [Int: Result<Tensor, FileFailure>] {
    var loaded: [Int: Result<Tensor, FileFailure>] = [:]
    for picture in pictures where loaded[picture] == nil {
      do throws(FileFailure) {
        loaded[picture] = .success(try reader.load(paths[picture]))
      } catch {
        loaded[picture] = .failure(error)
      }
    }
    return loaded
  }
}
