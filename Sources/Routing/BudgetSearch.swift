// BudgetSearch.swift - the thresholds that give the greatest accuracy on a set while the mean cost keeps a bound, by trying all.
//
// The paper of Dynamic ViT (Wang et al., NeurIPS 2021) asks for just this and searches by chance; with one or two thresholds nothing need be
// left to chance. A threshold matters only by who reaches it, so the confidences of the set are all that need be tried; of a large set,
// its quantiles. Sums over everybody beyond a pair of thresholds are carried along, so a pair costs no more than an addition.

/// Exhaustive search for the thresholds of two or three exits.
public struct BudgetSearch: Sendable {
  /// Thresholds tried for each exit, next to that which nobody reaches.
  public var candidates: Int

  /// A search; more candidates are finer and slower, by their square.
  public init(candidates: Int = 200) {
    precondition(candidates > 0, "a search without candidates")
    self.candidates = candidates
  }

  /// What a search found.
  public struct Choice: Sendable, Equatable {
    /// The thresholds.
    public let rule: ExitRule
    /// What they give on the set.
    public let summary: ExitSummary
  }

  /// Finds the most accurate rule that keeps the bound; the cheapest of equals.
  ///
  /// - Parameters:
  ///   - bound: The greatest mean cost.
  ///   - outcomes: A set of two or three exits.
  ///   - costs: The cost of a sample that leaves at each exit, everything before it included.
  /// - Returns: The rule and what it gives, or nil when even the first exit costs more for all.
  public func best(within bound: Double, outcomes: ExitOutcomes, costs: [Double]) -> Choice? {
    search(outcomes, costs) {
      $0.cost <= bound
    } isBetter: {
      ($0.score, -$0.cost) > ($1.score, -$1.cost)
    }
  }

  /// Finds the cheapest rule that is accurate enough; the most accurate of equals.
  ///
  /// - Parameters:
  ///   - accuracy: The least mean score.
  ///   - outcomes: A set of two or three exits.
  ///   - costs: The cost of a sample that leaves at each exit, everything before it included.
  /// - Returns: The rule and what it gives, or nil when none of those tried is accurate enough.
  public func cheapest(reaching accuracy: Double, outcomes: ExitOutcomes, costs: [Double]) -> Choice? {
    // Scores are summed in another order here than where the accuracy came from.
    let least = (accuracy - 1e-12) * Double(outcomes.samples)
    return search(outcomes, costs) {
      $0.score >= least
    } isBetter: {
      (-$0.cost, $0.score) > (-$1.cost, $1.score)
    }
  }

  /// What a pair of thresholds gives.
  private typealias Outcome = (score: Double, cost: Double)

  /// The best of all pairs of thresholds that are allowed, the first of equals.
  private func search(
    _ outcomes: ExitOutcomes, _ costs: [Double], allowed: (Outcome) -> Bool, isBetter: (Outcome, Outcome) -> Bool
  ) -> Choice? {
    precondition((2...3).contains(outcomes.exits), "a search over \(outcomes.exits) exits, not 2 or 3")
    let first = Candidates(outcomes.confidences[0], count: candidates)
    let second = Candidates(outcomes.exits == 3 ? outcomes.confidences[1] : [], count: candidates)
    var best: (outcome: Outcome, rule: ExitRule)?
    PairSums(outcomes, first, second).forEachPair { left, right, counts, score in
      let outcome = (score: score, cost: ExitSummary(counts: counts, accuracy: 0, costs: costs).cost)
      guard allowed(outcome) else { return }
      if let best, !isBetter(outcome, best.outcome) { return }
      let thresholds = [first.thresholds[left], second.thresholds[right]].prefix(outcomes.exits - 1)
      best = (outcome, ExitRule(thresholds: Array(thresholds)))
    }
    return best.map { Choice(rule: $0.rule, summary: outcomes.summary(by: $0.rule, costs: costs)) }
  }
}

