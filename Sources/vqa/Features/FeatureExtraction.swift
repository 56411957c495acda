// FeatureExtraction.swift - one run of `vqa features`: pictures through a vision side into one file each.

import CommandLineKit
import Foundation
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline
import WeightFiles

/// Writes the features of the pictures of a folder.
struct FeatureExtraction {
  private let call: Call
  private let loaded: LoadedModel
  private let reader: PictureReader
  private let storage: TensorStorage
  private let output: String
  /// Pictures computed together.
  private static let group = 16

  init(_ call: Call) throws {
    self.call = call
    output = try call.arguments.required("output")
    storage = call.arguments.string("type") == "f16" ? .float16 : .float32
    loaded = try LoadedModel(call, named: call.arguments.string("backbone"))
    if loaded.model.takesFeatures { throw FileFailure(file: loaded.path, cause: NoBackbone()) }
    reader = try PictureReader(loaded.model, call.arguments)
  }

  func run() throws -> ExitCode {
    let listing = try PictureListing(folder: call.arguments.required("images"))
    let grid = loaded.model.vision.grids[0]
    let width = loaded.model.vision.tokenWidth
    let record = FeatureRecord(
      backbone: loaded.model.configuration.name,
      hash: ContentHash.hex(try readFile(loaded.path, limit: LoadLimits.default.weightFileBytes)), grid: grid.rows,
      width: width, type: storage == .float16 ? "f16" : "f32")
    try record.prepare(output)
    Interruption.watch(survivesClosedPipes: true)
    let open = try listing.items.filter { try !isDone($0) }
    let kept = listing.items.count - open.count
    if kept > 0 { call.console.note("\(Columns.grouped(kept)) pictures have their features already") }
    let unnumbered = open.filter { $0.imageID == nil }
    if let first = unnumbered.first {
      call.console.note(
        "the names of \(unnumbered.count) pictures, such as \(visibleText(first.path)), end with no number: no question can "
          + "ask about their features by image id")
    }
    var failures: [FileFailure] = []
    var written = 0
    var progress = call.console.progress("pictures", total: listing.items.count, first: kept)
    for start in stride(from: 0, to: open.count, by: Self.group) {
      let results = write(Array(open[start..<min(start + Self.group, open.count)]))
      for failure in results {
        // A disk that is full stops the run: each picture would fail.
        if let failure, [.writeFailed, .cannotCreate].contains(failure.kind) {
          progress?.finish()
          throw failure
        }
        if let failure { failures.append(failure) } else { written += 1 }
      }
      progress?.update(kept + written + failures.count)
      if Interruption.isRequested, start + Self.group < open.count {
        progress?.finish()
        call.console.say("stopped with \(Columns.grouped(kept + written)) pictures done; run the same command to go on")
        return .stopped
      }
    }
    progress?.finish()
    return try end(failures, written: written, kept: kept, grid: grid.tokens, width: width)
  }

  private func end(
    _ failures: [FileFailure], written: Int, kept: Int, grid: Int, width: Int
  ) throws -> ExitCode {
    var failed = FailedPictures()
    for (number, failure) in failures.enumerated() { failed.add(failure, imageID: number) }
    failed.tell(call.console)
    if kept + written == 0, let first = failures.first { throw first }
    let type = storage == .float16 ? "f16" : "f32"
    let rows: [(name: String, value: String)] = [
      ("features", output),
      ("pictures", "\(Columns.grouped(written)) written, \(Columns.grouped(kept)) there before"),
      ("each", "\(grid) rows of \(width) numbers, \(type)"),
    ]
    try Interruption.endingWithReader { try call.console.write(Columns.text(rows)) }
    if !failures.isEmpty { call.console.say("\(failures.count) pictures have no features") }
    call.console.inform("next: vqa train RECIPE --data DIR --features \(output) --output DIR")
    return failures.isEmpty ? .success : .someFailed
  }

  /// Whether the features of a picture are there, whole: files are never seen half written.
  private func isDone(_ item: PictureListing.Item) throws -> Bool {
    item.double == nil && FileManager.default.fileExists(atPath: "\(output)/\(item.featureName)")
  }

  /// Computes and writes a group; nil for a picture that is done.
  private func write(_ items: [PictureListing.Item]) -> [FileFailure?] {
    let (reader, model, storage, output) = (reader, loaded.model, storage, output)
    return WorkerPool.shared.map(items.count) { index in
      let item = items[index]
      do throws(FileFailure) {
        if let double = item.double {
          throw FileFailure(file: item.path, cause: DoublePicture(imageID: item.imageID ?? 0, first: double))
        }
        let picture = try reader.picture(at: item.path)
        let seen: Tensor
        do throws(VisionInputFailure) {
          seen = try model.see(inputs: [picture])[0].tokens.tokens
        } catch {
          throw FileFailure(file: item.path, cause: error)
        }
        if storage == .float16, let value = seen.elements.first(where: { abs($0) > 65504 }) {
          throw FileFailure(file: item.path, cause: FeatureTooLarge(value: value))
        }
        let path = "\(output)/\(item.featureName)"
        if let slash = item.featureName.lastIndex(of: "/") { try makeFolder("\(output)/\(item.featureName[..<slash])") }
        let bytes = ArrayFileWriter.bytes(seen.elements, shape: Array(seen.shape.dropFirst()), storage: storage)
        try AtomicFile.write(bytes, to: path)
        return nil
      } catch {
        return error
      }
    }
  }
}

/// The model has no vision side of its own.
struct NoBackbone: Failure, Equatable {
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "the model takes features itself, it cannot make them from pictures" }
  var advice: String { "name a model that sees pictures with --backbone, such as easy-vqa" }
}

/// Two pictures have one image id.
struct DoublePicture: Failure, Equatable {
  let imageID: Int
  let first: String
  var kind: FailureKind { .badData }
  var place: String? { "image_id \(imageID)" }
  var problem: String { "\(visibleText(first)) has this id already" }
  var advice: String { "give each picture a number of its own" }
}

/// A feature does not fit 16 bits.
struct FeatureTooLarge: Failure, Equatable {
  let value: Float
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "its feature \(value) is beyond 65504, the greatest number of 16 bits" }
  var advice: String { "leave --type f16 out" }
}
