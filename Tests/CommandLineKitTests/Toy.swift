// Toy.swift - a small table that has one of everything, for the tests of this folder.

import CommandLineKit

/// A kitchen with two commands.
let toy = ProgramSpecification(
  "toy", summary: "cook from the command line",
  commands: [
    CommandSpecification(
      "bake", summary: "Bakes a dough",
      discussion: """
        Bakes until the crust has the colour that was asked for. The oven is warmed first, which takes a while and cannot \
        be hurried.

        Several toppings go on in the order they are named.
        """,
      arguments: [
        ArgumentSpecification(
          "DOUGH", help: "File of the dough; '-' reads it from standard input", completion: .files),
        ArgumentSpecification("WISH", help: "Words that say how it should taste", count: .oneOrMore),
      ],
      options: [
        OptionSpecification("minutes", short: "m", value: "N", help: "Time in the oven", defaultText: "40"),
        OptionSpecification("heat", value: "SHARE", help: "Share of the oven's power", defaultText: "0.8"),
        OptionSpecification(
          "crust", value: "KIND", help: "How the crust comes out", defaultText: "soft",
          allowed: ["soft", "crisp", "dark"]),
        OptionSpecification("topping", short: "t", value: "NAME", help: "What goes on top", repeats: true),
        OptionSpecification(
          "guests", value: "NAME", help: "Who comes to eat", isList: true,
          completion: .filesOrNames(command: ["list", "guests"])),
        OptionSpecification("output", value: "FILE", help: "Where the bread goes"),
        OptionSpecification("json", help: "Writes the result as one JSON object, for programs that read on from here"),
        OptionSpecification("csv", help: "Writes the result as CSV"),
      ],
      examples: [
        ("toy bake rye.dough \"not too salty\"", "Bakes with the usual settings."),
        ("toy bake - sweet --topping sugar --topping plums --crust crisp", "Reads the dough from standard input."),
      ]),
    CommandSpecification(
      "list", summary: "Lists what is in the cupboard",
      arguments: [
        ArgumentSpecification("SHELF", help: "One shelf only", count: .optional, allowed: ["upper", "lower"]),
        ArgumentSpecification("KEY=VALUE", help: "What to look for", count: .anyNumber),
      ],
      examples: [("toy list", "Lists every shelf.")]),
  ],
  sharedOptions: [
    OptionSpecification("temperature", value: "DEGREES", help: "Temperature of the room"),
    OptionSpecification("quiet", short: "q", help: "Shows no progress"),
    OptionSpecification(
      "kitchen-folder-with-a-long-name", value: "DIR", help: "Where the kitchen is", defaultText: "here"),
  ])

/// The arguments `toy bake` gets from a line; its two required arguments are added.
func bake(_ words: String...) throws -> Arguments {
  try arguments(["bake", "rye.dough", "salty"] + words)
}

/// What a line that runs a command gives it.
func arguments(_ words: [String]) throws -> Arguments {
  guard case .run(let arguments) = try toy.parse(words) else { throw NotRun(words: words) }
  return arguments
}

/// A line that was expected to run a command and did not.
struct NotRun: Error {
  let words: [String]
}

/// What is wrong with a line, or nil when nothing is.
func problem(_ words: String...) -> UsageError.Problem? {
  do throws(UsageError) {
    _ = try toy.parse(words)
    return nil
  } catch {
    return error.problem
  }
}
