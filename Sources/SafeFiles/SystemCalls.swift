// SystemCalls.swift - the few system calls files are read with, interrupted calls repeated.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file descriptor that is closed when it is no longer used.
final class Descriptor: Sendable {
  /// The number of the descriptor.
  let number: Int32

  /// Takes over an open descriptor.
  init(owning number: Int32) {
    self.number = number
  }

  deinit {
    _ = close(number)
  }
}

/// Repeats a system call while a signal interrupts it.
/// - Parameter call: The call; it answers -1 and sets `errno` on failure.
/// - Returns: What the call answered last.
func uninterrupted<Number: SignedInteger>(_ call: () -> Number) -> Number {
  while true {
    let answer = call()
    if answer == -1 && errno == EINTR { continue }
    return answer
  }
}

/// The text of the system for an error number.
func systemText(_ code: Int32) -> String {
  String(cString: strerror(code))
}

/// Opens a regular file for reading and tells its size.
///
/// `O_NONBLOCK` keeps the call from waiting for the writer of a FIFO; it does nothing on regular files.
/// - Parameters:
///   - path: Path of the file.
///   - limit: Size above which the file is refused, in bytes.
/// - Returns: The open file and its size in bytes.
/// - Throws: ``FileFailure`` with a ``FileReadFailure``.
func openRegularFile(_ path: String, limit: Int) throws(FileFailure) -> (descriptor: Descriptor, size: Int) {
  func fail(_ cause: FileReadFailure) -> FileFailure { FileFailure(file: path, cause: cause) }
  guard !path.isEmpty, !path.utf8.contains(0) else { throw fail(.notOpened(ENOENT)) }
  let number = uninterrupted { open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
  guard number >= 0 else { throw fail(.notOpened(errno)) }
  let descriptor = Descriptor(owning: number)
  var status = stat()
  guard fstat(number, &status) == 0 else { throw fail(.notRead(errno)) }
  guard status.st_mode & S_IFMT == S_IFREG else { throw fail(.notRegular(FileType(mode: status.st_mode))) }
  let size = Int(status.st_size)
  guard size <= limit else { throw fail(.tooLarge(bytes: size, limit: limit)) }
  return (descriptor, size)
}
