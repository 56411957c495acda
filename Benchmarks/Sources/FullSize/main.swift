// main.swift - measures one thing in this process and prints it as a line of JSON: `FullSize WHAT [--threads N] ...`.
//
// One process measures one thing, so that its peak of memory is its own. `Benchmarks/run` calls it in turn with the peer.

import Foundation
import Tensors
import VQAPipeline

/// The words after `--name` on the command line, or nil.
func option(_ name: String) -> String? {
  let arguments = CommandLine.arguments
  guard let place = arguments.firstIndex(of: "--" + name), place + 1 < arguments.count else { return nil }
  return arguments[place + 1]
}

let usage = """
  usage: FullSize forward1 | forward64 | train | spans [--threads N] [--seconds S]
         FullSize write FILE
         FullSize cold FILE [--threads N]
         FullSize cascade [--batch N] [--stages 1,2,3] [--threads N] [--seconds S]
         FullSize cascade-check FOLDER | cascade-write FILE
         FullSize answers FILE --data FOLDER [--batch N] [--questions N] [--exit exact | --budget GMACS] [--threads N] [--seconds S]
         FullSize cascade-memory FILE [--stage N] [--batch N] [--threads N]
         FullSize backbone FILE [--batch N] [--side PIXELS] [--threads N] [--seconds S]
         FullSize backbone-cold FILE [--side PIXELS] [--threads N]
         FullSize backbone-write CHECKPOINT --to FILE
         FullSize annotations FILE | weights FILE
         FullSize backbone-check FILE --data FOLDER | backbone-storage FILE --other FILE --data FOLDER

  """

WorkerPool.shared.threads = option("threads").flatMap(Int.init) ?? processorCount()
let seconds = option("seconds").flatMap(Double.init) ?? 6
let batch = option("batch").flatMap(Int.init)
let place = CommandLine.arguments.dropFirst(2).first

switch CommandLine.arguments.dropFirst().first {
case "forward1": report(forward(batch: 1, seconds: seconds))
case "forward64": report(forward(batch: 64, seconds: seconds))
case "train": report(trainingStep(batch: 64, seconds: seconds))
case "spans": reportSpans(seconds: seconds)
case "write": if let place { try writeModel(to: place) }
case "cold": if let place { report(try firstAnswer(of: place)) }
case "answers":
  if let place, let data = option("data") {
    try timeAnswers(
      place, folder: data, batch: batch ?? 1, count: option("questions").flatMap(Int.init) ?? 256, exit: option("exit"),
      budget: option("budget").flatMap(Double.init), seconds: seconds)
  }
case "cascade":
  let names = (option("stages") ?? "1,2,3,3 tokens").split(separator: ",").map(String.init)
  timeStages(batch: batch ?? 1, seconds: seconds, names: names)
case "cascade-check": if let place { try compareCascade(place) }
case "cascade-write": if let place { try writeCascade(to: place) }
case "cascade-memory":
  if let place {
    try measureMemory(place, stage: option("stage").flatMap(Int.init) ?? 3, batch: batch ?? 16)
  }
case "backbone":
  if let place {
    try timeBackbone(
      place, batch: batch ?? 1, side: option("side").flatMap(Int.init) ?? 224, seconds: seconds)
  }
case "annotations": if let place { try timeAnnotations(place) }
case "weights": if let place { try timeWeights(place) }
case "backbone-write": if let place, let to = option("to") { try BackboneFile.save(BackboneFile.load(place), to: to) }
case "backbone-cold": if let place { try timeFirstGrid(place, side: option("side").flatMap(Int.init) ?? 224) }
case "backbone-check": if let place, let data = option("data") { try compareBackbone(place, folder: data) }
case "backbone-storage":
  if let place, let other = option("other"), let data = option("data") {
    try compareStorages(place, other, images: data)
  }
default:
  FileHandle.standardError.write(Data(usage.utf8))
  exit(64)
}
