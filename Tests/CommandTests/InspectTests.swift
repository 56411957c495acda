// InspectTests.swift - `vqa inspect` of every kind of file.

import Foundation
import SafeFiles
import TestSupport
import Testing

@Suite struct InspectTests {
  @Test func aModelIsTheSnapshot() throws {
    try Tiny.withFolder { folder in
      let run = try tiny("inspect", "--model", "tiny", folder: folder)
      #expect(run.code == 0)
      let text = run.output.replacing(folder, with: "DIR").replacing(#/[0-9a-f]{64}/#, with: "HASH")
      try expectSnapshot("inspect-model.txt", text)
      let object = try tiny("inspect", "models/tiny.safetensors", "--json", folder: folder).object()
      #expect(object["kind"] == "model")
      #expect(object["name"] == "tiny")
      #expect(object["answers"] == 4)
      let cost = object["multiplyAdds"]
      let parts = ["vision", "question", "answer"].compactMap { cost?[$0]?.integerValue }
      #expect(parts.count == 3 && parts.reduce(0, +) == cost?["total"]?.integerValue)
      let parameters = object["parametersByPart"]
      let counts = ["vision", "question", "answer"].compactMap { parameters?[$0]?.integerValue }
      #expect(counts.count == 3 && counts.reduce(0, +) == object["parameters"]?.integerValue)
      #expect(parameters?["backbone"] == 0)
      #expect(object["configuration"]?["network"]?["hidden"] == 16)
      #expect(object["training"] == ["training.step": "0"])
      #expect(object["sha256"]?.stringValue?.count == 64)
    }
  }

  @Test func filesAreToldApart() throws {
    try Tiny.withFolder { folder in
      let fixtures = ParitySets.fixtures
      try AtomicFile.write("{\"training\": {\"epochs\": 3}}", to: folder + "/recipe.json")
      try AtomicFile.write("[1, 2, {}]", to: folder + "/other.json")
      let expected: [(path: String, kind: JSONValue, key: String, value: JSONValue)] = [
        ("a.png", "picture", "width", 24), (fixtures + "/pictures/baseline.jpg", "picture", "format", "JPEG"),
        (fixtures + "/vqaeval/synthetic/questions.json", "questions", "questions", 300),
        (fixtures + "/vqaeval/synthetic/annotations.json", "annotations", "annotations", 300),
        (fixtures + "/vqaeval/synthetic/results.json", "results", "results", 300),
        ("recipe.json", "recipe", "epochs", 3), ("other.json", "JSON", "entries", 3),
      ]
      for (path, kind, key, value) in expected {
        let run = try tiny("inspect", path, "--json", folder: folder)
        let object = try run.object()
        #expect(object["kind"] == kind, "\(path)")
        #expect(object[key] == value, "\(path)")
        #expect(try tiny("inspect", path, folder: folder).output.contains("kind"))
      }
      let set = try #require(try ParitySets.folders(.trar).first)
      let weights = try tiny("inspect", set.file("weights.safetensors"), "--json", folder: folder).object()
      #expect(weights["kind"] == "safetensors")
      #expect(weights["tensors"]?.arrayValue?.first?.objectValue?.keys == ["name", "type", "shape"])
    }
  }

  @Test func arraysAndCheckpoints() throws {
    try Tiny.withFolder { folder in
      let arrays = ParitySets.fixtures + "/arrays/"
      let array = try tiny("inspect", arrays + "fortran-big.npy", "--json", folder: folder).object()
      #expect(array["kind"] == "array" && array["type"] == "F64" && array["shape"] == [3, 4])
      #expect(array["byteOrder"] == "big" && array["fortranOrder"] == true)
      #expect(
        try tiny("inspect", arrays + "fortran-big.npy", folder: folder).output.contains("big-endian, Fortran order"))
      let archive = try tiny("inspect", arrays + "deflated.npz", "--json", folder: folder).object()
      #expect(archive["kind"] == "arrays")
      #expect(archive["tensors"]?.arrayValue?.first == ["name": "x", "type": "F32", "shape": [64, 32]])
      for set in try ParitySets.folders(.trarCheckpoint) {
        for name in set.files(suffix: ".pkl") {
          let checkpoint = try tiny("inspect", set.file(name), "--json", folder: folder).object()
          #expect(checkpoint["kind"] == "checkpoint" && checkpoint["values"]?["epoch"]?.integerValue != nil)
          let names = checkpoint["tensors"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
          #expect(names?.contains("state_dict.embedding.weight") == true)
          #expect(names?.contains("optimizer.state.0.exp_avg") == true)
          #expect(try tiny("inspect", set.file(name), folder: folder).output.contains("state_dict.embedding.weight "))
        }
      }
    }
  }

  @Test func picklesAreToldWhatTheyName() throws {
    try Tiny.withFolder { folder in
      let attack = Pickled.steps(Pickled.name("os", "system") + Pickled.tuple([.text("id")]).bytes + [0x52])
      try AtomicFile.write(torchFile(attack, storages: []), to: folder + "/attack.pkl")
      try AtomicFile.write(attack.pickle, to: folder + "/bare.pkl")
      try AtomicFile.write(ZipBuilder([ZipBuilderEntry("a.txt", [1])]).bytes(), to: folder + "/other.zip")
      try AtomicFile.write(
        ZipBuilder([ZipBuilderEntry("x.npy", Array("no array".utf8))]).bytes(), to: folder + "/other.npz")
      for (path, text) in [
        ("attack.pkl", "entry archive/data.pkl, byte 2: the pickle names os.system, which is not allowed"),
        ("bare.pkl", "byte 2: the pickle names os.system, which is not allowed"), ("other.zip", "no model"),
        ("other.npz", "array x, byte 0: 8 bytes without the mark of an .npy file"),
        (ParitySets.fixtures + "/arrays/objects.npy", "numbers of type '|O' are not read"),
      ] {
        let run = try tiny("inspect", path, folder: folder)
        #expect(run.code == 65, "\(path)")
        #expect(run.errors.hasPrefix("vqa: \(path): ") && run.errors.contains(text), "\(run.errors)")
      }
    }
  }

  @Test func checkpointsOfOldTorchAreListed() throws {
    try Tiny.withFolder { folder in
      let run = try tiny("inspect", ParitySets.fixtures + "/arrays/legacy.pt", folder: folder)
      #expect(run.code == 0 && run.output.contains("checkpoint") && run.output.contains("4 x 6"), "\(run.output)")
    }
  }

  @Test func damagedFilesSayWhere() throws {
    try Tiny.withFolder { folder in
      try AtomicFile.write("{\"questions\": [{\"image_id\": 1, \"question\": 5}]}", to: folder + "/q.json")
      try AtomicFile.write("{\"questions\": [", to: folder + "/cut.json")
      try AtomicFile.write("hello", to: folder + "/hello.txt")
      try AtomicFile.write("", to: folder + "/empty")
      for (path, text) in [
        ("q.json", "questions[0].question"), ("cut.json", "byte 15"), ("hello.txt", "no model"), ("empty", "empty"),
      ] {
        let run = try tiny("inspect", path, folder: folder)
        #expect(run.code == 65, "\(path)")
        #expect(run.errors.hasPrefix("vqa: \(path): ") && run.errors.contains(text), "\(run.errors)")
      }
      #expect(try tiny("inspect", "none", folder: folder).code == 66)
    }
  }
}
