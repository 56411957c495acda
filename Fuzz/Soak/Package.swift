// swift-tools-version: 6.2
import PackageDescription

// Programs that measure, without sanitizers; apart from the fuzz targets, which are built with them. `scripts/soak` builds it.
let package = Package(
  name: "Soak",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "vqa", path: "../..")],
  targets: [
    // Mutants and checksums are those of the tests, by links.
    .executableTarget(name: "PictureMutants", dependencies: [.product(name: "ImageCodecs", package: "vqa")])
  ],
  swiftLanguageModes: [.v6]
)
