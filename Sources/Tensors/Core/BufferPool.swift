// BufferPool.swift - memory of tensors, handed back and used again.
//
// A training step frees and asks for the same few sizes thousands of times. Large blocks straight from the system would be unmapped
// and faulted in anew each time, which costs more than the arithmetic on them; so freed blocks wait here, by size, for the next use.
// Large blocks lie on large pages where the system has them (LargePages.swift).

import Synchronization

/// A block of floats aligned to 64 bytes, returned to the pool when the last tensor that uses it goes.
package final class Storage: @unchecked Sendable {
  /// The first element.
  package let pointer: UnsafeMutablePointer<Float>
  /// How many floats were asked for.
  package let count: Int
  /// Rearranged copies of the values, where they are those of a parameter.
  package private(set) var orders: KeptOrders?
  private let sizeClass: Int
  /// Who the memory belongs to, when it is not the pool's.
  private let owner: AnyObject?
  /// Whether the memory is that of a file, from which what was not changed can be read again.
  private let isFile: Bool
  private var isChanged = false

  /// Takes a block of at least `count` floats with undefined contents.
  package init(count: Int) {
    self.count = count
    sizeClass = BufferPool.sizeClass(for: count)
    pointer = BufferPool.take(sizeClass: sizeClass)
    owner = nil
    isFile = false
  }

  /// Uses memory that belongs to someone else, who is kept alive for as long as this is.
  ///
  /// - Parameters:
  ///   - memory: The memory.
  ///   - owner: Whose it is.
  ///   - isFile: Whether it is a file mapped for this process alone.
  package init(borrowing memory: UnsafeMutableBufferPointer<Float>, of owner: AnyObject, isFile: Bool = false) {
    self.isFile = isFile
    guard let base = memory.baseAddress else { preconditionFailure("borrowed memory has at least one float") }
    pointer = base
    count = memory.count
    sizeClass = 0
    self.owner = owner
  }

  /// Takes a block and sets every element to zero.
  package convenience init(zeros count: Int) {
    self.init(count: count)
    pointer.initialize(repeating: 0, count: count)
  }

  /// Lets rearranged copies of the values be kept; said before the values are used.
  package func keepOrders() { orders = orders ?? KeptOrders() }

  /// Said by whoever has changed the values in place.
  package func valuesChanged() {
    isChanged = true
    orders?.forget()
  }

  /// Gives back the memory of values that a file has and a rearranged copy serves for; whoever reads them still finds them.
  package func dropPages() {
    guard isFile, !isChanged else { return }
    LargePages.drop(UnsafeMutableRawPointer(pointer), count * MemoryLayout<Float>.stride)
  }

  deinit {
    guard owner == nil else { return }
    BufferPool.giveBack(pointer, sizeClass: sizeClass)
  }
}

/// Free blocks by size class; classes grow by a quarter, so at most a fifth of a block is unused.
package enum BufferPool {
  /// Blocks kept free together, in floats; above this a freed block goes back to the system.
  private static let keptLimit = 1 << 30  // 4 GiB, more than a training step of the full size frees

  private struct State {
    var free: [[UInt]] = Array(repeating: [], count: 160)
    var kept = 0
  }

  private static let state = Mutex(State())

  /// The smallest size class that holds `count` floats.
  package static func sizeClass(for count: Int) -> Int {
    var index = 0
    var size = 64
    while size < count {
      index += 1
      size = Self.size(ofClass: index)
    }
    return index
  }

  /// Floats in a block of a size class: 64, 80, 96, 112, 128, 160 ...
  package static func size(ofClass index: Int) -> Int {
    (64 << (index / 4)) / 4 * (4 + index % 4)
  }

  static func take(sizeClass: Int) -> UnsafeMutablePointer<Float> {
    let reused = state.withLock { state -> UInt? in
      let bytes = byteCount(ofClass: sizeClass)
      if state.free[sizeClass].isEmpty, LargePages.sharesPages(bytes) {
        state.free[sizeClass] = LargePages.slab(ofBlocks: bytes)
        state.kept += size(ofClass: sizeClass) * state.free[sizeClass].count
      }
      guard let address = state.free[sizeClass].popLast() else { return nil }
      state.kept -= size(ofClass: sizeClass)
      return address
    }
    if let reused, let pointer = UnsafeMutablePointer<Float>(bitPattern: reused) { return pointer }
    return LargePages.allocate(byteCount(ofClass: sizeClass)).assumingMemoryBound(to: Float.self)
  }

  private static func byteCount(ofClass index: Int) -> Int { size(ofClass: index) * MemoryLayout<Float>.stride }

  static func giveBack(_ pointer: UnsafeMutablePointer<Float>, sizeClass: Int) {
    let size = Self.size(ofClass: sizeClass)
    let isPartOfSlab = LargePages.sharesPages(byteCount(ofClass: sizeClass))
    let kept = state.withLock { state -> Bool in
      guard isPartOfSlab || state.kept + size <= keptLimit else { return false }
      state.free[sizeClass].append(UInt(bitPattern: pointer))
      state.kept += size
      return true
    }
    if !kept { UnsafeMutableRawPointer(pointer).deallocate() }
  }
}
