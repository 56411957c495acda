// Snapshots.swift - text held against the files of the folder Snapshots.
//
// After a change that is meant, UPDATE_SNAPSHOTS=1 swift test --filter ReportsTests writes them anew: read the difference.

import Foundation
import Testing

/// Holds a text against a file of the folder Snapshots.
func expectSnapshot(_ name: String, _ text: String) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
    try Data(text.utf8).write(to: file)
  }
  #expect(text == String(decoding: try Data(contentsOf: file), as: UTF8.self), "\(name)")
}

/// Expects a text of whole lines that stay inside the terminal and steer nothing.
func expectPlainLines(_ text: String) {
  #expect(text.hasSuffix("\n"))
  for line in text.split(separator: "\n") {
    // In the tests' texts all that is not ASCII but the ellipsis may be two columns wide.
    let width = line.reduce(0) { $0 + ($1.isASCII || $1 == "…" ? 1 : 2) }
    #expect(width <= 80, "\(line)")
    #expect(line.last != " ", "\(line)")
    #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "\(line.debugDescription)")
  }
}
