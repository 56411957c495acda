// LibraryName.swift - what computes, with its version, as a program tells it.

#if OneDNN
  import COneDNN
#endif

extension Backend {
  /// The name of the back end, with the version where it is a library: `oneDNN 2.6.3`, `Swift kernels`.
  public var libraryName: String {
    switch self {
    case .portable: return "Swift kernels"
    case .oneDNN:
      #if OneDNN
        guard let version = dnnl_version()?.pointee else { return "oneDNN" }
        return "oneDNN \(version.major).\(version.minor).\(version.patch)"
      #else
        return "oneDNN"
      #endif
    }
  }
}
