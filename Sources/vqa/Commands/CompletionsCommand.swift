// CompletionsCommand.swift - `vqa completions`: scripts that make a shell complete commands, options, files and names of models.

import CommandLineKit
import VQAPipeline

extension Command {
  /// The option that the scripts call the program with.
  private static let listModels = "list-models"

  static let completions = Command(
    specification: CommandSpecification(
      "completions", summary: "Writes a script that lets a shell complete command lines",
      discussion: """
        The script is made of the same table as this help: it completes commands, options, the values of options that take \
        a few words only, files, folders, and the names of the models that are found. Its first lines say how a shell \
        reads it in every session.
        """,
      arguments: [
        ArgumentSpecification(
          "SHELL", help: "The shell that reads the script", count: .optional, allowed: Shell.allCases.map(\.rawValue))
      ],
      options: [
        OptionSpecification(
          listModels, help: "Writes the names of the models that are found instead, one a line; the scripts ask this")
      ],
      examples: [
        ("source <(vqa completions bash)", "Completes in this bash."),
        ("source <(vqa completions zsh)", "Completes in this zsh."),
        ("vqa completions fish > ~/.config/fish/completions/vqa.fish", "Completes in every fish."),
      ]),
    withoutEffect: ["model", "threads", "max-pixels"]
  ) { call in
    if call.arguments.flag(listModels) {
      let models = ModelFolder.all(dataFolders: DataFolders.all(environment: call.environment))
      try call.console.write(models.map { $0.name + "\n" }.joined())
      return .success
    }
    let name = try call.arguments.requiredArgument("SHELL")
    guard let shell = Shell(rawValue: name) else { return .bug }
    try call.console.write(Program.specification.completions(for: shell))
    return .success
  }
}

extension Completion {
  /// A model, by file or by name.
  static let model = Completion.filesOrNames(command: ["completions", "--list-models"])
}
