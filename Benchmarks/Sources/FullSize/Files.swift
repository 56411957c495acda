// Files.swift - how fast annotations and weights are read, and how much memory that takes beside what is kept.

import Foundation
import VQAFormats
import WeightFiles

/// Reads a file of annotations once and prints rate, memory kept and peak.
func timeAnnotations(_ path: String) throws {
  let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  let before = residentMegabytes()
  let start = wallSeconds(), used = processorSeconds()
  let file = try AnnotationFile(path: path)
  let wall = wallSeconds() - start, processor = processorSeconds() - used
  let kept = residentMegabytes() - before
  let megabytes = Double(bytes) / 1e6
  print(
    String(
      format: "%d annotations, %.0f MB: %.2f s, %.2f s of the processor: %.0f MB/s; kept %.0f MB, peak %.0f MB",
      file.annotations.count, megabytes, wall, processor, megabytes / processor, kept, peakMegabytes() - before))
}

/// Opens a weight file, checks that all numbers are finite, and reads all of them; prints the rate of each.
func timeWeights(_ path: String) throws {
  let bytes = Double(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0) / 1e9
  func timed(_ what: String, _ body: () throws -> Void) rethrows {
    let start = wallSeconds(), used = processorSeconds()
    try body()
    let wall = wallSeconds() - start, processor = processorSeconds() - used
    print(
      String(
        format: "%@ %.3f s, %.3f s of the processor: %.2f GB/s", what.padding(toLength: 26, withPad: " ", startingAt: 0),
        wall, processor, bytes / processor))
  }
  try timed("open and check the header") { _ = try TensorFile(path: path) }
  let file = try TensorFile(path: path)
  var sum: Float = 0
  func touch() throws { for name in file.names { try file.withFloats(name) { sum += $0.isEmpty ? 0 : $0[$0.count - 1] } } }
  try timed("check that all are finite") { try file.checkFinite() }
  try timed("lend every tensor") { try touch() }
  print(String(format: "peak %.0f MB", peakMegabytes()), sum.isFinite ? "" : "not finite")
}

/// VmRSS of this process in megabytes; 0 where the system does not tell.
private func residentMegabytes() -> Double {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
  return (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
}
