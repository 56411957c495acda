// ConvertBackboneTests.swift - `vqa convert` and `vqa inspect` on the published EfficientNet-lite0.

import Foundation
import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct ConvertBackboneTests {
  @Test func thePublishedCheckpointIsConverted() throws {
    guard let path = try PublishedBackbone.path(for: "converting a backbone") else { return }
    try withTemporaryFolder { folder in
      let run = try Vqa.run("convert", path, "--output", "b.safetensors", "--storage", "f16", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      try expectSnapshot("convert-backbone.txt", run.output)
      let shown = try Vqa.run("inspect", "b.safetensors", folder: folder)
      #expect(shown.code == 0, "\(shown.errors)")
      try expectSnapshot("inspect-backbone.txt", shown.output)
      let object = try Vqa.run("inspect", "b.safetensors", "--json", folder: folder).object()
      #expect(object["kind"] == "backbone" && object["architecture"] == "efficientnet-lite0")
      #expect(object["parameters"] == 4_631_000 && object["multiplyAdds"]?["224"] == 383_907_552)
      let file = try TensorFile(path: folder + "/b.safetensors")
      #expect(file.metadata["source.sha256"] == PublishedBackbone.hash)
      // Stored another way, it keeps its record.
      let again = try Vqa.run(
        "convert", "b.safetensors", "--output", "c.safetensors", "--heads", "2", folder: folder)
      #expect(again.code == 0 && again.errors.contains("'--heads' has no effect on a backbone"), "\(again.errors)")
      #expect(try TensorFile(path: folder + "/c.safetensors").metadata == file.metadata)
      let checkpoint = try Vqa.run("inspect", path, folder: folder)
      #expect(checkpoint.output.contains("\nnetwork       EfficientNet"), "\(checkpoint.output.prefix(400))")
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    try withTemporaryFolder { folder in
      let weights = [("_conv_stem.weight", [32, 3, 3, 3]), ("_conv_head.weight", [1]), ("_bn0.running_mean", [32])]
      let bytes = torchFile(
        .ordered(weights.map { ($0.0, .tensor(key: $0.0, shape: $0.1)) }),
        storages: weights.map { ($0.0, storageBytes(Array(repeating: 0, count: $0.1.reduce(1, *)))) })
      try AtomicFile.write(bytes, to: folder + "/part.pth")
      let run = try Vqa.run("convert", "part.pth", "--output", "a.safetensors", folder: folder)
      #expect(run.code == 65 && run.errors.hasPrefix("vqa: part.pth: tensor _bn0.weight: missing"), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.safetensors"))
    }
  }
}
