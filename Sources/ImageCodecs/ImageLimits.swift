// ImageLimits.swift - what a picture from outside may cost.

/// What a picture may cost; every figure is checked before the cost arises.
public struct ImageLimits: Sendable, Equatable {
  /// Longest file in bytes.
  public var fileBytes = 64 << 20
  /// Most pixels as stored, width times height.
  public var pixels = 64_000_000
  /// Longest side as stored, in pixels.
  public var side = 1_000_000
  /// Most scans of a JPEG file; progressive files in use have about ten.
  public var scans = 100
  /// Most memory in bytes: the pixels, and what decoding needs beside them.
  public var memory = 256 << 20
  /// Most pixels of a PNG picture that are all kept when a smaller picture is wanted; of a larger one, squares are averaged while its
  /// rows arrive.
  public var wholePixels = 12_000_000
  /// Most chunks of a PNG file, not counting picture data.
  public var chunks = 1_000
  /// Longest such chunk in bytes.
  public var chunkBytes = 8 << 20

  /// The limits used where nothing else is said.
  public static let `default` = ImageLimits()

  /// The default limits, to be changed from there.
  public init() {}
}
