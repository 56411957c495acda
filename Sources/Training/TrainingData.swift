// TrainingData.swift - everything a run reads before its first step: what it learns from, what is held out, words and answers.

import ImageCodecs
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// The data of a run.
struct TrainingData {
  /// What is learned from.
  let training: QuestionSet
  /// What is held out; nil where nothing is.
  let heldOut: QuestionSet?
  /// Words of questions.
  let words: Vocabulary
  /// Answers to choose from.
  let answers: AnswerVocabulary
  /// What a model with a backbone is made of besides; nil for one without.
  let parts: PhotoParts?
  /// Words of the longest question of the files.
  let longestQuestion: Int

  /// Reads the data of a recipe.
  ///
  /// - Parameters:
  ///   - recipe: Which data.
  ///   - folder: Folder of the data set.
  ///   - limits: What a picture may cost.
  ///   - note: Receives what a person should know.
  /// - Throws: `FileFailure` that names the file.
  init(_ recipe: Recipe, folder: String, limits: ImageLimits, note: (String) -> Void) throws(FileFailure) {
    var reader = SplitReader(recipe, folder: folder, limits: limits)
    training = try reader.set(recipe.data.splits)
    heldOut = try recipe.data.measuredSplit.map { split throws(FileFailure) in
      // What is measured is what pictures show, not what they were taken to show.
      try reader.set([split], keepsAnnotations: recipe.training.measure == .official).withoutSubjects
    }
    if recipe.data.measuredSplit == nil, !recipe.data.heldOut.isEmpty {
      note("'\(visibleText(recipe.data.heldOut))' is learned from, so nothing is held out and no accuracy is measured")
    }
    let sets = ([recipe.data.set] + recipe.data.also).joined(separator: " + ")
    let set = recipe.data.set.isEmpty ? "training questions" : sets
    let source = recipe.data.set.isEmpty ? set : set + ", split " + recipe.data.split
    // Somebody's own data go on from a model, which has all this.
    let isFresh = recipe.model.usesBackbone && recipe.data.layout != .own
    var parts = isFresh ? try PhotoParts(recipe.data.knowledge, folder: folder) : nil
    try parts?.learnWords(training)
    self.parts = parts
    switch recipe.data.vocabulary {
    case .learned:
      let texts = training.questions.map(\.text) + (parts?.phrases ?? [])
      words = Vocabulary.build(fromQuestions: texts, madeFrom: source)
    case .everySplit:
      let splits = recipe.data.layout.vocabularySplits
      let (found, texts) = try reader.texts(of: splits)
      words = Vocabulary.build(fromQuestions: texts, madeFrom: found.joined(separator: ", "))
      let absent = splits.filter { !found.contains($0) }
      note(
        "\(words.count) words from \(found.joined(separator: ", "))"
          + (absent.isEmpty ? "" : "; \(absent.joined(separator: ", ")) not there"))
    }
    longestQuestion = try reader.longestQuestion()
    if let parts, recipe.data.answers.isEmpty {
      answers = parts.answers(training.questions, form: recipe.data.answerForm, source: source)
    } else {
      answers = try reader.answers(learned: training, source: source, note: note)
    }
  }
}

/// Reads the files of splits, each once.
private struct SplitReader {
  let recipe: Recipe
  let folder: String
  let limits: ImageLimits
  private var questionFiles: [String: QuestionFile] = [:]
  private var annotationFiles: [String: AnnotationFile] = [:]
  private var clevrFiles: [String: CLEVRQuestionFile] = [:]
  private var indices: [[String]: FeatureIndex] = [:]

  init(_ recipe: Recipe, folder: String, limits: ImageLimits) {
    self.recipe = recipe
    self.folder = folder
    self.limits = limits
  }

  /// The sets of splits as one.
  mutating func set(_ splits: [String], keepsAnnotations: Bool = false) throws(FileFailure) -> QuestionSet {
    var builder = QuestionSetBuilder()
    builder.keepsAnnotations = keepsAnnotations
    builder.form = recipe.data.answerForm
    let places = recipe.data.folders(below: folder).flatMap { place in
      recipe.data.splits(of: place.set, splits).map { (place, $0) }
    }
    for ((set, folder), split) in places {
      builder.set = set
      guard recipe.data.layout != .own else {
        try addOwn(folder, isHeldOut: split == recipe.data.heldOut, to: &builder)
        continue
      }
      let files = try SplitFiles(split, in: folder, layout: recipe.data.layout)
      let pictures = try pictures(split, files, folder)
      switch recipe.data.layout {
      case .vqa:
        guard let path = files.annotations else {
          throw FileFailure(file: files.questions, cause: TrainingFailure.noAnnotations(split: split))
        }
        try builder.add(questions(files.questions), annotations(path), files, recipe.data.source, pictures)
      case .clevr: try builder.add(clevr(files.questions), files, pictures)
      case .own: break
      }
    }
    if recipe.model.usesBackbone { return builder.photos() }
    guard recipe.model.vision.embedding == .features else {
      return try builder.images(PicturePreparation(recipe.model), limits)
    }
    return builder.features(FeatureReader(recipe.model))
  }

  /// Adds the questions of somebody's own data: those that are held out, or all others.
  private mutating func addOwn(
    _ folder: String, isHeldOut: Bool, to builder: inout QuestionSetBuilder
  ) throws(FileFailure) {
    let own = try OwnData(folder: folder)
    let holdsOut = recipe.data.measuredSplit != nil
    let part = own.part { !holdsOut || own.holdsOut($0) == isHeldOut }
    guard !part.questions.questions.isEmpty else {
      throw FileFailure(file: own.table, cause: TooFewPictures(count: own.pictures.count))
    }
    try builder.add(part.questions, part.annotations, SplitFiles(questions: own.table), .questions, own)
  }

