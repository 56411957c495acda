// CheckpointParityTests.swift - networks with the weights of original checkpoints give the original's logits.

import Layers
import Routing
import SafeFiles
import TRAR
import Tensors
import TestSupport
import Testing
import WeightFiles

extension TRARTests {
  @Suite struct CheckpointParity {
    @Test(arguments: try ParitySets.folders(.trarCheckpoint))
    func theLogitsAreTheOriginals(_ set: ParitySet) throws {
      let description = try set.json("readme.json")
      let configuration = try TRARConfiguration(original: description)
      let side = try integer(description["config"], "IMG_SCALE")
      let spans = try SpanMasks(grid: GridSize(rows: side, columns: side), orders: configuration.orders)
      let expected = try TensorFile(path: set.file("expected.safetensors"))
      let words = try expected.tensor("in.ques_ix")
      let ids = try expected.int64s("in.ques_ix").map { Int($0) }
      let features = Tensor(try expected.floats("in.img_feat"), shape: try expected.tensor("in.img_feat").shape)
      let logits = try expected.floats("out.logits")
      var settings = RoutingSettings(temperature: configuration.temperature, binarize: configuration.binarize)
      settings.noise = try recordedNoise(expected)

      let files = set.files(suffix: ".pkl")
      try #require(!files.isEmpty)
      var worst: Float = 0
      for file in files {
        var random = SeededRandom(seed: 1)
        let network = TRARNetwork(configuration, random: &random)
        try network.load(try TorchCheckpoint(path: set.file(file)), "\(set.path)/\(file)")
        for backend in Backend.available {
          try withBackend(backend) {
            let pass = TRARPass(settings: settings)
            var trace = RoutingTrace()
            let question = network.encode(words: ids, batch: words.shape[0], pass: pass)
            let found = network.decode(
              features: features, question: question, spans: spans, pass: pass, trace: &trace)
            let comparison = try compare(found.elements, logits, absolute: 2e-5, relative: 1e-5)
            #expect(comparison.isWithin, "\(set.path)/\(file) \(backend) is off by \(comparison.worst)")
            worst = max(worst, comparison.worst)
          }
        }
      }
      try printParity(kind: "trar", folder: set.name, worst: worst, tolerance: 2e-5)
    }
  }
}

extension TRARNetwork {
  /// Takes every parameter from a checkpoint that has each of them, in the network's order, and nothing else.
  fileprivate func load(_ file: TorchCheckpoint, _ path: String) throws {
    let state = try #require(file.root["state_dict"]?.dictionaryValue, "\(path)")
    let parameters = namedParameters
    #expect(state.map(\.key.textValue) == parameters.map(\.name), "\(path)")
    for (member, item) in zip(state, parameters) {
      let tensor = try #require(member.value.tensorValue, "\(path) \(item.name)")
      try #require(tensor.shape == item.parameter.value.shape, "\(path) \(item.name)")
      item.parameter.value = Tensor(try file.floats(of: tensor), shape: tensor.shape)
    }
  }
}
