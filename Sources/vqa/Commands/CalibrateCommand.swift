// CalibrateCommand.swift - `vqa calibrate`: temperatures and thresholds of a cascade from held-out questions.

import CommandLineKit
import VQAPipeline

extension Command {
  /// Points of accuracy that the model's own thresholds may lose where nothing else is said.
  static let calibrationLoss = 0.1

  static let calibrate = Command(
    specification: CommandSpecification(
      "calibrate", summary: "Solves when a cascade needs no finer grid, from held-out questions",
      discussion: """
        A cascade answers from its coarsest grid and goes on to the next one while the answer is less sure than a threshold. \
        How sure is sure enough is found here: every question is asked at every exit, once. A temperature is fitted to each \
        exit, so that its answers are as sure as they are right; then thresholds are solved by search, for \
        \(ExitCalibration.steps) mean costs from that of the first exit to that of all exits, and by the percentile rule of the \
        original Dynamic ViT, at its 59 points. All of them are stored for '--budget'.

        Thresholds for every day are those for the mean cost of --budget, or without it the cheapest ones whose accuracy on \
        these questions is at most 0.1 points below that of the last exit; --target-accuracy-loss takes another number. \
        Questions that the model has learned from make it surer than it is: give others.

        --settings-of takes all of this from another model of the same stages, such as one that learned all questions but \
        those it was calibrated on; then no questions are needed. --sure sets the confidence below which 'vqa ask' says \
        that it is not sure.

        --questions, --annotations and --images may be given several times, a set each time; all sets are calibrated on \
        together. The questions of CLEVR hold their answers. The model file is replaced in one step, or left as it is with \
        --output.
        """,
      options: [
        .repeated(.questions), .repeated(.annotations), .repeated(.images),
        OptionSpecification(
          "budget", value: "GMACS", help: "The mean cost of the model's own thresholds, in billions of multiply-adds",
          defaultText: "what --target-accuracy-loss leads to"),
        OptionSpecification(
          "target-accuracy-loss", value: "POINTS",
          help: "Points of accuracy, in per cent, that they may lose to the last exit", defaultText: "0.1"),
        OptionSpecification(
          "rule", value: "RULE", help: "How they are found", defaultText: BudgetPoint.Solver.search.rawValue,
          allowed: BudgetPoint.Solver.allCases.map(\.rawValue)),
        OptionSpecification(
          "settings-of", value: "FILE|NAME", help: "Takes temperatures and thresholds of this model", completion: .model
        ),
        OptionSpecification(
          "sure", value: "SHARE", help: "Answers less probable than this, from 0 to 1, are told as not sure",
          defaultText: "as the model has it"),
        .scorer,
        OptionSpecification(
          "output", short: "o", value: "FILE", help: "Where the model goes", defaultText: "into its own file"),
        ReliabilityFile.option, .force, .json,
      ],
      examples: [
        (
          "vqa calibrate --model m.safetensors --questions q.json --annotations a.json --images pictures",
          "The cheapest thresholds that lose nothing to speak of."
        ),
        (
          "vqa calibrate --model m.safetensors --questions q.json --annotations a.json --images pictures --budget 0.06",
          "The best ones for 60 million multiply-adds on average."
        ),
      ])
  ) { call in
    if let other = call.arguments.string("settings-of") { return try TakenCalibration(call, from: other).run() }
    return try Calibration(call).run()
  }
}
