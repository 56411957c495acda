// PictureIndexTests.swift - pictures found by id, by every way of naming them.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct PictureIndexTests {
  /// Makes a data set folder with empty pictures.
  private func withPictures(_ names: [String], list: String? = nil, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/images", withIntermediateDirectories: true)
      for name in names { try AtomicFile.write([], to: "\(folder)/images/\(name)") }
      if let list { try AtomicFile.write(list, to: folder + "/images.json") }
      try body(folder)
    }
  }

  @Test func plainAndOfficialNames() throws {
    let names = ["7.png", "8.jpg", "9.jpeg", "COCO_val2014_000000000042.jpg", "COCO_test2015_000000000007.jpg"]
    try withPictures(names) { folder in
      let index = try PictureIndex(folder: folder + "/images")
      #expect(try index.path(of: 7) == folder + "/images/COCO_test2015_000000000007.jpg")
      #expect(try index.path(of: 8) == folder + "/images/8.jpg")
      #expect(try index.path(of: 9) == folder + "/images/9.jpeg")
      #expect(try index.path(of: 42) == folder + "/images/COCO_val2014_000000000042.jpg")
      let failure = #expect(throws: FileFailure.self) { try index.path(of: -7) }
      #expect(failure?.kind == .notFound)
      #expect(failure?.description.contains("image_id -7") == true)
    }
  }

  @Test func listBesideOrInTheFolder() throws {
    try withPictures(["a cat.png", "2.png"], list: #"{"1":"a cat.png","2":"gone.png"}"#) { folder in
      for images in ["/images", "/images/", "/images/."] {
        let index = try PictureIndex(folder: folder + images)
        #expect(try index.path(of: 1).hasSuffix("/a cat.png"))
        #expect(try index.path(of: 2).hasSuffix("/2.png"))
      }
      #expect(try PictureIndex(folder: folder).path(of: 1) == folder + "/images/a cat.png")
    }
  }

  @Test(arguments: [
    #"{"1":"../a.png"}"#, #"{"1":"/etc/passwd"}"#, #"{"1":"a/b.png"}"#, #"{"1":".."}"#, #"{"1":""}"#,
    #"{"1":"a\u0000"}"#,
    #"{"01":"a.png"}"#, #"{"x":"a.png"}"#, #"{"9223372036854775808":"a.png"}"#, #"{"1":2}"#, #"[]"#,
    #"{"1":"a.png","1":"b.png"}"#,
  ])
  func unsafeListsAreRefused(_ list: String) throws {
    try withPictures([], list: list) { folder in
      let failure = #expect(throws: FileFailure.self) { try PictureIndex(folder: folder + "/images") }
      #expect(failure?.kind == .badData)
      #expect(failure?.file.hasSuffix("/images.json") == true)
    }
  }

  @Test func aFolderMustBeThere() throws {
    try withPictures(["1.png"]) { folder in
      #expect(throws: FileFailure.self) { try PictureIndex(folder: folder + "/none") }
      let failure = #expect(throws: FileFailure.self) { try PictureIndex(folder: folder + "/images/1.png") }
      #expect(failure?.kind == .notFound)
    }
  }
}
