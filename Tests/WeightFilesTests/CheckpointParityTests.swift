// CheckpointParityTests.swift - every tensor of the original's checkpoints, to the bit.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct CheckpointParityTests {
  @Test func everyTensorIsTheOriginals() throws {
    let sets = try ParitySets.folders(.trarCheckpoint)
    #expect(!sets.isEmpty)
    for set in sets {
      let expected = try TensorFile(path: set.file("expected.safetensors"))
      let files = set.files(suffix: ".pkl")
      #expect(!files.isEmpty)
      for name in files {
        let compared = try Self.compare(
          try TorchCheckpoint(path: set.file(name)), with: expected, "\(set.name)/\(name)")
        #expect(compared > 2, "\(set.name)/\(name)")
        try printParity(kind: "trar-checkpoint", folder: "\(set.name)/\(name)", worst: 0, tolerance: 0)
      }
    }
  }

  /// Compares the state dictionary and the moments of Adam; answers how many tensors there were.
  private static func compare(_ checkpoint: TorchCheckpoint, with expected: TensorFile, _ what: String) throws -> Int {
    let state = try #require(checkpoint.root["state_dict"]?.dictionaryValue)
    let names = expected.names.filter { $0.hasPrefix("sd.") }
    #expect(Set(state.compactMap(\.key.textValue)) == Set(names.map { String($0.dropFirst(3)) }), "\(what)")
    var pairs = try names.map {
      (name: $0, tensor: try #require(checkpoint.root["state_dict"]?[String($0.dropFirst(3))]))
    }
    for name in expected.names where name.hasPrefix("adam.") {
      let parts = name.split(separator: ".")
      let index = try #require(parts.last.flatMap { Int64($0) })
      pairs.append((name, try #require(checkpoint.root["optimizer"]?["state"]?[index]?[String(parts[1])])))
    }
    for (name, value) in pairs {
      let tensor = try #require(value.tensorValue, "\(what) \(name)")
      #expect(tensor.shape == expected[name]?.shape, "\(what) \(name)")
      let values = try checkpoint.floats(of: tensor)
      let reference = try expected.floats(name)
      #expect(values.map(\.bitPattern) == reference.map(\.bitPattern), "\(what) \(name)")
    }
    return pairs.count
  }

  @Test func everythingElseOfACheckpointIsThere() throws {
    for set in try ParitySets.folders(.trarCheckpoint) {
      let description = try set.json("readme.json")
      for name in set.files(suffix: ".pkl") {
        let checkpoint = try TorchCheckpoint(path: set.file(name))
        let root = checkpoint.root
        #expect(root["epoch"]?.integerValue == description["epoch"]?.integerValue)
        #expect(root["lr_base"]?.numberValue == description["lr_base"]?.numberValue)
        let groups = try #require(root["optimizer"]?["param_groups"]?.elements)
        let parameters = try #require(groups.first?["params"]?.elements)
        let state = try #require(root["state_dict"]?.dictionaryValue)
        #expect(parameters == (0..<Int64(state.count)).map { .integer($0) })
        // Numbers in old versions, tensors of one number in new ones.
        for index in 0..<Int64(state.count) {
          let step = try #require(root["optimizer"]?["state"]?[index]?["step"])
          #expect(try checkpoint.wholeNumber(step) == description["adam_steps_done"]?.integerValue)
        }
      }
    }
  }
}
