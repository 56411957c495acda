// CorpusTests.swift - the corpora of FuzzJPEG, FuzzPNG and FuzzExif, and damaged notes about the camera.

import ImageCodecs
import TestSupport
import Testing

@Suite struct CorpusTests {
  @Test(arguments: ["FuzzJPEG", "FuzzPNG"])
  func pictures(_ target: String) throws {
    let inputs = try Corpus.inputs(of: target)
    #expect(inputs.count { !Corpus.isFind($0.name) } >= 8)
    for (name, bytes) in inputs {
      var outcome = brokenPromise(ofPicture: bytes, limits: .default)
      #expect(outcome.broken == nil, "\(name)")
      #expect(outcome.isAccepted || Corpus.isFind(name), "\(name)")
      guard target == "FuzzPNG" else { continue }
      outcome = brokenPromise(ofPicture: PNGBuilder.withChecksums(bytes), limits: .default)
      #expect(outcome.broken == nil, "\(name) with checksums")
    }
  }

  @Test func exif() throws {
    let inputs = try Corpus.inputs(of: "FuzzExif")
    #expect(inputs.count >= 4)
    for (name, bytes) in inputs { #expect(brokenPromise(ofExif: bytes) == nil, "\(name)") }
    _ = try Mutants(of: "Exif", seeds: inputs.map(\.bytes), count: Mutants.usual / 10) { bytes, _ in
      #expect(brokenPromise(ofExif: bytes) == nil, "\(bytes)")
      return true
    }
  }
}
