// SceneSetTests.swift - a drawn set in the layout of VQA v2: splits, files, the same bytes for the same seed.

import Foundation
import ImageCodecs
import SafeFiles
import Scenes
import TestSupport
import Testing
import VQAFormats

@Suite struct SceneSetTests {
  private static func written(
    _ set: SceneSet, _ body: (_ folder: String, _ splits: [SceneSet.Split]) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let splits = try set.write(to: folder)
      try body(folder, splits)
    }
  }

  @Test func hasTheOfficialLayout() throws {
    try Self.written(SceneSet(preset: .sortOfCLEVR, pictures: 100, seed: 5)) { folder, splits in
      #expect(splits.map(\.name) == ["train", "val", "test"])
      #expect(splits.map(\.pictures.count) == [96, 2, 2])
      let index = try PictureIndex(folder: folder + "/images")
      for split in splits {
        let questions = try QuestionFile(path: "\(folder)/\(split.name)/questions.json")
        let annotations = try AnnotationFile(path: "\(folder)/\(split.name)/annotations.json")
        #expect(questions.questions.count == split.questions)
        #expect(questions.questions.map(\.questionID) == annotations.annotations.map(\.questionID))
        #expect(questions.header.missingKeys.isEmpty)
        #expect(Set(questions.questions.map(\.questionID)).count == split.questions)
        #expect(annotations.annotations.allSatisfy { $0.answers.count == 10 })
        let path = try index.path(of: split.pictures.lowerBound)
        let picture = try decodeImage(try readFile(path, limit: 1 << 20), limits: .default)
        #expect(picture.width == 75 && picture.height == 75)
      }
    }
  }

  @Test func isTheSameForTheSameSeed() throws {
    let set = SceneSet(preset: .steps, pictures: 60, side: 75, seed: 9)
    var contents: [[UInt8]] = []
    for _ in 0..<2 {
      try Self.written(set) { folder, _ in
        contents.append(try readFile(folder + "/train/annotations.json", limit: 1 << 26))
        contents.append(try readFile(folder + "/train/questions.json", limit: 1 << 26))
        contents.append(try readFile(folder + "/images/59.png", limit: 1 << 20))
      }
    }
    #expect(Array(contents[0..<3]) == Array(contents[3..<6]))
    try Self.written(SceneSet(preset: .steps, pictures: 60, side: 75, seed: 10)) { folder, _ in
      let other = try readFile(folder + "/images/59.png", limit: 1 << 20)
      #expect(other != contents[2])
    }
  }

  /// Drawing stops at the first file that cannot be written, whichever it is.
  @Test func everyStepOfWritingMayFail() throws {
    let set = SceneSet(preset: .steps, pictures: 4, side: 75, seed: 3)
    let failed = try failEveryStep(old: { _ in }, write: { _ = try set.write(to: $0 + "/set") })
    // The folders, three steps for each picture, five for each of seven files.
    #expect(failed >= 4 + 4 * 3 + 7 * 5)
  }

  @Test func saysWhereItCannotWrite() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: folder + "/file")
      let failure = #expect(throws: FileFailure.self) {
        _ = try SceneSet(preset: .steps, pictures: 50).write(to: folder + "/file/set")
      }
      #expect(failure?.cause.kind == .cannotCreate)
    }
  }
}
