// BufferPool.swift - memory of tensors, handed back and used again.
//
// A training step frees and asks for the same few sizes thousands of times. Large blocks straight from the system would be unmapped
// and faulted in anew each time, which costs more than the arithmetic on them; so freed blocks wait here, by size, for the next use.

import Synchronization

/// A block of floats aligned to 64 bytes, returned to the pool when the last tensor that uses it goes.
package final class Storage: @unchecked Sendable {
  /// The first element.
  package let pointer: UnsafeMutablePointer<Float>
  /// How many floats were asked for.
  package let count: Int
  private let sizeClass: Int

  /// Takes a block of at least `count` floats with undefined contents.
  package init(count: Int) {
    self.count = count
    sizeClass = BufferPool.sizeClass(for: count)
    pointer = BufferPool.take(sizeClass: sizeClass)
  }

  /// Takes a block and sets every element to zero.
  package convenience init(zeros count: Int) {
    self.init(count: count)
    pointer.initialize(repeating: 0, count: count)
  }

  deinit {
    BufferPool.giveBack(pointer, sizeClass: sizeClass)
  }
}

/// Free blocks by size class; classes grow by a quarter, so at most a fifth of a block is unused.
package enum BufferPool {
  /// Blocks kept free together, in floats; above this a freed block goes back to the system.
  private static let keptLimit = 1 << 28  // 1 GiB

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
      guard let address = state.free[sizeClass].popLast() else { return nil }
      state.kept -= size(ofClass: sizeClass)
      return address
    }
    if let reused, let pointer = UnsafeMutablePointer<Float>(bitPattern: reused) { return pointer }
    let bytes = size(ofClass: sizeClass) * MemoryLayout<Float>.stride
    return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).assumingMemoryBound(to: Float.self)
  }

  static func giveBack(_ pointer: UnsafeMutablePointer<Float>, sizeClass: Int) {
    let size = Self.size(ofClass: sizeClass)
    let kept = state.withLock { state -> Bool in
      guard state.kept + size <= keptLimit else { return false }
      state.free[sizeClass].append(UInt(bitPattern: pointer))
      state.kept += size
      return true
    }
    if !kept { UnsafeMutableRawPointer(pointer).deallocate() }
  }
}
