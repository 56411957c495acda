// HeldOut.swift - how well a model answers questions that it does not learn from.

import Evaluation
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// What a measurement found.
public struct HeldOutAccuracy: Sendable, Equatable {
  /// The accuracy of one kind of questions.
  public struct Group: Sendable, Equatable {
    /// The kind: a family of CLEVR, or a type of answer.
    public var name: String
    /// From 0 to 1.
    public var accuracy: Double
    /// Number of questions.
    public var count: Int
  }

  /// From 0 to 1.
  public var overall: Double
  /// By kind; empty where there are none.
  public var groups: [Group] = []
}

/// Measures a model on a set.
struct HeldOut {
  let set: QuestionSet
  let measure: TrainingRecipe.Measure
  /// Receives features that cannot be read; their questions count as wrong.
  var failed: (FileFailure) -> Void = { _ in }

  /// Pictures computed together; features of a group are in memory twice, so there are fewer of them.
  private var pictureGroup: Int { self.set.features == nil ? 256 : 32 }

  /// Asks every question.
  func measure(_ model: VQAModel) throws -> HeldOutAccuracy {
    let answers = try answers(of: model)
    switch measure {
    case .official:
      let entries = zip(set.questions, answers).map { ResultEntry(questionID: $0.id, answer: $1 ?? "") }
      if Set(set.questions.map(\.set)).count > 1 { return try bySet(entries) }
      let report = try VQAAccuracy.evaluate(
        ResultFile(entries: entries), against: AnnotationFile(header: DataSetHeader(), annotations: set.annotations))
      return HeldOutAccuracy(
        overall: report.percent / 100,
        groups: report.answerTypes.map { .init(name: $0.name, accuracy: $0.percent / 100, count: $0.count) })
    case .share:
      var right = 0
      var families: [String: (right: Int, count: Int)] = [:]
      for (question, answer) in zip(set.questions, answers) {
        let isRight = answer == question.common
        right += isRight ? 1 : 0
        let (before, count) = families[question.questionType, default: (0, 0)]
        families[question.questionType] = (before + (isRight ? 1 : 0), count + 1)
      }
      let groups = CLEVRAccuracy.familyNames.compactMap { name -> HeldOutAccuracy.Group? in
        families[name].map { .init(name: name, accuracy: Double($0.right) / Double($0.count), count: $0.count) }
      }
      return HeldOutAccuracy(overall: Double(right) / Double(max(1, set.questions.count)), groups: groups)
    }
  }

  /// The official accuracy of several sets, each by itself: their questions may have the same numbers.
  private func bySet(_ entries: [ResultEntry]) throws -> HeldOutAccuracy {
    var groups: [HeldOutAccuracy.Group] = []
    for name in Set(set.questions.map(\.set)).sorted() {
      let places = set.questions.indices.filter { set.questions[$0].set == name }
      let report = try VQAAccuracy.evaluate(
        ResultFile(entries: places.map { entries[$0] }),
        against: AnnotationFile(header: DataSetHeader(), annotations: places.map { set.annotations[$0] }))
      groups.append(.init(name: name, accuracy: report.percent / 100, count: places.count))
    }
    // Every set counts the same, however many questions it has.
    let mean = groups.reduce(0) { $0 + $1.accuracy } / Double(max(1, groups.count))
    return HeldOutAccuracy(overall: mean, groups: groups)
  }

  /// The best answer to each question, in order; nil where the picture cannot be had.
  private func answers(of model: VQAModel) throws -> [String?] {
    var answers = [String?](repeating: nil, count: set.questions.count)
    var byPicture = [[Int]](repeating: [], count: set.pictureCount)
    var without: [Int] = []
    for (index, question) in set.questions.enumerated() {
      if question.picture == AskedQuestion.noPicture {
        without.append(index)
      } else {
        byPicture[question.picture].append(index)
      }
    }
    if !without.isEmpty {
      let nothing = try model.seeNothing()
      let given = model.answer(
        without.map { set.questions[$0].text }, about: without.map { _ in nothing }, top: 1)
      for (question, answer) in zip(without, given) { answers[question] = answer.best.answer }
    }
    let starts = Array(stride(from: 0, to: set.pictureCount, by: pictureGroup))
    let size = pictureGroup
    let count = set.pictureCount
    let ahead = set.features.map { features in
      ReadAhead(starts.indices) { features.load(starts[$0]..<min(starts[$0] + size, count)) }
    }
    for start in starts {
      let range = start..<min(start + size, count)
      var seen: [Int: SeenPicture] = [:]
      if let grids = set.grids, let heads = set.heads {
        for picture in range {
          let cached = try grids.load(picture, view: 0, heads: heads)
          seen[picture] = model.see(prepared: cached.grids, knowledge: cached.knowledge)
        }
      } else if let loaded = ahead?.next() {
        for picture in range {
          switch loaded[picture] {
          case .success(let features)?: seen[picture] = try model.see(features: features)
          case .failure(let failure)?: failed(failure)
          case nil: break
          }
        }
      } else {
        for (picture, image) in zip(range, try model.see(Array(set.pictures[range]))) { seen[picture] = image }
      }
      let questions = range.flatMap { byPicture[$0] }.filter { seen[set.questions[$0].picture] != nil }
      let given = model.answer(
        questions.map { set.questions[$0].text }, about: questions.compactMap { seen[set.questions[$0].picture] },
        top: 1)
      for (question, answer) in zip(questions, given) { answers[question] = answer.best.answer }
    }
    return answers
  }
}
