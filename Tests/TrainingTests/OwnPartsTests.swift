// OwnPartsTests.swift - which of somebody's own pictures training holds out.

import Foundation
import SafeFiles
import TestSupport
import Testing
import Training
import VQAFormats

@Suite struct OwnPartsTests {
  /// Own data with one question about each of so many pictures, the last one first.
  private func withPictures(_ count: Int, _ body: (OwnData) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var table = "image,question,answer\n"
      for picture in (1...count).reversed() {
        try AtomicFile.write("x", to: "\(folder)/\(picture).png")
        table += "\(picture).png,Is it \(picture)?,yes\n"
      }
      try AtomicFile.write(table, to: folder + "/table.csv")
      try body(try OwnData(folder: folder))
    }
  }

  @Test(arguments: [25, 110, 200]) func aPictureIsHeldOutByItsNameWhateverElseIsThere(count: Int) throws {
    // By a program of its own: FNV-1a of the name, mixed.
    let known = [8, 20, 31, 37, 59, 91, 92, 100, 102, 106, 107, 119, 129, 157, 160, 163, 165, 168, 176, 189, 195]
    try withPictures(count) { own in
      let held = (1...count).filter(own.holdsOut).map { own.pictures[$0 - 1] }
      #expect(held == known.filter { $0 <= count }.reversed().map { "\($0).png" })
    }
  }

  @Test func partsHaveTheirQuestionsInOrder() throws {
    try withPictures(5) { own in
      let part = own.part { $0.isMultiple(of: 2) }
      #expect(part.questions.questions.map(\.text) == ["Is it 4?", "Is it 2?"])
      #expect(part.annotations.annotations.map(\.questionID) == [2, 4])
      #expect(part.questions.header == own.questions.header && own.part { _ in false }.questions.questions.isEmpty)
      #expect(own.part { _ in true }.annotations == own.annotations)
    }
  }
}
