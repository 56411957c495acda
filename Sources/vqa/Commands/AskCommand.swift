// AskCommand.swift - `vqa ask`: questions about one picture, which is computed once.

import CommandLineKit
import Reports
import SafeFiles

extension Command {
  static let ask = Command(
    specification: CommandSpecification(
      "ask", summary: "Answers questions about a picture",
      discussion: """
        Tells the answer with its probability, the answers that came next, and the spans that each layer of the network \
        looked through. Several questions about one picture compute the picture once. A word that the model does not know \
        is named on standard error.

        The picture may have any size: it is squeezed into the square that the model sees.

        A model may be a cascade: it reads the picture from a coarse grid first, and from a finer one only when the answer \
        is not sure enough. Told are the exit, the confidence at each one tried, the work of each grid and what the \
        full run would have cost. A second question begins at the finest grid that those before it needed.

        An answer whose probability is below what the model holds for sure is told as 'not sure', with the best three.
        """,
      arguments: [
        .picture,
        ArgumentSpecification(
          "QUESTION", help: "A question; put several in quotes of their own; with --see there need be none",
          count: .anyNumber),
      ],
      options: [
        OptionSpecification("top", short: "t", value: "N", help: "Answers to show", defaultText: "5"),
        OptionSpecification(
          "see", help: "Also tells what the model's backbone itself sees, whatever is asked; for models that have one"),
        .json,
      ] + ExitOptions.all,
      examples: [
        ("vqa ask photo.jpg \"What shape is in the image?\"", "Answers with the default model."),
        ("vqa ask - \"Is there a circle?\" \"What color is it?\" --json < photo.png", "Two JSON objects, one a line."),
      ])
  ) { call in
    let questions = try Questions.read(call.arguments, call.console)
    let sees = call.arguments.flag("see")
    if questions.isEmpty, !sees { _ = try call.arguments.requiredArgument("QUESTION") }
    let top = try call.arguments.integer("top", in: 1...1_000_000) ?? 5
    let loaded = try LoadedModel(answering: call)
    let picture = try PictureReader(loaded.model, call.arguments).picture(
      try call.arguments.requiredArgument("PICTURE"))
    guard let seen = try loaded.model.see(inputs: [picture]).first else { return .bug }
    let names = sees ? loaded.model.names(of: seen, top: top) : nil
    if sees, names == nil { throw FileFailure(file: loaded.path, cause: NothingSeen()) }
    // Of an answer that is not sure the best three are told, however many were asked for.
    let answers = loaded.model.answerInTurn(questions, about: seen, top: max(top, 3)).map { answer in
      var shown = answer
      if answer.isSure != false { shown.candidates = Array(answer.candidates.prefix(top)) }
      return shown
    }
    Questions.note(answers, loaded.model, call.console)
    if call.arguments.flag("json") {
      if let names { try call.console.write(SeenReport.json(names)) }
      for answer in answers { try call.console.write(AnswerReport.json(answer)) }
    } else {
      let texts = answers.map { answer in
        // What was not understood stands on standard error already.
        var shown = answer
        (shown.unknownWords, shown.droppedWords) = ([], 0)
        return AnswerReport.text(shown, top: top)
      }
      try call.console.write(((names.map { [SeenReport.text($0)] } ?? []) + texts).joined(separator: "\n"))
    }
    return .success
  }
}

/// A model sees with its own eyes only.
struct NothingSeen: Failure, Equatable {
  var kind: FailureKind { .badData }
  var place: String? { nil }
  var problem: String { "the model has no backbone that knows names, so --see has nothing to tell" }
  var advice: String { "leave --see out, or choose a model that has one with --model" }
}
