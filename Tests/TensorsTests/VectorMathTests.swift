// VectorMathTests.swift - the vectorised functions against the same in Double, over all arguments that matter.

import Tensors
import Testing

extension TensorTests {
  @Suite struct VectorFunctions {
    /// Evenly spaced arguments, eight at a time through the lanes.
    private static func sweep(
      _ range: ClosedRange<Double>, step: Double, _ function: (Vector) -> Vector,
      check: (_ x: Double, _ result: Double) -> Void
    ) {
      var x = range.lowerBound
      while x <= range.upperBound {
        var lanes = Vector()
        for lane in 0..<8 { lanes[lane] = Float(min(range.upperBound, x + Double(lane) * step)) }
        let results = function(lanes)
        for lane in 0..<8 { check(Double(lanes[lane]), Double(results[lane])) }
        x += 8 * step
      }
    }

    @Test func exponentialIsExactToTwoUnitsInTheLastPlace() {
      var worst = 0.0
      Self.sweep(-87.3...88.3, step: 0.0173, VectorMath.exp) { x, result in
        worst = max(worst, abs(result / exponential(x) - 1))
      }
      Self.sweep(-1...1, step: 0.0007, VectorMath.exp) { x, result in
        worst = max(worst, abs(result / exponential(x) - 1))
      }
      #expect(worst < 2e-7)
    }

    @Test func exponentialIsClampedOutsideItsRange() {
      let results = VectorMath.exp(Vector(-88, -1000, -.infinity, 89, 1000, .infinity, 0, -0.0))
      for lane in 0..<3 { #expect(results[lane] > 0 && results[lane] < 1.3e-38) }
      for lane in 3..<6 { #expect(results[lane] > 2e38 && results[lane].isFinite) }
      #expect(results[6] == 1 && results[7] == 1)
      #expect(VectorMath.exp(Vector(repeating: .nan))[0].isNaN)
    }

    @Test func sigmoidIsExact() {
      var worst = 0.0
      Self.sweep(-80...80, step: 0.0191, VectorMath.sigmoid) { x, result in
        worst = max(worst, abs(result / Exact.sigmoid(x) - 1))
      }
      #expect(worst < 3e-7, "relative")
      let ends = VectorMath.sigmoid(Vector(-1000, 1000, -.infinity, .infinity, 0, 0, 0, 0))
      #expect(ends[0] >= 0 && ends[0] < 1e-37 && ends[1] == 1 && ends[2] < 1e-37 && ends[3] == 1 && ends[4] == 0.5)
    }

    @Test func hyperbolicTangentIsExact() {
      var worst = 0.0
      for (range, step) in [(-12.0...12.0, 0.0031), (-0.7...0.7, 0.00037), (-1e-4...1e-4, 1e-7)] {
        Self.sweep(range, step: step, VectorMath.tanh) { x, result in
          // Near zero the two exponentials of the quotient nearly cancel; x - x³/3 is exact there.
          let exact = abs(x) < 1e-3 ? x - x * x * x / 3 : Exact.tanh(x)
          worst = max(worst, exact == 0 ? abs(result) : abs(result / exact - 1))
        }
      }
      #expect(worst < 3e-7, "relative")
      let ends = VectorMath.tanh(Vector(-1000, 1000, -.infinity, .infinity, 0, 20, -20, 0))
      #expect(ends[0] == -1 && ends[1] == 1 && ends[2] == -1 && ends[3] == 1 && ends[4] == 0)
    }

    @Test func normalDistributionIsCloseEverywhere() {
      var distribution = 0.0
      var density = 0.0
      Self.sweep(-12...12, step: 0.0047, { VectorMath.normal($0).distribution }) { x, result in
        distribution = max(distribution, abs(result - Exact.normalDistribution(x)))
      }
      Self.sweep(-12...12, step: 0.0047, { VectorMath.normal($0).density }) { x, result in
        density = max(density, abs(result - Exact.normalDensity(x)))
      }
      #expect(distribution < 3e-7, "absolute")
      #expect(density < 1e-7, "absolute")
    }

    @Test func geluIsCloseEverywhere() {
      let arguments = (0...5000).map { Float($0) * 0.004 - 10 }
      let results = Tensor(arguments).activated(.gelu).elements
      for (x, result) in zip(arguments, results) {
        let exact = Exact.gelu(Double(x))
        #expect(abs(Double(result) - exact) < 3e-7 * max(1, Double(abs(x))), "\(x)")
      }
    }
  }
}
