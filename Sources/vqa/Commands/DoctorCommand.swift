// DoctorCommand.swift - `vqa doctor`: whether everything is there that answering needs, and what it may use.

import CommandLineKit
import SafeFiles

extension Command {
  static let doctor = Command(
    specification: CommandSpecification(
      "doctor", summary: "Checks libraries, processor, memory and models",
      discussion: """
        Tells the versions of the program and its libraries, what the processor can do, how many threads compute, how much \
        memory there is and how much the program allows files and pictures, where models are looked for, and of each \
        model whether it can be used: it is read whole, its words, answers and weights are held against what it says of \
        itself, and its SHA-256 against the file SHA256SUMS beside it, where there is one.

        The exit code is 0 when all is well. Otherwise each fault is told on standard error with what to do, and the exit \
        code is that of the first: 69 when the model is missing, 65 when one is damaged, 66 when the folder that \
        VQA_DATA names is not there.
        """,
      options: [.json],
      examples: [
        ("vqa doctor", "Checks everything."),
        ("vqa doctor --model own.safetensors", "Also checks a model that is not among the others."),
        ("vqa doctor --threads 4 --json", "The same as one JSON object, as it would be with four threads."),
      ])
  ) { call in
    let diagnosis = try Diagnosis(call)
    if call.arguments.flag("json") {
      try call.console.write(diagnosis.json)
    } else {
      try call.console.write(diagnosis.text)
    }
    for problem in diagnosis.problems { call.console.say(problem.text) }
    return diagnosis.problems.first?.code ?? .success
  }
}
