// ArgumentsTests.swift - values read by type, and the errors a command raises itself.

import CommandLineKit
import Testing

@Suite struct ArgumentsTests {
  @Test func wholeNumbersKeepToTheirRange() throws {
    #expect(try bake("--minutes", "1").integer("minutes", in: 1...60) == 1)
    #expect(try bake("--minutes", "60").integer("minutes", in: 1...60) == 60)
    for text in ["0", "61", "1.5", "ten", "", "99999999999999999999", " 5"] {
      let arguments = try bake("--minutes=\(text)")
      #expect(throws: arguments.failure(wrong("--minutes", text, "a whole number from 1 to 60"))) {
        try arguments.integer("minutes", in: 1...60)
      }
    }
  }

  @Test func numbersAreFiniteAndKeepToTheirRange() throws {
    #expect(try bake("--heat", "1e-3").number("heat", in: 0...1) == 0.001)
    for text in ["-0.1", "1.01", "nan", "inf", "1e999", "half"] {
      let arguments = try bake("--heat=\(text)")
      #expect(throws: arguments.failure(wrong("--heat", text, "a number from 0.0 to 1.0"))) {
        try arguments.number("heat", in: 0...1)
      }
    }
    let infinite = try bake("--heat", "inf")
    #expect(throws: infinite.failure(wrong("--heat", "inf", "a number"))) { try infinite.number("heat") }
  }

  @Test func openRangesNameTheEndTheyHave() throws {
    let arguments = try bake("--minutes", "-7", "--heat", "7.5")
    #expect(throws: arguments.failure(wrong("--minutes", "-7", "a whole number of at least 1"))) {
      try arguments.integer("minutes", in: 1...Int.max)
    }
    #expect(throws: arguments.failure(wrong("--heat", "7.5", "a number of at most 1.0"))) {
      try arguments.number("heat", in: -Double.infinity...1)
    }
  }

  @Test func whatACommandNeedsIsAskedForByName() throws {
    let arguments = try bake()
    #expect(throws: arguments.failure(.missingOption(name: "--output"))) { try arguments.required("output") }
    #expect(try bake("--output", "loaf").required("output") == "loaf")
    #expect(try arguments.requiredArgument("DOUGH") == "rye.dough")
    let list = try toyList()
    #expect(throws: list.failure(.missingArgument(name: "SHELF"))) { try list.requiredArgument("SHELF") }
  }

  @Test func optionsExcludeEachOther() throws {
    try bake("--json").refuse("json", with: "csv")
    let both = try bake("--csv", "--json")
    #expect(throws: both.failure(.conflict(first: "--json", second: "--csv"))) { try both.refuse("json", with: "csv") }
  }

  @Test func errorsSayWhatAndWhereToReadOn() throws {
    let expected: [(UsageError.Problem, String)] = [
      (.unknownCommand(name: "bkae", suggestion: "bake"), "there is no command 'bkae', did you mean 'bake'?"),
      (.unknownCommand(name: "x", suggestion: nil), "there is no command 'x'"),
      (.unknownOption(name: "--jsno", suggestion: "--json"), "there is no option '--jsno', did you mean '--json'?"),
      (
        .unknownOption(name: "-x", suggestion: nil),
        "there is no option '-x'; put '--' before arguments that start with '-'"
      ),
      (.missingValue(option: "--output", value: "FILE"), "option '--output' needs a value: --output FILE"),
      (.unexpectedValue(option: "--json", value: "yes"), "option '--json' takes no value, got 'yes'"),
      (wrong("--heat", "hot", "a number"), "'--heat' expects a number, got 'hot'"),
      (.missingOption(name: "--output"), "option '--output' is needed"),
      (.conflict(first: "--json", second: "--csv"), "'--json' and '--csv' cannot be used together"),
      (.missingArgument(name: "DOUGH"), "argument DOUGH is missing"),
      (.unexpectedArgument(value: "more"), "argument 'more' is one too many"),
    ]
    let arguments = try bake()
    for (problem, text) in expected {
      #expect("\(arguments.failure(problem))" == text + "; run 'toy help bake'")
    }
    #expect(throws: UsageError(.unknownCommand(name: "bkae", suggestion: "bake"), seeAlso: "toy help")) {
      try toy.parse(["bkae"])
    }
  }

  @Test func errorsShowNoRawControlCharacter() {
    let error = UsageError(.unexpectedArgument(value: "\u{1B}[2Jred\n"), seeAlso: "toy help")
    #expect("\(error)" == #"argument '\u{1B}[2Jred\u{A}' is one too many; run 'toy help'"#)
  }

  @Test func undeclaredNamesTrap() async {
    await #expect(processExitsWith: .failure) { _ = try bake().flag("jsno") }
    await #expect(processExitsWith: .failure) { _ = try bake().argument("DUOGH") }
  }
}

private func wrong(_ option: String, _ value: String, _ expected: String) -> UsageError.Problem {
  .invalidValue(option: option, value: value, expected: expected)
}

private func toyList() throws -> Arguments {
  try arguments(["list"])
}
