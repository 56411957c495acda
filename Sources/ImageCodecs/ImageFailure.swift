// ImageFailure.swift - what can be wrong with a picture, with the sizes and limits in it.

import SafeFiles

/// The picture formats that are read.
public enum ImageFormat: String, Sendable {
  /// JPEG: baseline and progressive, Huffman-coded.
  case jpeg = "JPEG"
  /// PNG: every colour type, depth and interlace.
  case png = "PNG"
}

/// Why a picture could not be read, made or written.
public enum ImageFailure: Failure, Equatable {
  /// There are no bytes at all.
  case empty
  /// The file is longer than allowed.
  case fileTooLarge(bytes: Int, limit: Int)
  /// The bytes are not a picture that is read; `seen` names what they look like.
  case unknownFormat(seen: String)
  /// The data ends before the picture does.
  case truncated(format: ImageFormat, byte: Int)
  /// The data breaks a rule of its format.
  case corrupt(format: ImageFormat, byte: Int, reason: String)
  /// The picture uses a variant of the format that is not read.
  case unsupported(format: ImageFormat, byte: Int, feature: String)
  /// The picture has more pixels than allowed.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// A side of the picture is longer than allowed.
  case sideTooLong(width: Int, height: Int, limit: Int)
  /// Decoding would need more memory than allowed.
  case tooMuchMemory(bytes: Int, limit: Int)
  /// The JPEG file has more scans than allowed.
  case tooManyScans(limit: Int)
  /// The PNG file has more chunks than allowed.
  case tooManyChunks(limit: Int)
  /// A chunk of the PNG file is longer than allowed.
  case chunkTooLong(byte: Int, bytes: Int, limit: Int)
  /// A picture or grid was asked for whose sides are not both at least one.
  case badSize(width: Int, height: Int)
  /// The number of values given does not fit the size given.
  case wrongCount(expected: Int, found: Int)
  /// The picture could not be written as PNG or JPEG.
  case notEncoded(reason: String)

  /// What kind of failure; the same for every case, as each is about the data.
  public var kind: FailureKind { .badData }

  /// The byte where it was noticed, where there is one.
  public var place: String? {
    switch self {
    case .truncated(_, let byte), .corrupt(_, let byte, _), .unsupported(_, let byte, _), .chunkTooLong(let byte, _, _):
      "byte \(byte)"
    default: nil
    }
  }

  /// What happened.
  public var problem: String {
    switch self {
    case .empty: "the picture is empty (0 bytes)"
    case .fileTooLarge(let bytes, let limit): "the picture has \(bytes) bytes, more than the \(limit) allowed"
    case .unknownFormat(let seen): "this is not a JPEG or PNG picture, it looks like \(seen)"
    case .truncated(let format, _): "the \(format.rawValue) data ends before the picture does"
    case .corrupt(let format, _, let reason): "the \(format.rawValue) data is damaged (\(reason))"
    case .unsupported(let format, _, let feature): "this \(format.rawValue) picture uses \(feature), which is not read"
    case .tooManyPixels(let width, let height, let limit):
      "the picture has \(width) x \(height) pixels, more than the \(limit) allowed"
    case .sideTooLong(let width, let height, let limit):
      "the picture has \(width) x \(height) pixels, a side longer than the \(limit) allowed"
    case .tooMuchMemory(let bytes, let limit):
      "the picture needs \(bytes) bytes of memory, more than the \(limit) allowed"
    case .tooManyScans(let limit): "the picture has more than the \(limit) scans allowed"
    case .tooManyChunks(let limit): "the picture has more than the \(limit) chunks allowed"
    case .chunkTooLong(_, let bytes, let limit): "a chunk has \(bytes) bytes, more than the \(limit) allowed"
    case .badSize(let width, let height): "a size of \(width) x \(height) is not at least 1 x 1"
    case .wrongCount(let expected, let found): "\(found) values were given where the size asks for \(expected)"
    case .notEncoded(let reason): "the picture could not be encoded (\(reason))"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .empty, .truncated, .corrupt: "get the file again or save it anew from a picture program"
    case .unknownFormat, .unsupported: "save it as a plain JPEG or PNG"
    case .fileTooLarge, .sideTooLong, .tooMuchMemory, .tooManyScans: "make the picture smaller or save it anew"
    case .tooManyPixels: "make the picture smaller or raise the limit of pixels"
    case .tooManyChunks, .chunkTooLong: "save it anew without its extra data"
    case .badSize, .wrongCount, .notEncoded: "give a size of at least 1 x 1 and as many values as it holds"
    }
  }
}
