// PhotoPreparation.swift - before the first step of a model with a backbone: grids of all pictures, heads for the labels.

import Backbones
import Foundation
import ImageCodecs
import Layers
import SafeFiles
import Tensors
import VQAPipeline

/// Makes what a run with a backbone needs of its pictures.
struct PhotoPreparation {
  let model: VQAModel
  /// Hash of the backbone.
  let backbone: String
  /// Labels of photos by the names of their files; nil: the model's heads stay as they are.
  let labels: [String: [Int]]?
  /// Words that are used about the pictures learned from.
  let mentions: WordMentions?
  /// Where grids are kept.
  let folder: String
  let views: Int
  /// Which questions without photos borrow one, and the seed of the draw.
  let lending: KnowledgeRecipe.LendingRule
  let seed: UInt64
  let limits: ImageLimits
  let observer: TrainingObserver

  /// Makes the grids of both sets and fits the heads on the labelled pictures of the first.
  func prepare(
    _ training: QuestionSet, _ heldOut: QuestionSet?, shouldStop: () -> Bool
  ) throws -> (training: QuestionSet, heldOut: QuestionSet?) {
    let classes = model.configuration.knowledge.classes
    if let question = training.questions.first(where: { ($0.subject?.classNumber ?? 0) >= classes }) {
      throw PhotoPartFailure(
        problem:
          "question \(question.id) has a subject of class \(question.subject?.classNumber ?? 0), there are \(classes)")
    }
    var training = training
    var heldOut = heldOut
    training.grids = try cache(training.photos, views: views, shouldStop: shouldStop)
    let heads = try fit(&training)
    training.heads = heads
    heldOut?.heads = heads
    try lend(&training, heads)
    if let photos = heldOut?.photos { heldOut?.grids = try cache(photos, views: 1, shouldStop: shouldStop) }
    return (training, heldOut)
  }

  /// Adds questions that borrow a photo.
  private func lend(_ set: inout QuestionSet, _ heads: LabelHeads) throws {
    guard !lending.set.isEmpty, let lookup = model.lookup, let grids = set.grids else { return }
    let asking = set.questions.filter { $0.set == lending.set && $0.picture == AskedQuestion.noPicture }
    let pictures = Set(set.questions.filter { lending.photosOf.contains($0.set) }.map(\.picture))
      .subtracting([AskedQuestion.noPicture]).sorted()
    let known = try pictures.map { try grids.load($0, view: 0, heads: heads).knowledge }
    let lent = LentPictures(pictures, known: known, lookup: lookup).lend(to: asking, set: lending.name, seed: seed)
    set.questions += lent
    observer.note("\(lent.count) questions without a photo borrow one of \(pictures.count)")
  }

  private func cache(_ paths: [String], views: Int, shouldStop: () -> Bool) throws -> GridCache {
    try GridCache(
      paths, folder: folder, model: model, backbone: backbone, views: views, limits: limits,
      shouldStop: shouldStop
    ) { done, all in
      if done == all || done % 512 == 0 { observer.note("grids of \(done) of \(all) pictures") }
    }
  }

  /// Fits the heads, puts them into the model, and gives the pictures that they learned from scores of other heads.
  private func fit(_ set: inout QuestionSet) throws -> LabelHeads {
    let knowledge = model.configuration.knowledge
    guard let vision = model.vision as? BackboneCascade, let grids = set.grids else {
      return LabelHeads(count: knowledge.labels, width: 1)
    }
    guard let known = self.labels else {
      return LabelHeads(weight: vision.labelWeight.value, bias: vision.labelBias.value)
    }
    let width = vision.labelWeight.value.width
    let names = set.photos.map(Self.name)
    let labels = try fit(
      names, names.map { known[$0] }, sets: [], grids, count: knowledge.labels, width: width,
      decay: LabelHeads.labelDecay, called: "labels")
    let words = try fit(
      names, mentions?.pictures ?? names.map { _ in nil }, sets: mentions?.sets ?? [], grids, count: knowledge.words,
      width: width, decay: LabelHeads.wordDecay, called: "words")
    let heads = labels.heads.joined(words.heads)
    for photo in set.photos.indices {
      // Heads that learned from a photo say too much of it: it keeps the scores of those that did not.
      let (label, word) = (labels.scores[photo], words.scores[photo])
      guard label != nil || word != nil else { continue }
      let all = heads.scores(try grids.sums(photo, width: width))
      set.grids?.labels[photo] =
        (label ?? Array(all.prefix(knowledge.labels))) + (word ?? Array(all.dropFirst(knowledge.labels)))
    }
    vision.labelWeight.value = heads.weight
    vision.labelBias.value = heads.bias
    return heads
  }

  /// Fits heads on those pictures that have numbers.
  ///
  /// - Parameters:
  ///   - names: The files of the pictures; a photo that several sets link to counts once.
  ///   - numbers: Those of the labels of each picture, nil where nothing is known of it.
  ///   - sets: The set of each picture; empty: one set.
  ///   - grids: The pictures.
  ///   - count: Number of labels.
  ///   - width: How many numbers heads read.
  ///   - decay: How fast weights shrink.
  ///   - called: What the labels are, for people.
  /// - Returns: The heads, and the scores of each of these pictures by heads that did not see it.
  /// - Throws: `FileFailure` when the cache cannot be read.
  private func fit(
    _ names: [String], _ numbers: [[Int]?], sets: [Int], _ grids: GridCache, count: Int, width: Int, decay: Float,
    called: String
  ) throws -> (heads: LabelHeads, scores: [Int: [Float]]) {
    let labelled = numbers.indices.filter { numbers[$0] != nil }
    var places: [String: Int] = [:]
    let photos = labelled.filter { photo in
      guard places[names[photo]] == nil else { return false }
      places[names[photo]] = places.count
      return true
    }
    guard !photos.isEmpty, count > 0 else { return (LabelHeads(count: count, width: width), [:]) }
    let features = try photos.map { try grids.sums($0, width: width) }
    let labels = photos.map { numbers[$0] ?? [] }
    let own = sets.isEmpty ? [] : photos.map { sets[$0] }
    let heads = LabelHeads(features: features, labels: labels, count: count, sets: own, decay: decay)
    let scores = LabelHeads.crossFitted(features: features, labels: labels, count: count, sets: own, decay: decay)
    let sure = Self.meanPrecision(scores, labels, count)
    observer.note(
      "\(count) \(called) of \(photos.count) pictures: mean average precision of heads on pictures they did not see "
        + "\((sure * 1000).rounded() / 1000)")
    var found: [Int: [Float]] = [:]
    for photo in labelled { found[photo] = places[names[photo]].map { scores[$0] } }
    return (heads, found)
  }

  /// The name of a photo's file, of a linked one that of the file itself.
  private static func name(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().lastPathComponent
  }

  /// The mean over labels of the average precision; labels that no picture has are left out.
  private static func meanPrecision(_ scores: [[Float]], _ labels: [[Int]], _ count: Int) -> Double {
    var total = 0.0
    var known = 0
    for label in 0..<count {
      let order = scores.indices.sorted { scores[$0][label] > scores[$1][label] }
      var (hits, sum) = (0, 0.0)
      for (rank, place) in order.enumerated() where labels[place].contains(label) {
        hits += 1
        sum += Double(hits) / Double(rank + 1)
      }
      guard hits > 0 else { continue }
      total += sum / Double(hits)
      known += 1
    }
    return total / Double(max(1, known))
  }
}
