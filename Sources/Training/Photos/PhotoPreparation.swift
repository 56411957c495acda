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
  /// Where grids are kept.
  let folder: String
  let views: Int
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
    if let photos = heldOut?.photos { heldOut?.grids = try cache(photos, views: 1, shouldStop: shouldStop) }
    return (training, heldOut)
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
    let count = model.configuration.knowledge.labels
    guard let vision = model.vision as? BackboneCascade, let grids = set.grids else {
      return LabelHeads(count: count, width: 1)
    }
    guard let known = self.labels else {
      return LabelHeads(weight: vision.labelWeight.value, bias: vision.labelBias.value)
    }
    var heads = LabelHeads(count: count, width: vision.labelWeight.value.shape[1])
    let names = set.photos.map(Self.name)
    let labelled = set.photos.indices.filter { known[names[$0]] != nil }
    // A photo that several sets link to counts once.
    var places: [String: Int] = [:]
    let photos = labelled.filter { photo in
      guard places[names[photo]] == nil else { return false }
      places[names[photo]] = places.count
      return true
    }
    if !photos.isEmpty {
      let features = try photos.map { try grids.known($0).pooled }
      let labels = photos.map { known[names[$0]] ?? [] }
      heads = LabelHeads(features: features, labels: labels, count: count)
      let scores = LabelHeads.crossFitted(features: features, labels: labels, count: count)
      for photo in labelled { set.grids?.labels[photo] = places[names[photo]].map { scores[$0] } }
      let sure = Self.meanPrecision(scores, labels, count)
      observer.note(
        "labels of \(photos.count) pictures: mean average precision of heads on pictures they did not see "
          + "\((sure * 1000).rounded() / 1000)")
    }
    vision.labelWeight.value = heads.weight
    vision.labelBias.value = heads.bias
    return heads
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
