// BufferPoolTests.swift - blocks are large enough, aligned, and used again.

import Tensors
import Testing

extension TensorTests {
  @Suite struct Buffers {
    @Test func noBlockIsSmallerThanAsked() {
      let powers = (11...34).map { 1 << $0 }
      let counts = Array(0...2000) + powers + powers.map { $0 - 1 } + powers.map { $0 + 1 } + powers.map { $0 / 2 * 3 }
      for count in counts {
        let chosen = BufferPool.sizeClass(for: count)
        #expect(BufferPool.size(ofClass: chosen) >= count)
        if chosen > 0 { #expect(BufferPool.size(ofClass: chosen - 1) < count, "a smaller class would do for \(count)") }
      }
    }

    @Test func classesGrowByAtMostAQuarter() {
      #expect(BufferPool.size(ofClass: 0) == 64)
      for index in 1..<120 {
        let ratio = Double(BufferPool.size(ofClass: index)) / Double(BufferPool.size(ofClass: index - 1))
        #expect(ratio > 1 && ratio <= 1.25)
      }
    }

    @Test(arguments: [0, 1, 63, 65, 1000, 50_000]) func blocksAreAlignedAndAsLargeAsAsked(_ count: Int) {
      let storage = Storage(zeros: count)
      #expect(UInt(bitPattern: storage.pointer) % 64 == 0)
      #expect(storage.count == count)
      #expect((0..<count).allSatisfy { storage.pointer[$0] == 0 })
    }

    /// A size that no other test asks for, so that nobody takes the block in between.
    @Test func aFreedBlockIsUsedAgain() {
      let count = 5_300_000
      var first: Storage? = Storage(count: count)
      let address = first.map { UInt(bitPattern: $0.pointer) }
      first = nil
      let second = Storage(count: count - 100)
      #expect(UInt(bitPattern: second.pointer) == address, "a size of the same class takes the freed block")
      let third = Storage(count: count)
      #expect(third.pointer != second.pointer, "a block in use is not handed out")
    }

    @Test func zerosAreSetInABlockUsedBefore() {
      var storage: Storage? = Storage(count: 777)
      storage?.pointer.initialize(repeating: .nan, count: 777)
      storage = nil
      #expect(Tensor(storage: Storage(zeros: 777), shape: [777]).elements.allSatisfy { $0 == 0 })
    }

    @Test func blocksAreHandedOutToOneAtATime() async {
      let areApart = await withTaskGroup(of: Bool.self) { group in
        for task in 0..<4 {
          group.addTask {
            (0..<200).allSatisfy { round in
              let blocks = (0..<4).map { Tensor(repeating: Float(task * 4 + $0), shape: [100 + round]) }
              return blocks.enumerated().allSatisfy { index, block in
                block.withElements { $0.allSatisfy { $0 == Float(task * 4 + index) } }
              }
            }
          }
        }
        return await group.allSatisfy { $0 }
      }
      #expect(areApart)
    }
  }
}
