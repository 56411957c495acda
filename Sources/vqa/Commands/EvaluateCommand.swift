// EvaluateCommand.swift - `vqa evaluate`: the official accuracy of results, or of a model.

import CommandLineKit
import Evaluation
import SafeFiles
import VQAFormats

extension Command {
  static let evaluate = Command(
    specification: CommandSpecification(
      "evaluate", summary: "Scores results, or a model, against what people answered",
      discussion: """
        The accuracy is the official one of VQA v2: an answer counts fully when three people gave it. --scorer trar takes \
        the rules of the original TRAR code instead. Results are scored as they are; only scoring normalises.

        With the questions of CLEVR, which are known by what is in them, RESULTS has one answer a line in their order; an \
        answer counts when it is the question's to the letter, and the accuracy is told by family of questions as the \
        original TRAR counts them (equal_integer among the attributes). They need no --annotations.

        Without RESULTS the model answers the questions first. Questions whose picture cannot be read are named, count as \
        wrong and make the exit code 1. --blank puts one constant grey in place of every picture (zeros in place of \
        features): what is still right then is known from the question alone.

        --data DIR asks the questions of somebody's own table, whose pictures must all be there; a model that learned from \
        this folder has seen nine of ten of them. With --held-out only the others are asked about.

        Of a model that is a cascade, the share, accuracy and mean cost of the answers at each exit are told as well, over \
        all and by type of question. --curve writes accuracy against mean cost: of each exit alone, of all stored thresholds, \
        and of the model's own. --reliability writes how often answers of like confidence are right; the calibration error is \
        the mean difference of the two. --output keeps the answers, so that those with and without pictures, or of two models, \
        can be compared question by question.

        JSON has the keys overall, perAnswerType, perQuestionType and count; with a model also meanMultiplyAdds, \
        meanConfidence, calibrationError, exits and configuration, the SHA-256 of the model's configuration; with a cascade perExit, exitsPerQuestionType and \
        fullMultiplyAdds, too; with --held-out heldOutPictures. CLEVR's perQuestionType is by family.
        """,
      arguments: [
        ArgumentSpecification(
          "RESULTS", help: "A result file, such as 'vqa batch' writes", count: .optional, completion: .files)
      ],
      options: [
        .questions, .annotations, .images, .features,
        OptionSpecification(
          "data", value: "DIR", help: "Own pictures with a table of questions and answers, as for 'vqa train --from'"),
        OptionSpecification("held-out", help: "Of --data: only the questions about pictures that training holds out"),
        OptionSpecification("blank", help: "Shows the model no picture, or a grey one"),
        .scorer, .json,
        OptionSpecification(
          "output", short: "o", value: "FILE", help: "Also writes the model's answers, as 'vqa batch' does"),
        CurveFile.option, ReliabilityFile.option, .force,
      ] + ExitOptions.all,
      examples: [
        (
          "vqa evaluate results.json --questions questions.json --annotations annotations.json",
          "Scores a result file."
        ),
        (
          "vqa evaluate --model easy-vqa --questions q.json --annotations a.json --images pictures",
          "Scores a model."
        ),
        (
          "vqa evaluate --model shapes --questions q.json --annotations a.json --images pictures --curve curve.png",
          "What a cascade's answers are worth at every cost, drawn."
        ),
        (
          "vqa evaluate --model own/model.safetensors --data DIR --held-out --blank",
          "What a model of own data knows without the pictures."
        ),
        ("vqa evaluate results.txt --questions CLEVR_val_questions.json", "Scores results for CLEVR."),
      ])
  ) { call in
    let arguments = call.arguments
    guard let results = arguments.argument("RESULTS") else {
      guard modelOptions.contains(where: arguments.flag) else {
        throw arguments.failure(.missingArgument(name: "RESULTS"))
      }
      return try ModelEvaluation(call).run()
    }
    for option in modelOptions where arguments.flag(option) {
      throw arguments.failure(.conflict(first: "RESULTS", second: "--\(option)"))
    }
    let score = try scored(results, arguments, call.console)
    if arguments.flag("json") {
      try call.console.write(JSONValue.object(score.json))
    } else {
      try call.console.write(score.table)
    }
    return .success
  }

  /// Options that speak of a model.
  private static let modelOptions = [
    "images", "features", "data", "held-out", "blank", "model", "exit", "exact", "budget", "curve", "reliability",
    "output",
  ]

  /// The score of a result file.
  private static func scored(
    _ results: String, _ arguments: Arguments, _ console: Console
  ) throws -> Score {
    let questionPath = arguments.string("questions")
    let questions = try questionPath.map { path throws(FileFailure) in try AnyQuestionFile(path: path) }
    if let questionPath, case .clevr(let file) = questions {
      noteWithoutEffect(arguments, console)
      return try .clevr(try AnswerLines(path: results).answers, from: results, to: file, from: questionPath)
    }
    let annotationPath = try arguments.required("annotations")
    let entries = try ResultFile(path: results)
    let annotations = try AnnotationFile(path: annotationPath)
    var file: QuestionFile?
    if case .vqa(let vqa)? = questions { file = vqa }
    do throws(EvaluationFailure) {
      return .vqa(
        try VQAAccuracy.evaluate(
          entries, against: annotations, questions: file, scorer: ModelEvaluation.scorer(arguments)))
    } catch {
      throw FileFailure(file: results, cause: error)
    }
  }

  /// Notes options that change nothing for CLEVR.
  static func noteWithoutEffect(_ arguments: Arguments, _ console: Console) {
    for option in ["annotations", "scorer"] where arguments.flag(option) {
      console.note("'--\(option)' has no effect on CLEVR questions, which hold their answers")
    }
  }
}
