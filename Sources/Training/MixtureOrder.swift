// MixtureOrder.swift - which questions each step learns from where several sets have fixed shares of every step.
//
// Each set goes round by itself, in a new order each time; the place of a step in it follows from the step's number alone, so that a resumed
// run goes on exactly where the other one stopped.

import Tensors

/// The steps of a run over a mixture.
struct MixtureOrder: Sendable {
  private let set: QuestionSet
  private let recipe: TrainingRecipe
  /// Places of the questions of each set.
  private let members: [String: [Int]]

  /// Plans a run.
  ///
  /// - Throws: ``TrainingFailure/noQuestionsOfSet(_:)`` for a set that has none.
  init(_ set: QuestionSet, _ recipe: TrainingRecipe) throws(TrainingFailure) {
    (self.set, self.recipe) = (set, recipe)
    var members: [String: [Int]] = [:]
    for (place, question) in set.questions.enumerated() { members[question.set, default: []].append(place) }
    for phase in recipe.mixture {
      for share in phase.shares where members[share.set] == nil { throw .noQuestionsOfSet(share.set) }
    }
    self.members = members
  }

  /// The groups of every step of a pass, in order.
  func epoch(_ epoch: Int) -> [[QuestionGroup]] {
    var first = 0
    var phase = recipe.mixture[0]
    // Steps that each set has had before this pass, by its shares.
    var groupsBefore: [String: Int] = [:]
    for candidate in recipe.mixture {
      phase = candidate
      if epoch < first + candidate.passes { break }
      for share in candidate.shares {
        groupsBefore[share.set, default: 0] += groups(of: share) * candidate.passes * recipe.stepsPerPass
      }
      first += candidate.passes
    }
    var steps = [[QuestionGroup]](repeating: [], count: recipe.stepsPerPass)
    for share in phase.shares {
      let perStep = groups(of: share)
      let start = groupsBefore[share.set, default: 0] + (epoch - first) * recipe.stepsPerPass * perStep
      for (place, group) in groups(of: share.set, from: start, count: perStep * steps.count).enumerated() {
        steps[place / perStep].append(group)
      }
    }
    // Shards take neighbours: each should have some of every set.
    for step in steps.indices {
      var random = SeededRandom(seed: recipe.seed, stream: 0x3A9D, UInt64(epoch), UInt64(step))
      let order = random.permutation(steps[step].count)
      steps[step] = order.map { [groups = steps[step]] in groups[$0] }
    }
    return steps
  }

  private func groups(of share: MixturePhase.Share) -> Int {
    max(1, share.questions / recipe.questionsPerPicture)
  }

  /// Groups of a set that goes round and round.
  private func groups(of name: String, from start: Int, count: Int) -> [QuestionGroup] {
    var found: [QuestionGroup] = []
    var round = 0
    var passed = 0
    while found.count < count {
      let groups = self.round(round, of: name)
      let skipped = max(0, start - passed)
      if skipped < groups.count { found += groups[skipped...] }
      passed += groups.count
      round += 1
    }
    return Array(found.prefix(count))
  }

  /// All groups of a set, once.
  private func round(_ number: Int, of name: String) -> [QuestionGroup] {
    let stream = name.utf8.reduce(UInt64(0xCBF2_9CE4)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    var random = SeededRandom(seed: recipe.seed, stream: stream, UInt64(number))
    let questions = members[name] ?? []
    var byPicture: [Int: [Int]] = [:]
    for place in random.permutation(questions.count) {
      byPicture[set.questions[questions[place]].picture, default: []].append(questions[place])
    }
    let size = recipe.questionsPerPicture
    var groups: [QuestionGroup] = []
    for (picture, questions) in byPicture.sorted(by: { $0.key < $1.key }) {
      for start in stride(from: 0, to: questions.count, by: size) {
        let members = Array(questions[start..<min(start + size, questions.count)])
        groups.append(QuestionGroup(picture: picture, questions: members))
      }
    }
    return random.permutation(groups.count).map { groups[$0] }
  }
}
