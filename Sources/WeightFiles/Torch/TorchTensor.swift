// TorchTensor.swift - a tensor of a torch checkpoint: a view of a storage, which other tensors may share.

/// A view of a storage; checked to lie inside it.
public struct TorchTensor: Sendable, Equatable {
  /// Size of each dimension, the outermost first; empty for a single number.
  public let shape: [Int]
  /// Distance between neighbours in each dimension, in numbers.
  public let strides: [Int]
  /// Place of the first number in the storage, in numbers.
  public let offset: Int
  /// Name of the storage, that of an entry of the archive.
  public let storageKey: String
  /// Number of numbers in the storage.
  public let storageCount: Int
  /// How the numbers are stored.
  public let dataType: TensorDataType

  /// Number of its numbers.
  public let count: Int

  /// Whether its numbers lie in the storage one behind the other in row-major order.
  public var isContiguous: Bool {
    let expected = Strided.contiguous(shape)
    return count == 0 || zip(shape.indices, strides).allSatisfy { shape[$0] == 1 || expected[$0] == $1 }
  }

  /// The part of the storage from its first to its last number.
  var extent: Range<Int> {
    guard count > 0 else { return offset..<offset }
    return offset..<offset + zip(shape, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
  }
}

/// A run of numbers that tensors look at.
struct TorchStorage: Sendable, Equatable {
  let key: String
  let dataType: TensorDataType
  /// Number of its numbers.
  let count: Int
}

/// Why a view cannot be one of its storage.
enum TorchViewFailure: Error, Equatable {
  /// Shape and strides have different lengths, or more dimensions than the limit.
  case dimensions(shape: Int, strides: Int)
  /// A size, a stride or the offset is below zero.
  case negative(Int64)
  /// The view begins or ends behind the storage.
  case outsideStorage(count: Int)
  /// The view has more numbers than the storage.
  case larger(count: Int)
}

extension TorchTensor {
  /// Checks a view against its storage.
  /// - Parameters:
  ///   - storage: What it looks at; checked against the archive.
  ///   - offset: Place of the first number.
  ///   - shape: Sizes.
  ///   - strides: Distances, as many as sizes.
  ///   - dimensions: Limit of the number of sizes.
  /// - Throws: ``TorchViewFailure``.
  init(
    _ storage: TorchStorage, offset: Int64, shape: [Int64], strides: [Int64], dimensions: Int
  ) throws(TorchViewFailure) {
    guard shape.count == strides.count, shape.count <= dimensions else {
      throw .dimensions(shape: shape.count, strides: strides.count)
    }
    for number in shape + strides + [offset] where number < 0 { throw .negative(number) }
    let outside = TorchViewFailure.outsideStorage(count: storage.count)
    guard offset <= Int64(storage.count) else { throw outside }
    guard let count = elementCount(shape.map { Int($0) }) else { throw .larger(count: storage.count) }
    if count > 0 {
      var last = offset
      for (size, stride) in zip(shape, strides) {
        let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
        let (sum, beyond) = last.addingReportingOverflow(reach)
        guard !overflow, !beyond else { throw outside }
        last = sum
      }
      guard last < Int64(storage.count) else { throw outside }
    }
    // Strides of zero repeat numbers; nothing may become larger than the file that way.
    guard count <= storage.count else { throw .larger(count: storage.count) }
    self.shape = shape.map { Int($0) }
    self.strides = strides.map { Int($0) }
    self.offset = Int(offset)
    self.count = count
    (storageKey, storageCount, dataType) = (storage.key, storage.count, storage.dataType)
  }
}
