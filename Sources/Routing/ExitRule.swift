// ExitRule.swift - when a sample leaves a cascade, decided from its confidence at each exit.
//
// Dynamic ViT (Wang et al., NeurIPS 2021), budgeted batch classification: a sample leaves at the first exit whose confidence reaches the
// exit's threshold; the last exit takes whoever comes. Exits are numbered from 0 here.

/// The thresholds of a cascade's exits.
public struct ExitRule: Sendable, Equatable, Codable {
  /// A threshold that no confidence reaches; the original's value.
  public static let never: Float = 1e8

  /// The least confidence at which a sample leaves, for every exit but the last, the first exit first.
  public var thresholds: [Float]

  /// A rule for one exit more than there are thresholds.
  public init(thresholds: [Float]) {
    self.thresholds = thresholds
  }

  /// The rule by which everybody runs to one exit, whatever the confidence.
  ///
  /// - Parameters:
  ///   - exit: Number of the exit, from 0.
  ///   - exits: Number of exits.
  /// - Returns: The rule.
  public static func always(_ exit: Int, of exits: Int) -> ExitRule {
    ExitRule(thresholds: (0..<max(0, exits - 1)).map { $0 < exit ? never : -.infinity })
  }

  /// Number of exits.
  public var exits: Int { thresholds.count + 1 }

  /// Whether a sample that has come to an exit leaves there; one whose confidence is no number goes on.
  public func leaves(exit: Int, confidence: Float) -> Bool {
    exit >= thresholds.count || confidence >= thresholds[exit]
  }

  /// The exit of a sample whose confidence at every exit is known.
  ///
  /// - Parameter confidences: One for each exit; what follows the exit is not read.
  /// - Returns: Number of the exit, from 0.
  public func exit(confidences: [Float]) -> Int {
    thresholds.indices.first { leaves(exit: $0, confidence: confidences[$0]) } ?? thresholds.count
  }
}
