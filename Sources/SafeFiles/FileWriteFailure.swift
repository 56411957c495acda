// FileWriteFailure.swift - why a file or an output could not be written, and the step at which it happened.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The steps by which a file comes into being, in their order.
public enum WriteStep: String, Sendable, Equatable, CaseIterable {
  /// Making the temporary file.
  case create
  /// Writing bytes.
  case write
  /// Asking the disk to hold the bytes.
  case synchronize
  /// Putting the file in the place of the old one.
  case rename
  /// Asking the disk to hold the name.
  case synchronizeFolder = "synchronize the folder"
}

/// Why a file or an output could not be written.
public enum FileWriteFailure: Failure, Equatable {
  /// The path cannot take a file, for the reason the system gives.
  case notCreated(Int32)
  /// Something that is not a regular file stands at the path.
  case notRegular(FileType)
  /// A step after the creation failed, for the reason the system gives.
  case notWritten(WriteStep, Int32)

  /// Whether the output could not be begun or not be ended.
  public var kind: FailureKind {
    switch self {
    case .notWritten: .writeFailed
    // The path is right, the disk is not.
    case .notCreated(let code): [ENOSPC, EDQUOT, EIO].contains(code) ? .writeFailed : .cannotCreate
    case .notRegular: .cannotCreate
    }
  }

  /// The whole file is meant.
  public var place: String? { nil }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .notCreated(let code): "cannot be created (\(systemText(code)))"
    case .notRegular(let type): "is \(type.rawValue), which a file cannot replace"
    case .notWritten(let step, let code): "cannot be written (\(step.rawValue): \(systemText(code)))"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .notCreated(ENOENT), .notCreated(ENOTDIR): "make the folder first"
    case .notCreated(ENOSPC), .notCreated(EDQUOT), .notWritten(_, ENOSPC), .notWritten(_, EDQUOT):
      "make room on the disk and run again"
    case .notWritten(_, EFBIG): "raise the limit on the size of files (ulimit -f) and run again"
    case .notCreated(EIO), .notWritten: "check the disk and run again"
    case .notCreated(EEXIST): "something else stands there: give another path"
    case .notCreated: "check the permissions and the path"
    case .notRegular: "give the path of a file"
    }
  }
}

/// Lets a test make any step of writing fail, to see that nothing is left half done.
package enum WriteFaults {
  // A closure as the task-local value itself crashes when the compiler optimises across modules (Swift 6.3); so it stands in a struct.
  private struct Check: Sendable { let step: @Sendable (WriteStep) -> Int32 }
  @TaskLocal private static var check: Check?

  /// Runs an operation with a question asked before each step of writing.
  ///
  /// - Parameters:
  ///   - step: An error number makes the step fail with it, 0 lets it be done.
  ///   - operation: What writes.
  /// - Returns: What the operation gives.
  @inline(never)
  package static func withCheck<Result>(
    _ step: @escaping @Sendable (WriteStep) -> Int32, _ operation: () throws -> Result
  ) rethrows -> Result {
    try $check.withValue(Check(step: step), operation: operation)
  }

  /// Does a step unless a test makes it fail.
  /// - Parameters:
  ///   - step: The step.
  ///   - call: The system call; it answers -1 and sets `errno` on failure.
  /// - Returns: What the call answered, and the error number where that was -1.
  static func run<Number: SignedInteger>(_ step: WriteStep, _ call: () -> Number) -> (answer: Number, code: Int32) {
    if let code = check?.step(step), code != 0 { return (-1, code) }
    let answer = uninterrupted(call)
    return (answer, answer == -1 ? errno : 0)
  }
}

/// Writes all bytes to a descriptor, however many calls it takes.
/// - Parameters:
///   - bytes: The bytes.
///   - descriptor: An open descriptor; one that does not block is waited for.
/// - Returns: The error number of the system, or nil.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
  var rest = Slice(base: bytes, bounds: bytes.indices)
  while !rest.isEmpty {
    let part = UnsafeRawBufferPointer(rebasing: rest)
    let (count, code) = WriteFaults.run(.write) { write(descriptor, part.baseAddress, part.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if code == EAGAIN || code == EWOULDBLOCK {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&waiting, 1, -1)
    } else {
      return count == 0 ? EIO : code
    }
  }
  return nil
}
