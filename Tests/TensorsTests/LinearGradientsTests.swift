// LinearGradientsTests.swift - gradients of linear layers so wide that their matrices are copied to other strides first.

import TestSupport
import Tensors
import Testing

extension TensorTests {
  @Suite struct WideLinear {
    /// 256 is the width from which rows are spread, 64 the number of rows that pays for it; both are met and missed.
    @Test(arguments: [(64, 256, 8), (64, 8, 256), (65, 256, 256), (63, 256, 256), (64, 255, 256)], Backend.available)
    func gradientsAreThoseOfTheProducts(_ sizes: (rows: Int, outputs: Int, inputs: Int), _ backend: Backend) {
      let input = Tensor.random([sizes.rows, sizes.inputs], seed: 1)
      let weight = Tensor.random([sizes.outputs, sizes.inputs], seed: 2)
      let slope = Tensor.random([sizes.rows, sizes.outputs], seed: 3)
      let (forInput, forWeight) = withBackend(backend) { () -> ([Float], [Float]) in
        let tape = Tape()
        let (left, right) = (tape.watch(input), tape.watch(weight))
        tape.backward(from: tape.record { left.linear(right) }, seed: slope)
        return (tape.gradient(of: left)?.elements ?? [], tape.gradient(of: right)?.elements ?? [])
      }
      let slopes = Reference(slope).rows
      let inputs = Reference(input).rows
      let weights = Reference(weight).rows
      func column(_ rows: [[Double]], _ index: Int) -> [Double] { rows.map { $0[index] } }
      // A few rows of each product, exactly; all of them would take a debug build long.
      for output in [0, sizes.outputs / 2, sizes.outputs - 1] {
        let expected = (0..<sizes.inputs).map { Exact.dot(column(slopes, output), column(inputs, $0)) }
        let found = Array(forWeight[(output * sizes.inputs)..<((output + 1) * sizes.inputs)])
        expectClose(found, expected, within: 1e-5, "weights")
      }
      for row in [0, sizes.rows - 1] {
        let expected = (0..<sizes.inputs).map { Exact.dot(slopes[row], column(weights, $0)) }
        expectClose(
          Array(forInput[(row * sizes.inputs)..<((row + 1) * sizes.inputs)]), expected, within: 1e-5, "inputs")
      }
    }

    /// From 512 rows on the weights are turned first, sixty-four of their columns and eight of their rows at a time.
    @Test(arguments: [(512, 64, 256), (515, 65, 257), (511, 64, 256)], Backend.available)
    func outputsAreThoseOfTheProduct(_ sizes: (rows: Int, outputs: Int, inputs: Int), _ backend: Backend) {
      let input = Tensor.random([sizes.rows, sizes.inputs], seed: 1)
      let weight = Tensor.random([sizes.outputs, sizes.inputs], seed: 2)
      let bias = Tensor.random([sizes.outputs], seed: 3)
      let found = withBackend(backend) { input.linear(weight, bias: bias).elements }
      let values = Reference(input).rows
      let weights = Reference(weight).rows
      for row in [0, 1, sizes.rows / 2, sizes.rows - 1] {
        let expected = weights.indices.map { Exact.dot(values[row], weights[$0]) + Double(bias.elements[$0]) }
        expectClose(
          Array(found[(row * sizes.outputs)..<((row + 1) * sizes.outputs)]), expected, within: 1e-5, "outputs")
      }
    }

    @Test func gradientsHaveTheSameBitsForAnyNumberOfThreads() {
      let input = Tensor.random([130, 256], seed: 1)
      let weight = Tensor.random([512, 256], seed: 2)
      func gradients(_ threads: Int) -> [[Float]] {
        withThreads(threads) {
          let tape = Tape()
          let watched = [tape.watch(input), tape.watch(weight)]
          tape.backward(from: tape.record { watched[0].linear(watched[1]) })
          return watched.map { tape.gradient(of: $0)?.elements ?? [] }
        }
      }
      #expect(gradients(1) == gradients(2))
    }
  }

  @Suite struct BorrowedMemory {
    private final class Owner {
      let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 6)
      let onEnd: () -> Void
      init(onEnd: @escaping () -> Void) {
        self.onEnd = onEnd
        memory.initialize(repeating: 3)
      }
      deinit {
        memory.deallocate()
        onEnd()
      }
    }

    @Test func theOwnerLivesAsLongAsTheTensor() {
      var hasEnded = false
      var owner: Owner? = Owner { hasEnded = true }
      var tensor = owner.map { Tensor(borrowing: $0.memory, of: $0, shape: [2, 3]) }
      owner = nil
      #expect(!hasEnded)
      #expect(tensor?.elements == [3, 3, 3, 3, 3, 3])
      tensor = nil
      #expect(hasEnded)
    }

    @Test(arguments: [1, 7, 8, 9, 100_000]) func oneElementThatIsNotFiniteIsFound(_ count: Int) {
      #expect(Tensor(repeating: -.greatestFiniteMagnitude, shape: [count]).isFinite)
      for (place, value) in [(0, Float.nan), (count - 1, .infinity), (count / 2, -.infinity)] {
        var elements = [Float](repeating: 1, count: count)
        elements[place] = value
        #expect(!Tensor(elements).isFinite)
      }
    }
  }
}