  /// What finds the pictures of a split.
  private mutating func pictures(
    _ split: String, _ files: SplitFiles, _ folder: String
  ) throws(FileFailure) -> any PictureSource {
    guard recipe.model.vision.embedding == .features else {
      if recipe.model.usesBackbone, !isFolder(folder + "/images") { return NoPictures(folder: folder) }
      return try PictureIndex(folder: folder + "/images")
    }
    var roots = recipe.data.features
    if roots.isEmpty {
      guard let found = files.features else {
        throw FileFailure(file: folder, cause: NoFeatureFolder(split: split))
      }
      roots = [found]
    }
    // CLEVR counts the pictures of each split from 0, so a split has its own folder where there is one.
    if recipe.data.layout == .clevr {
      roots = roots.map { isFolder("\($0)/\(split)") ? "\($0)/\(split)" : $0 }
    }
    if let known = indices[roots] { return known }
    let index = try FeatureIndex(roots)
    indices[roots] = index
    return index
  }

  /// The texts of the questions of those splits that are there.
  mutating func texts(of splits: [String]) throws(FileFailure) -> (found: [String], texts: [String]) {
    var found: [String] = []
    var texts: [String] = []
    for split in splits {
      guard let files = try present(split) else { continue }
      found.append(split)
      switch recipe.data.layout {
      case .vqa: texts += try questions(files.questions).questions.map(\.text)
      case .clevr: texts += try clevr(files.questions).questions.map(\.text)
      case .own: break
      }
    }
    return (found, texts)
  }

  /// Words of the longest question of all splits that are there.
  mutating func longestQuestion() throws(FileFailure) -> Int {
    guard recipe.data.layout == .clevr else { return 0 }
    return try texts(of: recipe.data.layout.vocabularySplits).texts.map { QuestionTokenizer.words(of: $0).count }.max()
      ?? 0
  }

  /// The answers: from a file, from what is learned, or from train and val.
  mutating func answers(
    learned: QuestionSet, source: String, note: (String) -> Void
  ) throws(FileFailure) -> AnswerVocabulary {
    if !recipe.data.answers.isEmpty { return try AnswerVocabulary(path: recipe.data.answers) }
    let count = recipe.data.answerCount
    guard recipe.data.vocabulary == .everySplit else {
      return AnswerVocabulary.build(fromAnswers: learned.questions.map(\.common), minimumCount: count, madeFrom: source)
    }
    var found: [String] = []
    var given: [String] = []
    for split in ["train", "val"] {
      guard let files = try present(split) else { continue }
      switch recipe.data.layout {
      case .clevr: given += try clevr(files.questions).questions.compactMap(\.answer)
      case .own: continue
      case .vqa:
        guard let path = files.annotations else { continue }
        given += try annotations(path).annotations.map { annotation in
          AnswerNormalisation.loader(
            annotation.multipleChoiceAnswer ?? QuestionSetBuilder.mostFrequent(annotation.answers.map(\.answer)))
        }
      }
      found.append(split)
    }
    let names = found.joined(separator: ", ")
    let answers = AnswerVocabulary.build(fromAnswers: given, minimumCount: count, madeFrom: names)
    guard answers.count > 0 else {
      throw FileFailure(file: folder, cause: NoAnswers(splits: names, count: count))
    }
    note("\(answers.count) answers from \(names)" + (count > 1 ? ", each given \(count) times at least" : ""))
    return answers
  }

  /// The files of a split; nil where it is not there.
  private func present(_ split: String) throws(FileFailure) -> SplitFiles? {
    do throws(FileFailure) {
      return try SplitFiles(split, in: folder, layout: recipe.data.layout)
    } catch  where error.cause is NoSplit {
      return nil
    }
  }

  private mutating func questions(_ path: String) throws(FileFailure) -> QuestionFile {
    if let known = questionFiles[path] { return known }
    let file = try QuestionFile(path: path)
    questionFiles[path] = file
    return file
  }

  private mutating func annotations(_ path: String) throws(FileFailure) -> AnnotationFile {
    if let known = annotationFiles[path] { return known }
    // Those of Visual Genome have no types, and only measuring needs them.
    let file = try AnnotationFile(path: path, needsTypes: recipe.data.source == .questions)
    annotationFiles[path] = file
    return file
  }

  private mutating func clevr(_ path: String) throws(FileFailure) -> CLEVRQuestionFile {
    if let known = clevrFiles[path] { return known }
    let file = try CLEVRQuestionFile(path: path)
    clevrFiles[path] = file
    return file
  }
}

/// Of so few pictures none can be held out.
struct TooFewPictures: Failure, Equatable {
  let count: Int
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "of its \(count) pictures none is left to learn from, or none to hold out" }
  var advice: String { "give more pictures, or hold none out with data.heldOut=" }
}

/// The pictures of a set that has questions only.
private struct NoPictures: PictureSource {
  let folder: String

  func path(of imageID: Int) throws(FileFailure) -> String {
    throw FileFailure(file: folder, cause: PictureFailure.noPicture(imageID: imageID))
  }
}

/// Nobody said where the features are.
struct NoFeatureFolder: Failure, Equatable {
  let split: String
  var kind: FailureKind { .notFound }
  var place: String? { "split \(visibleText(split))" }
  var problem: String { "the model takes features, and the folder has none of this split" }
  var advice: String { "name their folder with --features" }
}

/// No answer is given often enough.
struct NoAnswers: Failure, Equatable {
  let splits: String
  let count: Int
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "no answer of \(splits.isEmpty ? "train and val" : splits) is given \(count) times" }
  var advice: String { "set data.answerCount=1, or give a list of answers with --answers" }
}
