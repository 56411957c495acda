// Initialisation.swift - first values of parameters, as the original implementations draw them.

import Tensors

/// First values of parameters.
public enum Initialisation {
  @TaskLocal private static var isSkipped = false

  /// Makes a network without drawing its first values, for a loader that sets every one of them.
  ///
  /// - Parameter make: Makes the network; the values of its parameters are undefined.
  /// - Returns: What `make` returns.
  /// - Throws: What `make` throws.
  public static func skipped<Result>(_ make: () throws -> Result) rethrows -> Result {
    try $isSkipped.withValue(true, operation: make)
  }

  /// A parameter of undefined values, when they are not to be drawn.
  private static func undefined(_ shape: [Int]) -> Parameter? {
    isSkipped ? Parameter(Tensor(shape: shape) { _ in }) : nil
  }

  /// Uniform in ±1/√fanIn, PyTorch's default for weights and biases of linear layers, convolutions and LSTMs.
  public static func uniform(_ shape: [Int], fanIn: Int, random: inout SeededRandom) -> Parameter {
    if let undefined = undefined(shape) { return undefined }
    let bound = 1 / Float(max(1, fanIn)).squareRoot()
    return Parameter(Tensor(shape.reduce(1, *).repeated { random.uniform(-bound, bound) }, shape: shape))
  }

  /// Normal with mean 0; truncated at two deviations when asked, as vision transformers are started.
  public static func normal(
    _ shape: [Int], deviation: Float, truncated: Bool = false, random: inout SeededRandom
  ) -> Parameter {
    if let undefined = undefined(shape) { return undefined }
    let values = shape.reduce(1, *).repeated { () -> Float in
      var value = random.normal()
      while truncated && abs(value) > 2 { value = random.normal() }
      return value * deviation
    }
    return Parameter(Tensor(values, shape: shape))
  }

  /// Normal with deviation √(2 / fanOut), He's initialisation for convolutions followed by ReLU.
  public static func kaiming(_ shape: [Int], fanOut: Int, random: inout SeededRandom) -> Parameter {
    normal(shape, deviation: (2 / Float(max(1, fanOut))).squareRoot(), random: &random)
  }

  /// The same number everywhere.
  public static func constant(_ value: Float, _ shape: [Int], isTrainable: Bool = true) -> Parameter {
    Parameter(Tensor(repeating: value, shape: shape), isTrainable: isTrainable)
  }
}

extension Int {
  /// As many values as this number says, drawn one after the other.
  fileprivate func repeated(_ draw: () -> Float) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(self)
    for _ in 0..<self { values.append(draw()) }
    return values
  }
}