/// The thresholds tried for one exit, falling; the first is that which nobody reaches.
private struct Candidates {
  let thresholds: [Float]

  /// Takes quantiles of the confidences, the least among them, so that everybody may leave.
  init(_ confidences: [Float], count: Int) {
    let ranked = confidences.filter { !$0.isNaN }.sorted(by: >)
    var thresholds = [ExitRule.never]
    let tried = Swift.min(count, ranked.count)
    for number in 0..<tried {
      let value = ranked[(number + 1) * ranked.count / tried - 1]
      if value < thresholds[thresholds.count - 1] { thresholds.append(value) }
    }
    self.thresholds = thresholds
  }

  /// The first threshold that a confidence reaches, or the number of thresholds.
  func place(_ confidence: Float) -> Int {
    var (low, high) = (0, thresholds.count)
    while low < high {
      let middle = (low + high) / 2
      if confidence >= thresholds[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Who leaves where under every pair of thresholds, and what the answers are worth.
private struct PairSums {
  private let outcomes: ExitOutcomes
  private let first: Candidates
  private let second: Candidates
  /// Samples by the first threshold of exit 1 that they reach.
  private var samplesByPlace: [[Int]]
  /// The first threshold of exit 2 that each sample reaches; of two exits none.
  private let secondPlaces: [Int]

  init(_ outcomes: ExitOutcomes, _ first: Candidates, _ second: Candidates) {
    self.outcomes = outcomes
    self.first = first
    self.second = second
    samplesByPlace = Array(repeating: [], count: first.thresholds.count + 1)
    for sample in 0..<outcomes.samples { samplesByPlace[first.place(outcomes.confidences[0][sample])].append(sample) }
    secondPlaces = (0..<outcomes.samples).map {
      outcomes.exits == 3 ? second.place(outcomes.confidences[1][$0]) : second.thresholds.count
    }
  }

  /// What samples that reach one threshold of exit 2 first are worth there and at the last exit.
  private struct Sums {
    var count = 0
    var there = 0.0
    var last = 0.0

    static func += (left: inout Sums, right: Sums) {
      left.count += right.count
      left.there += right.there
      left.last += right.last
    }
  }

  /// Calls `body` with the numbers of both thresholds, the samples at each exit and the sum of their scores.
  ///
  /// Exit 1 begins with its lowest threshold, at which all but those without a confidence leave; each higher one sends on those who reach
  /// only the one below.
  func forEachPair(_ body: (_ left: Int, _ right: Int, _ counts: [Int], _ score: Double) -> Void) {
    let scores = outcomes.scores
    let lastExit = outcomes.exits - 1
    let middle = min(1, lastExit)
    var sums = [Sums](repeating: Sums(), count: second.thresholds.count + 1)
    // Scores gathered from the highest threshold down, so that nothing is ever subtracted.
    var leaving = [Double](repeating: 0, count: first.thresholds.count)
    var total = 0.0
    for left in first.thresholds.indices {
      total += samplesByPlace[left].reduce(0) { $0 + scores[0][$1] }
      leaving[left] = total
    }
    for left in first.thresholds.indices.reversed() {
      for sample in samplesByPlace[left + 1] {
        sums[secondPlaces[sample]] += Sums(count: 1, there: scores[middle][sample], last: scores[lastExit][sample])
      }
      var beyond = [Sums](repeating: Sums(), count: sums.count + 1)
      for place in sums.indices.reversed() {
        beyond[place] = beyond[place + 1]
        beyond[place] += sums[place]
      }
      var here = Sums()
      for right in second.thresholds.indices {
        here += sums[right]
        let rest = beyond[right + 1]
        let gone = outcomes.samples - here.count - rest.count
        let counts = lastExit == 2 ? [gone, here.count, rest.count] : [gone, rest.count]
        body(left, right, counts, leaving[left] + here.there + rest.last)
      }
    }
  }
}
