// AskCommand.swift - `vqa ask`: questions about one picture, which is computed once.

import CommandLineKit
import Reports

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
        """,
      arguments: [
        .picture,
        ArgumentSpecification("QUESTION", help: "A question; put several in quotes of their own", count: .oneOrMore),
      ],
      options: [
        OptionSpecification("top", short: "t", value: "N", help: "Answers to show", defaultText: "5"), .json,
      ] + ExitOptions.all,
      examples: [
        ("vqa ask photo.jpg \"What shape is in the image?\"", "Answers with the default model."),
        ("vqa ask - \"Is there a circle?\" \"What color is it?\" --json < photo.png", "Two JSON objects, one a line."),
      ])
  ) { call in
    let questions = try Questions.read(call.arguments, call.console)
    let top = try call.arguments.integer("top", in: 1...1_000_000) ?? 5
    let loaded = try LoadedModel(answering: call)
    let picture = try PictureReader(loaded.model, call.arguments).picture(
      try call.arguments.requiredArgument("PICTURE"))
    guard let seen = try loaded.model.see(inputs: [picture]).first else { return .bug }
    let answers = loaded.model.answerInTurn(questions, about: seen, top: top)
    Questions.note(answers, loaded.model, call.console)
    if call.arguments.flag("json") {
      for answer in answers { try call.console.write(AnswerReport.json(answer)) }
    } else {
      let texts = answers.map { answer in
        // What was not understood stands on standard error already.
        var shown = answer
        (shown.unknownWords, shown.droppedWords) = ([], 0)
        return AnswerReport.text(shown, top: top)
      }
      try call.console.write(texts.joined(separator: "\n"))
    }
    return .success
  }
}
