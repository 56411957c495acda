// TrainFeaturesTests.swift - `vqa train` on features, and by the settings of the original.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats
import VQAPipeline
import WeightFiles

@Suite struct TrainFeaturesTests {
  @Test(.timeLimit(.minutes(2))) func aModelLearnsFromWhatAnotherSaw() throws {
    try Tiny.withFolder { folder in
      try TinySet.write(in: folder)
      let seen = try tiny(
        "features", "--images", "set/images", "--output", "feats", "--backbone", "tiny", folder: folder)
      #expect(seen.code == 0, "\(seen.errors)")
      let run = try Vqa.run(
        "train", "recipe.json", "training.epochs=4", "--features", "feats", "--output", "run", folder: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.errors.contains("note: the model takes features, 4 x 4 cells of 8 numbers"), "\(run.errors)")
      #expect(run.errors.contains("vqa: pass 4 of 4, loss "))
      let (model, _) = try ModelFile.load(folder + "/run/model.safetensors")
      #expect(model.takesFeatures && model.configuration.vision.gridSide == 4)
      let asked = try Vqa.run(
        "ask", "feats/1.png.npy", "What color is it?", "--model", "run/model.safetensors", "--json", folder: folder)
      #expect(asked.code == 0, "\(asked.errors)")
      let inspected = try Vqa.run("inspect", "run/model.safetensors", folder: folder)
      #expect(inspected.output.contains("features, 16 rows of 8"))
    }
  }

  @Test func aBadFileCostsOneQuestionAndTheExitCodeTells() throws {
    try Tiny.withFolder { folder in
      try TinySet.write(in: folder)
      _ = try tiny("features", "--images", "set/images", "--output", "feats", "--backbone", "tiny", folder: folder)
      try AtomicFile.write("no array", to: folder + "/feats/7.png.npy")
      try FileManager.default.removeItem(atPath: folder + "/feats/8.png.npy")
      let run = try Vqa.run(
        "train", "recipe.json", "training.epochs=1", "--features", "feats", "--output", "run", folder: folder)
      #expect(run.code == 1, "\(run.errors)")
      #expect(run.errors.contains("vqa: feats: image_id 8: there is no feature file of this id"), "\(run.errors)")
      #expect(run.errors.contains("vqa: feats/7.png.npy: byte 0: "))
      #expect(run.errors.contains("2 pictures have no features; their questions were left out"))
      #expect(FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
    }
  }

  @Test func linesThatDoNotFit() throws {
    try Tiny.withFolder { folder in
      try TinySet.write(in: folder)
      func failed(_ arguments: String...) throws -> Run {
        try Vqa.start(["train"] + arguments, folder: folder).end()
      }
      #expect(try failed("--output", "run").code == 64)
      #expect(try failed("recipe.json", "--dataset", "vqa", "--output", "run").code == 64)
      #expect(try failed("recipe.json", "--config", "trar.yml", "--output", "run").code == 64)
      #expect(try failed("recipe.json", "--features", "nowhere", "--output", "run").code == 66)
      #expect(try failed("recipe.json", "--split", "train+train", "--output", "run").code == 65)
      let none = try failed("recipe.json", "--split", "train+dev", "--output", "run")
      #expect(none.code == 66)
      #expect(none.errors.contains("set/dev/questions.json"), "\(none.errors)")
      #expect(try failed("recipe.json", "--from", "recipe.json", "--output", "run").code == 65)
    }
  }

  #if YAML
    private static let settings = """
      LAYER: 1
      HIDDEN_SIZE: 8
      FF_SIZE: 8
      MULTI_HEAD: 2
      FLAT_MLP_SIZE: 8
      FLAT_OUT_SIZE: 8
      WORD_EMBED_SIZE: 4
      ORDERS: [0, 1]
      IMG_SCALE: 4
      ROUTING: 'hard'
      BATCH_SIZE: 8
      GRAD_ACCU_STEPS: 2
      MAX_EPOCH: 2
      FEAT_SIZE:
        vqa:
          FRCN_FEAT_SIZE: [16, 8]
      """

    @Test(.timeLimit(.minutes(2))) func theOriginalsSettingsTrain() throws {
      try Tiny.withFolder { folder in
        try TinySet.write(in: folder)
        _ = try tiny("features", "--images", "set/images", "--output", "feats", "--backbone", "tiny", folder: folder)
        try AtomicFile.write(Self.settings, to: folder + "/trar.yml")
        let line = ["train", "--config", "trar.yml", "--data", "set", "--features", "feats", "--output", "run"]
        let first = try Vqa.start(line + ["training.epochs=1"], folder: folder).end()
        #expect(first.code == 0, "\(first.errors)")
        for part in [
          "USE_GLOVE", "note: 7 words from train, val; test, vg not there", "note: 2 answers from train, val",
          "pass 1 of 1, loss ", "temperature 10", "held-out ", "vqa:   other: ",
        ] {
          #expect(first.errors.contains(part), "\(part): \(first.errors)")
        }
        #expect(first.output.contains("by the official accuracy"))

        // The weights are a beginning, and --resume with a file is --from.
        let more = try Vqa.start(
          [
            "train", "--config", "trar.yml", "--resume", "run/model.safetensors", "--data", "set", "--features",
            "feats",
          ]
            + ["--output", "more", "--split", "train+val", "--seed", "4"], folder: folder
        ).end()
        #expect(more.code == 0, "\(more.errors)")
        #expect(more.errors.contains("note: beginning with the weights of run/model.safetensors"))
        #expect(more.errors.contains("'val' is learned from"))
        #expect(more.output.contains("held-out      nothing measured"), "\(more.output)")

        let shown = try Vqa.run("train", "--config", "trar.yml", "--print-config", folder: folder)
        let recipe = try JSONValue.parse(Array(shown.output.utf8))
        #expect(recipe["training"]?["accumulation"] == 2 && recipe["training"]?["schedule"] == "steps")
        #expect(recipe["model"]?["vision"]?["embedding"] == "features")
      }
    }
  #endif
}
