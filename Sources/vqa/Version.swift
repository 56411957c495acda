// Version.swift - the version of the program, in one place.

import Tensors

/// What `vqa --version` tells.
enum Version {
  /// The version of the package.
  static let number = "0.1.0"

  /// The program, its version, and what computes.
  static var text: String { "\(Program.name) \(number) (\(Backend.current.libraryName))" }
}
