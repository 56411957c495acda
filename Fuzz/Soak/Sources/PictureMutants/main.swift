// main.swift - decodes damaged pictures and says how long it took: PictureMutants FORMAT COUNT SEED PICTURE...
//
// Each mutant is decoded once; half of those of PNG have their checksums made right. Times are those of the processor, so
// that other programs on the machine do not count. Exits 1 when a picture is not well formed, or when one of a hundred takes more
// than 10 ms or any more than 100 ms; 64 when it is called wrongly.

import Foundation
import ImageCodecs
import SafeFiles

/// Time of the processor that this thread has used, in seconds.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func say(_ text: String) throws { try CheckedOutput(descriptor: 1).write(text + "\n") }

/// Whether a picture has a size within the limits and all of its values; the sum makes valgrind look at each of them.
func isWellFormed(_ image: RGBImage, within limits: ImageLimits) -> Bool {
  let count = image.pixels.count, sum = image.pixels.reduce(0) { $0 &+ Int($1) }
  return count == image.width * image.height * 3 && count <= 3 * limits.pixels && sum <= 255 * count
}

let words = CommandLine.arguments
guard words.count > 4, let format = ImageFormat(rawValue: words[1].uppercased()), let count = Int(words[2]), count > 0,
  let seed = UInt64(words[3])
else {
  try CheckedOutput(descriptor: 2).write("usage: PictureMutants jpeg|png COUNT SEED PICTURE...\n")
  exit(64)
}
let seeds = try words.dropFirst(4).map { try readFile($0, limit: 1 << 20) }
var limits = ImageLimits()
limits.pixels = 1_000_000
var times: [Double] = []
times.reserveCapacity(count)
var slowest = (time: 0.0, number: 0)
let mutants = try Mutants(of: format.rawValue, seeds: seeds, count: count, environment: ["VQA_TEST_SEED": "\(seed)"]) {
  file, numbers in
  let isMended = format == .png && Bool.random(using: &numbers)
  let file = isMended ? PNGBuilder.withChecksums(file) : file
  let start = processorTime()
  let image = try? decodeImage(file, limits: limits)
  let time = processorTime() - start
  if time > slowest.time { slowest = (time, times.count) }
  times.append(time)
  if let image, !isWellFormed(image, within: limits) {
    try say("mutant \(times.count - 1) of seed \(seed) is not well formed")
    exit(1)
  }
  return image != nil
}
times.sort()
/// A time in milliseconds.
func milliseconds(_ time: Double) -> String { String(format: "%.2f ms", time * 1000) }
try say(
  "\(format.rawValue): \(count) mutants of \(seeds.count) pictures, \(mutants.accepted) accepted, median "
    + "\(milliseconds(times[count / 2])), p99 \(milliseconds(times[count * 99 / 100])), slowest "
    + "\(milliseconds(slowest.time)) (mutant \(slowest.number) of seed \(seed))")
if times[count * 99 / 100] > 0.01 || slowest.time > 0.1 {
  try say("\(format.rawValue): slower than 10 ms for ninety-nine of a hundred, or than 100 ms for any")
  exit(1)
}
