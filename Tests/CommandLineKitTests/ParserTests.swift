// ParserTests.swift - what a command line means, and what is said about one that means nothing.

import CommandLineKit
import Testing

@Suite struct ParserTests {
  @Test func optionsComeInEverySpelling() throws {
    for words in [["--minutes", "5"], ["--minutes=5"], ["-m", "5"], ["-m5"], ["-m=5"], ["-qm", "5"], ["-qm5"]] {
      let arguments = try arguments(["bake", "dough", "salty"] + words)
      #expect(try arguments.integer("minutes") == 5, "\(words)")
      #expect(arguments.flag("quiet") == words[0].hasPrefix("-q"), "\(words)")
    }
  }

  @Test func valuesMayBeginWithAnAccent() throws {
    // The accent and the sign before it are one letter to Swift.
    #expect(try bake("--output=\u{301}a").string("output") == "\u{301}a")
    #expect(try bake("-m=\u{301}5").string("minutes") == "\u{301}5")
    #expect(try bake("-t\u{301}=b").strings("topping") == ["\u{301}=b"])
    #expect(problem("bake", "a", "b", "--json=\u{301}") == .unexpectedValue(option: "--json", value: "\u{301}"))
  }

  @Test func optionsAndArgumentsMix() throws {
    let arguments = try arguments([
      "--quiet", "bake", "--json", "rye.dough", "-t", "salt", "very", "--topping=oil=olive", "salty",
    ])
    #expect(arguments.command.name == "bake")
    #expect(arguments.flag("quiet"))
    #expect(arguments.flag("json"))
    #expect(!arguments.flag("csv"))
    #expect(arguments.strings("topping") == ["salt", "oil=olive"])
    #expect(arguments.argument("DOUGH") == "rye.dough")
    #expect(arguments.arguments("WISH") == ["very", "salty"])
  }

  @Test func optionsThatWereNotGivenAreNil() throws {
    let arguments = try bake()
    #expect(arguments.string("output") == nil)
    #expect(try arguments.integer("minutes") == nil)
    #expect(try arguments.number("heat") == nil)
    #expect(arguments.strings("topping").isEmpty)
  }

  @Test func theLastUseHoldsUnlessTheOptionRepeats() throws {
    #expect(try bake("--output", "a", "--output=b").string("output") == "b")
    #expect(try bake("-ta", "-tb").strings("topping") == ["a", "b"])
  }

  @Test func aListTakesEveryWordUpToTheNextOption() throws {
    let arguments = try arguments([
      "bake", "dough", "salty", "--guests", "a", "-", "-1", "--json", "--guests=b", "very",
    ])
    #expect(arguments.strings("guests") == ["a", "-", "-1", "b"])
    #expect(arguments.arguments("WISH") == ["salty", "very"])
    #expect(try bake("--guests", "a", "b", "--", "c").arguments("WISH") == ["salty", "c"])
    #expect(problem("bake", "dough", "salty", "--guests", "--json") == .missingValue(option: "--guests", value: "NAME"))
  }

  @Test func dashesEndTheOptions() throws {
    #expect(try bake("--", "--json", "-q", "--").arguments("WISH") == ["salty", "--json", "-q", "--"])
    #expect(try arguments(["--", "bake", "-", "--help"]).arguments("WISH") == ["--help"])
  }

  @Test func aDashIsAnArgumentAndAValue() throws {
    let arguments = try arguments(["bake", "-", "salty", "--output", "-"])
    #expect(arguments.argument("DOUGH") == "-")
    #expect(arguments.string("output") == "-")
  }

  @Test func negativeNumbersAreNoOptions() throws {
    #expect(try bake("--temperature", "-4.5").number("temperature") == -4.5)
    #expect(try bake("-m", "-3").integer("minutes") == -3)
    #expect(try bake("-3", "-.5e2").arguments("WISH") == ["salty", "-3", "-.5e2"])
    #expect(problem("bake", "dough", "-inf") == .unknownOption(name: "-i", suggestion: nil))
  }

  @Test func optionalArgumentsFillFromTheLeft() throws {
    let none = try arguments(["list"])
    #expect(none.argument("SHELF") == nil)
    #expect(none.arguments("KEY=VALUE").isEmpty)
    let all = try arguments(["list", "upper", "kind=flour", "age=-1", "note="])
    #expect(all.argument("SHELF") == "upper")
    #expect(all.arguments("KEY=VALUE") == ["kind=flour", "age=-1", "note="])
  }

  @Test func helpIsAskedForInEveryWay() throws {
    for words in [
      ["help", "bake"], ["bake", "--help"], ["bake", "-h", "--nonsense"], ["--help", "bake"], ["help", "bake", "-q"],
    ] {
      guard case .help(let topic?) = try toy.parse(words) else {
        Issue.record("\(words) gives no help on a command")
        continue
      }
      #expect(topic.name == "bake")
    }
    for words in [[], ["help"], ["--help"], ["-h"], ["--quiet"]] {
      guard case .help(nil) = try toy.parse(words) else {
        Issue.record("\(words) gives no overview")
        continue
      }
    }
  }

