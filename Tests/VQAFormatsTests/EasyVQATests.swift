// EasyVQATests.swift - the conversion of easy-VQA, on a small package made for the purpose.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct EasyVQATests {
  /// Makes a package of 20 training and 3 test pictures with two questions each.
  private func withPackage(_ body: (_ package: String, _ output: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (split, count) in [("train", 20), ("test", 3)] {
        let data = "\(folder)/site/easy_vqa/data/\(split)"
        try FileManager.default.createDirectory(atPath: data + "/images", withIntermediateDirectories: true)
        var lines: [String] = []
        for id in 0..<count {
          try Data("\(split) \(id)".utf8).write(to: URL(fileURLWithPath: "\(data)/images/\(id).png"))
          lines.append("[\"what color is the shape?\", \"teal\", \(id)]")
          lines.append("[\"is there not a circle?\", \"no\", \(id)]")
        }
        try AtomicFile.write("[\(lines.joined(separator: ", "))]", to: data + "/questions.json")
      }
      try body(folder + "/site/easy_vqa", folder + "/output/set")
    }
  }

  @Test func convertsToTheOfficialLayout() throws {
    try withPackage { package, output in
      var steps: [Int] = []
      let summary = try EasyVQA.convert(source: EasyVQASource(folder: package), output: output) { done, total in
        steps.append(done)
        #expect(total == 23)
      }
      #expect(steps == Array(1...23))
      #expect(summary.pictures == 23 && summary.splits.map(\.name) == ["train", "val", "test"])
      #expect(summary.splits.map(\.questions) == [36, 4, 6] && summary.splits.map(\.pictures) == [18, 2, 3])

      var pictures: [Set<Int>] = []
      var ids: Set<Int> = []
      for split in ["train", "val", "test"] {
        let questions = try QuestionFile(path: "\(output)/\(split)/questions.json")
        let annotations = try AnnotationFile(path: "\(output)/\(split)/annotations.json")
        #expect(questions.header.missingKeys.isEmpty && questions.header.dataSubtype == split)
        #expect(questions.questions.map(\.questionID) == annotations.annotations.map(\.questionID))
        #expect(annotations.annotations.allSatisfy { $0.answers.count == 10 })
        pictures.append(Set(questions.questions.map(\.imageID)))
        ids.formUnion(questions.questions.map(\.questionID))
        let index = try PictureIndex(folder: output + "/images")
        for id in Set(questions.questions.map(\.imageID)) {
          let bytes = try readFile(index.path(of: id), limit: 100)
          let expected = split == "test" ? "test \(id - 1_000_000)" : "train \(id)"
          #expect(String(decoding: bytes, as: UTF8.self) == expected)
        }
      }
      #expect(ids.count == 46)
      #expect(pictures[0].isDisjoint(with: pictures[1]))
      #expect(pictures[2] == [1_000_000, 1_000_001, 1_000_002])
    }
  }

  @Test func annotationsSayTypeAndAnswer() throws {
    try withPackage { package, output in
      _ = try EasyVQA.convert(source: EasyVQASource(folder: package), output: output)
      let test = try AnnotationFile(path: output + "/test/annotations.json").annotations
      #expect(test[0].questionID == 1_000_000_000 && test[1].questionID == 1_000_000_001)
      #expect(test[0].questionType == "what color" && test[1].questionType == "is there not")
      #expect(test[0].answerType == "other" && test[1].answerType == "yes/no")
      #expect(test[0].multipleChoiceAnswer == "teal" && test[1].answers.allSatisfy { $0.answer == "no" })
    }
  }

  @Test func theSeedChoosesTheHeldOutPictures() throws {
    try withPackage { package, output in
      func heldOut(_ seed: UInt64) throws -> Set<Int> {
        _ = try EasyVQA.convert(source: EasyVQASource(folder: package), output: output, seed: seed)
        return Set(try QuestionFile(path: output + "/val/questions.json").questions.map(\.imageID))
      }
      let first = try heldOut(1)
      #expect(try heldOut(1) == first)
      #expect(try (2...4).contains { try heldOut($0) != first })
    }
  }

  @Test func thePackageIsFoundFromItsFolderOrAround() throws {
    try withPackage { package, _ in
      let site = String(package.dropLast("/easy_vqa".count))
      for folder in [package, package + "/data", site] {
        let source = try EasyVQASource(folder: folder)
        #expect(source.dataFolder == package + "/data")
      }
      #expect(EasyVQASource.find(sitePackages: ["/nowhere", site], askPython: false)?.dataFolder == package + "/data")
      #expect(EasyVQASource.find(sitePackages: ["/nowhere"], askPython: false) == nil)
      let failure = #expect(throws: FileFailure.self) { try EasyVQASource(folder: package + "/data/train") }
      #expect(failure?.kind == .notFound)
    }
  }

  @Test func pythonFoldersComeFromTheEnvironment() throws {
    try withTemporaryFolder { folder in
      let site = folder + "/lib/python3.13/site-packages"
      try FileManager.default.createDirectory(atPath: site, withIntermediateDirectories: true)
      #expect(PythonPackages.usualFolders(environment: ["VIRTUAL_ENV": folder]).first == site)
      #expect(!PythonPackages.usualFolders(environment: [:]).contains(site))
    }
  }

  /// `json` comes with every Python; where there is no Python the answer is nil.
  @Test func pythonIsAskedWithoutWaitingForEver() {
    if let folder = PythonPackages.folder(of: "json") { #expect(folder.hasSuffix("/json")) }
    #expect(PythonPackages.folder(of: "no_such_package_of_any_kind") == nil)
    #expect(PythonPackages.folder(of: "json", within: 0) == nil)
  }

  @Test func anotherDataSetIsNotOverwritten() throws {
    try withPackage { package, output in
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
      try AtomicFile.write("{}", to: output + "/images.json")
      let failure = #expect(throws: FileFailure.self) {
        try EasyVQA.convert(source: EasyVQASource(folder: package), output: output)
      }
      #expect(failure?.kind == .cannotCreate)
      #expect(!FileManager.default.fileExists(atPath: output + "/images"))
    }
  }

  private static let wrongQuestions = [
    #"[["q","a",-1]]"#, #"[["q","a",1000000]]"#, #"[["q","a"]]"#, #"[["q"]]"#, #"[[]]"#, #"[["q","a",1,2]]"#,
    #"[["q",1,1]]"#, #"[["q","a","1"]]"#, #"{}"#, #"[1]"#, #""#,
  ]

  @Test func wrongQuestionFilesAreRefused() throws {
    try withPackage { package, output in
      let questions = package + "/data/train/questions.json"
      let source = try EasyVQASource(folder: package)
      for text in Self.wrongQuestions {
        try Data(text.utf8).write(to: URL(fileURLWithPath: questions))
        let failure = #expect(throws: FileFailure.self) { try EasyVQA.convert(source: source, output: output) }
        #expect(failure?.kind == .badData && failure?.file == questions)
        #expect(!FileManager.default.fileExists(atPath: output))
      }
    }
  }

  @Test func missingPicturesAndOverfullPicturesAreNamed() throws {
    try withPackage { package, output in
      try FileManager.default.removeItem(atPath: package + "/data/test/images/2.png")
      let source = try EasyVQASource(folder: package)
      let missing = #expect(throws: FileFailure.self) { try EasyVQA.convert(source: source, output: output) }
      #expect(missing?.kind == .notFound && missing?.file == package + "/data/test/images/2.png")
      #expect(!FileManager.default.fileExists(atPath: output + "/train/questions.json"))
      let many = repeatElement("[\"q\",\"a\",0]", count: 1001).joined(separator: ",")
      try AtomicFile.write("[\(many)]", to: package + "/data/train/questions.json")
      let full = #expect(throws: FileFailure.self) { try EasyVQA.convert(source: source, output: output) }
      #expect(full?.kind == .badData && full?.description.contains("picture 0") == true)
    }
  }

  @Test func outputsThatCannotBeMadeAreNamed() throws {
    try withPackage { package, _ in
      let failure = #expect(throws: FileFailure.self) {
        try EasyVQA.convert(source: EasyVQASource(folder: package), output: package + "/data/test/questions.json")
      }
      #expect(failure?.kind == .cannotCreate)
    }
  }
}
