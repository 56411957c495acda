// BackbonesTests.swift - the suite around the tests of backbones.

import Tensors
import TestSupport
import Testing

/// The suite around others: tests that set the number of threads or the back end must not run beside others, nor those of other targets.
@Suite(.serialized, .inTurn)
enum BackbonesTests {}

/// Numbers drawn evenly from -1 to 1.
func randomTensor(_ shape: [Int], seed: UInt64) -> Tensor {
  var random = SeededRandom(seed: seed)
  return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(-1, 1) }, shape: shape)
}
