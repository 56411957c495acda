// LargePages.swift - memory on pages of two megabytes, where the system gives them to those who ask.
//
// A product walks over megabytes of weights; on pages of four kilobytes much of its time goes into finding where they lie, and into the
// fault that each page costs at its first use.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Takes memory for the pool.
enum LargePages {
  private static let page = 2 << 20
  /// Blocks smaller than a page are cut from pieces of this size.
  private static let slab = 8 << 20
  /// Below this a block gains too little for the rest of the page it would be cut from.
  private static let smallest = 512 << 10

  /// Whether blocks of a size are cut from common pages, and so never go back to the system one by one.
  static func sharesPages(_ bytes: Int) -> Bool { (smallest..<page).contains(bytes) }

  /// The addresses of blocks of a size, cut from one piece of memory.
  static func slab(ofBlocks bytes: Int) -> [UInt] {
    let base = UInt(bitPattern: allocate(slab))
    return (0..<(slab / bytes)).map { base + UInt($0 * bytes) }
  }

  /// Lets go of the whole pages within a range of a mapped file, which are read again when somebody looks at them.
  static func drop(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
    #if os(Linux)
      let page = sysconf(Int32(_SC_PAGESIZE))
      let first = (Int(bitPattern: start) + page - 1) / page * page
      let end = (Int(bitPattern: start) + bytes) / page * page
      if end > first { madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, Int32(MADV_DONTNEED)) }
    #endif
  }

  /// A block of memory, aligned to a cache line, a large one to a large page.
  static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= page else { return .allocate(byteCount: bytes, alignment: 64) }
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: page)
    #if os(Linux)
      // Only a wish: where the system has no large pages, small ones serve.
      madvise(block, bytes / page * page, Int32(MADV_HUGEPAGE))
    #endif
    return block
  }
}
