// CompletionTests.swift - what can be offered for a word, and the scripts of the toy, held against the folder Snapshots.

import CommandLineKit
import Testing

@Suite struct CompletionTests {
  @Test(arguments: Shell.allCases) func script(shell: Shell) throws {
    try expectSnapshot("completions.\(shell.rawValue)", toy.completions(for: shell))
  }

  @Test func theNameOfAValueTellsWhatItIs() {
    func completion(_ value: String?, allowed: [String] = []) -> Completion {
      OptionSpecification("x", value: value, help: "", allowed: allowed).completion
    }
    #expect(completion("FILE") == .files)
    #expect(completion("PATH") == .files)
    #expect(completion("DIR") == .folders)
    #expect(completion("N") == .nothing)
    #expect(completion(nil) == .nothing)
    #expect(completion("FILE", allowed: ["a", "b"]) == .words(["a", "b"]))
    #expect(ArgumentSpecification("FILE", help: "").completion == .files)
    #expect(ArgumentSpecification("X", help: "", completion: .folders).completion == .folders)
  }

  @Test func helpCompletesCommands() throws {
    #expect(try toy.command(named: "help").arguments.first?.completion == .words(["bake", "list"]))
  }

  @Test func textsCannotLeaveTheirQuotes() {
    let help = "It's [a: b] \\ here; not this"
    let program = ProgramSpecification(
      "p", summary: "",
      commands: [
        CommandSpecification("c", summary: help, options: [OptionSpecification("o", help: help)], examples: [])
      ])
    #expect(program.completions(for: .zsh).contains("'--o[It'\\''s \\[a\\: b\\] \\\\ here]'"))
    #expect(program.completions(for: .fish).contains("-l o -d 'It\\'s [a: b] \\\\ here'"))
    for shell in Shell.allCases { #expect(!program.completions(for: shell).contains("not this")) }
  }
}
