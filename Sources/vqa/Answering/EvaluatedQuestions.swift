// EvaluatedQuestions.swift - the questions a model is scored by: files in the layouts of VQA v2 and CLEVR, or somebody's own table.

import CommandLineKit
import Foundation
import SafeFiles
import Training
import VQAFormats

/// Questions with what is right, and with their pictures.
struct EvaluatedQuestions {
  /// Where a command line has them.
  enum Source {
    /// A question file; no folders where no pictures are shown.
    case file(String, pictures: PictureFolders?)
    /// A folder of somebody's own data, or what training holds out of it.
    case own(String, isHeldOut: Bool)

    /// Reads the options.
    init(_ arguments: Arguments) throws(UsageError) {
      guard let folder = arguments.string("data") else {
        if arguments.flag("held-out") { throw arguments.failure(.missingOption(name: "--data")) }
        let path = try arguments.required("questions")
        self = .file(path, pictures: arguments.flag("blank") ? nil : try PictureFolders(arguments))
        return
      }
      for option in ["questions", "annotations", "images", "features"] { try arguments.refuse("data", with: option) }
      if ModelEvaluation.scorer(arguments) == .trar {
        // Its rules normalise what is predicted always and what all people agree on never, so "x-ray" would always be wrong.
        throw arguments.failure(.conflict(first: "--data", second: "--scorer trar"))
      }
      for option in ["output", "curve", "reliability"] {
        for path in arguments.strings(option) where Self.isTable(path, of: folder) {
          let expected = "a file elsewhere; in '\(folder)' it would be a second table"
          throw arguments.failure(.invalidValue(option: "--\(option)", value: path, expected: expected))
        }
      }
      self = .own(folder, isHeldOut: arguments.flag("held-out"))
    }

    /// Whether a file would be taken for a table of a folder.
    private static func isTable(_ path: String, of folder: String) -> Bool {
      let file = URL(filePath: path)
      let place = file.deletingLastPathComponent().resolvingSymlinksInPath().standardizedFileURL.path
      return OwnData.mayBeTable(file.lastPathComponent)
        && place == URL(filePath: folder).resolvingSymlinksInPath().standardizedFileURL.path
    }
  }

  /// The questions.
  let asked: AskedQuestions
  /// What answers are held against.
  let truth: Truth
  /// The file of the questions.
  let path: String
  /// Of somebody's own data, how many of its pictures they are about, where these are the ones held out.
  let heldOut: (pictures: Int, all: Int)?
  private let folders: PictureFolders?
  private let own: OwnData?

  /// Reads the questions and what is right.
  init(_ source: Source, _ call: Call) throws {
    let scorer = ModelEvaluation.scorer(call.arguments)
    switch source {
    case .file(let path, let folders):
      asked = try AskedQuestions(path: path)
      if case .clevr = asked.file { Command.noteWithoutEffect(call.arguments, call.console) }
      truth = try Truth(
        of: asked, path: path, annotations: { try call.arguments.required("annotations") }, scorer: scorer)
      (self.path, self.folders, own, heldOut) = (path, folders, nil, nil)
    case .own(let folder, let isHeldOut):
      let own = try OwnData(folder: folder)
      let part = own.part { !isHeldOut || own.holdsOut($0) }
      let pictures = Set(part.questions.questions.map(\.imageID)).count
      if pictures == 0 { throw FileFailure(file: own.table, cause: NothingHeldOut(count: own.pictures.count)) }
      asked = AskedQuestions(part.questions)
      // As they are learned: where all people agree, the official accuracy compares letter by letter.
      var annotations = part.annotations
      for place in annotations.annotations.indices {
        for answer in annotations.annotations[place].answers.indices {
          let said = annotations.annotations[place].answers[answer].answer
          annotations.annotations[place].answers[answer].answer = AnswerNormalisation.written(said)
        }
      }
      truth = Truth(annotations, path: own.table, scorer: scorer)
      (path, folders, self.own) = (own.table, nil, own)
      heldOut = isHeldOut ? (pictures, own.pictures.count) : nil
    }
  }

  /// Opens the pictures for a model; nil where none are shown.
  func pictures(for loaded: LoadedModel) throws(FileFailure) -> (any PictureSource)? {
    if let own {
      if loaded.model.takesFeatures { throw FileFailure(file: loaded.path, cause: NoFeaturesOfOwnData()) }
      return own
    }
    guard let folders else { return nil }
    return try asked.pictures(in: folders, for: loaded)
  }
}

/// None of the pictures is one that training holds out.
struct NothingHeldOut: Failure, Equatable {
  let count: Int
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "training holds out none of its pictures (\(count)); the name of a picture decides" }
  var advice: String { "give more pictures, or ask about all without --held-out" }
}

/// Somebody's own data are pictures.
struct NoFeaturesOfOwnData: Failure, Equatable {
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "the model takes features, and own data are pictures" }
  var advice: String { "choose a model that takes pictures" }
}
