// CorpusTests.swift - the corpora of FuzzTokenizer and FuzzQuestions, and damaged ones.

import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct CorpusTests {
  @Test func questions() throws {
    let inputs = try Corpus.inputs(of: "FuzzTokenizer")
    #expect(inputs.count >= 4)
    for (name, bytes) in inputs { #expect(brokenPromise(ofQuestion: bytes) == nil, "\(name)") }
    let mutants = try Mutants(of: "questions", seeds: inputs.map(\.bytes)) { bytes, _ in
      #expect(brokenPromise(ofQuestion: bytes) == nil, "\(bytes)")
      return !QuestionTokenizer.words(of: String(decoding: bytes.dropFirst(), as: UTF8.self)).isEmpty
    }
    #expect(mutants.accepted > Mutants.usual / 2)
  }

  @Test func files() throws {
    let inputs = try Corpus.inputs(of: "FuzzQuestions")
    #expect(inputs.count { !Corpus.isFind($0.name) } >= 4)
    func isRead(_ bytes: [UInt8]) -> Bool {
      (try? AnyQuestionFile(json: bytes)) != nil || (try? AnnotationFile(json: bytes, needsTypes: false)) != nil
        || (try? ResultFile(json: bytes)) != nil
    }
    for (name, bytes) in inputs {
      #expect(brokenPromise(ofQuestionFile: bytes) == nil, "\(name)")
      if !Corpus.isFind(name) { #expect(isRead(bytes), "\(name)") }
    }
    let mutants = try Mutants(of: "files of questions", seeds: inputs.map(\.bytes), count: Mutants.usual / 2) {
      bytes, _ in
      #expect(brokenPromise(ofQuestionFile: bytes) == nil, "\(bytes)")
      return isRead(bytes)
    }
    #expect(mutants.accepted > 0 && mutants.refused > Mutants.usual / 8)
  }
}
