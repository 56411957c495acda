// TrainingFailure.swift - what can stop a training run.

import SafeFiles

/// Why a run cannot start or go on.
public enum TrainingFailure: Failure, Equatable {
  /// A question has no annotation.
  case noAnnotation(questionID: Int)
  /// An annotation has no question.
  case noQuestion(questionID: Int)
  /// A question of CLEVR has no answer.
  case noAnswer(question: Int)
  /// The split has no annotations.
  case noAnnotations(split: String)
  /// The split holds no question.
  case noQuestions
  /// No step fits: there are fewer pictures than shards.
  case tooFewQuestions(groups: Int, shards: Int)
  /// No step is full, and those that are not are left out.
  case tooFewForAStep(groups: Int, perStep: Int)
  /// A set of the mixture has no question.
  case noQuestionsOfSet(String)
  /// A rule of the prior is about no question.
  case noQuestionsOfRule(PriorRule)
  /// Making the grids was interrupted.
  case stoppedPreparing(done: Int, of: Int)
  /// The output folder holds a run already.
  case runExists(checkpoint: String)
  /// The output folder holds a model, but no checkpoint of its run.
  case modelExists
  /// All passes are done.
  case nothingLeft(epochs: Int, of: Int)
  /// There is nothing to go on from.
  case nothingToResume
  /// The recipe differs from the one that the checkpoint was made with.
  case changedRecipe(differences: [String])
  /// The data differ from those that the checkpoint was made with.
  case changedData(split: String)
  /// Words or answers differ from those that the checkpoint was made with.
  case changedVocabulary(of: String, gone: [String], new: [String])
  /// The loss, its gradient or a weight is not a number any more.
  case notFinite(step: Int, last: String?)
  /// The checkpoint cannot be used.
  case badCheckpoint(problem: String)

  /// The kind of failure.
  public var kind: FailureKind {
    switch self {
    case .runExists, .modelExists: .cannotCreate
    case .nothingToResume: .notFound
    default: .badData
    }
  }

  /// The place.
  public var place: String? {
    switch self {
    case .noAnnotation(let id), .noQuestion(let id): "question \(id)"
    case .noAnswer(let number): "questions[\(number)].answer"
    case .notFinite(let step, _): "step \(step)"
    default: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noAnnotation: "the question has no annotation"
    case .noQuestion: "its annotation has no question"
    case .noAnswer: "the question has no answer"
    case .noAnnotations(let split): "the split '\(visibleText(split))' has no annotations to learn from"
    case .noQuestions: "there is no question to learn from"
    case .tooFewQuestions(let groups, let shards): "\(groups) groups of questions cannot fill \(shards) shards"
    case .tooFewForAStep(let groups, let perStep): "\(groups) questions do not fill one step of \(perStep)"
    case .noQuestionsOfSet(let set): "training.mixture: there is no question of a set '\(visibleText(set))'"
    case .noQuestionsOfRule(let rule):
      "training.prior: there is no question of a set '\(visibleText(rule.set))'"
        + (rule.answerType.isEmpty ? "" : " whose answer is of the type '\(visibleText(rule.answerType))'")
    case .stoppedPreparing(let done, let all): "stopped after \(done) of \(all) pictures were made grids"
    case .runExists(let checkpoint): "the folder holds a run already, its newest checkpoint is \(checkpoint)"
    case .modelExists: "a model is there already, without a checkpoint to go on from"
    case .nothingLeft(let done, let all): "\(done) passes are done, and the run has \(all)"
    case .nothingToResume: "there is no usable checkpoint to go on from"
    case .changedRecipe(let differences): "the recipe differs from the run's: " + differences.joined(separator: "; ")
    case .changedData(let split): "the questions of '\(split)' are not those the run began with"
    case .changedVocabulary(let name, let gone, let new):
      "the \(name) are not those the run began with" + Self.listed("gone", gone) + Self.listed("new", new)
    case .notFinite: "the loss, its gradient or a weight is not a number any more"
    case .badCheckpoint(let problem): problem
    }
  }

  /// What to do.
  public var advice: String {
    switch self {
    case .noAnnotation: "give annotations for every question"
    case .noQuestion: "give the question file that belongs to the annotations"
    case .noAnswer, .noAnnotations: "learn from another split"
    case .noQuestions, .tooFewQuestions: "give more questions, or fewer shards and questions a step"
    case .tooFewForAStep: "choose a smaller training.questionsPerStep (BATCH_SIZE)"
    case .noQuestionsOfSet: "name a set of data.set and data.also"
    case .noQuestionsOfRule: "name a set of the recipe and a type of its annotations, or \"\" for every type"
    case .stoppedPreparing: "run it again; the grids made are kept"
    case .runExists: "add --resume to go on, or choose another folder"
    case .modelExists: "move it away, or choose another folder"
    case .nothingLeft: "raise training.epochs (MAX_EPOCH) to go on"
    case .nothingToResume: "leave --resume out to start"
    case .changedRecipe: "use the run's own recipe, or start in another folder"
    case .changedData, .changedVocabulary: "use the run's own data, or start in another folder"
    case .notFinite(_, let last):
      "start in another folder with a lower training.rate"
        + (last.map { "; the last good checkpoint is \($0)" } ?? "")
    case .badCheckpoint: "remove the file; an older checkpoint may still be there"
    }
  }

  /// The first of some words, and how many more there are.
  private static func listed(_ name: String, _ words: [String]) -> String {
    guard !words.isEmpty else { return "" }
    let shown = words.prefix(3).map { "'\(visibleText($0, limit: 40))'" }.joined(separator: ", ")
    return "; \(name): " + shown + (words.count > 3 ? " and \(words.count - 3) more" : "")
  }
}
