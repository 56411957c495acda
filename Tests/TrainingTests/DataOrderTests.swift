// DataOrderTests.swift - what each step learns from: every question once a pass, groups about one picture, orders that follow from the seed.

import ImageCodecs
import Testing
import Training

@Suite struct DataOrderTests {
  /// A set with some questions about each picture, every third of them a yes/no question.
  private func makeSet(_ counts: [Int]) throws -> QuestionSet {
    let picture = try RGBImage(width: 8, height: 8, color: .black)
    var questions: [AskedQuestion] = []
    for (index, count) in counts.enumerated() {
      for _ in 0..<count {
        let isYesNo = questions.count % 3 == 0
        let answer = isYesNo ? (questions.count % 2 == 0 ? "yes" : "no") : "red"
        questions.append(
          AskedQuestion(
            id: questions.count, text: isYesNo ? "Is it red?" : "What color is it?", picture: index, answers: [answer],
            common: answer, questionType: "", answerType: isYesNo ? "yes/no" : "other"))
      }
    }
    return QuestionSet(pictures: counts.map { _ in picture }, questions: questions, contentHash: "")
  }

  private func recipe(_ change: (inout TrainingRecipe) -> Void = { _ in }) -> TrainingRecipe {
    var recipe = TrainingRecipe()
    recipe.epochs = 3
    recipe.questionsPerStep = 8
    recipe.questionsPerPicture = 2
    recipe.shards = 2
    change(&recipe)
    return recipe
  }

  /// 5 + 1 + 2 + 4 + 3 + 6 questions: 3 + 1 + 1 + 2 + 2 + 3 = 12 groups, three steps of four.
  private let counts = [5, 1, 2, 4, 3, 6]

  @Test func aPassHasEveryQuestionOnce() throws {
    let set = try makeSet(counts)
    let order = try DataOrder(set, recipe())
    for epoch in 0..<3 {
      let steps = order.epoch(epoch)
      #expect(steps.map(\.count) == [4, 4, 4])
      #expect(steps.joined().flatMap(\.questions).sorted() == Array(0..<21))
    }
  }

  @Test func groupsShareAPicture() throws {
    let set = try makeSet(counts)
    let groups = try DataOrder(set, recipe()).epoch(0).flatMap { $0 }
    for group in groups {
      #expect((1...2).contains(group.questions.count))
      #expect(group.questions.allSatisfy { set.questions[$0].picture == group.picture })
    }
    for (picture, count) in counts.enumerated() {
      #expect(groups.filter { $0.picture == picture }.count == (count + 1) / 2)
    }
  }

  @Test func aStepThatIsNotFullCanBeLeftOut() throws {
    let set = try makeSet(counts)
    // Twelve groups of up to two questions, in steps of five groups.
    let change: (inout TrainingRecipe) -> Void = { $0.questionsPerStep = 10 }
    #expect(try DataOrder(set, recipe(change)).epoch(0).map(\.count) == [5, 5, 2])
    let full = try DataOrder(
      set,
      recipe {
        change(&$0)
        $0.dropsIncompleteStep = true
      })
    #expect(full.totalSteps == 6)
    #expect(full.epoch(0).map(\.count) == [5, 5])
    #expect(throws: TrainingFailure.tooFewForAStep(groups: 12, perStep: 20)) {
      try DataOrder(
        set,
        recipe {
          $0.questionsPerStep = 40
          $0.dropsIncompleteStep = true
        })
    }
  }

  @Test func theOrderFollowsFromSeedAndPass() throws {
    let set = try makeSet(counts)
    let order = try DataOrder(set, recipe())
    #expect(order.epoch(1) == order.epoch(1))
    #expect(try DataOrder(set, recipe()).epoch(1) == order.epoch(1))
    #expect(order.epoch(0) != order.epoch(1))
    #expect(try DataOrder(set, recipe { $0.seed = 2 }).epoch(0) != order.epoch(0))
    // A longer run begins as a shorter one.
    #expect(try DataOrder(set, recipe { $0.epochs = 9 }).epoch(1) == order.epoch(1))
  }

  /// Groups of one question, four a step: the last step is kept when it fills every shard.
  @Test(arguments: [(8, 2), (9, 2), (10, 3), (11, 3), (12, 3), (2, 1), (5, 1)])
  func theLastStepFillsEveryShard(questions: Int, steps: Int) throws {
    let set = try makeSet([Int](repeating: 1, count: questions))
    let order = try DataOrder(set, recipe { $0.epochs = 1 })
    #expect(order.totalSteps == steps)
    let taken = order.epoch(0)
    #expect(taken.count == steps)
    #expect(taken.allSatisfy { $0.count >= 2 && $0.count <= 4 })
    let seen = taken.joined().flatMap(\.questions)
    #expect(Set(seen).count == seen.count)
    #expect(seen.count == min(questions, steps * 4))
  }

  @Test func namingPassesLeaveAKindOut() throws {
    let set = try makeSet(counts)
    let order = try DataOrder(
      set,
      recipe {
        $0.curriculum.namingEpochs = 2
        $0.questionsPerPicture = 1
      })
    for epoch in 0..<2 {
      let questions = order.epoch(epoch).joined().flatMap(\.questions)
      #expect(questions.allSatisfy { set.questions[$0].answerType == "other" })
      // 14 of them: one step of eight, and one of six.
      #expect(questions.count == 14)
    }
    #expect(order.epoch(2).joined().flatMap(\.questions).contains { set.questions[$0].answerType == "yes/no" })
    let other = try DataOrder(
      set,
      recipe {
        $0.curriculum.namingEpochs = 1
        $0.curriculum.leftOutAnswerType = "other"
      })
    #expect(other.epoch(0).joined().flatMap(\.questions).allSatisfy { set.questions[$0].answerType == "yes/no" })
  }

  @Test func stepsAndPlacesAgree() throws {
    let order = try DataOrder(
      try makeSet(counts),
      recipe {
        $0.curriculum.namingEpochs = 1
        $0.epochs = 4
      })
    var places: [[Int]] = []
    for epoch in 0..<4 {
      #expect(order.epoch(epoch).count == order.steps(inEpoch: epoch))
      places += order.epoch(epoch).indices.map { [epoch, $0] }
    }
    #expect(order.totalSteps == places.count)
    #expect(Set((0..<4).map { order.steps(inEpoch: $0) }).count > 1)
    for (step, place) in places.enumerated() {
      let found = order.place(ofStep: step)
      #expect([found.epoch, found.index] == place)
    }
    let end = order.place(ofStep: order.totalSteps)
    #expect([end.epoch, end.index] == [4, 0])
  }

  @Test func tooFewQuestionsAreRefused() throws {
    let one = try makeSet([2])
    #expect(throws: TrainingFailure.tooFewQuestions(groups: 1, shards: 2)) { try DataOrder(one, recipe()) }
    let none = try makeSet([])
    #expect(throws: TrainingFailure.tooFewQuestions(groups: 0, shards: 2)) { try DataOrder(none, recipe()) }
    // Enough for a full pass, but not without the questions that the first one leaves out.
    let set = try makeSet([1, 0, 0, 2])
    #expect(try DataOrder(set, recipe { $0.epochs = 1 }).totalSteps == 1)
    #expect(throws: TrainingFailure.tooFewQuestions(groups: 1, shards: 2)) {
      try DataOrder(set, recipe { $0.curriculum.namingEpochs = 1 })
    }
  }
}
