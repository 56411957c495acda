// DataFolders.swift - where models and recipes are looked for: $VQA_DATA, data/ above the executable, PREFIX/share/vqa.

import Foundation

/// The folders that may hold `models/`.
enum DataFolders {
  /// The folders in the order in which they are searched.
  ///
  /// - Parameters:
  ///   - environment: `VQA_DATA` is looked at.
  ///   - executable: Path of the program, links resolved.
  /// - Returns: Folders; those above the executable only where they are there.
  static func all(environment: [String: String], executable: String = Self.executable) -> [String] {
    var folders: [String] = []
    if let own = environment["VQA_DATA"], !own.isEmpty { folders.append(own) }
    let binaries = (executable as NSString).deletingLastPathComponent
    var folder = binaries
    while folder.hasPrefix("/") {
      let candidate = folder == "/" ? "/data" : folder + "/data"
      if FileManager.default.fileExists(atPath: candidate + "/models") { folders.append(candidate) }
      guard folder != "/" else { break }
      folder = (folder as NSString).deletingLastPathComponent
    }
    return folders + [(binaries as NSString).deletingLastPathComponent + "/share/vqa"]
  }

  /// The path of the running program, links resolved.
  static var executable: String {
    let link = "/proc/self/exe"
    let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? CommandLine.arguments.first ?? ""
    return URL(filePath: path).resolvingSymlinksInPath().path
  }
}
