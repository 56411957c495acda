// GroupAnswering.swift - answers many questions about many pictures; each picture is computed once, a bad one fails alone.

import ImageCodecs
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// A question about a picture file.
struct AskedItem: Sendable {
  var picture: String
  var question: String
}

/// Answers groups of questions.
struct GroupAnswering {
  private let model: VQAModel
  private let reader: PictureReader
  /// Pictures of earlier groups; nil when no picture comes back in a later group.
  private var cache: PictureCache?

  init(_ model: VQAModel, _ reader: PictureReader, keepingPictures: Int = 0) {
    self.model = model
    self.reader = reader
    cache = keepingPictures > 0 ? PictureCache(capacity: keepingPictures) : nil
  }

  /// Answers a group, in order.
  mutating func answer(_ items: [AskedItem]) throws -> [Result<Answer, FileFailure>] {
    let seen = try pictures(Array(Set(items.map(\.picture))).sorted())
    var asked: [(question: String, picture: SeenPicture)] = []
    for item in items {
      if case .success(let picture)? = seen[item.picture] { asked.append((item.question, picture)) }
    }
    var answers = model.answer(asked.map(\.question), about: asked.map(\.picture), top: 1)[...]
    return items.compactMap { item in
      switch seen[item.picture] {
      case .success?: answers.popFirst().map { .success($0) }
      case .failure(let failure)?: .failure(failure)
      case nil: nil
      }
    }
  }

  /// Answers questions of a file, in order; one whose picture is not in the index fails alone, too.
  mutating func answer(
    _ questions: [Question], _ index: PictureIndex
  ) throws -> [(question: Question, result: Result<Answer, FileFailure>)] {
    var items: [AskedItem] = []
    var missing: [Int: FileFailure] = [:]
    for (place, question) in questions.enumerated() {
      do throws(FileFailure) {
        items.append(AskedItem(picture: try index.path(of: question.imageID), question: question.text))
      } catch {
        missing[place] = error
      }
    }
    var results = try answer(items)[...]
    var answered: [(question: Question, result: Result<Answer, FileFailure>)] = []
    for (place, question) in questions.enumerated() {
      if let failure = missing[place] {
        answered.append((question, .failure(failure)))
      } else if let result = results.popFirst() {
        answered.append((question, result))
      }
    }
    return answered
  }

  /// Looks at picture files without a question: each is read and computed once, a bad one fails alone.
  mutating func see(_ paths: [String]) throws -> [String: Result<SeenPicture, FileFailure>] {
    try pictures(Array(Set(paths)).sorted())
  }

  /// What became of one file.
  private enum Loaded: Sendable {
    case fresh(hash: String, RGBImage)
    case known(hash: String)
    case failed(FileFailure)
  }

  private mutating func pictures(_ paths: [String]) throws -> [String: Result<SeenPicture, FileFailure>] {
    let loaded = load(paths)
    var fresh: [String: RGBImage] = [:]
    for case .fresh(let hash, let image) in loaded { fresh[hash] = image }
    let hashes = fresh.keys.sorted()
    let computed = Dictionary(
      uniqueKeysWithValues: zip(hashes, try model.see(hashes.compactMap { fresh[$0] })))
    for (hash, picture) in computed { cache?.insert(picture, hash: hash) }
    var result: [String: Result<SeenPicture, FileFailure>] = [:]
    for (path, state) in zip(paths, loaded) {
      switch state {
      case .failed(let failure): result[path] = .failure(failure)
      case .fresh(let hash, _): result[path] = computed[hash].map { .success($0) }
      case .known(let hash): result[path] = cache?[hash].map { .success($0) }
      }
    }
    cache?.trim()
    return result
  }

  /// Reads files, several at a time; of each only the picture at the model's size is kept.
  private func load(_ paths: [String]) -> [Loaded] {
    let (reader, cache) = (reader, cache)
    return WorkerPool.shared.map(paths.count) { index in
      do throws(FileFailure) {
        let bytes = try readFile(paths[index], limit: reader.limits.fileBytes)
        // Without a cache nobody asks for the hash, and the path names the picture as well.
        let hash = cache == nil ? paths[index] : ContentHash.hex(bytes)
        let isKnown = cache?.contains(hash) ?? false
        return isKnown ? .known(hash: hash) : .fresh(hash: hash, try reader.fit(bytes, name: paths[index]))
      } catch {
        return .failed(error)
      }
    }
  }
}

/// The questions of a file in groups of whole pictures, in the order in which the pictures first come.
enum PictureGroups {
  /// Groups end at so many pictures or questions, so that a run soon notices that it is to stop.
  private static let (mostPictures, mostQuestions) = (32, 128)

  /// Places of the questions, group by group.
  static func groups(_ questions: [Question]) -> [[Int]] {
    var order: [Int] = []
    var byPicture: [Int: [Int]] = [:]
    for (place, question) in questions.enumerated() {
      if byPicture[question.imageID] == nil { order.append(question.imageID) }
      byPicture[question.imageID, default: []].append(place)
    }
    var groups: [[Int]] = []
    var group: [Int] = []
    var pictures = 0
    for picture in order {
      group += byPicture[picture] ?? []
      pictures += 1
      if pictures == mostPictures || group.count >= mostQuestions {
        groups.append(group)
        (group, pictures) = ([], 0)
      }
    }
    return group.isEmpty ? groups : groups + [group]
  }
}
