// ConvolutionTests.swift - cases of the convolution, and what the pool and the library make of it.

import Tensors
import Testing

extension OperationCase {
  /// Sizes of one convolution and how it is called.
  struct Convolution: Sendable {
    let input: [Int]
    let weight: [Int]
    var stride = 1
    var padding = ConvolutionPadding()
    var groups = 1
    var hasBias = true
    var activation = Activation.none

    func named(_ name: String) -> OperationCase {
      var inputs = [Tensor.random(input, seed: 1), Tensor.random(weight, seed: 2)]
      if activation == .relu {
        // Products are odd numbers of quarters; with a bias of odd eighths no sum is near zero, where ReLU has its kink.
        let halves: [Float] = [-1.5, -0.5, 0.5, 1.5]
        inputs = [Tensor.random(input, seed: 1, from: halves), Tensor.random(weight, seed: 2, from: halves)]
      }
      if hasBias { inputs.append(Tensor.random([weight[0]], seed: 3, from: [-0.375, -0.125, 0.125, 0.375])) }
      return OperationCase("convolution, \(name)", inputs) { tensors in
        tensors[0].convolution(
          tensors[1], bias: hasBias ? tensors[2] : nil, stride: stride, padding: padding, groups: groups,
          activation: activation)
      } reference: {
        reference($0)
      }
    }

    /// The sum written out, one output at a time.
    private func reference(_ inputs: [Reference]) -> Reference {
      let (height, width, channels) = (input[1], input[2], input[3])
      let (outputs, groupChannels, kernelHeight, kernelWidth) = (weight[0], weight[1], weight[2], weight[3])
      let rows = (height + padding.top + padding.bottom - kernelHeight) / stride + 1
      let columns = (width + padding.left + padding.right - kernelWidth) / stride + 1
      let picture = inputs[0].elements
      let kernel = inputs[1].elements
      var result: [Double] = []
      for sample in 0..<input[0] {
        for row in 0..<rows {
          for column in 0..<columns {
            for output in 0..<outputs {
              var sum = hasBias ? inputs[2].elements[output] : 0
              let firstChannel = output / (outputs / groups) * groupChannels
              for kernelRow in 0..<kernelHeight {
                let y = row * stride + kernelRow - padding.top
                guard y >= 0, y < height else { continue }
                for kernelColumn in 0..<kernelWidth {
                  let x = column * stride + kernelColumn - padding.left
                  guard x >= 0, x < width else { continue }
                  let pixel = ((sample * height + y) * width + x) * channels + firstChannel
                  let place =
                    output * groupChannels * kernelHeight * kernelWidth + kernelRow * kernelWidth + kernelColumn
                  for channel in 0..<groupChannels {
                    sum += picture[pixel + channel] * kernel[place + channel * kernelHeight * kernelWidth]
                  }
                }
              }
              result.append(Exact.activation(activation)(sum))
            }
          }
        }
      }
      return Reference(shape: [input[0], rows, columns, outputs], elements: result)
    }
  }

  static let convolution: [OperationCase] = [
    Convolution(input: [2, 5, 4, 3], weight: [4, 3, 3, 3], padding: .init(1)).named("3x3"),
    Convolution(
      input: [2, 6, 5, 2], weight: [3, 2, 3, 3], stride: 2, padding: .init(top: 0, left: 0, bottom: 1, right: 1),
      hasBias: false
    ).named("3x3, stride 2, padding at the far sides"),
    Convolution(
      input: [1, 5, 7, 2], weight: [9, 2, 2, 3], stride: 3, padding: .init(top: 2, left: 1, bottom: 0, right: 2),
      activation: .gelu
    ).named("2x3, stride 3, GELU"),
    Convolution(input: [2, 3, 3, 1], weight: [3, 1, 2, 2], padding: .init(1), activation: .relu).named("2x2, ReLU"),
    Convolution(input: [1, 2, 3, 2], weight: [2, 2, 2, 2], padding: .init(3)).named("2x2, padding beyond the kernel"),
    Convolution(input: [2, 3, 2, 5], weight: [9, 5, 1, 1], activation: .gelu).named("1x1, GELU"),
    Convolution(input: [2, 4, 5, 3], weight: [4, 3, 1, 1], stride: 2).named("1x1, stride 2"),
    Convolution(input: [1, 4, 4, 4], weight: [6, 2, 3, 2], padding: .init(1), groups: 2).named("two groups"),
    Convolution(input: [2, 3, 4, 18], weight: [18, 1, 3, 3], padding: .init(1), groups: 18).named("depthwise 3x3"),
    Convolution(
      input: [1, 6, 5, 5], weight: [5, 1, 5, 5], stride: 2, padding: .init(top: 1, left: 2, bottom: 2, right: 2),
      groups: 5, hasBias: false, activation: .gelu
    ).named("depthwise 5x5, stride 2, GELU"),
    Convolution(input: [2, 3, 3, 3], weight: [6, 1, 3, 3], padding: .init(1), groups: 3).named(
      "depthwise, two outputs a channel"),
    Convolution(input: [1, 2, 2, 9], weight: [9, 1, 2, 2], padding: .init(4), groups: 9).named(
      "depthwise, padding beyond the kernel"),
  ]

