// BatchCommand.swift - `vqa batch`: many questions, from a question file or as lines of JSON.

import CommandLineKit

extension Command {
  static let batch = Command(
    specification: CommandSpecification(
      "batch", summary: "Answers many questions, from a file or as JSON lines",
      discussion: """
        With --questions: answers a question file of VQA v2 and writes the results as the official evaluation and EvalAI \
        take them: JSON, every question once, sorted by id. A question file of CLEVR is known by what is in it: its results \
        are one answer a line in the order of the questions, its pictures found by their file name, its features by their \
        index. A picture that cannot be read is named on standard error, its questions are left out and the exit code is 1. \
        Ctrl-C keeps the answers in OUTPUT.part-...; the same command goes on from there.

        Without --questions: reads one JSON object a line from standard input and writes one a line, in the same order. \
        In: {"id", "image", "question"}; "image" is a path, seen from --images or --features or else from the current folder. Out: \
        {"id", "answer", "probability"}, with "exit" where the model is a cascade, or {"id", "error": {"code", "message"}} for an item that fails, whose code is \
        the exit code that 'vqa ask' would end with: 65 for bad data, 66 for a picture that is not there. The others are \
        answered all the same; the exit code is then 1.

        A picture that several questions ask about is computed once.
        """,
      options: [
        .questions, .images, .features,
        OptionSpecification("output", short: "o", value: "FILE", help: "Where the results of --questions go"), .force,
      ] + ExitOptions.all,
      examples: [
        ("vqa batch --questions questions.json --images pictures --output results.json", "Answers a question file."),
        (
          "vqa batch --model clevr.safetensors --questions CLEVR_val_questions.json --features feats --output r.txt",
          "CLEVR, from features."
        ),
        ("vqa batch --images pictures < questions.jsonl > answers.jsonl", "Answers JSON lines."),
      ])
  ) { call in
    if call.arguments.flag("questions") { return try BatchFile(call).run() }
    for option in ["output", "force"] where call.arguments.flag(option) {
      throw call.arguments.failure(.missingOption(name: "--questions"))
    }
    return try BatchLines(call).run()
  }
}
