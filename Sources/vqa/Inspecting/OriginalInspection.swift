// OriginalInspection.swift - what a checkpoint or the settings of the original TRAR hold.

import SafeFiles
import VQAFormats
import VQAPipeline

/// Looks into files of the original TRAR.
enum OriginalInspection {
  static func checkpoint(_ path: String) throws -> Finding {
    let checkpoint = try OriginalCheckpoint(path: path)
    var finding = Finding(kind: "torch checkpoint")
    finding.add("tensors", checkpoint.weights.count)
    finding.add("numbers", Int(checkpoint.count))
    if let dataSet = checkpoint.dataSet { finding.add("dataSet", dataSet.rawValue) }
    if let words = checkpoint.words { finding.add("words", words) }
    if let answers = checkpoint.answers { finding.add("answers", answers) }
    if let epoch = checkpoint.epoch { finding.add("epoch", epoch) }
    if let rate = checkpoint.rate {
      finding.rows.append(("rate", "\(rate)"))
      finding.members["rate"] = .number(rate)
    }
    finding.add("sha256", try ContentHash.hex(path: path, limit: LoadLimits.default.weightFileBytes))
    let names = checkpoint.weights.map { visibleText($0.name, limit: 100) }
    let width = min(72, (names.map(\.count).max() ?? 0) + 2)
    finding.details = zip(names, checkpoint.weights).map { name, weight in
      let shape = weight.tensor.shape.map(String.init).joined(separator: " x ")
      return name + String(repeating: " ", count: max(1, width - name.count)) + shape + "\n"
    }.joined()
    finding.members["tensors"] = .array(
      checkpoint.weights.map { weight in
        [
          "name": .string(weight.name), "type": .string(weight.tensor.dataType.rawValue),
          "shape": .array(weight.tensor.shape.map { .integer(Int64($0)) }),
        ]
      })
    return finding
  }

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
