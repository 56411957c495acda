// QuestionSet.swift - what a run learns from: questions with their answers, pictures as the model sees them.
//
// Pictures are in memory at the model's size. Features stay in their files: those of a set can be larger than any memory.

import ImageCodecs
import SafeFiles
import VQAFormats
import VQAPipeline

/// Questions of one or several splits of a data set.
public struct QuestionSet: Sendable {
  /// Pictures at the model's size; empty for a model that takes features.
  public var pictures: [RGBImage]
  /// Where the features of each picture are; nil for a model that takes pictures.
  public var features: FeatureSet?
  /// The files of the pictures, for a model with a backbone, and once they are computed what the backbone makes of them.
  public var photos: [String] = []
  /// The pictures after a frozen backbone; nil for a model without.
  public var grids: GridCache?
  /// Reads labels off the pictures after the backbone.
  var heads: LabelHeads?
  /// The questions in the order of their files.
  public var questions: [AskedQuestion]
  /// A hash of the question and annotation files.
  public var contentHash: String
  /// The annotations as written, where the official accuracy is to be measured.
  public var annotations: [Annotation] = []
  /// Pictures whose features are not there; their questions are left out.
  public var missing: [FileFailure] = []

  /// The set without questions about simulated subjects.
  var withoutSubjects: QuestionSet {
    var set = self
    let kept = questions.indices.filter { questions[$0].subject == nil }
    guard kept.count < questions.count else { return self }
    set.questions = kept.map { questions[$0] }
    if !annotations.isEmpty { set.annotations = kept.map { annotations[$0] } }
    return set
  }

  /// Number of pictures.
  public var pictureCount: Int { features?.paths.count ?? (photos.isEmpty ? pictures.count : photos.count) }

  /// Reads `FOLDER/SPLIT/questions.json`, `annotations.json` and the pictures of `FOLDER/images`.
  ///
  /// - Parameters:
  ///   - folder: Folder in the layout of `vqa data`.
  ///   - split: Name of the split.
  ///   - preparation: Size of the pictures.
  ///   - limits: What a picture may cost.
  /// - Throws: `FileFailure` that names the file.
  public init(
    folder: String, split: String, preparation: PicturePreparation, limits: ImageLimits = .default
  ) throws(FileFailure) {
    let files = SplitFiles(
      questions: "\(folder)/\(split)/questions.json", annotations: "\(folder)/\(split)/annotations.json")
    var builder = QuestionSetBuilder()
    try builder.add(
      QuestionFile(path: files.questions), AnnotationFile(path: files.annotations ?? ""), files, .questions,
      PictureIndex(folder: folder + "/images"))
    self = try builder.images(preparation, limits)
  }

  /// Makes a set from its parts.
  public init(pictures: [RGBImage], questions: [AskedQuestion], contentHash: String) {
    self.pictures = pictures
    self.questions = questions
    self.contentHash = contentHash
  }

  /// Makes a set whose pictures are features.
  public init(features: FeatureSet, questions: [AskedQuestion], contentHash: String) {
    self.init(pictures: [], questions: questions, contentHash: contentHash)
    self.features = features
  }
}
