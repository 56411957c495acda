// MixtureOrderTests.swift - several sets in fixed shares of every step, each going round by itself.

import Foundation
import Testing
import Training

@Suite struct MixtureOrderTests {
  /// Sets of so many questions, two about each picture; those of `text` have none.
  private func makeSet(_ counts: [(name: String, count: Int)]) -> QuestionSet {
    var questions: [AskedQuestion] = []
    for (name, count) in counts {
      for number in 0..<count {
        questions.append(
          AskedQuestion(
            id: questions.count, text: "What is it?",
            picture: name == "text" ? AskedQuestion.noPicture : questions.count / 2, answers: ["\(number)"],
            common: "\(number)", set: name))
      }
    }
    return QuestionSet(pictures: [], questions: questions, contentHash: "")
  }

  private static let counts = [("photos", 10), ("text", 7), ("more", 24)]

  private static func recipe(_ change: (inout TrainingRecipe) -> Void = { _ in }) throws -> TrainingRecipe {
    var recipe = TrainingRecipe()
    recipe.epochs = 6
    recipe.questionsPerStep = 8
    recipe.questionsPerPicture = 1
    recipe.shards = 2
    recipe.stepsPerPass = 3
    recipe.mixture = try phases(
      (2, ["photos": 3, "text": 2]), (1, ["text": 5, "more": 3]), (1, ["photos": 1, "text": 4]))
    change(&recipe)
    return recipe
  }

  /// Phases as a recipe has them: passes, and questions of each set.
  private static func phases(_ list: (passes: Int, shares: [String: Int])...) throws -> [MixturePhase] {
    let texts = list.map { phase in
      let shares = phase.shares.sorted { $0.key < $1.key }.map {
        "{\"set\": \"\($0.key)\", \"questions\": \($0.value)}"
      }
      return "{\"passes\": \(phase.passes), \"shares\": [\(shares.joined(separator: ", "))]}"
    }
    return try JSONDecoder().decode([MixturePhase].self, from: Data("[\(texts.joined(separator: ", "))]".utf8))
  }

  /// The questions of each step that belong to a set.
  private func questions(of name: String, in steps: [[QuestionGroup]], _ set: QuestionSet) -> [[Int]] {
    steps.map { step in step.flatMap(\.questions).filter { set.questions[$0].set == name } }
  }

  @Test func everyStepHasItsShares() throws {
    let set = makeSet(Self.counts)
    let order = try DataOrder(set, try Self.recipe())
    #expect(order.totalSteps == 18)
    let shares = [
      ["photos": 3, "text": 2, "more": 0], ["photos": 0, "text": 5, "more": 3], ["photos": 1, "text": 4, "more": 0],
    ]
    // The last phase goes on for as long as the run does.
    for (epoch, phase) in [0, 0, 1, 2, 2, 2].enumerated() {
      let steps = order.epoch(epoch)
      #expect(steps.count == 3)
      for (name, share) in shares[phase] {
        #expect(questions(of: name, in: steps, set).map(\.count) == [share, share, share], "\(epoch) \(name)")
      }
    }
  }

  /// A set goes on where it stood, whatever its share was before, and none of its questions comes again before all came.
  @Test func everyQuestionComesBeforeAnyComesAgain() throws {
    let set = makeSet(Self.counts)
    let order = try DataOrder(set, try Self.recipe())
    var times = [Int](repeating: 0, count: set.questions.count)
    func own(_ name: String) -> [Int] {
      set.questions.indices.filter { set.questions[$0].set == name }.map { times[$0] }
    }
    for step in (0..<6).flatMap(order.epoch) {
      for question in step.flatMap(\.questions) { times[question] += 1 }
      for (name, _) in Self.counts {
        let counts = own(name)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(name)")
      }
    }
    // Two passes, then three of one; two, one and three; one.
    #expect(Self.counts.map { own($0.0).reduce(0, +) } == [27, 63, 9])
  }

  /// Each round has an order of its own, and so has each seed.
  @Test func ordersDiffer() throws {
    let set = makeSet([("photos", 12)])
    func rounds(_ seed: UInt64) throws -> [[Int]] {
      let recipe = try Self.recipe {
        $0.seed = seed
        $0.stepsPerPass = 12
        $0.mixture[0].shares[0].questions = 1
        $0.mixture = [$0.mixture[0]]
        $0.mixture[0].shares = [$0.mixture[0].shares[0]]
      }
      let order = try DataOrder(set, recipe)
      return (0..<3).map { order.epoch($0).flatMap { $0.flatMap(\.questions) } }
    }
    let (one, other) = (try rounds(1), try rounds(2))
    #expect(Set(one + other).count == 6)
    for round in one + other { #expect(round.sorted() == Array(0..<12)) }
  }

  /// A resumed run asks for one pass without those before it.
  @Test func aPassFollowsFromItsNumberAlone() throws {
    let set = makeSet(Self.counts)
    let whole = try DataOrder(set, try Self.recipe())
    let passes = (0..<6).map(whole.epoch)
    for epoch in (0..<6).reversed() {
      #expect(try DataOrder(set, try Self.recipe()).epoch(epoch) == passes[epoch])
    }
    // More passes at the end leave those before as they are.
    let longer = try DataOrder(set, try Self.recipe { $0.epochs = 9 })
    #expect((0..<6).map(longer.epoch) == passes)
    #expect(longer.totalSteps == 27)
    #expect(longer.place(ofStep: 17) == (5, 2))
    #expect(longer.place(ofStep: 27) == (9, 0))
  }

  @Test func groupsShareAPicture() throws {
    let set = makeSet(Self.counts)
    let recipe = try Self.recipe {
      $0.questionsPerPicture = 2
      $0.mixture[0].shares[0].questions = 4
    }
    let steps = try DataOrder(set, recipe).epoch(0)
    for group in steps.joined() {
      #expect((1...2).contains(group.questions.count))
      #expect(group.questions.allSatisfy { set.questions[$0].picture == group.picture })
      #expect((group.picture == AskedQuestion.noPicture) == (set.questions[group.questions[0]].set == "text"))
    }
    // Two groups of photos, each with both questions about one, and one of the texts.
    #expect(steps.map { $0.count } == [3, 3, 3])
    #expect(steps.joined().contains { $0.picture != AskedQuestion.noPicture && $0.questions.count == 2 })
  }

  @Test func aSetWithoutQuestionsIsNamed() throws {
    let set = makeSet([("photos", 10), ("text", 7)])
    #expect(throws: TrainingFailure.noQuestionsOfSet("more")) { try DataOrder(set, try Self.recipe()) }
    #expect(TrainingFailure.noQuestionsOfSet("more").message.contains("'more'"))
  }

  /// Without a mixture, questions without a picture are taken once a pass like all others.
  @Test func textQuestionsNeedNoMixture() throws {
    let set = makeSet([("text", 7), ("photos", 9)])
    var pictured = set
    pictured.photos = (0..<8).map { "\($0).png" }
    let order = try DataOrder(pictured, try Self.recipe { $0.mixture = [] })
    #expect(order.epoch(0).joined().flatMap(\.questions).sorted() == Array(0..<16))
  }
}
