// main.swift - measures one thing in this process and prints it as a line of JSON: `FullSize WHAT [--threads N] ...`.
//
// One process measures one thing, so that its peak of memory is its own. `Benchmarks/run` calls it in turn with the peer.

import Foundation
import Tensors

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

  """

WorkerPool.shared.threads = option("threads").flatMap(Int.init) ?? processorCount()
let seconds = option("seconds").flatMap(Double.init) ?? 6
let place = CommandLine.arguments.dropFirst(2).first

switch CommandLine.arguments.dropFirst().first {
case "forward1": report(forward(batch: 1, seconds: seconds))
case "forward64": report(forward(batch: 64, seconds: seconds))
case "train": report(trainingStep(batch: 64, seconds: seconds))
case "spans": reportSpans(seconds: seconds)
case "write": if let place { try writeModel(to: place) }
case "cold": if let place { report(try firstAnswer(of: place)) }
default:
  FileHandle.standardError.write(Data(usage.utf8))
  exit(64)
}
