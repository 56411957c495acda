// Machine.swift - the processor and the memory of this machine, as far as the system tells.

import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is known of this machine.
enum Machine {
  /// Whether the processor has a set of instructions.
  typealias Feature = (name: String, isThere: Bool)

  /// A bound on the memory of this process that is below that of the machine.
  struct MemoryLimit: Sendable {
    let bytes: Int
    /// Who sets it, such as `ulimit -v`.
    let source: String
  }

  /// The kind of processor that the program is built for.
  static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }

  /// Name of the processor, where the system tells one.
  static var processorName: String? {
    #if os(Linux)
      processorField("model name")
    #else
      systemText("machdep.cpu.brand_string")
    #endif
  }

  /// The sets of instructions that make answering fast.
  static var features: [Feature] {
    #if arch(arm64)
      // Every processor of this kind has it.
      return [("NEON", true)]
    #elseif os(Linux)
      let flags = Set((processorField("flags") ?? "").split(separator: " "))
      return [("AVX2", flags.contains("avx2")), ("FMA", flags.contains("fma")), ("AVX-512", flags.contains("avx512f"))]
    #else
      return [("AVX2", "hw.optional.avx2_0"), ("FMA", "hw.optional.fma"), ("AVX-512", "hw.optional.avx512f")]
        .map { ($0, systemNumber($1) == 1) }
    #endif
  }

  /// Memory of the machine, in bytes.
  static var memory: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) }

  /// Memory that could be had now, in bytes, where the system tells.
  static var availableMemory: Int? {
    let line = text("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// The narrowest bound on this process; nil when it may use the whole machine.
  static var memoryLimit: MemoryLimit? {
    var limits: [MemoryLimit] = []
    var space = rlimit()
    #if canImport(Glibc)
      let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0
    #else
      let isKnown = getrlimit(RLIMIT_AS, &space) == 0
    #endif
    if isKnown { limits.append(MemoryLimit(bytes: Int(clamping: space.rlim_cur), source: "ulimit -v")) }
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      let bytes = text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
      if let bytes { limits.append(MemoryLimit(bytes: bytes, source: path)) }
    }
    return limits.filter { $0.bytes < memory }.min { $0.bytes < $1.bytes }
  }

  #if os(Linux)
    /// The first value of that name in the system's list of processors.
    private static func processorField(_ name: String) -> String? {
      for line in (text("/proc/cpuinfo") ?? "").split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        if parts.count == 2, parts[0] == name { return parts[1] }
      }
      return nil
    }
  #else
    private static func systemText(_ name: String) -> String? {
      var count = 0
      guard sysctlbyname(name, nil, &count, nil, 0) == 0, count > 1 else { return nil }
      var bytes = [UInt8](repeating: 0, count: count)
      guard sysctlbyname(name, &bytes, &count, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func systemNumber(_ name: String) -> Int32? {
      var (value, count) = (Int32(0), MemoryLayout<Int32>.size)
      return sysctlbyname(name, &value, &count, nil, 0) == 0 ? value : nil
    }
  #endif

  /// A file of the system, which tells no size before it is read.
  private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
