// TrainingReports.swift - what a run tells while it goes on, and how it ends.

import SafeFiles

/// What a run reports while it goes on.
public struct TrainingProgress: Sendable {
  /// Steps done.
  public var step: Int
  /// Steps of the whole run.
  public var steps: Int
  /// Passes over the data done, with a fraction.
  public var epoch: Double
  /// Loss per question, averaged over the steps since the last line of the log.
  public var loss: Float
  /// The present learning rate.
  public var rate: Float
  /// Accuracy on held-out questions at the last measurement, from 0 to 1.
  public var accuracy: Double?
  /// Seconds left at the present speed.
  public var secondsLeft: Double
}

/// What a run reports at the end of each pass over the data.
public struct TrainingPass: Sendable {
  /// Number of the pass, from 1.
  public var number: Int
  /// Passes of the whole run.
  public var passes: Int
  /// Loss per question, averaged over the steps of the pass; parts that a step is cut into do not raise it.
  public var loss: Double
  /// The learning rate of its last step.
  public var rate: Float
  /// The temperature of hard routing, where it changes from pass to pass.
  public var temperature: Float?
  /// Seconds since the run began.
  public var seconds: Double
  /// What was measured after it.
  public var accuracy: HeldOutAccuracy?
}

/// How a run ended.
public enum TrainingOutcome: Sendable, Equatable {
  /// All steps are done; the model is in the output folder, and its accuracy is below 0 where nothing was measured.
  case finished(accuracy: Double, seconds: Double)
  /// Stopped on request with everything saved.
  case stopped(step: Int, checkpoint: String)
}

/// Whoever looks on.
public struct TrainingObserver {
  /// Receives progress after every step.
  public var report: (TrainingProgress) -> Void = { _ in }
  /// Receives the end of every pass.
  public var pass: (TrainingPass) -> Void = { _ in }
  /// Receives what a person should read, such as a damaged checkpoint.
  public var note: (String) -> Void = { _ in }
  /// Receives each picture whose features cannot be read, once; the run goes on without its questions.
  public var failed: (FileFailure) -> Void = { _ in }

  /// Nobody.
  public init() {}
}
