// TerminalRun.swift - runs the command with standard error on a terminal, and keeps what the terminal got.

import Foundation
import SafeFiles
import TestSupport
import Testing

/// No terminal could be made, or the run did not end.
struct NoTerminal: Error {
  let step: String
}

/// What a run wrote on a terminal.
struct TerminalRun {
  let code: Int32
  /// What came on the terminal: standard error, and standard output where it is there, too.
  let screen: String

  /// Runs the command to its end; standard output is thrown away, or goes to the terminal as well.
  init(
    _ arguments: [String], folder: String, environment: [String: String] = [:], outputToo: Bool = false
  ) throws {
    let (master, terminal) = try Self.open()
    defer { close(master) }
    let process = Process()
    process.executableURL = URL(filePath: Vqa.path)
    process.arguments = arguments
    process.environment = environment.merging(["PATH": "/usr/bin:/bin", "TERM": "xterm"]) { own, _ in own }
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: false)
    process.standardOutput = outputToo ? handle : FileHandle.nullDevice
    process.standardError = handle
    try process.run()
    close(terminal)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    let deadline = ContinuousClock.now + .seconds(120)
    // The terminal holds little, so it is read while the command runs, and once more at the end.
    var isLast = false
    while true {
      let count = read(master, &chunk, chunk.count)
      if count > 0 {
        bytes += chunk[..<count]
        continue
      }
      if isLast { break }
      isLast = !process.isRunning
      guard ContinuousClock.now < deadline else {
        kill(process.processIdentifier, SIGKILL)
        throw NoTerminal(step: "end of the run")
      }
      usleep(1000)
    }
    process.waitUntilExit()
    code = process.terminationStatus
    screen = String(decoding: bytes, as: UTF8.self)
  }

  /// Both ends of a new terminal.
  private static func open() throws -> (master: Int32, terminal: Int32) {
    let master = Foundation.open("/dev/ptmx", O_RDWR | O_NOCTTY)
    guard master >= 0 else { throw NoTerminal(step: "open") }
    var name = ""
    #if os(Linux)
      // TIOCSPTLCK and TIOCGPTN, which Swift does not see: macros that compute.
      var (lock, number) = (Int32(0), Int32(0))
      if ioctl(master, 0x4004_5431, &lock) == 0, ioctl(master, 0x8004_5430, &number) == 0 {
        name = "/dev/pts/\(number)"
      }
    #else
      if grantpt(master) == 0, unlockpt(master) == 0, let path = ptsname(master) { name = String(cString: path) }
    #endif
    let terminal = Foundation.open(name, O_RDWR | O_NOCTTY)
    guard terminal >= 0 else {
      close(master)
      throw NoTerminal(step: "open its other end")
    }
    return (master, terminal)
  }
}
