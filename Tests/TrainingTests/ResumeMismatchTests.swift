// ResumeMismatchTests.swift - a run goes on with what it began with: any other setting, word, answer or question is refused and shown.

import Foundation
import SafeFiles
import Testing
import Training
import VQAFormats
import WeightFiles

extension TrainingTests {
  @Suite struct ResumeMismatchTests {
    /// The settings at the ends of a tree, by their path.
    private static func leaves(_ value: JSONValue, _ path: [String] = []) -> [(path: [String], value: JSONValue)] {
      guard let object = value.objectValue, !object.isEmpty else { return [(path, value)] }
      return object.keys.flatMap { key in leaves(object[key] ?? .null, path + [key]) }
    }

    /// A tree with another value at a path.
    private static func replaced(_ tree: JSONValue, _ path: ArraySlice<String>, by value: JSONValue) -> JSONValue {
      guard let key = path.first, var object = tree.objectValue else { return value }
      object[key] = replaced(object[key] ?? .null, path.dropFirst(), by: value)
      return .object(object)
    }

    /// Another value of the same kind.
    private static func other(_ value: JSONValue) -> JSONValue {
      switch value {
      case .null: .string("something")
      case .bool(let flag): .bool(!flag)
      case .integer(let number): .integer(number + 1)
      case .number(let number): .number(number == 0.125 ? 0.25 : 0.125)
      case .string(let text): .string(text + "x")
      case .array(let values): .array(values + [.integer(1)])
      case .object: .object(["x": .integer(1)])
      }
    }

    /// Puts other metadata into the only checkpoint of the run `run`.
    private func change(_ folder: RunFolder, _ metadata: [String: String]) throws {
      let file = try folder.checkpoint("run", 2)
      let tensors: [TensorFileWriter.Tensor] = try file.tensors.map { ($0.name, $0.shape, try file.floats($0.name)) }
      try TensorFileWriter.write(
        tensors: tensors, metadata: file.metadata.merging(metadata) { _, new in new },
        to: folder.output("run") + "/checkpoint-2.safetensors")
    }

    @Test func everySettingOfTheRecipeCounts() throws {
      try RunFolder.with { folder in
        try folder.run("run", stopAfter: 2)
        let recipe = try folder.recipe.json()
        // Where grids are kept says nothing about the run.
        let leaves = Self.leaves(recipe).filter { $0.0 != ["data", "knowledge", "cache"] }
        #expect(leaves.count > 80)
        // One run for all: what it reads before it looks at the checkpoint stays the same.
        let run = try TrainingRun(folder.recipe, data: folder.path, output: folder.output("run"), threads: 1)
        for (path, value) in leaves {
          let before = Self.replaced(recipe, path[...], by: Self.other(value))
          try change(folder, ["recipe": before.serialized()])
          let name = path.joined(separator: ".")
          let failure = try #require(throws: FileFailure.self) { try run.run(resume: true) }
          guard case .changedRecipe(let differences)? = failure.cause as? TrainingFailure else {
            Issue.record("\(name): \(failure)")
            continue
          }
          let text = "\(name) was \(Self.other(value).serialized()), is \(value.serialized())"
          #expect(differences == [text])
          #expect(failure.kind == .badData && failure.description.contains(name))
        }
        try change(folder, ["recipe": recipe.serialized()])
        try folder.run("run", resume: true, stopAfter: 3)
      }
    }

