// GridCache.swift - what a frozen backbone makes of each picture, computed once and kept in files.
//
// A file is named by the hash of the picture, the backbone and the view, so that a cache serves many runs, and a stopped run goes on
// where it was. Grids are kept as bfloat16, which is as much as training can tell; what is known of the picture as 32 bits.

import Backbones
import Foundation
import ImageCodecs
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// One picture, as a step needs it.
package struct CachedPicture: Sendable {
  /// The prepared picture for each stage, `[N, C]`.
  package var grids: [Tensor]
  /// What the backbone knows of it.
  package var knowledge: PictureKnowledge
}

/// The pictures of a set after a frozen backbone.
public struct GridCache: Sendable {
  /// The file of each picture.
  public let paths: [String]
  /// Views of each picture.
  public let views: Int
  private let keys: [String]
  private let folder: String
  private let shapes: [[Int]]
  /// Scores of labels by picture, in place of those that the cache holds.
  var labels: [Int: [Float]] = [:]

  /// Computes what is not there yet.
  ///
  /// - Parameters:
  ///   - paths: The pictures.
  ///   - folder: Where the cache lies.
  ///   - model: Its vision side makes the grids.
  ///   - backbone: Hash of the backbone.
  ///   - views: Views of each picture.
  ///   - limits: What a picture may cost.
  ///   - shouldStop: Asked between pictures; true ends the work, what is done is kept.
  ///   - progress: Told of pictures done and their number.
  /// - Throws: `FileFailure` that names the picture or the file; ``TrainingFailure/stoppedPreparing``.
  init(
    _ paths: [String], folder: String, model: VQAModel, backbone: String, views: Int, limits: ImageLimits,
    shouldStop: () -> Bool, progress: (Int, Int) -> Void
  ) throws {
    (self.paths, self.folder, self.views) = (paths, folder, views)
    let vision = model.vision
    let shapes = vision.grids.indices.map { vision.preparedShape(stage: $0) }
    self.shapes = shapes
    try makeFolder(folder)
    let preparation = PicturePreparation(model.configuration)
    var keys: [String] = []
    let group = 16
    for start in stride(from: 0, to: paths.count, by: group) {
      if shouldStop() { throw TrainingFailure.stoppedPreparing(done: start, of: paths.count) }
      let end = min(start + group, paths.count)
      let found = WorkerPool.shared.map(end - start) { place -> Result<String, any Error> in
        Result {
          let path = paths[start + place]
          let bytes = try readFile(path, limit: limits.fileBytes)
          let key = ContentHash.hex(texts: [backbone, ContentHash.hex(bytes)])
          var image: RGBImage?
          for view in 0..<views where !Self.isThere(folder, key, view, shapes) {
            if image == nil {
              do throws(ImageFailure) {
                image = try preparation.load(bytes, limits: limits)
              } catch {
                throw FileFailure(file: path, cause: error)
              }
            }
            guard let image else { continue }
            try Self.write(view == 0 ? image : image.mirrored(), model, preparation, "\(folder)/\(key)-\(view)")
          }
          return key
        }
      }
      for result in found { keys.append(try result.get()) }
      progress(end, paths.count)
    }
    self.keys = keys
  }

  private static func isThere(_ folder: String, _ key: String, _ view: Int, _ shapes: [[Int]]) -> Bool {
    // Written last.
    guard FileManager.default.fileExists(atPath: "\(folder)/\(key)-\(view).known.safetensors") else { return false }
    // A model of fewer or other grids may have made it; a file that cannot be read is named when it is needed.
    guard let file = try? TensorFile(path: "\(folder)/\(key)-\(view).grids.safetensors") else { return true }
    return shapes.enumerated().allSatisfy { file["grid\($0)"]?.shape == $1 }
  }

