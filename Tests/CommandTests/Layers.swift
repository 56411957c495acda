// Layers.swift - the layer table: which target may import which.

/// What one target may import, at which level it stands.
struct LayerRule {
  let level: Int
  let mayImport: Set<String>
}

/// Every target of Sources.
///
/// A target imports only targets of a lower level; the C targets stand below all.
let layers: [String: LayerRule] = {
  var table: [String: LayerRule] = [
    "COneDNN": LayerRule(level: -1, mayImport: []),
    "CYAML": LayerRule(level: -1, mayImport: []),
    "CImageCodecs": LayerRule(level: -1, mayImport: []),
    "CZlib": LayerRule(level: -1, mayImport: []),
    "SafeFiles": LayerRule(level: 0, mayImport: []),
    "Tensors": LayerRule(level: 0, mayImport: ["COneDNN"]),
    "CommandLineKit": LayerRule(level: 0, mayImport: []),
    "ImageCodecs": LayerRule(level: 1, mayImport: ["SafeFiles", "CImageCodecs"]),
    "WeightFiles": LayerRule(level: 1, mayImport: ["SafeFiles", "CZlib"]),
    "VQAFormats": LayerRule(level: 1, mayImport: ["SafeFiles", "CYAML"]),
    "Layers": LayerRule(level: 1, mayImport: ["Tensors"]),
    "Routing": LayerRule(level: 2, mayImport: ["Layers", "Tensors"]),
    "Evaluation": LayerRule(level: 2, mayImport: ["VQAFormats", "SafeFiles", "Tensors"]),
    "Scenes": LayerRule(level: 2, mayImport: ["ImageCodecs", "VQAFormats", "SafeFiles", "Tensors"]),
    "TRAR": LayerRule(level: 3, mayImport: ["Routing", "Layers", "Tensors"]),
    "Backbones": LayerRule(level: 3, mayImport: ["Routing", "Layers", "Tensors"]),
    "DynamicViT": LayerRule(level: 3, mayImport: ["Routing", "Layers", "Tensors"]),
  ]
  // From here on a target may import everything below its level, save the C targets, which belong to one target each.
  for (name, level) in [("VQAPipeline", 4), ("Training", 5), ("Reports", 5), ("vqa", 6)] {
    let below = table.filter { (0..<level).contains($0.value.level) }.map(\.key)
    table[name] = LayerRule(level: level, mayImport: Set(below))
  }
  return table
}()

/// Modules of the toolchain any target may import, Foundation apart.
let toolchainModules: Set<String> = ["Glibc", "Darwin", "Musl", "Synchronization", "Dispatch"]

/// Foundation under each of its names.
let foundationModules: Set<String> = ["Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationXML"]

/// Targets that know tensors and nothing of files, pictures, JSON or the console.
let modelTargets: Set<String> = ["TRAR", "Backbones", "DynamicViT", "Routing", "Layers", "Tensors"]
