// ParitySetTests.swift - the reference files are read as their descriptions say, and the sets are found.

import Foundation
import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct ParitySetTests {
  @Test func theReferenceFilesHoldWhatTheyDescribe() throws {
    let sets = try ParitySets.folders(.trar, environment: [:])
    #expect(sets.count >= 6)
    for set in sets {
      let config = try set.json("config.json")
      for (name, description) in config["files"]?.objectValue ?? [:] {
        let file = try TensorFile(path: set.file(name))
        let size = try readFile(set.file(name), limit: 1 << 26).count
        #expect(description["bytes"]?.integerValue == Int64(size))
        #expect(throws: Never.self) { try file.checkFinite() }
        for tensor in file.tensors {
          #expect(try file.floats(tensor.name).count == tensor.count)
        }
      }
      let weights = try TensorFile(path: set.file("weights.safetensors"))
      let parameters = weights.tensors.reduce(0) { $0 + $1.count }
      #expect(config["param_count"]?.integerValue == Int64(parameters))
      // The largest magnitude of each tensor is written down beside it.
      for (variant, description) in config["variants"]?.objectValue ?? [:] {
        let io = try TensorFile(path: set.file("io_\(variant).safetensors"))
        for (name, value) in description["max_abs"]?.objectValue ?? [:] where io[name] != nil {
          let largest = try io.floats(name).reduce(0) { max($0, $1.magnitude) }
          #expect(Float(value.numberValue ?? -1) == largest, "\(set.name) \(name)")
        }
      }
    }
  }

  @Test func setsAreKnownByTheirContents() throws {
    try withTemporaryFolder { root in
      func make(_ folder: String, _ files: [String: String]) throws {
        try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        for (name, text) in files { try AtomicFile.write(text, to: "\(root)/\(folder)/\(name)") }
      }
      #expect(throws: ParitySetFailure.noSets(folder: root)) {
        try ParitySets.folders(.trar, environment: ["VQA_FIXTURES": root])
      }
      #expect(throws: ParitySetFailure.noSets(folder: "\(root)/absent")) {
        try ParitySets.folders(.trar, environment: ["VQA_FIXTURES": "\(root)/absent"])
      }
      try make("x/unknown", ["a.json": "{}"])
      try make("x/broken", ["config.json": "{"])
      #expect(throws: ParitySetFailure.noSets(folder: root)) {
        try ParitySets.folders(.trar, environment: ["VQA_FIXTURES": root])
      }
      let trar = #"{"config":{"MODEL_USE":"TRAR"}}"#
      try make("x/one", ["config.json": trar, "weights.safetensors": "", "io_main.safetensors": ""])
      try make("x/without-io", ["config.json": trar, "weights.safetensors": ""])
      try make("y/two", ["questions.json": "", "annotations.json": "", "results.json": "", "expected.json": ""])
      try make("y/three", ["question_tokens.json": "", "window_masks.safetensors": ""])
      try make("z/four", ["config.json": #"{"family":"deit"}"#])
      try make("w", ["pair.json": #"{"system":"CondConv"}"#, "pair.safetensors": ""])
      func found(_ kind: ParityKind) throws -> [String] {
        try ParitySets.folders(kind, environment: ["VQA_FIXTURES": root]).map(\.path).filter { $0.hasPrefix(root) }
      }
      #expect(try found(.trar) == ["\(root)/x/one"])
      #expect(try found(.vqaEvaluation) == ["\(root)/y/two"])
      #expect(try found(.trarTables) == ["\(root)/y/three"])
      #expect(try found(.other) == ["\(root)/w", "\(root)/z/four"])
    }
  }

  @Test func everySetOfThePackageIsKnown() throws {
    #expect(try ParitySets.folders(.trarTables, environment: [:]).map(\.name) == ["tables"])
    let names = try ParitySets.folders(.trar, environment: [:]).map(\.name)
    #expect(names.contains("soft_avg_4x4") && names.contains("hard_fc_4x4_clevr"))
  }

  @Test func comparisonsTellTheWorst() throws {
    let comparison = try compare([1, 2.5, -3], [1, 2, -3.125], absolute: 0.25, relative: 0.125)
    #expect(comparison.worst == 0.5)
    #expect(comparison.worstIndex == 1)
    #expect(comparison.worstRatio == 1)
    #expect(comparison.isWithin)
    #expect(try compare([1], [1.5], absolute: 0.4).isWithin == false)
    #expect(try compare([.nan], [1], absolute: 10).worst == .infinity)
    #expect(try compare([1], [.nan], absolute: 10).isWithin == false)
    #expect(try compare([.infinity], [1], absolute: 10, relative: 1).isWithin == false)
    #expect(try compare([1], [.infinity], absolute: 10, relative: 1).isWithin == false)
    #expect(try compare([.nan, .infinity, 0], [.nan, .infinity, 0], absolute: 0).isWithin)
    #expect(try compare([1], [1.1], absolute: 0).isWithin == false)
    #expect(throws: LengthMismatch(values: 1, reference: 2)) { try compare([1], [1, 2], absolute: 1) }
  }

  @Test func parityIsReportedInOneLine() async throws {
    let result = try #require(
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        try printParity(kind: "trar", folder: "soft_avg_4x4", worst: 1.5e-06, tolerance: 0.0001)
      })
    let output = String(decoding: result.standardOutputContent, as: UTF8.self)
    #expect(output.contains("parity trar/soft_avg_4x4 worst=1.5e-06 tolerance=0.0001\n"))
  }
}
