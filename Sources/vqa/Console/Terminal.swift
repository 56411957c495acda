// Terminal.swift - whether a descriptor is a terminal, and how wide.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is known of the terminal.
enum Terminal {
  /// The columns of the terminal behind a descriptor, or nil when it is none.
  static func columns(of descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
