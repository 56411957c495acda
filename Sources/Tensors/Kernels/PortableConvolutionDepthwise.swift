// PortableConvolutionDepthwise.swift - depthwise convolutions by direct loops, vectorised over the channels.
//
// Forward and input gradient are the same sum, target[pixel] = Σ source[pixel'] weight[tap], with different pairs of pixel' and tap. With
// several outputs a channel, the input's channels are first repeated, so that every output has an input of its own.

enum PortableDepthwiseConvolution {
  /// The forward for parts of a convolution.
  static func forward(
    _ shape: ConvolutionShape, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?
  ) -> ConvolutionPass {
    let packed = packedWeights(shape, weight)
    return { part, input, output in
      let repeated = repeatedChannels(part, input)
      let rows = DepthwiseReach.ofOutputs(part, vertical: true)
      let columns = DepthwiseReach.ofOutputs(part, vertical: false)
      let inputSize = part.height * part.width * part.outputs
      let outputSize = part.outputHeight * part.outputWidth * part.outputs
      for sample in 0..<part.batch {
        let source = (repeated.map { UnsafePointer($0.pointer) } ?? input) + sample * inputSize
        let sum = DepthwiseSum(
          source: source, sourceWidth: part.width, weights: packed.pointer, kernelWidth: part.kernelWidth,
          channels: part.outputs)
        sum.run(rows, columns, start: bias, into: output + sample * outputSize, accumulate: false)
      }
    }
  }

  /// The gradient of the input for parts of a convolution.
  static func inputGradient(
    _ shape: ConvolutionShape, _ weight: UnsafePointer<Float>, accumulate: Bool
  ) -> ConvolutionPass {
    let packed = packedWeights(shape, weight)
    return { part, gradient, target in
      let several = part.groupOutputs > 1 ? Storage(count: part.inputCount * part.groupOutputs) : nil
      let rows = DepthwiseReach.ofInputs(part, vertical: true)
      let columns = DepthwiseReach.ofInputs(part, vertical: false)
      let inputSize = part.height * part.width * part.outputs
      let outputSize = part.outputHeight * part.outputWidth * part.outputs
      for sample in 0..<part.batch {
        let sum = DepthwiseSum(
          source: gradient + sample * outputSize, sourceWidth: part.outputWidth, weights: packed.pointer,
          kernelWidth: part.kernelWidth, channels: part.outputs)
        let place = (several?.pointer ?? target) + sample * inputSize
        sum.run(rows, columns, start: nil, into: place, accumulate: accumulate && several == nil)
      }
      guard let several else { return }
      for index in 0..<part.inputCount {
        var sum = accumulate ? target[index] : 0
        for copy in 0..<part.groupOutputs { sum += several.pointer[index &* part.groupOutputs &+ copy] }
        target[index] = sum
      }
    }
  }

  /// The gradient of the weights, cut over channels: each sum over pixels stays on one thread.
  static func weightGradient(
    _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let repeated = repeatedChannels(shape, input)
    let source = repeated.map { UnsafePointer($0.pointer) } ?? input
    let size = 32
    withExtendedLifetime(repeated) {
      WorkerPool.shared.run((shape.outputs + size - 1) / size) { piece in
        let first = piece * size
        let channels = first..<min(shape.outputs, first + size)
        let sums = Storage(zeros: shape.taps * channels.count)
        DepthwiseWeightGradient(shape: shape, input: source, gradient: gradient).add(channels, to: sums.pointer)
        for channel in channels {
          for tap in 0..<shape.taps {
            let sum = sums.pointer[tap &* channels.count &+ channel &- first]
            let place = channel &* shape.taps &+ tap
            target[place] = accumulate ? target[place] + sum : sum
          }
        }
      }
    }
  }

  /// The weights of `[O, taps]` as `[taps, O]`.
  private static func packedWeights(_ shape: ConvolutionShape, _ weight: UnsafePointer<Float>) -> Storage {
    let packed = Storage(count: shape.weightCount)
    for output in 0..<shape.outputs {
      for tap in 0..<shape.taps { packed.pointer[tap &* shape.outputs &+ output] = weight[output &* shape.taps &+ tap] }
    }
    return packed
  }

  /// The input with every channel repeated for each of its outputs; nil when each has one.
  private static func repeatedChannels(_ shape: ConvolutionShape, _ input: UnsafePointer<Float>) -> Storage? {
    let copies = shape.groupOutputs
    guard copies > 1 else { return nil }
    let result = Storage(count: shape.inputCount * copies)
    for index in 0..<shape.inputCount {
      for copy in 0..<copies { result.pointer[index &* copies &+ copy] = input[index] }
    }
    return result
  }
}

/// For every row (or column) of a target the rows of the source that reach it, each with its row of the kernel.
struct DepthwiseReach {
  private(set) var pairs: [(source: Int, kernel: Int)] = []
  private(set) var starts = [0]

  var count: Int { starts.count - 1 }

  private init(_ lists: [[(source: Int, kernel: Int)]]) {
    for list in lists {
      pairs += list
      starts.append(pairs.count)
    }
  }

  /// The inputs that reach an output.
  static func ofOutputs(_ shape: ConvolutionShape, vertical: Bool) -> DepthwiseReach {
    make(shape, vertical, byOutput: true)
  }

  /// The outputs that an input reaches.
  static func ofInputs(_ shape: ConvolutionShape, vertical: Bool) -> DepthwiseReach {
    make(shape, vertical, byOutput: false)
  }

  private static func make(_ shape: ConvolutionShape, _ vertical: Bool, byOutput: Bool) -> DepthwiseReach {
    let inputs = vertical ? shape.height : shape.width
    let outputs = vertical ? shape.outputHeight : shape.outputWidth
    let before = vertical ? shape.padding.top : shape.padding.left
    var lists = [[(source: Int, kernel: Int)]](repeating: [], count: byOutput ? outputs : inputs)
    for output in 0..<outputs {
      for kernel in 0..<(vertical ? shape.kernelHeight : shape.kernelWidth) {
        let input = output * shape.stride - before + kernel
        guard input >= 0, input < inputs else { continue }
        lists[byOutput ? output : input].append((byOutput ? input : output, kernel))
      }
    }
    return DepthwiseReach(lists)
  }
}
