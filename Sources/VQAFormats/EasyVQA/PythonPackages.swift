// PythonPackages.swift - where pip puts packages, and asking Python where one is.

import Foundation

/// Where Python packages are installed.
public enum PythonPackages {
  /// Folders in which pip usually installs: the virtual environment, the user's, the system's.
  ///
  /// - Parameter environment: Environment variables; `VIRTUAL_ENV`, `CONDA_PREFIX` and `HOME` are looked at.
  /// - Returns: Folders that exist, the likeliest first.
  public static func usualFolders(environment: [String: String]) -> [String] {
    let roots = [
      environment["VIRTUAL_ENV"], environment["CONDA_PREFIX"], environment["HOME"].map { $0 + "/.local" }, "/usr/local",
      "/usr",
    ]
    return roots.compactMap { $0 }.flatMap { root in
      let library = root + "/lib"
      let versions = ((try? FileManager.default.contentsOfDirectory(atPath: library)) ?? [])
        .filter { $0.hasPrefix("python3") }.sorted(by: >)
      return versions.flatMap { ["\(library)/\($0)/site-packages", "\(library)/\($0)/dist-packages"] }
    }.filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Asks `python3` for a package's folder, without importing it.
  ///
  /// - Parameters:
  ///   - package: Name of the package as it is imported.
  ///   - seconds: How long to wait for Python.
  /// - Returns: The folder, or nil when there is no Python, no package or no answer in time.
  package static func folder(of package: String, within seconds: Double = 10) -> String? {
    let question = """
      import importlib.util, sys
      found = importlib.util.find_spec(sys.argv[1])
      print(found.submodule_search_locations[0] if found else "")
      """
    let process = Process()
    let output = Pipe()
    let ended = DispatchSemaphore(value: 0)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", question, package]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardOutput = output
    process.terminationHandler = { _ in ended.signal() }
    guard (try? process.run()) != nil else { return nil }
    guard ended.wait(timeout: .now() + seconds) == .success else {
      process.terminate()
      return nil
    }
    guard process.terminationStatus == 0 else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let folder = text.trimmingCharacters(in: .newlines)
    return folder.isEmpty ? nil : folder
  }
}
