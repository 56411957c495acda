// PhotoParts.swift - what a model of photographs is made of besides questions, read once before a run.

import Backbones
import Foundation
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// The files that a model with a backbone is made of.
struct PhotoParts {
  /// Words for what the backbone knows.
  private(set) var concepts: ConceptVocabulary
  /// Words that heads are learned for; nil for none.
  private(set) var mentions: WordMentions?
  /// Hash of the backbone's file.
  let backboneHash: String
  /// Numbers of the labels of photos by the names of their files.
  let labels: [String: [Int]]
  private let recipe: KnowledgeRecipe
  private let folder: String

  /// Reads concepts and labels.
  ///
  /// - Parameters:
  ///   - recipe: Which files.
  ///   - folder: Folder of the data.
  /// - Throws: `FileFailure` that names the file.
  init(_ recipe: KnowledgeRecipe, folder: String) throws(FileFailure) {
    (self.recipe, self.folder) = (recipe, folder)
    let path = Self.path(recipe.concepts.isEmpty ? "concepts.json" : recipe.concepts, folder)
    let bytes = try readFile(path, limit: LoadLimits.default.jsonFileBytes)
    let concepts: ConceptVocabulary
    do throws(FormatFailure) {
      concepts = try ConceptVocabulary(json: bytes)
    } catch {
      throw FileFailure(file: path, cause: error)
    }
    self.concepts = concepts
    backboneHash = try ContentHash.hex(path: Self.path(recipe.backbone, folder), limit: 1 << 30)
    labels = recipe.labels.isEmpty ? [:] : try Self.labels(Self.path(recipe.labels, folder), concepts.labels)
  }

  private static func path(_ name: String, _ folder: String) -> String {
    name.hasPrefix("/") ? name : "\(folder)/\(name)"
  }

  private static func labels(_ path: String, _ names: [String]) throws(FileFailure) -> [String: [Int]] {
    func object(_ path: String) throws(FileFailure) -> JSONObject {
      let bytes = try readFile(path, limit: LoadLimits.default.jsonFileBytes)
      do {
        let value = try JSONValue.parse(bytes)
        guard let object = value.objectValue else {
          throw PhotoPartFailure(problem: "it is no object from picture ids")
        }
        return object
      } catch let failure as any Failure {
        throw FileFailure(file: path, cause: failure)
      } catch {
        preconditionFailure("\(error)")
      }
    }
    let files = try object(
      (path.range(of: "/", options: .backwards).map { path[..<$0.upperBound] } ?? "") + "images.json")
    let numbers = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    var found: [String: [Int]] = [:]
    let labels = try object(path)
    for id in labels.keys {
      guard let list = labels[id]?.arrayValue, let file = files[id]?.stringValue else {
        throw FileFailure(
          file: path, cause: PhotoPartFailure(problem: "picture \(visibleText(id)) has no list or no file"))
      }
      let name = file.split(separator: "/").last.map(String.init) ?? file
      found[name] = list.compactMap { $0.stringValue.flatMap { numbers[$0] } }
    }
    return found
  }

  /// Learns which words are used about the pictures of a set.
  ///
  /// - Throws: `FileFailure` when WordNet cannot be read.
  mutating func learnWords(_ set: QuestionSet) throws(FileFailure) {
    guard recipe.words.count > 0 else { return }
    let found = WordMentions(set, recipe.words, concepts, try WordNet(folder: recipe.wordNet))
    guard !found.names.isEmpty else { return }
    mentions = found
    concepts = concepts.adding(found)
  }

  /// All words that name what the backbone knows.
  var phrases: [String] { concepts.phrases.map(\.text) + concepts.everydayNames + concepts.ownNames + concepts.labels }

