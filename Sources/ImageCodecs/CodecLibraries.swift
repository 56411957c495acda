// CodecLibraries.swift - which libraries decode pictures, for programs that tell it.

import CImageCodecs

/// The libraries that read and write pictures.
public enum CodecLibraries {
  /// Name and version of the JPEG library that this was built for, such as `libjpeg-turbo 2.1.5`.
  public static var jpeg: String { codec_version_jpeg().map { String(cString: $0) } ?? "unknown" }
  /// Version of libpng in use, such as `1.6.39`.
  public static var png: String { codec_version_png().map { String(cString: $0) } ?? "unknown" }
}