    /// What the pass over the data sees of them: texts, pictures, ids, answers, their number and their order.
    @Test func everyPartOfTheDataCounts() throws {
      try RunFolder.with { folder in
        try folder.run("run", stopAfter: 2)
        for split in ["train", "val"] {
          let (questionPath, answerPath) = (
            "\(folder.path)/\(split)/questions.json", "\(folder.path)/\(split)/annotations.json"
          )
          let asked = try QuestionFile(path: questionPath)
          let answered = try AnnotationFile(path: answerPath)
          let changes: [(name: String, change: (inout QuestionFile, inout AnnotationFile) -> Void)] = [
            ("text", { questions, _ in questions.questions[1].text = "What is it?" }),
            ("case", { questions, _ in questions.questions[1].text = "what color is it?" }),
            (
              "picture",
              { questions, annotations in
                questions.questions[1].imageID = questions.questions[3].imageID
                annotations.annotations[1].imageID = questions.questions[3].imageID
              }
            ),
            (
              "id",
              { questions, annotations in
                questions.questions[1].questionID = 999
                annotations.annotations[1].questionID = 999
              }
            ),
            ("answer", { _, annotations in annotations.annotations[1].answers[9].answer = "red and blue" }),
            (
              "number",
              { questions, annotations in
                questions.questions.removeLast()
                annotations.annotations.removeLast()
              }
            ),
            ("order", { questions, _ in questions.questions.swapAt(0, 1) }),
          ]
          for (name, change) in changes {
            var (questions, annotations) = (asked, answered)
            change(&questions, &annotations)
            try questions.write(to: questionPath)
            try annotations.write(to: answerPath)
            let failure = try folder.failure("run", resume: true)
            #expect(failure.cause as? TrainingFailure == .changedData(split: split), "\(split), \(name): \(failure)")
            #expect(failure.kind == .badData && failure.description.contains(split))
          }
          try asked.write(to: questionPath)
          try answered.write(to: answerPath)
        }
        try folder.run("run", resume: true, stopAfter: 3)
      }
    }

    /// Answers may stand in a file of their own, and words come from splits that nothing is learned from.
    @Test func everyVocabularyCounts() throws {
      try RunFolder.with { folder in
        let list = folder.path + "/answers.json"
        func write(_ answers: [String]) throws {
          try AtomicFile.write(try AnswerVocabulary(answers: answers, madeFrom: "the tests").json, to: list)
        }
        try write(["red", "blue"])
        folder.recipe.data.answers = list
        folder.recipe.data.vocabulary = .everySplit
        try folder.run("run", stopAfter: 2)
        func refusal() throws -> (cause: TrainingFailure?, text: String) {
          let failure = try folder.failure("run", resume: true)
          #expect(failure.file.hasSuffix("checkpoint-2.safetensors") && failure.kind == .badData)
          return (failure.cause as? TrainingFailure, failure.description)
        }

        try write(["red", "blue", "green"])
        #expect(try refusal().cause == .changedVocabulary(of: "answers", gone: [], new: ["green"]))
        try write(["blue", "red"])
        #expect(try refusal().cause == .changedVocabulary(of: "answers", gone: [], new: []))
        try write(["blue", "a", "b", "c", "d\u{1B}"])
        let shown = try refusal()
        #expect(shown.cause == .changedVocabulary(of: "answers", gone: ["red"], new: ["a", "b", "c", "d\u{1B}"]))
        #expect(shown.text.contains("; gone: 'red'; new: 'a', 'b', 'c' and 1 more; use the run's own data"))
        try write(["red", "blue"])

        let further = folder.path + "/test"
        try FileManager.default.createDirectory(atPath: further, withIntermediateDirectories: true)
        try QuestionFile(
          header: DataSetHeader(), questions: [Question(imageID: 1, text: "What shape is it?", questionID: 1)]
        ).write(to: further + "/questions.json")
        #expect(try refusal().cause == .changedVocabulary(of: "words", gone: [], new: ["shape"]))
        try FileManager.default.removeItem(atPath: further)
        try folder.run("run", resume: true, stopAfter: 3)
      }
    }

    /// A checkpoint whose own words or answers cannot be read is refused with its name.
    @Test(arguments: [("words", "{"), ("answers", ""), ("words", "null"), ("answers", "{\"format\":\"vqa-words-1\"}")])
    func damagedVocabulariesAreRefused(key: String, text: String) throws {
      try RunFolder.with { folder in
        try folder.run("run", stopAfter: 2)
        try change(folder, [key: text])
        let failure = try folder.failure("run", resume: true)
        #expect(failure.file.hasSuffix("checkpoint-2.safetensors") && failure.kind == .badData, "\(failure)")
      }
    }
  }
}