  /// The answers: names of what the backbone knows, and those that are given often enough.
  func answers(
    _ questions: [AskedQuestion], form: DataRecipe.AnswerForm, source: String
  ) -> AnswerVocabulary {
    var counts: [String: [String: Int]] = [:]
    for question in questions where question.subject == nil {
      counts[question.set, default: [:]][question.common, default: 0] += 1
    }
    var kept = Set(concepts.everydayNames + concepts.ownNames + concepts.labels)
    kept.formUnion(["yes", "no"])
    for rule in recipe.answers {
      for (answer, count) in counts[rule.set] ?? [:] where count >= rule.count && !answer.isEmpty {
        kept.insert(answer)
      }
    }
    // Names may be written as no answer of the loader is.
    let normalised =
      form == .loader ? Set(kept.map { AnswerNormalisation.loader($0) }).union(kept) : Set(kept.map { $0.lowercased() })
    return AnswerVocabulary.build(fromAnswers: normalised.sorted(), minimumCount: 1, madeFrom: source)
  }

  /// A model with the backbone's weights and the vectors of its words, all else fresh.
  func model(_ recipe: Recipe, words: Vocabulary, answers: AnswerVocabulary) throws -> VQAModel {
    let wordNet = try WordNet(folder: recipe.data.knowledge.wordNet)
    let tables = KnowledgeTables(concepts: concepts, words: words, answers: answers, wordNet: wordNet)
    let model = try VQAModel(
      recipe.model, words: words, answers: answers, tables: tables, seed: recipe.training.seed)
    try readBackbone(into: model)
    model.network.start(answerBias: recipe.training.answerBias)
    if let knowledge = model.knowledge {
      let vectors = try WordVectors(path: Self.path(self.recipe.vectors, folder))
      try vectors.check(width: recipe.model.knowledge.vectorWidth)
      knowledge.wordVectors.value = vectors.table(words.words.map { Self.parts(of: [$0]) })
      knowledge.answerVectors.value = vectors.table(
        answers.answers.map { Self.parts(of: QuestionTokenizer.words(of: $0)) })
    }
    return model
  }

  /// Words that are joined by underscores have vectors by themselves only.
  private static func parts(of words: [String]) -> [String] {
    words.flatMap { $0.split(separator: "_").map(String.init) }
  }

  /// Puts the backbone's weights into a model.
  func readBackbone(into model: VQAModel) throws(FileFailure) {
    guard let vision = model.vision as? BackboneCascade else { return }
    let network = try BackboneFile.load(Self.path(recipe.backbone, folder))
    for (own, read) in zip(vision.backbone.namedParameters, network.namedParameters) {
      own.parameter.value = read.parameter.value
    }
  }
}

/// Vectors of words, by word.
struct WordVectors {
  private let places: [Substring: Int]
  private let values: [Float]
  private let width: Int
  private let path: String

  /// Reads the vectors and, beside them, their words.
  init(path: String) throws(FileFailure) {
    self.path = path
    let file = try TensorFile(path: path)
    do {
      values = try file.floats("vectors")
    } catch {
      throw FileFailure(file: path, cause: error)
    }
    width = file["vectors"]?.shape.last ?? 0
    let list = path.replacingOccurrences(of: ".safetensors", with: "-words.txt")
    let text = String(decoding: try readFile(list, limit: 1 << 28), as: UTF8.self)
    let words = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard width > 0, words.count >= values.count / width else {
      throw FileFailure(
        file: list, cause: PhotoPartFailure(problem: "\(words.count) words for \(values.count / max(1, width)) vectors")
      )
    }
    places = Dictionary(words.prefix(values.count / width).enumerated().map { ($1, $0) }) { first, _ in first }
  }

  func check(width expected: Int) throws(FileFailure) {
    guard width == expected else {
      throw FileFailure(file: path, cause: PhotoPartFailure(problem: "vectors are \(width) wide, not \(expected)"))
    }
  }

  /// The mean vector of each text's known words; zeros where none is known.
  func table(_ texts: [[String]]) -> Tensor {
    var table = [Float](repeating: 0, count: texts.count * width)
    for (row, words) in texts.enumerated() {
      let known = words.compactMap { places[Substring($0)] }
      for place in known {
        for column in 0..<width { table[row * width + column] += values[place * width + column] / Float(known.count) }
      }
    }
    return Tensor(table, shape: [texts.count, width])
  }
}

/// What is wrong with a file that a model of photographs is made of.
struct PhotoPartFailure: Failure, Equatable {
  let problem: String
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var advice: String { "make the folder of data again with scripts/photos-data" }
}
