// CheckedOutput.swift - an output whose every write is checked; `print` to a full disk says nothing and succeeds.

/// Writes to an open descriptor, most often the standard output, and tells of every failure.
public struct CheckedOutput: Sendable {
  /// The descriptor, which stays the caller's.
  public let descriptor: Int32
  /// What the output is called in a failure.
  public let name: String

  /// Uses an open descriptor.
  /// - Parameters:
  ///   - descriptor: Its number; 1 is the standard output.
  ///   - name: What it is called in a failure; nil takes the usual name.
  public init(descriptor: Int32, name: String? = nil) {
    self.descriptor = descriptor
    self.name = name ?? (descriptor == 1 ? "standard output" : descriptor == 2 ? "standard error" : "output")
  }

  /// Writes a text, all of it, at once.
  /// - Parameter text: The text, with its line ends.
  /// - Throws: ``FileFailure`` with a ``FileWriteFailure`` of kind ``FailureKind/writeFailed``.
  public func write(_ text: String) throws(FileFailure) {
    var text = text
    try check(text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: descriptor) })
  }

  /// Writes bytes, all of them, at once.
  public func write(_ bytes: [UInt8]) throws(FileFailure) {
    try check(bytes.withUnsafeBytes { writeAll($0, to: descriptor) })
  }

  private func check(_ code: Int32?) throws(FileFailure) {
    guard let code else { return }
    throw FileFailure(file: name, cause: FileWriteFailure.notWritten(.write, code))
  }
}
