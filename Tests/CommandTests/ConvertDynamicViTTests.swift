// ConvertDynamicViTTests.swift - `vqa convert` and `vqa inspect` on checkpoints of the original Dynamic ViT.

import Foundation
import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct ConvertDynamicViTTests {
  /// Runs a test in a folder with the two checkpoints of this package: `published.pth.tar` and `training.pth.tar`.
  private func withCheckpoints(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let set = try #require(try ParitySets.folders(.dynamicViTCheckpoint, environment: [:]).first)
      for name in set.files(suffix: ".pth.tar") {
        try FileManager.default.copyItem(atPath: set.file(name), toPath: "\(folder)/\(name)")
      }
      try body(folder)
    }
  }

  private func convert(_ words: String..., folder: String) throws -> Run {
    try Vqa.start(["convert"] + words, folder: folder).end()
  }

  @Test func aPublishedCheckpointIsConverted() throws {
    try withCheckpoints { folder in
      let run = try convert("published.pth.tar", "--output", "dvt.safetensors", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      try expectSnapshot("convert-dynamic-vit.txt", run.output)
      #expect(run.errors == "vqa: next: vqa inspect dvt.safetensors\n")
      let shown = try Vqa.run("inspect", "dvt.safetensors", folder: folder)
      try expectSnapshot("inspect-dynamic-vit.txt", shown.output)
      let object = try Vqa.run("inspect", "dvt.safetensors", "--json", folder: folder).object()
      #expect(object["kind"] == "dynamic-vit" && object["configuration"]?["family"] == "deit")
      #expect(object["record"]?["converted.heads"] == "relations" && object["costs"]?.arrayValue?.count == 3)
      #expect(object["operatingPoints"]?.arrayValue?.count == 59)
      let file = try TensorFile(path: folder + "/dvt.safetensors")
      #expect(file.metadata["kind"] == "dynamic-vit" && file.metadata["converted.weights"] == "model_state_dict")

      // Stored another way, the facts stay.
      let again = try convert(
        "dvt.safetensors", "--output", "half.safetensors", "--storage", "f16", "--heads", "2", folder: folder)
      #expect(again.code == 0 && again.errors.contains("'--heads' has no effect on a Dynamic ViT"), "\(again.errors)")
      let half = try TensorFile(path: folder + "/half.safetensors")
      #expect(half.metadata == file.metadata && half.tensors.allSatisfy { $0.type == .float16 })
      #expect(try convert("dvt.safetensors", "--output", "half.safetensors", folder: folder).code == 73)
    }
  }

  @Test func aTrainingCheckpointHasTwoKindsOfWeights() throws {
    try withCheckpoints { folder in
      for (words, source) in [
        ([], "state_dict_ema"), (["--weights", "ema"], "state_dict_ema"), (["--weights", "plain"], "state_dict"),
      ] {
        let line = ["convert", "training.pth.tar", "--output", "t.safetensors", "--force"]
        let run = try Vqa.start(line + words, folder: folder).end()
        #expect(run.code == 0 && run.output.contains("weights       \(source)\n"), "\(run.errors)")
        let file = try TensorFile(path: folder + "/t.safetensors")
        #expect(file.metadata["converted.weights"] == source && file.metadata["thresholds"] == nil)
      }
      // Options of TRAR's checkpoints are of no use, but do not hinder.
      let run = try convert(
        "training.pth.tar", "--output", "u.safetensors", "--config", "none.yml", "--questions", "q.json", folder: folder
      )
      #expect(run.code == 0 && run.errors.contains("'--config' has no effect on a Dynamic ViT"), "\(run.errors)")
    }
  }

  @Test func checkpointsCanBeInspected() throws {
    try withCheckpoints { folder in
      let object = try Vqa.run("inspect", "published.pth.tar", "--json", folder: folder).object()
      #expect(object["kind"] == "checkpoint" && object["weights"] == "model_state_dict")
      let stages = object["stages"]?.arrayValue ?? []
      #expect(stages.compactMap { $0["grid"]?.arrayValue?.first?.integerValue } == [7, 10, 14])
      #expect(stages.allSatisfy { ($0["multiplyAdds"]?.integerValue ?? 0) > 0 })
      #expect(object["tensors"]?.arrayValue?.isEmpty == false)
      let text = try Vqa.run("inspect", "training.pth.tar", folder: folder).output
      #expect(text.contains("family         T2T-ViT, performer\n") && text.contains("epoch          299\n"), "\(text)")
      #expect(text.contains("state_dict_ema.less_less_token.cls_token "))
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    try withCheckpoints { folder in
      let heads = try convert("published.pth.tar", "--output", "a.safetensors", "--heads", "3", folder: folder)
      #expect(
        heads.code == 65 && heads.errors.hasPrefix("vqa: published.pth.tar: the relations are"), "\(heads.errors)")
      let average = try convert("published.pth.tar", "--output", "a.safetensors", "--weights", "ema", folder: folder)
      #expect(average.code == 65 && average.errors.contains("no state_dict_ema"), "\(average.errors)")
      // A cascade of which most is missing.
      let state = Pickled.ordered([("less_less_token.cls_token", .tensor(key: "0", shape: [1, 1, 64]))])
      let bytes = torchFile(
        .dictionary([(.text("model_state_dict"), state)]),
        storages: [("0", storageBytes(Array(repeating: 0, count: 64)))])
      try AtomicFile.write(bytes, to: folder + "/part.pth.tar")
      let part = try convert("part.pth.tar", "--output", "a.safetensors", folder: folder)
      let missing = "tensor less_less_token.blocks.0.mlp.fc1.weight: the network has this tensor, the file has not"
      #expect(part.code == 65 && part.errors.hasPrefix("vqa: part.pth.tar: \(missing)"), "\(part.errors)")
      let shown = try Vqa.run("inspect", "part.pth.tar", folder: folder)
      #expect(shown.code == 0 && shown.output.contains("problem       \(missing)"), "\(shown.output)")
      #expect(try convert("none.pth.tar", "--output", "a.safetensors", folder: folder).code == 66)
      try AtomicFile.write("no pickle", to: folder + "/text.pth.tar")
      #expect(try convert("text.pth.tar", "--output", "a.safetensors", folder: folder).code == 65)
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.safetensors"))
    }
  }
}