  /// Cut over samples with a shorter last piece, over rows of one picture, over channels, over pixels.
  static let cutConvolution: [OperationCase] = [
    Convolution(input: [3, 12, 12, 18], weight: [17, 18, 3, 3], padding: .init(1)).named("cut over samples"),
    Convolution(
      input: [1, 45, 29, 18], weight: [20, 18, 3, 3], stride: 2, padding: .init(top: 0, left: 1, bottom: 2, right: 1)
    ).named("cut over rows"),
    Convolution(input: [1, 9, 9, 40], weight: [40, 1, 3, 3], padding: .init(1), groups: 40).named("cut over channels"),
    Convolution(input: [2, 9, 16, 48], weight: [40, 48, 1, 1]).named("cut over pixels"),
  ]

  /// Cut over rows with a piece that touches neither the upper nor the lower edge.
  static let middleRows = Convolution(
    input: [1, 44, 14, 18], weight: [16, 18, 3, 3], padding: .init(1), activation: .gelu
  ).named("cut over rows, GELU")
}

extension TensorTests {
  @Suite struct Convolution {
    @Test(arguments: OperationCase.cutConvolution + [OperationCase.middleRows], Backend.available)
    func cutConvolutionIsTheReference(_ operation: OperationCase, backend: Backend) {
      let result = withBackend(backend) { withThreads(2) { operation.function(operation.inputs) } }
      let expected = operation.reference(operation.inputs.map { Reference($0) })
      #expect(result.shape == expected.shape)
      expectClose(result.elements, expected.elements, within: 2e-6)
    }

    /// The gradients are linear in the slopes: <dW, W> and <dX, X> are both <slopes, result> when there is no bias.
    @Test(arguments: OperationCase.cutConvolution, Backend.available)
    func gradientsOfACutConvolutionAreItsTransposes(_ operation: OperationCase, backend: Backend) throws {
      let inputs = operation.inputs.prefix(2) + operation.inputs.dropFirst(2).map { $0 * 0 }
      let result = operation.function(Array(inputs))
      let weights = Tensor.random(result.shape, seed: 77)
      let gradients = withBackend(backend) {
        recordedGradients(Array(inputs), weights: weights, function: operation.function)
      }
      let whole = Exact.dot(Reference(result).elements, Reference(weights).elements)
      for place in 0..<2 {
        let gradient = try #require(gradients[place])
        let product = Exact.dot(gradient.map(Double.init), Reference(inputs[place]).elements)
        #expect(abs(product - whole) <= 1e-5 * max(1, abs(whole)), "input \(place)")
      }
    }

    @Test(arguments: Backend.available)
    func noPicturesGiveNoResultAndAZeroGradient(_ backend: Backend) throws {
      try withBackend(backend) {
        for groups in [1, 2] {
          let tape = Tape()
          let weight = tape.watch(Tensor(repeating: 1, shape: [2, 2 / groups, 3, 3]))
          let result = tape.record {
            Tensor([], shape: [0, 4, 4, 2]).convolution(weight, padding: .init(1), groups: groups)
          }
          #expect(result.shape == [0, 4, 4, 2])
          tape.backward(from: result)
          let gradient = try #require(tape.gradient(of: weight))
          #expect(gradient.elements.allSatisfy { $0 == 0 })
        }
      }
    }

    /// The library falls to its reference code without a word when a layout or a shape does not suit it.
    @Test(
      .enabled(if: Backend.available.contains(.oneDNN)),
      arguments: [
        ConvolutionShape(input: [8, 64, 64, 3], weight: [32, 3, 3, 3], stride: 2, padding: .init(1)),
        ConvolutionShape(
          input: [8, 64, 64, 3], weight: [32, 3, 3, 3], stride: 2, padding: .init(top: 0, left: 0, bottom: 1, right: 1)),
        ConvolutionShape(input: [8, 32, 32, 32], weight: [64, 32, 3, 3], stride: 2, padding: .init(1)),
        ConvolutionShape(input: [8, 16, 16, 64], weight: [128, 64, 3, 3], stride: 2, padding: .init(1)),
        ConvolutionShape(input: [8, 8, 8, 128], weight: [192, 128, 1, 1]),
        ConvolutionShape(input: [8, 16, 16, 64], weight: [128, 64, 1, 1], stride: 2),
      ])
    func libraryHasFastCodeForAStem(_ shape: ConvolutionShape) {
      let names = shape.libraryImplementations()
      #expect(names.count == 3)
      for name in names { #expect(!name.isEmpty && !name.contains("ref"), "\(names)") }
    }

    @Test(.enabled(if: Backend.available.contains(.oneDNN)))
    func libraryHasFastCodeForDepthwise() {
      let shape = ConvolutionShape(input: [8, 14, 14, 96], weight: [96, 1, 5, 5], padding: .init(2), groups: 96)
      for name in shape.libraryImplementations().prefix(2) {
        #expect(!name.isEmpty && !name.contains("ref"), "\(name)")
      }
    }
  }
}
