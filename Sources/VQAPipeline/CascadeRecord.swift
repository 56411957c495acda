// CascadeRecord.swift - what each stage of a cascade did for one answer, and what those that were not needed would have cost.

import Routing

/// What the stages of a cascade did for one answer.
public struct CascadeRecord: Sendable, Equatable {
  /// One stage with its exit.
  public struct Stage: Sendable, Equatable {
    /// The grid of the stage.
    public var grid: GridSize
    /// The confidence from which on an answer is given here; nil at the last exit, and where the exit was chosen beforehand.
    public var threshold: Float?
    /// Whether the grid was computed, for this answer or for one before.
    public var isComputed = false
    /// The confidence of the answer read from this grid; nil where none was read.
    public var confidence: Float?
    /// Multiplications with addition of the grid, or what they would be; 0 where it belongs to the cost of an answer before.
    public var visionMultiplyAdds: Int
    /// Multiplications with addition of reading an answer from the grid, or what they would be.
    public var answerMultiplyAdds: Int

    /// A stage that is not computed.
    ///
    /// - Parameters:
    ///   - grid: The grid of the stage.
    ///   - threshold: The confidence from which on an answer is given here.
    ///   - visionMultiplyAdds: What the grid would cost.
    ///   - answerMultiplyAdds: What reading an answer from it would cost.
    public init(grid: GridSize, threshold: Float? = nil, visionMultiplyAdds: Int, answerMultiplyAdds: Int) {
      self.grid = grid
      self.threshold = threshold
      self.visionMultiplyAdds = visionMultiplyAdds
      self.answerMultiplyAdds = answerMultiplyAdds
    }

    /// Multiplications with addition that the stage took for this answer.
    public var spent: Int {
      isComputed ? visionMultiplyAdds + (confidence == nil ? 0 : answerMultiplyAdds) : 0
    }
    /// Multiplications with addition that the stage would have taken, had it been needed and asked.
    public var possible: Int { visionMultiplyAdds + answerMultiplyAdds }
  }

  /// The stages, the coarsest grid first.
  public var stages: [Stage]
  /// Multiplications with addition of the question.
  public var questionMultiplyAdds: Int
  /// What the answer of the last exit alone would have cost, the picture's grids and the question included.
  public var fullRunMultiplyAdds: Int

  /// Collects the stages.
  ///
  /// - Parameters:
  ///   - stages: The stages, the coarsest grid first.
  ///   - questionMultiplyAdds: Multiplications with addition of the question.
  ///   - fullRunMultiplyAdds: What the answer of the last exit alone would have cost.
  public init(stages: [Stage], questionMultiplyAdds: Int, fullRunMultiplyAdds: Int) {
    self.stages = stages
    self.questionMultiplyAdds = questionMultiplyAdds
    self.fullRunMultiplyAdds = fullRunMultiplyAdds
  }
}

extension VQAModel {
  /// The record of an answer that is yet to be computed.
  ///
  /// - Parameters:
  ///   - thresholds: Of each exit but the last; none where the exit was chosen beforehand.
  ///   - paidStages: Stages whose cost is part of earlier answers.
  /// - Returns: The record.
  func emptyRecord(thresholds: [Float], paidStages: Int) -> CascadeRecord {
    let stages = vision.grids.enumerated().map { stage, grid in
      var record = CascadeRecord.Stage(
        grid: grid, threshold: thresholds.indices.contains(stage) ? thresholds[stage] : nil,
        visionMultiplyAdds: stage < paidStages ? 0 : vision.multiplyAdds(stage: stage),
        answerMultiplyAdds: answerMultiplyAdds(stage: stage))
      record.isComputed = stage < paidStages
      return record
    }
    return CascadeRecord(
      stages: stages, questionMultiplyAdds: questionMultiplyAdds, fullRunMultiplyAdds: fullRunMultiplyAdds)
  }
}
