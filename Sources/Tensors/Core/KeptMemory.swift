// KeptMemory.swift - memory for values that stay, cut one behind the other from large pages.
//
// Many small blocks of their own would lie on small pages, each of which costs a fault at its first use: more than filling it.

import Synchronization

enum KeptMemory {
  private struct State: @unchecked Sendable {
    var slab: Storage?
    var used = 0
  }

  private static let slabCount = 1 << 21
  private static let state = Mutex(State())

  /// A block of so many floats; the slab it is cut from goes with the last of its blocks.
  static func take(_ count: Int) -> Storage {
    guard count > 0, count <= slabCount / 4 else { return Storage(count: count) }
    return state.withLock { state in
      if state.slab == nil || state.used + count > slabCount {
        (state.slab, state.used) = (Storage(count: slabCount), 0)
      }
      guard let slab = state.slab else { return Storage(count: count) }
      let memory = UnsafeMutableBufferPointer(start: slab.pointer + state.used, count: count)
      // The next block begins on a cache line.
      state.used += (count + 15) / 16 * 16
      return Storage(borrowing: memory, of: slab)
    }
  }
}
