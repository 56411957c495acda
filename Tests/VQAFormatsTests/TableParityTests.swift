// TableParityTests.swift - the original TRAR's tokens, answers, targets and own scorer against its tables.

import Evaluation
import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct TableParityTests {
  /// The tables of one name in every set that has them.
  private func tables(_ name: String) throws -> [(set: ParitySet, table: JSONValue)] {
    let sets = try ParitySets.folders(.trarTables)
      .filter { FileManager.default.fileExists(atPath: $0.file(name)) }
    try #require(!sets.isEmpty)
    return try sets.map { ($0, try $0.json(name)) }
  }

  private func report(_ set: ParitySet, _ table: String, mismatches: Int) throws {
    #expect(mismatches == 0, "\(set.path) \(table)")
    try printParity(kind: "trar", folder: "\(set.name)/\(table)", worst: Float(mismatches), tolerance: 0)
  }

  private func integers(_ value: JSONValue?) -> [Int] {
    (value?.arrayValue ?? []).compactMap(\.integerValue).map(Int.init)
  }

  private func texts(_ value: JSONValue?) -> [String] { (value?.arrayValue ?? []).compactMap(\.stringValue) }

  /// The texts of an object from text to index, by index.
  private func byIndex(_ value: JSONValue?) -> [String] {
    (value?.objectValue?.members ?? [])
      .sorted { ($0.value.integerValue ?? 0) < ($1.value.integerValue ?? 0) }.map(\.key)
  }

  @Test func questionsHaveTheOriginalsIDs() throws {
    for (set, table) in try tables("question_tokens.json") {
      let vocabulary = try Vocabulary(words: byIndex(table["token_to_ix"]), madeFrom: set.name)
      let cases = table["cases"]?.arrayValue ?? []
      #expect(!cases.isEmpty)
      let mismatches = cases.count { item in
        let expected = integers(item["ids"])
        let question = item["question"]?.stringValue ?? ""
        return QuestionTokenizer.tokenize(question, vocabulary: vocabulary, length: expected.count).ids != expected
      }
      try report(set, "question_tokens", mismatches: mismatches)
    }
  }

  /// The original numbers words as they first occur; what its vocabulary lacks does not disturb the order of the rest.
  @Test func vocabulariesAreNumberedAsTheOriginals() throws {
    for (set, table) in try tables("question_tokens.json") {
      let questions = (table["cases"]?.arrayValue ?? []).compactMap { $0["question"]?.stringValue }
      let original = byIndex(table["token_to_ix"])
      let built = Vocabulary.build(fromQuestions: questions, madeFrom: set.name).words
      let known = Set(original)
      #expect(built.filter(known.contains) == original.filter(Set(built).contains), "\(set.path)")
    }
  }

  @Test func answersArePreparedAsByTheOriginal() throws {
    for (set, table) in try tables("prep_ans.json") {
      let cases = table.arrayValue ?? []
      #expect(!cases.isEmpty)
      let mismatches = cases.count { item in
        item["prep_ans"] != .string(AnswerNormalisation.loader(item["in"]?.stringValue ?? ""))
      }
      try report(set, "prep_ans", mismatches: mismatches)
    }
  }

  @Test func softTargetsAreTheOriginals() throws {
    for (set, table) in try tables("soft_targets.json") {
      let vocabulary = try AnswerVocabulary(answers: byIndex(table["ans_to_ix"]), madeFrom: set.name)
      var worst: Float = 0
      var count = 0
      for item in table["cases"]?.arrayValue ?? [] {
        for (key, kind) in [("bce", SoftTargets.Kind.bce), ("kld", .kld)] {
          let expected = (item[key]?.arrayValue ?? []).compactMap(\.numberValue).map(Float.init)
          let target = SoftTargets.vector(answers: texts(item["answers"]), vocabulary: vocabulary, kind: kind)
          worst = max(worst, try compare(target, expected, absolute: 0).worst)
          count += 1
        }
      }
      #expect(worst == 0 && count > 0, "\(set.path)")
      try printParity(kind: "trar", folder: "\(set.name)/soft_targets", worst: worst, tolerance: 0)
    }
  }

  @Test func theOriginalsOwnScorerAgrees() throws {
    for (set, table) in try tables("vqa_accuracy.json") {
      let items = table["items"]?.arrayValue ?? []
      let annotations = try items.map { item in
        Annotation(
          questionID: Int(try #require(item["question_id"]?.integerValue)), imageID: 0,
          questionType: item["question_type"]?.stringValue ?? "", answerType: item["answer_type"]?.stringValue ?? "",
          multipleChoiceAnswer: nil,
          answers: texts(item["answers"]).enumerated().map { HumanAnswer($1, answerID: $0 + 1) })
      }
      let results = ResultFile(
        entries: zip(annotations, items).map { annotation, item in
          ResultEntry(questionID: annotation.questionID, answer: item["prediction"]?.stringValue ?? "")
        })
      let file = AnnotationFile(header: DataSetHeader(), annotations: annotations)
      let score = try VQAAccuracy.evaluate(results, against: file, scorer: .trar)
      let actual = JSONValue.object(score.json(perQuestion: true))
      var differences = Differences()
      for key in ["overall", "perAnswerType", "perQuestionType"] {
        differences.compare(actual[key], table[key] ?? .null, at: key)
      }
      for item in items {
        let id = String(item["question_id"]?.integerValue ?? -1)
        differences.compare(actual["evalQA"]?[id], item["accuracy"] ?? .null, at: "evalQA.\(id)")
      }
      #expect(differences.found == [], "\(set.path)")
      try printParity(kind: "trar", folder: "\(set.name)/vqa_accuracy", worst: differences.worst, tolerance: 0)
    }
  }
}
