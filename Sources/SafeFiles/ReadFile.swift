// ReadFile.swift - a whole regular file in memory, under a limit.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads a whole regular file.
///
/// Pipes, devices and folders are refused without being read. A file that grows meanwhile is read to the limit only.
/// - Parameters:
///   - path: Path of the file; "-" has no special meaning.
///   - limit: Size above which the file is refused, in bytes.
/// - Returns: The bytes of the file.
/// - Throws: ``FileFailure`` with a ``FileReadFailure``.
public func readFile(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
  let (descriptor, size) = try openRegularFile(path, limit: limit)
  return try readAll(descriptor, path: path, size: size, limit: limit)
}

/// Reads an open file from where it stands to its end.
func readAll(_ descriptor: Descriptor, path: String, size: Int, limit: Int) throws(FileFailure) -> [UInt8] {
  var bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let rest = UnsafeMutableBufferPointer(rebasing: buffer[count..<size])
      let got = uninterrupted { read(descriptor.number, rest.baseAddress, rest.count) }
      // An error comes again below.
      guard got > 0 else { return }
      count += got
    }
  }
  // Files of /proc claim size 0, and a log may have grown: go on to the end of the file.
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let got = uninterrupted { read(descriptor.number, &chunk, 4096) }
    if got == 0 { return bytes }
    if got < 0 {
      throw FileFailure(file: path, cause: FileReadFailure.notRead(errno))
    } else if bytes.count + got > limit {
      throw FileFailure(file: path, cause: FileReadFailure.tooLarge(bytes: bytes.count + got, limit: limit))
    } else {
      bytes.append(contentsOf: chunk[..<got])
    }
  }
}
