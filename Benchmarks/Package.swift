// swift-tools-version: 6.2
import PackageDescription

// Built by `Benchmarks/run`; apart from the main package, so that nobody who builds that one builds this.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "vqa", path: "..", traits: ["OneDNN"])],
  targets: [
    .executableTarget(
      name: "FullSize",
      dependencies: [
        .product(name: "VQAPipeline", package: "vqa"), .product(name: "TRAR", package: "vqa"),
        .product(name: "DynamicViT", package: "vqa"), .product(name: "WeightFiles", package: "vqa"),
        .product(name: "VQAFormats", package: "vqa"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
