// StandardDescriptors.swift - the three standard descriptors, kept from being taken by a file.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The descriptors 0, 1 and 2.
enum StandardDescriptors {
  /// Opens those that the caller had closed.
  ///
  /// The next file to be opened would get such a number, and messages would then be written into it. Standard input and
  /// output are opened the wrong way round, so that using them is still an error.
  static func keep() {
    for (number, mode) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)] where fcntl(number, F_GETFD) == -1 {
      // The lowest free number is given out: this one, as those below it are open by now.
      _ = open("/dev/null", mode)
    }
  }
}
