// DataOrder.swift - which questions each step learns from.
//
// Questions about one picture come in groups, so that a step computes the picture once for all of a group. The order follows from seed
// and epoch alone: a resumed run goes on exactly where the other one stopped.

import Tensors

/// Questions about one picture that are learned together.
public struct QuestionGroup: Sendable, Equatable {
  /// Place of the picture.
  public var picture: Int
  /// Places of the questions.
  public var questions: [Int]
}

/// The steps of a run.
public struct DataOrder: Sendable {
  private let byPicture: [[Int]]
  private let groupSize: Int
  private let groupsPerStep: Int
  private let shards: Int
  private let seed: UInt64

  /// Plans a run over a set.
  ///
  /// - Parameters:
  ///   - set: The questions.
  ///   - recipe: Sizes and seed.
  /// - Throws: ``TrainingFailure`` when not even one step can be filled.
  public init(_ set: QuestionSet, _ recipe: TrainingRecipe) throws(TrainingFailure) {
    var byPicture = [[Int]](repeating: [], count: set.pictures.count)
    for (index, question) in set.questions.enumerated() { byPicture[question.picture].append(index) }
    self.byPicture = byPicture
    groupSize = recipe.questionsPerPicture
    groupsPerStep = recipe.questionsPerStep / recipe.questionsPerPicture
    shards = recipe.shards
    seed = recipe.seed
    guard stepsPerEpoch > 0 else { throw .tooFewQuestions(groups: groupCount, shards: shards) }
  }

  private var groupCount: Int { byPicture.reduce(0) { $0 + ($1.count + groupSize - 1) / groupSize } }

  /// Steps of one pass; a last one that cannot fill every shard is left out.
  public var stepsPerEpoch: Int {
    let rest = groupCount % groupsPerStep
    return groupCount / groupsPerStep + (rest >= shards ? 1 : 0)
  }

  /// The groups of every step of a pass, in order.
  public func epoch(_ epoch: Int) -> [[QuestionGroup]] {
    var random = SeededRandom(seed: seed, stream: 0x0E_90C4, UInt64(epoch))
    var groups: [QuestionGroup] = []
    for (picture, questions) in byPicture.enumerated() where !questions.isEmpty {
      let shuffled = random.permutation(questions.count).map { questions[$0] }
      for start in stride(from: 0, to: shuffled.count, by: groupSize) {
        let members = Array(shuffled[start..<min(start + groupSize, shuffled.count)])
        groups.append(QuestionGroup(picture: picture, questions: members))
      }
    }
    let order = random.permutation(groups.count)
    return (0..<stepsPerEpoch).map { step in
      order[(step * groupsPerStep)..<min((step + 1) * groupsPerStep, order.count)].map { groups[$0] }
    }
  }
}
