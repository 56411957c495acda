// swift-tools-version: 6.2
import PackageDescription

/// A libFuzzer target: `Sources/NAME`, seeds in `Corpus/NAME`, words in `Dictionaries/NAME.dict`; `scripts/fuzz` builds and runs all of them.
func fuzz(_ name: String, _ product: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["FuzzSupport", .product(name: product, package: "vqa")],
    // libFuzzer brings the main function.
    swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

// A package of its own, so that the main package needs no unsafe flags.
let package = Package(
  name: "Fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "vqa", path: "..", traits: ["YAML"])],
  targets: [
    // The builders of archives and pickles are those of the tests, by links.
    .target(name: "FuzzSupport"),
    fuzz("FuzzNpy", "WeightFiles"),
    fuzz("FuzzZip", "WeightFiles"),
    fuzz("FuzzPickle", "WeightFiles"),
    fuzz("FuzzSafetensors", "WeightFiles"),
    fuzz("FuzzYAML", "VQAFormats"),
    // What these promise stands with the tests, by links.
    fuzz("FuzzJSON", "VQAFormats"),
    fuzz("FuzzTokenizer", "VQAFormats"),
    fuzz("FuzzQuestions", "VQAFormats"),
    fuzz("FuzzCommandLine", "CommandLineKit"),
    fuzz("FuzzJPEG", "ImageCodecs"),
    fuzz("FuzzPNG", "ImageCodecs"),
    fuzz("FuzzExif", "ImageCodecs"),
  ],
  swiftLanguageModes: [.v6]
)
