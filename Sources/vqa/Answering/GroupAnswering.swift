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
    try ask(items, load(Self.pictures(of: items)), answers)
  }

  /// The best answers of the model.
  private var answers: Asking<Answer> {
    { [model] questions, pictures in model.answer(questions, about: pictures, top: 1) }
  }

  /// Asks questions, each about a picture; gives as much back for each, in order.
  typealias Asking<Given> = (_ questions: [String], _ pictures: [SeenPicture]) -> [Given]

  /// Answers questions of a file, group by group; one whose picture is not there fails alone, too.
  ///
  /// Features of the next group are read while the present one is computed.
  ///
  /// - Parameters:
  ///   - groups: The questions.
  ///   - source: Finds their pictures.
  ///   - take: Receives the answers of a group in order; false ends the run.
  /// - Throws: What `take` throws.
  mutating func answer(
    _ groups: [[Question]], _ source: any PictureSource,
    take: ([(question: Question, result: Result<Answer, FileFailure>)]) throws -> Bool
  ) throws {
    try ask(groups, source, answers, take: take)
  }

  /// Asks questions of a file whatever is wanted of them, group by group; otherwise as ``answer(_:_:take:)``.
  ///
  /// - Parameters:
  ///   - groups: The questions.
  ///   - source: Finds their pictures.
  ///   - asking: Asks questions about pictures.
  ///   - take: Receives what was given in order; false ends the run.
  /// - Throws: What `take` throws.
  mutating func ask<Given>(
    _ groups: [[Question]], _ source: any PictureSource, _ asking: Asking<Given>,
    take: ([(question: Question, result: Result<Given, FileFailure>)]) throws -> Bool
  ) throws {
    let reader = reader
    let ahead =
      reader.readsFeatures
      ? ReadAhead(groups.indices) { index in
        Self.pictures(of: groups[index].compactMap { try? AskedItem($0, source) }).map { path in
          Loaded(path, reader)
        }
      } : nil
    for group in groups {
      var items: [AskedItem] = []
      var missing: [Int: FileFailure] = [:]
      for (place, question) in group.enumerated() {
        do throws(FileFailure) { items.append(try AskedItem(question, source)) } catch { missing[place] = error }
      }
      var results = try ask(items, ahead?.next() ?? load(Self.pictures(of: items)), asking)[...]
      var answered: [(question: Question, result: Result<Given, FileFailure>)] = []
      for (place, question) in group.enumerated() {
        if let failure = missing[place] {
          answered.append((question, .failure(failure)))
        } else if let result = results.popFirst() {
          answered.append((question, result))
        }
      }
      guard try take(answered) else { return }
    }
  }

  /// Looks at picture files without a question: each is read and computed once, a bad one fails alone.
  mutating func see(_ paths: [String]) throws -> [String: Result<SeenPicture, FileFailure>] {
    let distinct = Array(Set(paths)).sorted()
    return try pictures(distinct, load(distinct))
  }

  /// What became of one file.
  private enum Loaded: Sendable {
    case fresh(hash: String, PictureInput)
    case known(hash: String)
    case failed(FileFailure)

    /// Reads a file; the path stands for the picture.
    init(_ path: String, _ reader: PictureReader) {
      do throws(FileFailure) { self = .fresh(hash: path, try reader.picture(at: path)) } catch { self = .failed(error) }
    }

    /// Reads a file unless the cache has a picture of the same bytes.
    init(_ path: String, _ reader: PictureReader, _ cache: PictureCache) {
      if FeatureIndex.isFeatureFile(path) {
        if cache.contains(path) { self = .known(hash: path) } else { self.init(path, reader) }
        return
      }
      do throws(FileFailure) {
        let bytes = try readFile(path, limit: reader.limits.fileBytes)
        let hash = ContentHash.hex(bytes)
        self = cache.contains(hash) ? .known(hash: hash) : .fresh(hash: hash, .image(try reader.fit(bytes, name: path)))
      } catch {
        self = .failed(error)
      }
    }
  }

  private static func pictures(of items: [AskedItem]) -> [String] { Array(Set(items.map(\.picture))).sorted() }

  /// Reads files, several at a time; of each only what the model sees is kept.
  private func load(_ paths: [String]) -> [Loaded] {
    let (reader, cache) = (reader, cache)
    return WorkerPool.shared.map(paths.count) { index in
      if let cache { Loaded(paths[index], reader, cache) } else { Loaded(paths[index], reader) }
    }
  }

  private mutating func ask<Given>(
    _ items: [AskedItem], _ loaded: [Loaded], _ asking: Asking<Given>
  ) throws -> [Result<Given, FileFailure>] {
    let seen = try pictures(Self.pictures(of: items), loaded)
    var asked: [(question: String, picture: SeenPicture)] = []
    for item in items {
      if case .success(let picture)? = seen[item.picture] { asked.append((item.question, picture)) }
    }
    var given = asking(asked.map(\.question), asked.map(\.picture))[...]
    return items.compactMap { item in
      switch seen[item.picture] {
      case .success?: given.popFirst().map { .success($0) }
      case .failure(let failure)?: .failure(failure)
      case nil: nil
      }
    }
  }

  private mutating func pictures(
    _ paths: [String], _ loaded: [Loaded]
  ) throws -> [String: Result<SeenPicture, FileFailure>] {
    var fresh: [String: PictureInput] = [:]
    for case .fresh(let hash, let picture) in loaded { fresh[hash] = picture }
    let hashes = fresh.keys.sorted()
    let computed = Dictionary(
      uniqueKeysWithValues: zip(hashes, try model.see(inputs: hashes.compactMap { fresh[$0] })))
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
}

extension AskedItem {
  /// A question with the file of its picture.
  fileprivate init(_ question: Question, _ source: any PictureSource) throws(FileFailure) {
    self.init(picture: try source.path(of: question.imageID), question: question.text)
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
