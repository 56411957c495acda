// Backbone.swift - the network that photos are seen with: its time, its logits against the peer's, and what stored halves cost.

import Backbones
import Foundation
import ImageCodecs
import SafeFiles
import Tensors
import VQAPipeline
import WeightFiles

/// Times the grids of random pictures; the result is that of a picture.
func timeBackbone(_ path: String, batch: Int, side: Int, seconds: Double) throws {
  let network = try BackboneFile.load(path)
  var random = SeededRandom(seed: 1)
  let pictures = Tensor(shape: [batch, side, side, 3]) { target in
    for index in target.indices { target[index] = random.uniform(-1, 1) }
  }
  var sum: Float = 0
  var measurement = measure(seconds: seconds, group: 0.1) { sum += network.features(pictures).elements[0] }
  precondition(sum.isFinite, "the grid is not finite")
  measurement.wallMedian /= Double(batch)
  measurement.wallLeast /= Double(batch)
  measurement.processorLeast /= Double(batch)
  report(measurement)
}

/// Holds the logits of pictures that the peer drew against its own.
func compareBackbone(_ path: String, folder: String) throws {
  let network = try BackboneFile.load(path)
  let pictures = try ArrayFile(path: folder + "/pictures.npy")
  let logits = network.logits(network.features(Tensor(try pictures.floats(), shape: pictures.shape)))
  let expected = try ArrayFile(path: folder + "/logits.npy").floats()
  let worst = zip(logits.elements, expected).reduce(0) { max($0, Double(abs($1.0 - $1.1))) }
  var measurement = Measurement()
  measurement.notes = ["worst": worst, "greatest": expected.reduce(0) { max($0, Double(abs($1))) }]
  report(measurement)
}

/// Compares the logits of two files of the backbone on the photos of a folder.
func compareStorages(_ one: String, _ other: String, images folder: String) throws {
  let networks = [try BackboneFile.load(one), try BackboneFile.load(other)]
  var (worst, agreeing, count) = (0.0, 0, 0)
  for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
    let bytes = try readFile("\(folder)/\(name)", limit: 1 << 26)
    let image = try decodeImage(bytes, atLeast: (224, 224)).resized(to: (width: 224, height: 224), filter: .bicubic)
    let picture = Tensor(image.pixels.map { (Float($0) - 127) / 128 }, shape: [1, 224, 224, 3])
    let logits = networks.map { $0.logits($0.features(picture)).elements }
    worst = zip(logits[0], logits[1]).reduce(worst) { max($0, Double(abs($1.0 - $1.1))) }
    let best = logits.map { logits in logits.indices.max { logits[$0] < logits[$1] } }
    agreeing += best[0] == best[1] ? 1 : 0
    count += 1
  }
  var measurement = Measurement()
  measurement.notes = ["worst": worst, "agreeing": Double(agreeing), "photos": Double(count)]
  report(measurement)
}

/// Times the first picture of a process: reading the file, the first grid, and the second.
func timeFirstGrid(_ path: String, side: Int) throws {
  let pictures = Tensor(repeating: 0.5, shape: [1, side, side, 3])
  var measurement = Measurement()
  let start = processorSeconds()
  let network = try BackboneFile.load(path)
  let loaded = processorSeconds()
  var sum = network.features(pictures).elements[0]
  let first = processorSeconds()
  sum += network.features(pictures).elements[0]
  precondition(sum.isFinite, "the grid is not finite")
  measurement.notes = [
    "load": (loaded - start) * 1e3, "first": (first - loaded) * 1e3, "second": (processorSeconds() - first) * 1e3,
  ]
  measurement.peakMegabytes = peakMegabytes()
  report(measurement)
}
