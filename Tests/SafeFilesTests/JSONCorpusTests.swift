// JSONCorpusTests.swift - the corpus of FuzzJSON, and damaged texts: three ways of reading agree on all of them.

import SafeFiles
import TestSupport
import Testing

@Suite struct JSONCorpusTests {
  @Test func corpus() throws {
    let inputs = try Corpus.inputs(of: "FuzzJSON")
    #expect(inputs.count { !Corpus.isFind($0.name) } >= 4)
    for (name, bytes) in inputs {
      #expect(brokenPromise(ofJSON: bytes) == nil, "\(name)")
      if !Corpus.isFind(name) { #expect(throws: Never.self, "\(name)") { try JSONValue.parse(bytes) } }
    }
  }

  @Test func everyPrefix() throws {
    for (name, bytes) in try Corpus.inputs(of: "FuzzJSON") {
      for count in 0..<bytes.count {
        #expect(brokenPromise(ofJSON: Array(bytes[..<count])) == nil, "the first \(count) bytes of \(name)")
      }
    }
  }

  @Test func mutants() throws {
    let seeds = try Corpus.inputs(of: "FuzzJSON").map(\.bytes)
    let mutants = try Mutants(of: "JSON", seeds: seeds) { bytes, _ in
      let broken = brokenPromise(ofJSON: bytes)
      #expect(broken == nil, "\(bytes)")
      return (try? JSONValue.parse(bytes)) != nil
    }
    #expect(mutants.refused > Mutants.usual / 4 && mutants.accepted > Mutants.usual / 100)
  }
}
