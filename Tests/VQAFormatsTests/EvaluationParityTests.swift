// EvaluationParityTests.swift - the official accuracy against reference sets: every stage, every question, every figure.

import Evaluation
import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct EvaluationParityTests {
  private func sets() throws -> [ParitySet] {
    let sets = try ParitySets.folders(.vqaEvaluation)
    try #require(sets.count >= 2)
    return sets
  }

  @Test func accuraciesAgree() throws {
    for set in try sets() {
      let report = try evaluate(set, results: "results.json")
      let expected = try set.json("expected.json")
      var differences = Differences()
      let actual = JSONValue.object(report.json(perQuestion: true))
      for key in ["overall", "count", "perAnswerType", "perQuestionType", "evalQA", "evalAnsType", "evalQuesType"] {
        if let reference = expected[key] { differences.compare(actual[key], reference, at: key) }
      }
      if let reference = expected["accuracy_6_places"] {
        let finer = JSONValue.object(report.json(places: 6))
        for (key, value) in reference.objectValue ?? [:] { differences.compare(finer[key], value, at: key) }
      }
      #expect(differences.found == [], "\(set.name)")
      #expect(differences.compared > report.count)
      try printParity(kind: "vqaeval", folder: set.name, worst: differences.worst, tolerance: 0)
    }
  }

  @Test func normalisationAgreesStageByStage() throws {
    var count = 0
    for set in try sets() where FileManager.default.fileExists(atPath: set.file("normalise.json")) {
      for item in try set.json("normalise.json").arrayValue ?? [] {
        let input = try #require(item["input"]?.stringValue)
        let spaced = AnswerNormalisation.whitespace(input)
        let bare = AnswerNormalisation.punctuation(spaced)
        #expect(item["afterWhitespace"] == .string(spaced))
        #expect(item["afterPunctuation"] == .string(bare))
        #expect(item["normalised"] == .string(AnswerNormalisation.digitArticle(bare)))
        count += 1
      }
    }
    #expect(count >= 300)
  }

  @Test func malformedResultsAreRefused() throws {
    var count = 0
    for set in try sets() {
      for name in set.files(prefix: "bad_results", suffix: ".json") {
        do {
          _ = try evaluate(set, results: name)
          Issue.record("\(set.name)/\(name) was accepted")
        } catch let failure as FileFailure {
          #expect(failure.kind == .badData && failure.file.hasSuffix(name))
        } catch let failure as EvaluationFailure {
          #expect(failure.kind == .badData && failure.place != nil)
        }
        count += 1
      }
    }
    #expect(count >= 3)
  }

  @Test func filesComeBackAsTheyWere() throws {
    for set in try sets() {
      let questions = try QuestionFile(path: set.file("questions.json"))
      #expect(try QuestionFile(json: Array(questions.json.utf8)) == questions)
      let annotations = try AnnotationFile(path: set.file("annotations.json"))
      #expect(try AnnotationFile(json: Array(annotations.json.utf8)) == annotations)
    }
  }

  private func evaluate(_ set: ParitySet, results: String) throws -> AccuracyReport {
    try VQAAccuracy.evaluate(
      ResultFile(path: set.file(results)), against: AnnotationFile(path: set.file("annotations.json")),
      questions: QuestionFile(path: set.file("questions.json")))
  }
}

/// Walks two JSON values and notes where they differ.
struct Differences {
  var found: [String] = []
  var worst: Float = 0
  var compared = 0

  mutating func compare(_ value: JSONValue?, _ reference: JSONValue, at place: String) {
    if let members = reference.objectValue {
      if value?.objectValue?.count != members.count { note(place, .infinity) }
      for (key, member) in members { compare(value?[key], member, at: "\(place).\(key)") }
      return
    }
    compared += 1
    let difference = ((value?.numberValue ?? .infinity) - (reference.numberValue ?? .infinity)).magnitude
    if difference != 0 { note(place, Float(difference.isNaN ? .infinity : difference)) }
  }

  private mutating func note(_ place: String, _ difference: Float) {
    found.append(place)
    worst = max(worst, difference)
  }
}
