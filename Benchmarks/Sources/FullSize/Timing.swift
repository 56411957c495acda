// Timing.swift - wall clock, this process's processor time, and its peak of memory; as the peer measures them.

import Foundation

/// What one measurement found, ready to be printed as JSON.
struct Measurement: Encodable {
  /// Median of the wall clock of one call, in milliseconds.
  var wallMedian = 0.0
  /// Least wall clock of one call, in milliseconds.
  var wallLeast = 0.0
  /// Least processor time of one call, all threads together, in milliseconds.
  var processorLeast = 0.0
  /// Number of samples.
  var samples = 0
  /// Peak of resident memory of this process, in megabytes (2²⁰ bytes), as the peer counts them.
  var peakMegabytes = 0.0
  /// What else is worth telling.
  var notes: [String: Double] = [:]
}

/// Seconds of processor time this process has used.
func processorSeconds() -> Double {
  var usage = rusage()
  #if canImport(Darwin)
    getrusage(RUSAGE_SELF, &usage)
  #else
    getrusage(RUSAGE_SELF.rawValue, &usage)
  #endif
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Seconds of a clock that never goes back.
func wallSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

/// VmHWM of this process in megabytes; 0 where the system does not tell.
func peakMegabytes() -> Double {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
}

/// Calls `body` again and again for a while after two calls to warm up; calls shorter than a quarter of a second are timed in groups.
func measure(seconds: Double, least: Int = 5, group: Double = 0.25, warmUps: Int = 2, _ body: () -> Void) -> Measurement
{
  for _ in 0..<warmUps { body() }
  var walls: [Double] = []
  var processor: [Double] = []
  let start = wallSeconds()
  while processor.count < least || wallSeconds() - start < seconds {
    let processorStart = processorSeconds()
    let groupStart = wallSeconds()
    var calls = 0
    repeat {
      let callStart = wallSeconds()
      body()
      walls.append(wallSeconds() - callStart)
      calls += 1
    } while wallSeconds() - groupStart < group
    processor.append((processorSeconds() - processorStart) / Double(calls))
  }
  walls.sort()
  return Measurement(
    wallMedian: walls[walls.count / 2] * 1e3, wallLeast: walls[0] * 1e3, processorLeast: (processor.min() ?? 0) * 1e3,
    samples: walls.count, peakMegabytes: peakMegabytes())
}

/// Prints a measurement as a line of JSON.
func report(_ measurement: Measurement) {
  guard let line = try? JSONEncoder().encode(measurement) else { return }
  FileHandle.standardOutput.write(line + Data("\n".utf8))
}
