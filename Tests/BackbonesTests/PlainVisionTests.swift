// PlainVisionTests.swift - pixels to tokens by a convolution stem or by patches.

import Backbones
import Layers
import Routing
import Tensors
import TestSupport
import Testing

/// Runs `body` with a back end and a number of threads, then sets both back.
private func with<Result>(_ backend: Backend, threads: Int, _ body: () throws -> Result) rethrows -> Result {
  let before = (Backend.current, WorkerPool.shared.threads)
  (Backend.current, WorkerPool.shared.threads) = (backend, threads)
  defer { (Backend.current, WorkerPool.shared.threads) = before }
  return try body()
}

/// A small vision side of each kind.
struct VisionCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let configuration: PlainVisionConfiguration

  init(_ name: String, _ change: (inout PlainVisionConfiguration) -> Void) {
    testDescription = name
    var configuration = PlainVisionConfiguration()
    configuration.pictureSize = 16
    configuration.channels = [4, 6]
    configuration.patchSize = 4
    configuration.width = 8
    configuration.heads = 2
    change(&configuration)
    self.configuration = configuration
  }

  static let all = [
    VisionCase("stem") { _ in },
    VisionCase("stem of the width of tokens") { $0.channels = [4, 8] },
    VisionCase("deep stem, odd size") {
      $0.isDeep = true
      $0.pictureSize = 13
      $0.channels = [3, 5, 6]
    },
    VisionCase("patches") { $0.embedding = .patches },
    VisionCase("patches, no layers") {
      $0.embedding = .patches
      $0.layers = 0
    },
    VisionCase("stem, two layers") { $0.layers = 2 },
  ]

  func make(seed: UInt64 = 1) -> PlainVision {
    var random = SeededRandom(seed: seed)
    return PlainVision(configuration, random: &random)
  }

  func pictures(_ count: Int, seed: UInt64 = 2) -> Tensor {
    var random = SeededRandom(seed: seed)
    let size = configuration.pictureSize
    return Tensor(
      (0..<(count * size * size * 3)).map { _ in random.uniform(-1, 1) }, shape: [count, size, size, 3])
  }
}

/// Tests that set the number of threads or the back end must not run beside others, nor those of other targets.
@Suite(.serialized, .inTurn)
struct PlainVisionTests {
  @Test(arguments: VisionCase.all)
  func tokensFillTheGrid(_ vision: VisionCase) throws {
    let side = vision.make()
    #expect(side.configuration.problem == nil)
    #expect(side.grids.count == 1)
    #expect(side.pictureSize == vision.configuration.pictureSize)
    let grid = try #require(side.grids.first)
    let result = side.tokens(of: vision.pictures(3), stage: 0, after: nil)
    #expect(result.tokens.shape == [3, grid.tokens, side.tokenWidth])
    #expect(result.grid == grid)
    #expect(result.carried.isEmpty)
    #expect(result.tokens.isFinite)
  }

  @Test func gridsHaveTheSideOfTheirPixels() {
    func side(_ change: (inout PlainVisionConfiguration) -> Void) -> Int {
      VisionCase("", change).configuration.gridSide
    }
    #expect(side { _ in } == 4)
    #expect(side { $0.pictureSize = 13 } == 4, "13 to 7 to 4")
    #expect(side { $0.embedding = .patches } == 4)
    #expect(PlainVisionConfiguration().gridSide == 8)
  }

  @Test(arguments: VisionCase.all)
  func everyParameterGetsAGradient(_ vision: VisionCase) throws {
    let side = vision.make()
    let tape = Tape(training: TrainingMode(seed: 1))
    let tokens = tape.record { side.tokens(of: vision.pictures(2), stage: 0, after: nil).tokens }
    var random = SeededRandom(seed: 3)
    let slope = Tensor((0..<tokens.count).map { _ in random.uniform(-1, 1) }, shape: tokens.shape)
    tape.backward(from: tokens, seed: slope)
    #expect(Set(side.namedParameters.map(\.name)).count == side.namedParameters.count)
    for (name, parameter) in side.namedParameters where parameter.isTrainable {
      let gradient = try #require(tape.gradient(of: parameter), "\(name)")
      #expect(gradient.shape == parameter.value.shape && gradient.isFinite, "\(name)")
      // A number added to the scores of all keys changes no softmax.
      if name.hasSuffix("linear_k.bias") { continue }
      #expect(gradient.elements.contains { abs($0) > 1e-6 }, "\(name)")
    }
  }

  @Test(arguments: VisionCase.all)
  func nothingIsRecordedOutsideTraining(_ vision: VisionCase) {
    let side = vision.make()
    let pictures = vision.pictures(1)
    let tokens = side.tokens(of: pictures, stage: 0, after: nil).tokens
    #expect(tokens.node == nil)
    let tape = Tape()
    let unrecorded = tape.record {
      Tape.withoutRecording { side.tokens(of: pictures, stage: 0, after: nil).tokens }
    }
    #expect(tape.recordedOperations == 0)
    #expect(unrecorded.elements == tokens.elements)
  }

