// CompletionsTests.swift - `vqa completions`: the scripts, and what the shells offer once they have read them.

import Foundation
import SafeFiles
import TestSupport
import Testing

@Suite struct CompletionsTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func scriptsAreTheSnapshots(shell: String) throws {
    let run = try Vqa.run("completions", shell)
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    try expectSnapshot("completions.\(shell)", run.output)
  }

  @Test func aShellIsNeededAndKnown() throws {
    let none = try Vqa.run("completions")
    #expect(none.code == 64 && none.errors.contains("argument SHELL is missing"), "\(none.errors)")
    let other = try Vqa.run("completions", "csh")
    #expect(other.code == 64)
    #expect(other.errors.contains("'SHELL' expects bash, zsh or fish, got 'csh'"), "\(other.errors)")
  }

  @Test func modelsAreListedByName() throws {
    try Tiny.withFolder { folder in
      try AtomicFile.write("", to: folder + "/models/other.safetensors")
      try AtomicFile.write("", to: folder + "/models/notes.txt")
      let run = try tiny("completions", "--list-models", folder: folder)
      let names = run.output.split(separator: "\n").map(String.init)
      #expect(run.code == 0 && names == names.sorted())
      #expect(names.contains("tiny") && names.contains("other") && !names.contains { $0.contains("notes") })
    }
  }

  /// Words before the cursor, the last one unfinished, with all that is offered; names of models are those of the folder.
  private static let cases: [(words: [String], offered: [String])] = [
    (["as"], ["ask"]), (["co"], ["convert", "completions"]), (["--ver"], ["--version"]),
    (["ask", "--ex"], ["--exit", "--exact"]), (["ask", "a.png", "Is it?", "--mod"], ["--model"]),
    (["evaluate", "--scorer", ""], ["official", "trar"]), (["--threads", "2", "evaluate", "--scorer", "t"], ["trar"]),
    (["completions", ""], ["bash", "zsh", "fish"]), (["completions", "z"], ["zsh"]),
    (["data", "s"], ["scenes"]), (["help", "insp"], ["inspect"]), (["ask", "--threads", ""], []),
    (["ask", "--model", "ti"], ["tiny"]), (["ask", "-m", "ti"], ["tiny"]), (["inspect", "a."], ["a.png"]),
    (["batch", "--images", "mod"], ["models"]), (["batch", "--images", "a."], []),
    (["convert", "x", "--questions", "a.png", "a."], ["a.png"]),
    (["convert", "x", "--questions", "a.png", "--stor"], ["--storage"]),
  ]

  @Test func bashOffersWhatFits() throws {
    guard isThere("bash") else { return }
    try Tiny.withFolder { folder in
      for (words, offered) in Self.cases {
        let found = try bash(words, folder: folder)
        #expect(Set(found) == Set(offered) && found.count == offered.count, "\(words): \(found)")
      }
      // Bash takes --option=value apart into three words.
      #expect(try bash(["evaluate", "--scorer", "=", "o"], folder: folder) == ["official"])
      #expect(try bash(["evaluate", "--scorer", "="], folder: folder) == ["official", "trar"])
      // After two dashes nothing is an option.
      #expect(try bash(["inspect", "--", "--js"], folder: folder).isEmpty)
      // The second argument of ask is a question.
      #expect(try bash(["ask", "a.png", "a"], folder: folder).isEmpty)
      try AtomicFile.write("", to: folder + "/two words.png")
      #expect(try bash(["inspect", "two"], folder: folder) == ["two words.png"])
    }
  }

  @Test func fishOffersWhatFits() throws {
    guard isThere("fish") else { return }
    try Tiny.withFolder { folder in
      for (words, offered) in Self.cases {
        let found = try fish(words, folder: folder)
        // Fish also offers folders where files may be, to be gone on from.
        #expect(Set(offered).isSubset(of: found), "\(words): \(found)")
        if offered.count > 1 { #expect(found.count == offered.count, "\(words): \(found)") }
      }
    }
  }

  @Test func zshTakesTheScript() throws {
    guard isThere("zsh") else { return }
    try withTemporaryFolder { folder in
      let line = "zsh -f -c 'autoload -U compinit; compinit -D -u; source <($vqa completions zsh); print $_comps[vqa]'"
      let run = try Vqa.shell(line, folder: folder)
      #expect(run.code == 0 && run.output == "_vqa\n" && run.errors.isEmpty, "\(run.errors)")
    }
  }

  /// What bash offers after it has read the script.
  private func bash(_ words: [String], folder: String) throws -> [String] {
    let line = ([Vqa.path] + words).map(quoted).joined(separator: " ")
    try AtomicFile.write(
      """
      export VQA_DATA=\(quoted(folder))
      source <($vqa completions bash)
      COMP_WORDS=(\(line)) COMP_CWORD=\(words.count)
      _vqa
      (( ${#COMPREPLY[@]} == 0 )) || printf '%s\\n' "${COMPREPLY[@]}"
      """, to: folder + "/complete")
    let run = try Vqa.shell("bash --norc complete", folder: folder)
    #expect(run.code == 0 && run.errors.isEmpty, "\(words): \(run.errors)")
    return run.output.split(separator: "\n").map(String.init)
  }

  /// What fish offers after it has read the script, without the explanations.
  private func fish(_ words: [String], folder: String) throws -> [String] {
    let line = ([Vqa.path] + words).map { $0.isEmpty ? "" : $0.replacing(" ", with: "\\ ").replacing("?", with: "\\?") }
    let script = """
      export VQA_DATA=\(quoted(folder)) HOME=\(quoted(folder))
      $vqa completions fish > vqa.fish
      fish --no-config -c 'source vqa.fish; complete -C $argv' -- \(quoted(line.joined(separator: " ")))
      """
    let run = try Vqa.shell(script, folder: folder)
    #expect(run.code == 0 && run.errors.isEmpty, "\(words): \(run.errors)")
    return run.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) }
  }

  private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

  private func isThere(_ shell: String) -> Bool {
    ["/bin/", "/usr/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + shell) }
  }
}
