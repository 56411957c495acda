// ObjectData.swift - `vqa data objects`: questions about what is in any folder of photos.

import CommandLineKit
import Foundation
import SafeFiles
import VQAFormats

extension DataMaker {
  /// Questions about what photos show.
  static let objects = DataMaker(
    name: "objects",
    discussion: """
      questions about what is in photos of any kind ("what animal is this?", "is there an umbrella?"), made from names and \
      kinds. Most are about a simulated subject: the photo only lends its grid, and the scores of a class are raised as if \
      it were there. With labels or scores some are about what the photos do show. Yes and no are equally frequent for \
      every word. The photos are linked, not copied; all questions are in train.
      """,
    uses: ["images", "labels", "scores", "concepts", "questions", "share-labels", "seed"],
    example: ("vqa data objects --images photos --output objects", "Makes questions about a folder of photos.")
  ) { call, output in
    let arguments = call.arguments
    let plan = ObjectQuestions.Plan(
      questions: try arguments.integer("questions", in: 1...10_000_000) ?? 40_000,
      labelShare: try arguments.number("share-labels", in: 0...1) ?? 0.35, seed: try seed(arguments))
    let folders = arguments.strings("images")
    guard !folders.isEmpty else { throw arguments.failure(.missingOption(name: "--images")) }
    var pictures = PictureGathering()
    for folder in folders { try pictures.add(folder: folder) }
    let labels = try arguments.string("labels").map { try ObjectData.labels($0, &pictures) } ?? [:]
    let path =
      try arguments.string("concepts")
      ?? ShippedFiles.path(ShippedFiles.conceptsName, instead: "--concepts", environment: call.environment)
    let vocabulary = try ObjectData.read(path) { bytes throws(FormatFailure) in try ConceptVocabulary(json: bytes) }
    let scores = try arguments.string("scores").map { file in
      try ObjectData.scores(file, pictures, classes: vocabulary.ownNames.count)
    }
    let questions: ObjectQuestions
    do throws(ObjectFailure) {
      questions = try ObjectQuestions(
        vocabulary, pictures: pictures.items.map(\.imageID), labels: labels, scores: scores ?? [:])
    } catch {
      throw FileFailure(file: arguments.string("labels") ?? path, cause: error)
    }
    let made = questions.make(plan)
    try pictures.write(to: output)
    let header = DataSetHeader(
      info: ["description": .string("questions about objects in photos, seed \(plan.seed)"), "version": "1.0"],
      taskType: "Open-Ended", dataType: "objects", dataSubtype: "train",
      license: ["name": "CC0 1.0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"])
    try DataSplit(name: "train", header: header, questions: made.questions, annotations: made.annotations)
      .write(to: output)
    let types = Dictionary(grouping: made.annotations, by: \.questionType).mapValues(\.count)
    let simulated = made.questions.count { $0.subject != nil }
    return [
      DataText.row("train", questions: made.questions.count, pictures: pictures.items.count),
      ("simulated", Columns.grouped(simulated)),
      ("about labels", Columns.grouped(types[ObjectQuestions.labelType] ?? 0)),
      ("about scores", Columns.grouped(made.questions.count - simulated - (types[ObjectQuestions.labelType] ?? 0))),
    ]
  }
}

/// What the photos of questions about objects are known to show.
enum ObjectData {
  /// Reads a JSON file; a failure names it.
  static func read<Value>(
    _ path: String, _ parse: ([UInt8]) throws(FormatFailure) -> Value
  ) throws(FileFailure) -> Value {
    let bytes = try readFile(path, limit: LoadLimits.default.jsonFileBytes)
    do { return try parse(bytes) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Labels by image id, their pictures added where they are not there yet.
  static func labels(_ path: String, _ pictures: inout PictureGathering) throws(FileFailure) -> [Int: [String]] {
    let names = try read(path) { bytes throws(FormatFailure) in try PictureLabels(json: bytes) }.names
    let folder = (path as NSString).deletingLastPathComponent
    let list = (folder.isEmpty ? "." : folder) + "/images.json"
    let here = try pictures.add(list: list)
    var labels: [Int: [String]] = [:]
    for (imageID, names) in names.sorted(by: { $0.key < $1.key }) {
      guard let number = here[imageID] else {
        throw FileFailure(file: list, cause: PictureFailure.noPicture(imageID: imageID))
      }
      labels[number] = names
    }
    return labels
  }

  /// Scores by image id; names that no picture has are passed over.
  static func scores(
    _ path: String, _ pictures: PictureGathering, classes: Int
  ) throws(FileFailure) -> [Int: [Int: Float]] {
    let scores = try read(path) { bytes throws(FormatFailure) in
      let scores = try PictureScores(json: bytes)
      guard scores.classes == classes else {
        let reason = FormatFailure.Reason.outOfRange(value: scores.classes, allowed: classes...classes)
        throw FormatFailure(path: "classes", reason: reason)
      }
      return scores
    }
    var found: [Int: [Int: Float]] = [:]
    for item in pictures.items { found[item.imageID] = scores.pictures[item.name] }
    guard !found.isEmpty else { throw FileFailure(file: path, cause: NoScores()) }
    return found
  }
}

/// A file of scores is about other pictures.
struct NoScores: Failure {
  var kind: FailureKind { .badData }
  var place: String? { "pictures" }
  var problem: String { "none of the names is that of a picture of the folders" }
  var advice: String { "name each picture by its file name, without folders" }
}
