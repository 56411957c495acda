// CheckpointInspection.swift - where the run stood that a checkpoint of `vqa train` keeps.

import SafeFiles
import WeightFiles

/// Looks into checkpoints of this program.
enum CheckpointInspection {
  /// Whether a file of tensors is one.
  static func isOne(_ file: TensorFile) -> Bool {
    ["step", "optimiser.steps", "bestAccuracy"].allSatisfy { file.metadata[$0] != nil }
      && file.names.contains { $0.hasPrefix("weight.") }
  }

  /// What it keeps, above the list of its tensors.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - tensors: What is told of any file of tensors.
  /// - Returns: The same, with the place of the run before it.
  static func finding(_ file: TensorFile, _ tensors: Finding) -> Finding {
    var finding = Finding(kind: "training checkpoint")
    for (name, key) in [("step", "step"), ("seconds", "seconds"), ("best accuracy", "bestAccuracy")] {
      guard let text = file.metadata[key] else { continue }
      finding.rows.append((name, visibleText(text, limit: 40)))
    }
    for (name, prefix) in [("parameters", "weight."), ("averages", "average."), ("moments", "first.")] {
      let numbers = file.tensors.filter { $0.name.hasPrefix(prefix) }.reduce(0) { $0 + $1.count }
      if numbers > 0 { finding.rows.append((name, Columns.grouped(numbers))) }
    }
    // The log and the losses are long, and the rows above have said the rest.
    let told: Set = ["step", "seconds", "best accuracy", "bestAccuracy", "log", "losses"]
    finding.rows += tensors.rows.filter { !told.contains($0.name) }
    finding.details = tensors.details
    finding.members = tensors.members
    return finding
  }
}
