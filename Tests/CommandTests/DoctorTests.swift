// DoctorTests.swift - `vqa doctor`: what it tells, and what it says of every fault.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct DoctorTests {
  /// Runs a test in a folder with the tiny model as `tiny` and as the default, which none of the program's own comes before.
  private func withModels(_ body: (String) throws -> Void) throws {
    try Tiny.withFolder { folder in
      let bytes = try readFile(folder + "/models/tiny.safetensors", limit: 1 << 20)
      try AtomicFile.write(bytes, to: folder + "/models/photos.safetensors")
      try body(folder)
    }
  }

  /// The model of that path in an answer.
  private func model(_ path: String, in answer: JSONValue) throws -> JSONValue {
    try #require(answer["models"]?.arrayValue?.first { $0["file"]?.stringValue == path })
  }

  @Test func allIsWell() throws {
    try withModels { folder in
      let run = try tiny("doctor", "--threads", "3", folder: folder)
      #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
      for name in ["vqa", "libjpeg", "libpng", "zlib", "oneDNN", "libyaml", "processor", "cores", "memory", "budget"] {
        #expect(run.output.contains(try Regex("(?m)^\(name) +\\S")), "\(name): \(run.output)")
      }
      #expect(run.output.contains(#/(?m)^vqa +0\.1\.0$/#) && run.output.contains(#/(?m)^threads +3$/#))
      #expect(run.output.contains("  tiny ") && run.output.contains("model, valid, answers by default"))
      #expect(run.output.hasSuffix("yes\n"), "\(run.output)")
    }
  }

  @Test func programsGetTheSame() throws {
    try withModels { folder in
      let answer = try tiny("doctor", "--json", "--max-pixels", "1000", folder: folder).object()
      let library = answer["libraries"]
      for name in ["libjpeg", "libpng", "zlib"] {
        let isVersion = library?[name]?.stringValue?.contains(#/[0-9]+\.[0-9]+|[0-9]+/#)
        #expect(isVersion == true, "\(name)")
      }
      #expect(library?.objectValue?.keys == ["libjpeg", "libpng", "zlib", "oneDNN", "libyaml"])
      let version = try Vqa.run("--version").output
      if let oneDNN = library?["oneDNN"]?.stringValue { #expect(version.contains("(oneDNN \(oneDNN))")) }
      #expect(version.contains("oneDNN") == (library?["oneDNN"]?.stringValue != nil))
      #expect(answer["budget"]?["picturePixels"] == 1000)
      #expect(answer["cores"]?.integerValue ?? 0 > 0 && answer["cores"] == answer["threads"])
      #expect(answer["memory"]?["total"]?.integerValue ?? 0 > 1 << 28)
      #expect(answer["problems"] == [])
      let found = try model(folder + "/models/tiny.safetensors", in: answer)
      let hash = ContentHash.hex(try readFile(folder + "/models/tiny.safetensors", limit: 1 << 20))
      #expect(found["valid"] == true && found["kind"] == "model" && found["sha256"]?.stringValue == hash)
      #expect(found["listed"] == false && found["default"] == false)
      #expect(try model(folder + "/models/photos.safetensors", in: answer)["default"] == true)
      #expect(answer["dataFolders"]?.arrayValue?.first == ["path": .string(folder), "isThere": true])
    }
  }

  @Test func theProcessorIsAsTheSystemSays() throws {
    guard let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return }
    let features = try Vqa.run("doctor", "--json").object()["processor"]?["features"]?.objectValue
    #expect(features?.members.isEmpty == false)
    for (name, flag) in [("AVX2", "avx2"), ("FMA", "fma"), ("AVX-512", "avx512f")] {
      guard let isThere = features?[name] else { continue }
      #expect(isThere == .bool(information.contains(try Regex("\\b\(flag)\\b"))), "\(name)")
    }
  }

  @Test func damagedModelsAreNamed() throws {
    try withModels { folder in
      let path = folder + "/models/tiny.safetensors"
      let bytes = try readFile(path, limit: 1 << 20)
      try AtomicFile.write(Array(bytes.dropLast(100)), to: path)
      try AtomicFile.write("no model", to: folder + "/models/bad.safetensors")
      let run = try tiny("doctor", folder: folder)
      #expect(run.code == 65)
      let lines = run.errors.split(separator: "\n")
      #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("vqa: \(folder)/models/") }, "\(run.errors)")
      #expect(run.output.contains("not usable: ") && run.output.hasSuffix("no, 2 to mend\n"), "\(run.output)")
      let answer = try tiny("doctor", "--json", folder: folder).object()
      #expect(try model(path, in: answer)["valid"] == false)
      #expect(answer["problems"]?.arrayValue?.count == 2)
    }
  }

  @Test func filesAreHeldAgainstTheListBesideThem() throws {
    try withModels { folder in
      let path = folder + "/models/tiny.safetensors"
      let list = folder + "/models/SHA256SUMS"
      let right = ContentHash.hex(try readFile(path, limit: 1 << 20))
      try AtomicFile.write("\(right)  tiny.safetensors\n", to: list)
      let well = try tiny("doctor", folder: folder)
      #expect(well.code == 0 && well.output.contains("model, valid, SHA-256 as listed"), "\(well.output)")
      let other = String(right.reversed())
      try AtomicFile.write("\(other)  tiny.safetensors\n\(right) *gone.safetensors\n", to: list)
      let run = try tiny("doctor", folder: folder)
      #expect(run.code == 69, "\(run.errors)")
      #expect(run.errors.contains("gone.safetensors: it is not there"), "\(run.errors)")
      #expect(run.errors.contains("tiny.safetensors: its SHA-256 is \(right.prefix(12))"), "\(run.errors)")
      #expect(run.errors.contains("sha256sum *.safetensors > SHA256SUMS"))
      try AtomicFile.write("\n\(right)\n", to: list)
      let bad = try tiny("doctor", folder: folder)
      #expect(bad.code == 65 && bad.errors.contains("SHA256SUMS: line 2: "), "\(bad.errors)")
    }
  }

  @Test func whatIsMissingIsSaidWithTheNextStep() throws {
    try withModels { folder in
      let none = try Vqa.run("doctor", folder: folder, environment: ["VQA_DATA": folder + "/none"])
      #expect(none.code == 66)
      #expect(none.errors.contains("vqa: \(folder)/none: VQA_DATA names this folder"), "\(none.errors)")
      #expect(none.errors.contains("correct or unset VQA_DATA"))
      let unknown = try tiny("doctor", "--model", "unknown", folder: folder)
      #expect(unknown.code == 69, "\(unknown.errors)")
      #expect(unknown.errors.contains("choose one of ") && unknown.errors.contains("tiny"), "\(unknown.errors)")
      try AtomicFile.write("no model", to: folder + "/own.safetensors")
      let own = try tiny("doctor", "--model", "own.safetensors", folder: folder)
      #expect(own.code == 65 && own.errors.contains("vqa: own.safetensors: "), "\(own.errors)")
    }
  }

  @Test func theShippedModelsAreTheListedOnes() throws {
    let models = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../data/models").path
    let names = try FileManager.default.contentsOfDirectory(atPath: models).filter { $0.hasSuffix(".safetensors") }
    let list = String(decoding: try readFile(models + "/SHA256SUMS", limit: 1 << 16), as: UTF8.self)
    let expected = try names.sorted().map { name in
      "\(try ContentHash.hex(path: "\(models)/\(name)", limit: 1 << 32))  \(name)\n"
    }
    #expect(!names.isEmpty && list == expected.joined())
  }
}
