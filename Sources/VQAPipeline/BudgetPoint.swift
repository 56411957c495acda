// BudgetPoint.swift - thresholds of a cascade with what they cost and what they are worth, so that a budget can be kept later.

/// An operating point of a cascade: thresholds, and what they gave on held-out questions.
public struct BudgetPoint: Sendable, Equatable, Codable {
  /// How thresholds are found.
  public enum Solver: String, Sendable, Codable, CaseIterable {
    /// All thresholds tried, the most accurate within a mean cost kept (`BudgetSearch`).
    case search
    /// The percentile rule of the original Dynamic ViT (`ThresholdSolver`).
    case percentile
  }

  /// Mean multiplications with addition of a held-out question.
  public var multiplyAdds: Double
  /// The confidence from which on an answer is given, for each exit but the last.
  public var thresholds: [Float]
  /// Mean accuracy on the held-out questions, from 0 to 1.
  public var accuracy: Double
  /// How the thresholds were found.
  public var solvedBy: Solver

  /// Collects a point.
  ///
  /// - Parameters:
  ///   - multiplyAdds: Mean multiplications with addition of a held-out question.
  ///   - thresholds: The confidence from which on an answer is given, for each exit but the last.
  ///   - accuracy: Mean accuracy on the held-out questions, from 0 to 1.
  ///   - solvedBy: How the thresholds were found.
  public init(multiplyAdds: Double, thresholds: [Float], accuracy: Double, solvedBy: Solver) {
    self.multiplyAdds = multiplyAdds
    self.thresholds = thresholds
    self.accuracy = accuracy
    self.solvedBy = solvedBy
  }
}

extension CascadeConfiguration {
  /// The most accurate point whose mean cost on held-out questions keeps a bound, the cheapest of equals; nil when all cost more.
  public func point(within multiplyAdds: Double) -> BudgetPoint? {
    points.filter { $0.multiplyAdds <= multiplyAdds }
      .max { ($0.accuracy, -$0.multiplyAdds) < ($1.accuracy, -$1.multiplyAdds) }
  }

  /// The point of the least mean cost; nil where there is none.
  public var cheapestPoint: BudgetPoint? { points.min { $0.multiplyAdds < $1.multiplyAdds } }

  /// What makes the points impossible for so many exits, or nil.
  func problem(ofPointsWith exits: Int) -> String? {
    for (index, point) in points.enumerated() {
      let place = "cascade.points[\(index)]"
      if point.thresholds.count != exits - 1 || point.thresholds.contains(where: { !$0.isFinite }) {
        return "\(place).thresholds: \(point.thresholds) are not \(exits - 1) numbers"
      }
      if !(point.multiplyAdds > 0 && point.multiplyAdds.isFinite) {
        return "\(place).multiplyAdds: \(point.multiplyAdds) is not above 0"
      }
      if !(0...1).contains(point.accuracy) { return "\(place).accuracy: \(point.accuracy) is not from 0 to 1" }
    }
    return nil
  }
}
