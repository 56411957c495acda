// Cascade.swift - the stages of a Dynamic ViT of three DeiT-small: time and memory of each, and its logits against the peer's.

import DynamicViT
import Foundation
import Layers
import SafeFiles
import Tensors
import VQAPipeline
import WeightFiles

/// A cascade of three DeiT-small with random weights.
private func makeCascade() -> DynamicViTCascade {
  var random = SeededRandom(seed: 0)
  let cascade = Initialisation.skipped { DynamicViTCascade(.deitSmall, random: &random) }
  for (_, parameter) in cascade.namedParameters {
    parameter.value = Tensor(shape: parameter.value.shape) { target in
      for index in target.indices { target[index] = random.uniform(-0.04, 0.04) }
    }
  }
  return cascade
}

/// Random pictures of the cascade's size.
private func makePictures(_ batch: Int, _ cascade: DynamicViTCascade) -> Tensor {
  var random = SeededRandom(seed: 1)
  return Tensor(shape: [batch, cascade.pictureSize, cascade.pictureSize, 3]) { target in
    for index in target.indices { target[index] = random.normal() }
  }
}

/// The stages that are timed: a classifier's last stage computes of its last block the class token only, one whose tokens are
/// read, as by an answer network, all of it.
private let uses: [(name: String, stage: Int, use: DynamicViTUse)] = [
  ("1", 0, .handedOn), ("2", 1, .handedOn), ("3", 2, .classes), ("3 tokens", 2, .tokens),
]

/// What one stage takes.
private struct StageTimes: Encodable {
  var stages: [String: Measurement] = [:]
  var peakMegabytes = 0.0
}

/// Times the stages of a cascade with random weights.
func timeStages(batch: Int, seconds: Double, names: [String]) {
  let cascade = makeCascade()
  let pictures = makePictures(batch, cascade)
  var times = StageTimes()
  var earlier: DynamicViTFeatures?
  for stage in cascade.stages {
    let reused = earlier
    for (name, number, use) in uses where number == stage.number && names.contains(name) {
      var sum: Float = 0
      times.stages[name] = measure(seconds: seconds, group: 0) {
        sum += stage.logits(stage(pictures, reusing: reused, for: use)).elements[0]
      }
      precondition(sum.isFinite, "the logits are not finite")
    }
    if stage.number < 2 { earlier = stage(pictures, reusing: reused, for: .handedOn) }
  }
  times.peakMegabytes = peakMegabytes()
  printJSON(times)
}

/// Holds the logits of the peer's checkpoint against the peer's own.
func compareCascade(_ folder: String) throws {
  let checkpoint = try DynamicViTCheckpoint(path: folder + "/cascade.pth.tar")
  let cascade = try checkpoint.cascade()
  func read(_ name: String) throws -> Tensor {
    let array = try ArrayFile(path: "\(folder)/\(name).npy")
    return Tensor(try array.floats(), shape: array.shape)
  }
  let found = cascade.logits(try read("pictures"))
  var worst: [String: Double] = [:]
  for (stage, logits) in found.enumerated() {
    let expected = try read("logits\(stage + 1)").elements
    worst["\(stage + 1)"] = zip(logits.elements, expected).reduce(0) { max($0, Double(abs($1.0 - $1.1))) }
    worst["\(stage + 1) greatest"] = expected.reduce(0) { max($0, Double(abs($1))) }
  }
  printJSON(worst)
}

/// Writes a cascade with random weights.
func writeCascade(to path: String) throws {
  try DynamicViTFile.save(makeCascade(), facts: DynamicViTFacts(), to: path)
}

/// The peak of memory of one stage beyond what was there before it: weights, pictures and what is reused.
///
/// What is reused is drawn at random, so that nothing computed before has left free memory behind that the stage would use again.
func measureMemory(_ path: String, stage number: Int, batch: Int) throws {
  let cascade = try DynamicViTFile.load(path).cascade
  let (stage, configuration) = (cascade.stages[number - 1], cascade.configuration)
  let pictures = makePictures(batch, cascade)
  var random = SeededRandom(seed: 2)
  var earlier: DynamicViTFeatures?
  if number > 1 {
    let side = DynamicViTConfiguration.gridSides[number - 2]
    let (old, channels) = (side * side + 1, configuration.relationChannels)
    func draw(_ shape: [Int]) -> Tensor {
      Tensor(shape: shape) { target in
        for index in target.indices { target[index] = random.normal() }
      }
    }
    earlier = DynamicViTFeatures(
      features: draw([batch, old, configuration.width]), relations: draw([batch, channels, old, old]))
  }
  let before = residentMegabytes()
  resetPeak()
  let use: DynamicViTUse = number < 3 ? .handedOn : .classes
  let found = stage(pictures, reusing: earlier, for: use)
  let logits = stage.logits(found).elements
  precondition(logits.allSatisfy(\.isFinite), "the logits are not finite")
  printJSON(["before": before, "beyond": peakMegabytes() - before])
}

/// Resident memory of this process in megabytes.
private func residentMegabytes() -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
  return (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
}

/// Lets the peak of memory begin at what is resident now.
private func resetPeak() {
  guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { fatalError("no /proc/self/clear_refs") }
  file.write(Data("5".utf8))
}

private func printJSON(_ value: some Encodable) {
  guard let line = try? JSONEncoder().encode(value) else { return }
  FileHandle.standardOutput.write(line + Data("\n".utf8))
}