  private static func write(
    _ image: RGBImage, _ model: VQAModel, _ preparation: PicturePreparation, _ path: String
  ) throws {
    var grids: [TensorFileWriter.Tensor] = []
    var known: [TensorFileWriter.Tensor] = []
    for stage in model.vision.grids.indices {
      let pixels = preparation.tensor([image], size: model.vision.pictureSize(stage: stage))
      let prepared = model.vision.prepare(pixels, stage: stage)
      grids.append(("grid\(stage)", Array(prepared.values.shape.dropFirst()), prepared.values.elements))
      for (name, value) in prepared.known.sorted(by: { $0.key < $1.key }) where !name.hasPrefix("labels") {
        known.append((name, [value.count], value.elements))
      }
    }
    try TensorFileWriter.write(tensors: grids, metadata: [:], storage: .bfloat16, to: path + ".grids.safetensors")
    try TensorFileWriter.write(tensors: known, metadata: [:], storage: .float32, to: path + ".known.safetensors")
  }

  /// What labels and words are read from.
  ///
  /// - Parameters:
  ///   - picture: Place of the picture.
  ///   - width: How many numbers the heads take: those of the cells, or those and the colours.
  /// - Returns: So many numbers.
  /// - Throws: `FileFailure` when the cache cannot be read.
  func sums(_ picture: Int, width: Int) throws(FileFailure) -> [Float] {
    let path = "\(folder)/\(keys[picture])-0"
    let pooled = try Self.read(path + ".known.safetensors") { file in
      try Self.floats(BackboneCascade.pooledKey, shape: [2 * EfficientNetLite.width], of: file)
    }
    guard width > pooled.count else { return pooled }
    let cells = try Self.read(path + ".grids.safetensors") { try Self.floats("grid0", shape: shapes[0], of: $0) }
    return cells.withUnsafeBufferPointer { BackboneCascade.sums(pooled, $0) }
  }

  /// A picture with everything a step needs.
  ///
  /// - Parameters:
  ///   - picture: Place of the picture.
  ///   - view: The view.
  ///   - heads: Reads labels from the sums over the cells, where the cache has no scores of its own.
  /// - Returns: The picture.
  /// - Throws: `FileFailure` when the cache cannot be read.
  func load(_ picture: Int, view: Int, heads: LabelHeads) throws(FileFailure) -> CachedPicture {
    let path = "\(folder)/\(keys[picture])-\(view)"
    let grids = try Self.read(path + ".grids.safetensors") { file in
      try shapes.enumerated().map { Tensor(try Self.floats("grid\($0)", shape: $1, of: file), shape: $1) }
    }
    let (classes, pooled) = try Self.read(path + ".known.safetensors") { file in
      (
        try Self.floats("classes", shape: [EfficientNetLite.classes], of: file),
        try Self.floats(BackboneCascade.pooledKey, shape: [2 * EfficientNetLite.width], of: file)
      )
    }
    let scores =
      labels[picture]
      ?? heads.scores(
        heads.width > pooled.count ? grids[0].withElements { BackboneCascade.sums(pooled, $0) } : pooled)
    return CachedPicture(grids: grids, knowledge: PictureKnowledge(classLogits: classes, labels: scores))
  }

  /// Reads a file of the cache; failures name it.
  private static func read<Result>(
    _ path: String, _ body: (TensorFile) throws -> Result
  ) throws(FileFailure) -> Result {
    let file = try TensorFile(path: path)
    do {
      return try body(file)
    } catch let failure as any Failure {
      throw FileFailure(file: path, cause: failure)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

extension GridCache {
  /// The numbers of a tensor that has the shape it was written with.
  private static func floats(_ name: String, shape: [Int], of file: TensorFile) throws -> [Float] {
    if let found = file[name]?.shape, found != shape {
      throw GridCacheFailure(tensor: name, expected: shape, found: found)
    }
    return try file.floats(name)
  }
}

/// A file of the cache that this program did not write so.
struct GridCacheFailure: Failure, Equatable {
  let tensor: String
  let expected: [Int]
  let found: [Int]
  var kind: FailureKind { .badData }
  var place: String? { "tensor \(tensor)" }
  var problem: String { "its shape is \(found), not \(expected)" }
  var advice: String { "remove the file; the next run makes it again" }
}

extension RGBImage {
  /// The picture with left and right exchanged.
  func mirrored() throws -> RGBImage {
    var result = pixels
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<3 {
          result[(row * width + column) * 3 + channel] = pixels[(row * width + width - 1 - column) * 3 + channel]
        }
      }
    }
    return try RGBImage(width: width, height: height, pixels: result)
  }
}
