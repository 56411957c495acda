// Tensor.swift - a contiguous block of Float32 with a shape, and its place on the tape.

/// An array of Float32 with a shape, contiguous in row-major order.
///
/// No operation changes a tensor; only an optimiser changes the values and averages of its parameters in place, and with them the
/// tensors that a ``Parameter`` was made from. Operations give new tensors; when a ``Tape`` is recording and an operand asks for its
/// gradient, the result remembers how it was made.
public struct Tensor: @unchecked Sendable {
  package let storage: Storage
  /// Sizes of the axes, outermost first.
  public let shape: [Int]
  /// Where this value stands on the tape; nil when no gradient flows to it.
  package let node: TapeNode?

  package init(storage: Storage, shape: [Int], node: TapeNode? = nil) {
    precondition(storage.count == shape.reduce(1, *), "a tensor's storage must have the size of its shape \(shape)")
    self.storage = storage
    self.shape = shape
    self.node = node
  }

  /// Makes a tensor of the given shape from its elements in row-major order.
  ///
  /// - Parameters:
  ///   - elements: As many values as the shape has places.
  ///   - shape: Sizes of the axes; without it, one axis.
  public init(_ elements: [Float], shape: [Int]? = nil) {
    let storage = Storage(count: elements.count)
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { storage.pointer.update(from: base, count: source.count) }
    }
    self.init(storage: storage, shape: shape ?? [elements.count])
  }

  /// Makes a tensor in which every element is the same.
  public init(repeating value: Float, shape: [Int]) {
    let storage = Storage(count: shape.reduce(1, *))
    storage.pointer.initialize(repeating: value, count: storage.count)
    self.init(storage: storage, shape: shape)
  }

  /// Makes a tensor by filling fresh memory.
  ///
  /// - Parameters:
  ///   - shape: Sizes of the axes.
  ///   - fill: Receives the uninitialised elements in row-major order and must set each of them.
  public init(shape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    let storage = Storage(count: shape.reduce(1, *))
    try fill(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
    self.init(storage: storage, shape: shape)
  }

  /// Makes a tensor that stays for as long as the program, such as weights, beside others of its kind on large pages.
  ///
  /// - Parameters:
  ///   - shape: Sizes of the axes.
  ///   - fill: Receives the uninitialised elements in row-major order and must set each of them.
  package init(kept shape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    let storage = KeptMemory.take(shape.reduce(1, *))
    try fill(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
    self.init(storage: storage, shape: shape)
  }

  /// Makes a tensor of memory that belongs to someone else, who is kept alive for as long as the tensor is; no copy is made.
  ///
  /// - Parameters:
  ///   - memory: The elements in row-major order; an optimiser may write to them.
  ///   - owner: Whoever frees the memory at the end of its life.
  ///   - isFile: Whether the memory is a file mapped for this process alone.
  ///   - shape: Sizes of the axes.
  package init(
    borrowing memory: UnsafeMutableBufferPointer<Float>, of owner: AnyObject, isFile: Bool = false, shape: [Int]
  ) {
    self.init(storage: Storage(borrowing: memory, of: owner, isFile: isFile), shape: shape)
  }

  /// Number of elements.
  public var count: Int { storage.count }

  /// Number of axes.
  public var rank: Int { shape.count }

  /// Size of the innermost axis, the width of a row.
  public var width: Int { shape.last ?? 1 }

  /// Number of rows: all axes but the innermost together.
  public var rows: Int { width == 0 ? 0 : count / width }

  /// The elements in row-major order.
  public var elements: [Float] {
    Array(UnsafeBufferPointer(start: storage.pointer, count: count))
  }

  /// The only element of a tensor of one element.
  public var scalar: Float {
    precondition(count == 1, "scalar asks for a tensor of one element, not of shape \(shape)")
    return storage.pointer[0]
  }

  /// Reads the elements in place.
  public func withElements<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.pointer, count: count))
    }
  }

  /// The same elements under another shape; no copy is made.
  public func reshaped(_ shape: [Int]) -> Tensor {
    Tensor(storage: storage, shape: shape, node: node)
  }

  /// The same value without its place on the tape: no gradient flows through the result.
  public var detached: Tensor { Tensor(storage: storage, shape: shape) }

  package var pointer: UnsafeMutablePointer<Float> { storage.pointer }
}

/// A value that training changes: the weights of a layer, or statistics that it keeps.
public final class Parameter: @unchecked Sendable {
  /// The value now.
  ///
  /// Only an optimiser or a loader sets it, between two steps.
  public var value: Tensor {
    didSet { value.storage.keepOrders() }
  }
  /// Whether an optimiser may change it; false for running statistics.
  public let isTrainable: Bool

  /// Makes a parameter from its first value.
  public init(_ value: Tensor, isTrainable: Bool = true) {
    self.value = value.detached
    self.isTrainable = isTrainable
    self.value.storage.keepOrders()
  }

  /// The value for use in a forward pass; when a tape is recording, gradients flow to this parameter.
  public var tensor: Tensor {
    guard isTrainable, let tape = Tape.current else { return value }
    return tape.leaf(for: self)
  }
}