  @Test(arguments: VisionCase.all)
  func aPictureAloneGivesWhatItGivesInABatch(_ vision: VisionCase) {
    let side = vision.make()
    let pictures = vision.pictures(3)
    let together = side.tokens(of: pictures, stage: 0, after: nil).tokens
    for index in 0..<3 {
      let alone = side.tokens(of: pictures.samples([index]), stage: 0, after: nil).tokens.elements
      let same = together.samples([index]).elements
      #expect(zip(alone, same).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test(arguments: VisionCase.all)
  func threadsDoNotMatter(_ vision: VisionCase) {
    for backend in Backend.available {
      let results = [1, 2].map { threads in
        with(backend, threads: threads) { () -> [[UInt32]] in
          // Batch norm moves its statistics, so each run has a network of its own.
          let side = vision.make()
          let tape = Tape(training: TrainingMode(seed: 1))
          let tokens = tape.record { side.tokens(of: vision.pictures(2), stage: 0, after: nil).tokens }
          tape.backward(from: tokens)
          let gradients = side.namedParameters.map { tape.gradient(of: $0.parameter) ?? $0.parameter.value }
          let answer = side.tokens(of: vision.pictures(1), stage: 0, after: nil).tokens
          return ([tokens, answer] + gradients).map { $0.elements.map(\.bitPattern) }
        }
      }
      #expect(results[0] == results[1], "\(backend)")
    }
  }

  @Test func answersUseTheRunningStatistics() throws {
    let vision = VisionCase.all[0]
    let side = vision.make()
    let pictures = vision.pictures(2)
    func statistics() -> [[Float]] {
      side.namedParameters.filter { !$0.parameter.isTrainable }.map(\.parameter.value.elements)
    }
    func tokens() -> [Float] { side.tokens(of: pictures, stage: 0, after: nil).tokens.elements }
    let (before, first) = (statistics(), tokens())
    #expect(before.count == 4, "mean and variance of two norms")
    #expect(statistics() == before, "answering leaves the statistics alone")
    let trained = Tape(training: TrainingMode(seed: 1)).record { tokens() }
    let after = statistics()
    #expect(zip(after, before).allSatisfy { $0 != $1 }, "training moves all of them")
    #expect(trained != first, "training uses those of its batch")
    let second = tokens()
    #expect(second != first, "answering uses the moved ones")
    #expect(statistics() == after)
    // A picture's neighbours in the batch do not matter to it.
    let alone = side.tokens(of: pictures.samples([0]), stage: 0, after: nil).tokens.elements
    #expect(zip(alone, second).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func namesTellThePlace() {
    let stem = VisionCase.all[0].make().namedParameters.map(\.name)
    #expect(
      Array(stem[0..<14]) == [
        "stem.0.conv.weight", "stem.0.norm.weight", "stem.0.norm.bias", "stem.0.norm.running_mean",
        "stem.0.norm.running_var", "stem.1.conv.weight", "stem.1.norm.weight", "stem.1.norm.bias",
        "stem.1.norm.running_mean", "stem.1.norm.running_var", "project.weight", "project.bias", "pos_embed",
        "blocks.0.norm1.weight",
      ])
    #expect(stem.suffix(2) == ["norm.weight", "norm.bias"])
    let patches = VisionCase.all[3].make().namedParameters
    #expect(patches[0].name == "patch_embed.proj.weight" && patches[0].parameter.value.shape == [8, 3, 4, 4])
    #expect(patches[1].name == "patch_embed.proj.bias")
    #expect(patches[2].name == "pos_embed" && patches[2].parameter.value.shape == [16, 8])
    #expect(!VisionCase.all[1].make().namedParameters.contains { $0.name.hasPrefix("project") })
  }

  /// A patch embedding is a linear map of each patch: moving a picture by one patch moves the tokens, but for their positions.
  @Test func patchesAreSeenOneByOne() throws {
    let vision = VisionCase.all[4]
    let side = vision.make()
    let positions = try #require(side.namedParameters.first { $0.name == "pos_embed" }).parameter
    positions.value = Tensor(repeating: 0, shape: positions.value.shape)
    let picture = vision.pictures(1)
    let moved = Tensor(
      Array(picture.elements[(4 * 16 * 3)...] + picture.elements[..<(4 * 16 * 3)]), shape: picture.shape)
    let tokens = side.tokens(of: picture, stage: 0, after: nil).tokens.elements
    let shifted = side.tokens(of: moved, stage: 0, after: nil).tokens.elements
    let expected = Array(tokens[(4 * 8)...] + tokens[..<(4 * 8)])
    #expect(zip(shifted, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(tokens[0..<8] != tokens[8..<16])
  }
}
