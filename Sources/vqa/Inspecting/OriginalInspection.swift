// OriginalInspection.swift - what the settings of the original TRAR are.

import SafeFiles
import VQAFormats

/// Looks into files of the original TRAR.
enum OriginalInspection {
  static func settings(_ path: String) throws -> Finding {
    let settings = try OriginalConfiguration(path: path)
    var finding = Finding(kind: "settings of TRAR")
    finding.add("dataSet", settings.dataSet.rawValue)
    finding.details = settings.settings.members.map { key, value in
      let given = settings.given.contains(key) ? "" : "  (default)"
      return "\(key): \(value.serialized())\(given)\n"
    }.joined()
    finding.members["settings"] = .object(settings.settings)
    return finding
  }
}
