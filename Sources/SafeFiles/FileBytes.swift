// FileBytes.swift - the bytes of a file, in an array or mapped, and the numbers in them without a copy.

/// The bytes of a file wherever they are.
public enum FileBytes: Sendable {
  /// In an array.
  case memory([UInt8])
  /// In a mapped file.
  case mapped(MappedFile)

  /// Files from this size on are mapped, in bytes.
  private static let large = 16 << 20

  /// Reads a small file, and maps a large one.
  /// - Parameters:
  ///   - path: Path of a regular file.
  ///   - limit: Size above which the file is refused, in bytes.
  /// - Throws: ``FileFailure`` with a ``FileReadFailure``.
  public init(path: String, limit: Int) throws(FileFailure) {
    let (descriptor, size) = try openRegularFile(path, limit: limit)
    if size >= Self.large {
      self = .mapped(try MappedFile(path: path, descriptor: descriptor, size: size))
    } else {
      self = .memory(try readAll(descriptor, path: path, size: size, limit: limit))
    }
  }

  /// Number of bytes.
  public var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .mapped(let file): file.count
    }
  }

  /// Gives the bytes of a range, valid inside the closure only.
  /// - Parameters:
  ///   - range: Offsets inside the file; others are a mistake of the program.
  ///   - body: Reads the bytes.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withBytes<Result, Failed: Error>(
    _ range: Range<Int>, _ body: (RawSpan) throws(Failed) -> Result
  ) throws(Failed) -> Result {
    try withBuffer(range) { buffer throws(Failed) in try body(buffer.bytes) }
  }

  /// Gives the 32-bit floating-point numbers of a range where they lie.
  /// - Parameters:
  ///   - range: Offsets inside the file, a multiple of four bytes apart.
  ///   - body: Reads the numbers.
  /// - Returns: What `body` returns, or nil when the numbers do not lie at a multiple of four in memory.
  /// - Throws: What `body` throws.
  package func withFloats<Result, Failed: Error>(
    _ range: Range<Int>, _ body: (Span<Float>) throws(Failed) -> Result
  ) throws(Failed) -> Result? {
    try withBuffer(range) { buffer throws(Failed) in
      guard Int(bitPattern: buffer.baseAddress) % MemoryLayout<Float>.alignment == 0 else { return nil }
      return try body(buffer.assumingMemoryBound(to: Float.self).span)
    }
  }

  /// Copies the bytes of a range.
  /// - Parameter range: Offsets inside the file; others are a mistake of the program.
  /// - Returns: The bytes.
  public func copy(_ range: Range<Int>) -> [UInt8] {
    withBuffer(range) { Array($0) }
  }

  private func withBuffer<Result, Failed: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failed) -> Result
  ) throws(Failed) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the file")
    func part(_ whole: UnsafeRawBufferPointer) throws(Failed) -> Result {
      try body(UnsafeRawBufferPointer(rebasing: whole[range]))
    }
    switch self {
    case .memory(let bytes):
      return try bytes.withUnsafeBufferPointer { whole throws(Failed) in try part(UnsafeRawBufferPointer(whole)) }
    case .mapped(let file):
      return try file.withUnsafeBytes { whole throws(Failed) in try part(whole) }
    }
  }
}
