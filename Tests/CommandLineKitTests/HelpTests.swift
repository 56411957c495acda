// HelpTests.swift - help as text, held against the files of the folder Snapshots.
//
// After a change that is meant, UPDATE_SNAPSHOTS=1 swift test --filter HelpTests writes them anew: read the difference.

import CommandLineKit
import Foundation
import Testing

@Suite struct HelpTests {
  @Test func overview() throws {
    try expectSnapshot("overview.txt", toy.overview())
  }

  @Test(arguments: ["bake", "list", "help"])
  func command(name: String) throws {
    try expectSnapshot("help-\(name).txt", toy.help(on: try toy.command(named: name)))
  }

  @Test func everyLineFitsEightyColumns() {
    for text in [toy.overview()] + toy.commands.map(toy.help(on:)) {
      for line in text.split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
        #expect(line.last != " ", "\(line)")
      }
    }
  }

  @Test func aProgramWithoutOptionsShowsNone() throws {
    let bare = ProgramSpecification("bare", summary: "does nothing", commands: [])
    #expect(!bare.overview().contains("Everywhere"))
    let help = bare.help(on: try bare.command(named: "help"))
    #expect(help.contains("Usage: bare help [COMMAND]\n"))
    #expect(!help.contains("Examples"))
  }
}

/// Holds a text against a file of the folder Snapshots.
func expectSnapshot(_ name: String, _ text: String) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
    try Data(text.utf8).write(to: file)
  }
  #expect(text == String(decoding: try Data(contentsOf: file), as: UTF8.self), "\(name)")
}
