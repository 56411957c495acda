// WriteFaultTests.swift - a full disk at every step of every writer of this module.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct WriteFaultTests {
  private static let questions = QuestionFile(
    header: DataSetHeader(), questions: [Question(imageID: 1, text: "What?", questionID: 10)])
  private static let annotations = AnnotationFile(
    header: DataSetHeader(),
    annotations: [
      Annotation(
        questionID: 10, imageID: 1, questionType: "what", answerType: "other", multipleChoiceAnswer: "cat",
        answers: HumanAnswer.tenTimes("cat"))
    ])

  private func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  @Test func singleFiles() throws {
    let many = ResultFile(entries: (0..<9000).map { ResultEntry(questionID: $0, answer: "an answer") })
    let writers: [(name: String, steps: Int, write: (String) throws -> Void)] = [
      ("questions", 5, { try Self.questions.write(to: $0) }),
      ("annotations", 5, { try Self.annotations.write(to: $0) }),
      ("results", 5, { try many.write(to: $0) }),
    ]
    for (name, steps, write) in writers {
      let failed = try failEveryStep(
        old: { try AtomicFile.write("old", to: "\($0)/\(name).json") }, write: { try write("\($0)/\(name).json") })
      #expect(failed == steps, "\(name)")
      #expect(try failEveryStep(EIO, old: { _ in }, write: { try write("\($0)/\(name).json") }) == steps, "\(name)")
    }
  }

  @Test func aSplit() throws {
    let split = DataSplit(
      name: "train", header: DataSetHeader(), questions: Self.questions.questions,
      annotations: Self.annotations.annotations)
    // Two folders, then five steps for each of the two files.
    #expect(try failEveryStep(old: { _ in }, write: { try split.write(to: $0 + "/new/set") }) == 15)
    let replaced = try failEveryStep(
      old: { folder in
        try makeFolder(folder + "/train")
        for name in ["questions", "annotations"] { try AtomicFile.write("old", to: "\(folder)/train/\(name).json") }
      }, write: { try split.write(to: $0) })
    #expect(replaced == 11)
  }

  @Test func theEasyPictures() throws {
    try withTemporaryFolder { source in
      for split in ["train", "test"] {
        let data = "\(source)/easy_vqa/data/\(split)"
        try makeFolder(data + "/images")
        let lines = (0..<2).map { "[\"is there a circle?\", \"no\", \($0)]" }
        for picture in 0..<2 { try AtomicFile.write("\(split) \(picture)", to: "\(data)/images/\(picture).png") }
        try AtomicFile.write("[\(lines.joined(separator: ","))]", to: data + "/questions.json")
      }
      let package = try EasyVQASource(folder: source + "/easy_vqa")
      let failed = try failEveryStep(
        old: { _ in }, write: { _ = try EasyVQA.convert(source: package, output: $0 + "/set") { _, _ in } })
      #expect(failed > 4 * 3 + 7 * 5)
    }
  }

  private static func gathered(_ folder: String) throws -> PictureGathering {
    var gathering = PictureGathering()
    try gathering.add(folder: folder)
    return gathering
  }

  /// Runs a test with a folder of two pictures and their list.
  private func withPictures(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { source in
      try makeFolder(source + "/images")
      for name in ["1", "2"] { try AtomicFile.write(name, to: "\(source)/images/\(name).jpg") }
      try AtomicFile.write(#"{"1":"1.jpg","2":"2.jpg"}"#, to: source + "/images.json")
      try body(source)
    }
  }

  private func writeOldLinks(in folder: String) throws {
    try makeFolder(folder + "/images")
    try AtomicFile.link(folder + "/images/1.jpg", to: "elsewhere")
    try AtomicFile.write("old", to: folder + "/images.json")
  }

  @Test func linkedPictures() throws {
    try withPictures { source in
      let gathering = try Self.gathered(source + "/images")
      let failed = try failEveryStep(old: { _ in }, write: { try gathering.write(to: $0 + "/set") })
      #expect(failed >= 2 + 2 + 5)
      let replaced = try failEveryStep(old: writeOldLinks, write: { try gathering.write(to: $0) })
      #expect(replaced >= 1 + 3 + 1 + 5)
    }
  }

  @Test func aLinkedFolder() throws {
    try withPictures { source in
      let failed = try failEveryStep(
        old: { _ in }, write: { try FoldedSet.linkPictures(of: source, into: $0 + "/set") })
      #expect(failed >= 1 + 1 + 5)
    }
  }
}