  @Test func theVersionStandsInPlaceOfACommand() throws {
    guard case .version = try toy.parse(["--version"]) else {
      Issue.record("--version gives no version")
      return
    }
    #expect(problem("bake", "a", "b", "--version") == .unknownOption(name: "--version", suggestion: nil))
  }

  @Test func unknownWordsBringASuggestion() {
    #expect(problem("bkae", "x") == .unknownCommand(name: "bkae", suggestion: "bake"))
    #expect(problem("li") == .unknownCommand(name: "li", suggestion: "list"))
    #expect(problem("bkae", "--help") == .unknownCommand(name: "bkae", suggestion: "bake"))
    #expect(problem("frobnicate") == .unknownCommand(name: "frobnicate", suggestion: nil))
    #expect(problem("help", "lits") == .unknownCommand(name: "lits", suggestion: "list"))
    #expect(problem("bake", "--mintues", "5") == .unknownOption(name: "--mintues", suggestion: "--minutes"))
    #expect(problem("bake", "--Mintues", "5") == .unknownOption(name: "--Mintues", suggestion: "--minutes"))
    #expect(problem("BAKE", "x") == .unknownCommand(name: "BAKE", suggestion: "bake"))
    #expect(problem("bake", "--hepl") == .unknownOption(name: "--hepl", suggestion: "--help"))
    #expect(problem("--verison") == .unknownOption(name: "--verison", suggestion: "--version"))
    #expect(problem("--quite", "bake") == .unknownOption(name: "--quite", suggestion: "--quiet"))
    #expect(problem("bake", "-json") == .unknownOption(name: "-json", suggestion: "--json"))
    #expect(problem("bake", "-crust=soft") == .unknownOption(name: "-crust", suggestion: "--crust"))
    #expect(problem("bake", "--quite") == .unknownOption(name: "--quite", suggestion: "--quiet"))
    #expect(problem("bake", "--top=x") == .unknownOption(name: "--top", suggestion: "--topping"))
    #expect(problem("bake", "--frobnicate") == .unknownOption(name: "--frobnicate", suggestion: nil))
    #expect(problem("bake", "-qx") == .unknownOption(name: "-x", suggestion: nil))
    #expect(problem("--json", "bake") == .unknownOption(name: "--json", suggestion: nil))
    #expect(problem("bake", "--") == .missingArgument(name: "DOUGH"))
  }

  @Test func aHugeUnknownWordIsRefusedAtOnce() {
    let huge = String(repeating: "a", count: 1_000_000)
    #expect(problem(huge) == .unknownCommand(name: huge, suggestion: nil))
  }

  @Test func valuesAreThereWhereTheyBelong() {
    #expect(problem("bake", "a", "b", "--output") == .missingValue(option: "--output", value: "FILE"))
    #expect(problem("bake", "a", "b", "--output", "--json") == .missingValue(option: "--output", value: "FILE"))
    #expect(problem("bake", "a", "b", "-m", "--") == .missingValue(option: "-m", value: "N"))
    #expect(problem("bake", "a", "b", "--json=yes") == .unexpectedValue(option: "--json", value: "yes"))
    #expect(problem("bake", "a", "b", "-q=1") == .unexpectedValue(option: "-q", value: "1"))
    #expect(problem("bake", "a", "b", "--output=") == nil)
  }

  @Test func onlyAllowedValuesPass() throws {
    #expect(try bake("--crust", "dark").string("crust") == "dark")
    #expect(
      problem("bake", "a", "b", "--crust", "burnt")
        == .invalidValue(option: "--crust", value: "burnt", expected: "soft, crisp or dark"))
  }

  @Test func onlyAllowedArgumentsPass() throws {
    #expect(try arguments(["list", "lower"]).argument("SHELF") == "lower")
    #expect(
      problem("list", "middle") == .invalidValue(option: "SHELF", value: "middle", expected: "upper or lower"))
  }

  /// What only the command itself can check is told as all else is.
  @Test func aRefusalOfTheCommandIsOneLine() throws {
    let failure = try bake().failure(.impossible(option: "--output", reason: "a\u{1B} is no folder"))
    #expect(failure.description == "'--output' cannot be used: a\\u{1B} is no folder; run 'toy help bake'")
  }

  @Test func argumentsAreAsManyAsDeclared() {
    #expect(problem("bake") == .missingArgument(name: "DOUGH"))
    #expect(problem("bake", "dough") == .missingArgument(name: "WISH"))
    #expect(problem("help", "bake", "list") == .unexpectedArgument(value: "list"))
  }
}
