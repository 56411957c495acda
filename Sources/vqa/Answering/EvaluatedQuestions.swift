// EvaluatedQuestions.swift - the questions a model is scored by: files in the layouts of VQA v2 and CLEVR, or somebody's own table.

import CommandLineKit
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
      self = .own(folder, isHeldOut: arguments.flag("held-out"))
    }
  }

  /// The questions.
  let asked: AskedQuestions
  /// What answers are held against.
  let truth: Truth
  /// The file of the questions.
  let path: String
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
      (self.path, self.folders, own) = (path, folders, nil)
    case .own(let folder, let isHeldOut):
      let own = try OwnData(folder: folder)
      let part = own.part { !isHeldOut || own.holdsOut($0) }
      let pictures = Set(part.questions.questions.map(\.imageID)).count
      if isHeldOut {
        guard pictures > 0 else { throw FileFailure(file: own.table, cause: NothingHeldOut(count: own.pictures.count)) }
        call.console.note("asking about \(pictures) of \(own.pictures.count) pictures, those that training holds out")
      }
      asked = AskedQuestions(part.questions)
      truth = Truth(part.annotations, path: own.table, scorer: scorer)
      (path, folders, self.own) = (own.table, nil, own)
    }
  }

  /// Opens the pictures for a model; nil where none are shown.
  func pictures(for loaded: LoadedModel) throws(FileFailure) -> (any PictureSource)? {
    if let own {
      try PictureFolders.images(own.folder).check(loaded)
      return own
    }
    guard let folders else { return nil }
    return try asked.pictures(in: folders, for: loaded)
  }
}

/// Of so few pictures training holds none out.
struct NothingHeldOut: Failure, Equatable {
  let count: Int
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "training holds none of its \(count) pictures out" }
  var advice: String { "give more pictures, or ask about all without --held-out" }
}
