// TapeTests.swift - what a tape records, and where gradients go.

import Tensors
import Testing

extension TensorTests {
  @Suite struct Tapes {
    @Test func nothingIsRecordedWithoutATape() {
      let parameter = Parameter(Tensor([1, 2]))
      #expect(Tape.current == nil)
      #expect(parameter.tensor.node == nil)
      #expect((parameter.tensor + parameter.tensor).node == nil)
    }

    @Test func nothingIsRecordedWithoutAWatchedInput() {
      let tape = Tape()
      let fixed = Tensor([1, 2])
      let result = tape.record { (fixed + fixed).activated(.gelu) * 2 }
      #expect(result.node == nil)
      #expect(tape.recordedOperations == 0)
      tape.backward(from: result)
      #expect(tape.gradient(of: fixed) == nil)
    }

    @Test func recordingCanBePaused() {
      let tape = Tape()
      let input = tape.watch(Tensor([1]))
      tape.record {
        #expect(Tape.current === tape)
        let paused = Tape.withoutRecording { input + input }
        #expect(paused.node == nil)
        #expect(tape.recordedOperations == 0)
        #expect((input + input).node != nil)
      }
      #expect(Tape.current == nil)
      #expect(tape.recordedOperations == 1)
    }

    @Test func anInnerTapeRecordsInsteadOfTheOuter() {
      let outer = Tape()
      let inner = Tape()
      let parameter = Parameter(Tensor([3]))
      outer.record {
        let loss = inner.record { parameter.tensor * 2 }
        inner.backward(from: loss)
        #expect(inner.gradient(of: parameter)?.elements == [2])
        #expect(Tape.current === outer)
      }
      #expect(outer.recordedOperations == 0)
      #expect(outer.gradient(of: parameter) == nil)
    }

    /// A value used by several operations gathers the gradients of all of them.
    @Test func usesAreSummed() throws {
      let tape = Tape()
      let input = tape.watch(Tensor([0.5, -2]))
      let loss = tape.record {
        let doubled = input * 2
        return (doubled + input).weightedSum(Tensor([1, 10])) + doubled.weightedSum(Tensor([100, 1000]))
      }
      tape.backward(from: loss)
      #expect(try #require(tape.gradient(of: input)).elements == [203, 2030])
    }

    @Test func gradientsGatherInAParameterUsedTwice() throws {
      let parameter = Parameter(Tensor([1, 2], shape: [1, 2]))
      let tape = Tape()
      let loss = tape.record { parameter.tensor * 3 + parameter.tensor.linear(Tensor([0, 1, 1, 0], shape: [2, 2])) }
      tape.backward(from: loss, seed: Tensor([1, 10], shape: [1, 2]))
      #expect(try #require(tape.gradient(of: parameter)).elements == [13, 31])
      #expect(try #require(tape.gradient(of: parameter)).shape == [1, 2])
    }

    @Test func aFixedParameterGetsNoGradient() {
      let statistics = Parameter(Tensor([1]), isTrainable: false)
      let tape = Tape()
      let result = tape.record { statistics.tensor * 2 }
      #expect(result.node == nil)
      #expect(tape.gradient(of: statistics) == nil)
    }

    @Test func whatHasNoPartInTheLossGetsNoGradient() {
      let tape = Tape()
      let used = tape.watch(Tensor([1]))
      let unused = tape.watch(Tensor([1]))
      let loss = tape.record { () -> Tensor in
        _ = unused * 5
        return used * 2
      }
      tape.backward(from: loss)
      #expect(tape.gradient(of: used)?.elements == [2])
      #expect(tape.gradient(of: unused) == nil)
      #expect(tape.recordedOperations == 0, "records are dropped as they are played")
    }

    /// Only what was asked for keeps its gradient: a step's memory does not grow with its depth.
    @Test func gradientsInBetweenAreDropped() {
      let tape = Tape()
      let input = tape.watch(Tensor([1]))
      let between = tape.record { input * 2 }
      let loss = tape.record { between * 3 }
      tape.backward(from: loss)
      #expect(tape.gradient(of: input)?.elements == [6])
      #expect(tape.gradient(of: between) == nil)
      #expect(tape.gradient(of: loss) == nil)
    }

    @Test func aDetachedValueLetsNoGradientThrough() {
      let tape = Tape()
      let input = tape.watch(Tensor([3]))
      let loss = tape.record { (input * 2).detached + input }
      #expect(loss.scalar == 9)
      tape.backward(from: loss)
      #expect(tape.gradient(of: input)?.elements == [1])
    }

    @Test func gradientsStartFromOnesOrTheSeed() throws {
      for (seed, expected) in [(nil, [2, 2]), (Tensor([1, -3]), [2, -6])] as [(Tensor?, [Float])] {
        let tape = Tape()
        let input = tape.watch(Tensor([1, 1]))
        tape.backward(from: tape.record { input * 2 }, seed: seed)
        #expect(try #require(tape.gradient(of: input)).elements == expected)
      }
    }

    /// A watched value that is itself the loss.
    @Test func theGradientOfTheLossIsTheSeed() {
      let tape = Tape()
      let input = tape.watch(Tensor([1, 1]))
      tape.backward(from: input, seed: Tensor([4, 5]))
      #expect(tape.gradient(of: input)?.elements == [4, 5])
    }

    /// Two tasks, two tapes: neither records what the other computes.
    @Test func tasksRecordApart() async {
      let parameter = Parameter(Tensor.random([64], seed: 1))
      let gradients = await withTaskGroup(of: [Float].self) { group in
        for factor in 1...8 {
          group.addTask {
            let tape = Tape()
            let loss = tape.record {
              (0..<20).reduce(parameter.tensor) { sum, _ in sum + parameter.tensor * Float(factor) }
            }
            guard tape.recordedOperations == 40 else { return [] }
            tape.backward(from: loss)
            return [Float(factor)] + (tape.gradient(of: parameter)?.elements ?? [])
          }
        }
        return await group.reduce(into: [[Float]]()) { $0.append($1) }
      }
      for gradient in gradients {
        #expect(gradient.count == 65)
        #expect(gradient.dropFirst().allSatisfy { $0 == 1 + 20 * (gradient.first ?? 0) })
      }
    }
  }

  @Suite struct Tensors {
    @Test func shapesAreCounted() {
      let tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [1, 2, 3])
      #expect(tensor.count == 6)
      #expect(tensor.rank == 3)
      #expect(tensor.width == 3)
      #expect(tensor.rows == 2)
      #expect(Tensor([7]).scalar == 7)
      #expect(Tensor([7], shape: []).width == 1)
      #expect(Tensor([], shape: [2, 0]).rows == 0)
    }

    @Test func elementsAreThoseGiven() throws {
      #expect(Tensor([1, 2]).elements == [1, 2])
      #expect(Tensor(repeating: 3, shape: [2, 2]).elements == [3, 3, 3, 3])
      let filled = Tensor(shape: [3]) { buffer in
        for index in buffer.indices { buffer[index] = Float(index) }
      }
      #expect(filled.elements == [0, 1, 2])
      #expect(filled.withElements { $0.reduce(0, +) } == 3)
    }

    @Test func aParameterHoldsAValueOffTheTape() {
      let tape = Tape()
      #expect(Parameter(tape.watch(Tensor([1]))).value.node == nil)
    }
  }
}
