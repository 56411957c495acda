// EvaluateCommand.swift - `vqa evaluate`: the official accuracy of results, or of a model.

import CommandLineKit
import Evaluation
import Reports
import SafeFiles
import VQAFormats

extension Command {
  static let evaluate = Command(
    specification: CommandSpecification(
      "evaluate", summary: "Scores results, or a model, against what people answered",
      discussion: """
        The accuracy is the official one of VQA v2: an answer counts fully when three people gave it. --scorer trar takes \
        the rules of the original TRAR code instead. Results are scored as they are; only scoring normalises.

        Without RESULTS the model answers the questions first. Questions whose picture cannot be read are named, count as \
        wrong and make the exit code 1. --blank puts one constant grey in place of every picture (zeros in place of \
        features): what is still right then is known from the question alone.

        JSON has the keys overall, perAnswerType, perQuestionType and count; with a model also meanMultiplyAdds, exits \
        and configuration, the SHA-256 of the model's configuration.
        """,
      arguments: [
        ArgumentSpecification("RESULTS", help: "A result file, such as 'vqa batch' writes", count: .optional)
      ],
      options: [
        .questions, .annotations, .images, .features,
        OptionSpecification("blank", help: "Shows the model a grey picture each time"),
        OptionSpecification(
          "scorer", value: "RULES", help: "The rules answers are compared by", defaultText: Scorer.official.rawValue,
          allowed: Scorer.allCases.map(\.rawValue)),
        .json,
      ],
      examples: [
        (
          "vqa evaluate results.json --questions questions.json --annotations annotations.json",
          "Scores a result file."
        ),
        (
          "vqa evaluate --model easy-vqa --questions q.json --annotations a.json --images pictures",
          "Scores a model."
        ),
      ])
  ) { call in
    let arguments = call.arguments
    guard let results = arguments.argument("RESULTS") else {
      guard ["images", "features", "blank", "model"].contains(where: arguments.flag) else {
        throw arguments.failure(.missingArgument(name: "RESULTS"))
      }
      return try ModelEvaluation(call).run()
    }
    for option in ["images", "features", "blank", "model"] where arguments.flag(option) {
      throw arguments.failure(.conflict(first: "RESULTS", second: "--\(option)"))
    }
    let annotationPath = try arguments.required("annotations")
    let entries = try ResultFile(path: results)
    let questions = try arguments.string("questions").map { path throws(FileFailure) in try QuestionFile(path: path) }
    let annotations = try AnnotationFile(path: annotationPath)
    let report: AccuracyReport
    do throws(EvaluationFailure) {
      report = try VQAAccuracy.evaluate(
        entries, against: annotations, questions: questions, scorer: ModelEvaluation.scorer(arguments))
    } catch {
      throw FileFailure(file: results, cause: error)
    }
    if arguments.flag("json") {
      try call.console.write(JSONValue.object(report.json()))
    } else {
      try call.console.write(AccuracyText.table(report))
    }
    return .success
  }
}
