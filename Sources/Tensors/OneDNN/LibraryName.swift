// LibraryName.swift - what computes, with its version, as a program tells it.

#if OneDNN
  import COneDNN
#endif

extension Backend {
  /// The name of the back end, with the version where it is a library: `oneDNN 2.6.3`, `Swift kernels`.
  public var libraryName: String {
    switch self {
    case .portable: "Swift kernels"
    case .oneDNN: ["oneDNN", libraryVersion].compactMap { $0 }.joined(separator: " ")
    }
  }

  /// The version of the library in use, such as `2.6.3`; nil where it is none or not built in.
  public var libraryVersion: String? {
    #if OneDNN
      guard self == .oneDNN, let version = dnnl_version()?.pointee else { return nil }
      return "\(version.major).\(version.minor).\(version.patch)"
    #else
      return nil
    #endif
  }
}
