// SpansCommand.swift - `vqa spans`: which spans each layer looked through, and where its attention went.

import CommandLineKit

extension Command {
  static let spans = Command(
    specification: CommandSpecification(
      "spans", summary: "Shows which spans each layer looked through",
      discussion: """
        Every layer of the network mixes several spans: order 0 lets each place of the picture look at the whole picture, \
        order 1 at its 3x3 neighbourhood, order 2 at 5x5 and so on. The router gives each span a weight, anew for each \
        picture and question; the chosen one has the greatest.

        --png draws for each layer and span where the attention went, over the picture (over grey where it came as \
        features); --html writes the same as a page with the weights, the words and the answers, for any browser: nothing \
        is fetched and nothing runs. The CSV has the header layer,order,weight,chosen.

        With --questions and --images or --features: a JSON line for each question, {"id", "question", "answer", "grid", \
        "layers"}, or {"id", "error": {"code", "message"}} for one that fails; the exit code is then 1. --html writes a \
        page of all questions beside it.

        Of a cascade, which reads a picture from a coarse grid first and from a finer one only while the answer is not sure \
        enough, everything tells where it stopped, how sure it was at each grid, what that took and what was not needed.

        --summary tells instead what the routers did over the set, by layer, span and type of question: mean weights, how \
        often each span was chosen, the entropy of the weights in bits, and the work that would be saved if each layer \
        computed only the window it chose. The types are those of --annotations, or else the first two words of a question.
        """,
      arguments: [
        ArgumentSpecification(
          ArgumentSpecification.picture.name, help: ArgumentSpecification.picture.help, count: .optional,
          completion: .files),
        ArgumentSpecification("QUESTION", help: "One question in quotes", count: .optional),
      ],
      options: [
        .questions, .images, .features, OptionSpecification("summary", help: "Sums up a set of questions"),
        .annotations, .json, OptionSpecification("csv", help: "Writes CSV"),
        OptionSpecification("png", value: "FILE", help: "Draws the attention of every span into this PNG file"),
        OptionSpecification("html", value: "FILE", help: "Writes a page for browsers into this file"), .force,
      ] + ExitOptions.all,
      examples: [
        ("vqa spans photo.jpg \"Is there a circle?\"", "A table."),
        ("vqa spans photo.jpg \"Is there a circle?\" --html spans.html", "A page beside the table."),
        (
          "vqa spans --questions questions.json --images pictures > spans.jsonl",
          "A JSON line for each question of a file."
        ),
        (
          "vqa spans --questions questions.json --images pictures --summary --html summary.html",
          "What the routers did over all of them."
        ),
      ])
  ) { call in
    let arguments = call.arguments
    try arguments.refuse("json", with: "csv")
    guard !arguments.flag("questions") else { return try SpanSet(call).run() }
    for option in ["images", "features", "summary", "annotations"] where arguments.flag(option) {
      throw arguments.failure(.missingOption(name: "--questions"))
    }
    return try SpanQuestion(call).run()
  }
}
