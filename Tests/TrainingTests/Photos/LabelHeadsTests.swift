// LabelHeadsTests.swift - heads learn which pictures have a label, and say nothing of how frequent it is.

import Tensors
import Testing
import Training

@Suite struct LabelHeadsTests {
  /// Photos of noise; place j of the sums is greater where label j is: every second one has label 0, every tenth label 1, none label 2.
  private static func photos(
    _ count: Int, seed: UInt64 = 1, signal: Float = 2
  ) -> (features: [[Float]], labels: [[Int]]) {
    var random = SeededRandom(seed: seed)
    let labels = (0..<count).map { ($0 % 2 == 0 ? [0] : []) + ($0 % 10 == 3 ? [1] : []) }
    let features = labels.map { own in
      (0..<6).map { place in random.uniform(0, 1) + (own.contains(place) ? signal : 0) }
    }
    return (features, labels)
  }

  private static func fit(_ photos: (features: [[Float]], labels: [[Int]])) -> LabelHeads {
    LabelHeads(features: photos.features, labels: photos.labels, count: 3)
  }

  @Test func whatCanBeToldApartIsLearned() {
    let heads = Self.fit(Self.photos(80))
    let new = Self.photos(60, seed: 2)
    let scores = new.features.map(heads.scores)
    #expect(scores.allSatisfy { $0.count == 3 })
    for label in 0..<2 {
      let shown = zip(scores, new.labels).filter { $1.contains(label) }.map { $0.0[label] }
      let others = zip(scores, new.labels).filter { !$1.contains(label) }.map { $0.0[label] }
      let (least, greatest) = (shown.min() ?? 0, others.max() ?? 0)
      #expect(least > greatest && least > 0.5, "label \(label): \(least), \(greatest)")
      #expect(others.reduce(0, +) / Float(others.count) < -0.2)
    }
  }

  /// Where the sums tell nothing, a score is near 0 however frequent its label is.
  @Test func howFrequentALabelIsDoesNotCount() {
    let photos = Self.photos(400, signal: 0)
    let heads = Self.fit(photos)
    let scores = photos.features.map(heads.scores)
    for label in 0..<2 {
      let mean = scores.reduce(0) { $0 + $1[label] } / Float(scores.count)
      #expect(abs(mean) < 0.15, "label \(label): \(mean)")
    }
    // A head that kept it would be at the logarithm of 1 to 9.
    #expect(scores.allSatisfy { $0[1] > -1.5 })
  }

  /// A label that every photo of one set has and none of the other says nothing of what differs between photos of a set.
  @Test func setsNeedNotBeToldApart() {
    let photos = Self.photos(200, signal: 0)
    let sets = photos.features.indices.map { $0 / 100 }
    let features = zip(photos.features, sets).map { row, set in row + [Float(set)] }
    let labels = sets.map { $0 == 0 ? [0] : [] }
    let apart = LabelHeads(features: features, labels: labels, count: 1, sets: sets)
    let together = LabelHeads(features: features, labels: labels, count: 1)
    for (row, set) in zip(features, sets) {
      #expect(abs(apart.scores(row)[0]) < 0.3, "\(apart.scores(row))")
      #expect((together.scores(row)[0] > 1) == (set == 0))
    }
  }

  @Test func aLabelThatNoPhotoHasIsImprobableNowhere() {
    let photos = Self.photos(80)
    let scores = photos.features.map { Self.fit(photos).scores($0)[2] }
    #expect(scores.allSatisfy { $0.isFinite && abs($0) < 2 })
    let none = LabelHeads(features: photos.features, labels: photos.labels.map { _ in [] }, count: 1)
    #expect(none.scores(photos.features[0])[0].isFinite)
    let all = LabelHeads(features: photos.features, labels: photos.labels.map { _ in [0] }, count: 1)
    #expect(all.scores(photos.features[0])[0].isFinite)
  }

  /// A sum that is the same in all photos, or a thousand times as large as others, does no harm.
  @Test func scalesDoNotMatter() {
    let photos = Self.photos(80)
    let changed = photos.features.map { row in row.map { $0 * 1000 } + [7] }
    let heads = Self.fit((changed, photos.labels))
    for (row, labels) in zip(changed, photos.labels) {
      let scores = heads.scores(row)
      #expect(scores.allSatisfy { $0.isFinite })
      #expect((scores[0] > 0) == labels.contains(0))
    }
  }

  @Test func theSameLabelTwiceCountsOnce() {
    let photos = Self.photos(40)
    let twice = Self.fit((photos.features, photos.labels.map { $0 + $0 }))
    #expect(twice.scores(photos.features[0]) == Self.fit(photos).scores(photos.features[0]))
  }

  @Test func crossFittedScoresAreOthers() {
    let photos = Self.photos(40)
    let heads = Self.fit(photos)
    let own = photos.features.map(heads.scores)
    let crossed = LabelHeads.crossFitted(features: photos.features, labels: photos.labels, count: 3)
    #expect(crossed.count == own.count)
    for (one, other) in zip(own, crossed) {
      #expect(other.count == 3 && other.allSatisfy(\.isFinite))
      #expect(one != other)
    }
    // The photo's own label has no part in its score: another label there leaves it as it is.
    var labels = photos.labels
    labels[5] = [0, 1, 2]
    let changed = LabelHeads.crossFitted(features: photos.features, labels: labels, count: 3)
    #expect(changed[5] == crossed[5])
    #expect(changed[6] != crossed[6])
    #expect(changed[9] == crossed[9], "of the same part")
  }

  @Test(arguments: 0...5)
  func fewPhotosAreEnough(count: Int) {
    let photos = Self.photos(count)
    let scores = LabelHeads.crossFitted(features: photos.features, labels: photos.labels, count: 3)
    #expect(scores.count == count)
    #expect(scores.allSatisfy { $0.count == 3 && $0.allSatisfy(\.isFinite) })
  }

  @Test func headsThatKnowNothingSayNothing() {
    #expect(LabelHeads(count: 3, width: 6).scores([1, 2, 3, 4, 5, 6]) == [0, 0, 0])
  }
}
