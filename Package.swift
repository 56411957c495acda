// swift-tools-version: 6.2
import PackageDescription

/// A target of the table of levels in `CONTRIBUTING.md`: it imports only targets of a lower level (held by `CommandTests`).
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies)
}

/// The tests of one target, which may also use the shared fixture reader.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: ["TestSupport"] + dependencies, exclude: exclude)
}

let oneDNN: Target.Dependency = .target(name: "COneDNN", condition: .when(traits: ["OneDNN"]))

let yaml: Target.Dependency = .target(name: "CYAML", condition: .when(traits: ["YAML"]))

let package = Package(
  name: "vqa",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "vqa", targets: ["vqa"]),
    .library(name: "VQAPipeline", targets: ["VQAPipeline", "Backbones", "VQAFormats", "ImageCodecs", "SafeFiles"]),
    .library(name: "TRAR", targets: ["TRAR", "Routing", "Layers", "Tensors"]),
    .library(name: "DynamicViT", targets: ["DynamicViT", "Routing", "Layers", "Tensors"]),
    .library(name: "WeightFiles", targets: ["WeightFiles", "SafeFiles"]),
    .library(name: "VQAFormats", targets: ["VQAFormats", "SafeFiles"]),
    .library(name: "ImageCodecs", targets: ["ImageCodecs", "SafeFiles"]),
    .library(name: "CommandLineKit", targets: ["CommandLineKit"]),
  ],
  traits: [
    .trait(name: "OneDNN", description: "Matrix products and convolutions by oneDNN (Debian: libdnnl-dev)."),
    .trait(name: "YAML", description: "Settings of the original TRAR, trar.yml, by libyaml (Debian: libyaml-dev)."),
  ],
  targets: [
    // Level 0
    library("SafeFiles"),
    library("Tensors", [oneDNN]),
    library("CommandLineKit"),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CImageCodecs", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
    // Level 1
    library("ImageCodecs", ["SafeFiles", "CImageCodecs"]),
    library("WeightFiles", ["SafeFiles", "CZlib"]),
    library("VQAFormats", ["SafeFiles", yaml]),
    library("Layers", ["Tensors"]),
    // Level 2
    library("Routing", ["Layers", "Tensors"]),
    library("Evaluation", ["VQAFormats", "SafeFiles", "Tensors"]),
    library("Scenes", ["ImageCodecs", "VQAFormats", "SafeFiles", "Tensors"]),
    // Level 3
    library("TRAR", ["Routing", "Layers", "Tensors"]),
    library("Backbones", ["Routing", "Layers", "Tensors"]),
    library("DynamicViT", ["Routing", "Layers", "Tensors"]),
    // Level 4
    library(
      "VQAPipeline",
      [
        "TRAR", "Backbones", "DynamicViT", "Routing", "Evaluation", "Layers", "Tensors", "ImageCodecs", "WeightFiles",
        "VQAFormats", "SafeFiles",
      ]),
    // Level 5
    library(
      "Training",
      [
        "VQAPipeline", "Evaluation", "TRAR", "Backbones", "Routing", "Layers", "Tensors", "WeightFiles", "VQAFormats",
        "ImageCodecs", "SafeFiles",
      ]
    ),
    library("Reports", ["VQAPipeline", "Evaluation", "Routing", "ImageCodecs", "VQAFormats", "SafeFiles"]),
    // Level 6
    .executableTarget(
      name: "vqa",
      dependencies: [
        "CommandLineKit", "Training", "Reports", "VQAPipeline", "Evaluation", "Scenes", "TRAR", "Backbones",
        "DynamicViT", "Routing", "Layers", "Tensors", "ImageCodecs", "WeightFiles", "VQAFormats", "SafeFiles",
      ]),
    // Tests
    .target(name: "TestSupport", dependencies: ["SafeFiles", "VQAFormats", "WeightFiles"], path: "Tests/TestSupport"),
    tests("SafeFilesTests", ["SafeFiles"]),
    tests("TensorsTests", ["Tensors"]),
    tests("CommandLineKitTests", ["CommandLineKit"], exclude: ["Snapshots"]),
    tests("ImageCodecsTests", ["ImageCodecs", "SafeFiles"]),
    tests("WeightFilesTests", ["WeightFiles", "SafeFiles"]),
    tests("VQAFormatsTests", ["VQAFormats", "Evaluation", "SafeFiles"]),
    tests("LayersTests", ["Layers", "Tensors"]),
    tests("RoutingTests", ["Routing", "Layers", "Tensors"]),
    tests("EvaluationTests", ["Evaluation", "VQAFormats", "SafeFiles", "Tensors"]),
    tests("ScenesTests", ["Scenes", "ImageCodecs", "VQAFormats", "SafeFiles", "Tensors"]),
    tests("TRARTests", ["TRAR", "Routing", "Layers", "Tensors", "WeightFiles", "SafeFiles"]),
    tests("BackbonesTests", ["Backbones", "Routing", "Layers", "Tensors", "VQAFormats", "WeightFiles", "SafeFiles"]),
    tests("DynamicViTTests", ["DynamicViT", "Routing", "Layers", "Tensors", "WeightFiles", "SafeFiles"]),
    tests(
      "VQAPipelineTests",
      [
        "VQAPipeline", "Backbones", "DynamicViT", "TRAR", "Routing", "Layers", "Tensors", "ImageCodecs", "VQAFormats",
        "WeightFiles", "SafeFiles",
      ]),
    tests(
      "TrainingTests",
      [
        "Training", "VQAPipeline", "Backbones", "Tensors", "Layers", "WeightFiles", "VQAFormats", "ImageCodecs",
        "SafeFiles",
      ]),
    tests(
      "ReportsTests", ["Reports", "VQAPipeline", "Evaluation", "Routing", "ImageCodecs", "SafeFiles"],
      exclude: ["Snapshots"]),
    tests(
      "CommandTests", ["VQAPipeline", "VQAFormats", "WeightFiles", "ImageCodecs", "Tensors", "SafeFiles"],
      exclude: ["Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)

// A test run builds every test target, whatever its filter. `VQA_TESTS` names those that are wanted, such as `SafeFiles,Tensors`.
if let wanted = Context.environment["VQA_TESTS"], !wanted.isEmpty {
  let names = wanted.split(separator: ",").map { "\($0)Tests" }
  for name in names where !package.targets.contains(where: { $0.name == name }) {
    fatalError("VQA_TESTS: there is no \(name)")
  }
  package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
}
