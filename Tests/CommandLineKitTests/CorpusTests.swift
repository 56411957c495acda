// CorpusTests.swift - the corpus of FuzzCommandLine, and damaged lines.

import CommandLineKit
import TestSupport
import Testing

@Suite struct CorpusTests {
  @Test func corpus() throws {
    let inputs = try Corpus.inputs(of: "FuzzCommandLine")
    #expect(inputs.count { !Corpus.isFind($0.name) } >= 4)
    for (name, bytes) in inputs {
      let words = commandLine(bytes)
      #expect(brokenPromise(ofCommandLine: words) == nil, "\(name)")
      #expect(brokenPromise(ofTexts: words) == nil, "\(name)")
      if !Corpus.isFind(name) { #expect(throws: Never.self, "\(name)") { try toy.parse(words) } }
    }
  }

  @Test func mutants() throws {
    let seeds = try Corpus.inputs(of: "FuzzCommandLine").map(\.bytes)
    let mutants = try Mutants(of: "command lines", seeds: seeds, count: Mutants.usual / 2) { bytes, _ in
      let words = commandLine(bytes)
      #expect(brokenPromise(ofCommandLine: words) == nil, "\(words)")
      return (try? toy.parse(words)) != nil
    }
    #expect(mutants.accepted > Mutants.usual / 20 && mutants.refused > Mutants.usual / 20)
  }
}
