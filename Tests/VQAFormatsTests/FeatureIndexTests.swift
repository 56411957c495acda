// FeatureIndexTests.swift - feature files by image id, and pictures with the names of their features.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

/// Makes empty files, and the folders around them.
private func make(_ names: [String], in folder: String) throws {
  for name in names {
    let path = URL(filePath: "\(folder)/\(name)")
    try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: path)
  }
}

@Suite struct FeatureIndexTests {
  @Test(
    arguments: [
      ("COCO_train2014_000000000009.jpg.npy", 9), ("17.npz", 17), ("0.npy", 0), ("a_b_c_12.x.y_7.npy", 7),
      ("COCO_val2014_000000581929.npz", 581_929), ("_5.npy", 5), ("9223372036854775807.npy", .max),
    ])
  func numbersOfNames(name: String, imageID: Int) {
    #expect(FeatureIndex.imageID(ofFile: name) == imageID)
  }

  @Test(arguments: [
    "mean.npy", "9_a.npy", "9_.npy", ".npy", "", "-3.npy", "1e3.npy", "٣.npy", "9223372036854775808.npy",
  ])
  func namesWithoutNumbers(name: String) {
    #expect(FeatureIndex.imageID(ofFile: name) == nil)
  }

  @Test func foldersBelowARootAreOne() throws {
    try withTemporaryFolder { folder in
      try make(
        [
          "train2014/COCO_train2014_000000000009.jpg.npy", "val2014/COCO_val2014_000000000042.jpg.npy", "7.npz",
          "train2014/deeper/8.npy", "readme.txt", "mean.npy",
        ], in: folder)
      let index = try FeatureIndex([folder])
      #expect(index.imageIDs == [7, 9, 42])
      #expect(index.count == 3)
      #expect(try index.path(of: 9) == folder + "/train2014/COCO_train2014_000000000009.jpg.npy")
      #expect(try index.path(of: 7) == folder + "/7.npz")
      #expect(index.contains(42) && !index.contains(8))
      let failure = try #require(throws: FileFailure.self) { try index.path(of: 8) }
      #expect(failure.kind == .notFound)
      #expect(failure.description.contains("image_id 8"))
    }
  }

  @Test func severalFolders() throws {
    try withTemporaryFolder { folder in
      try make(["a/1.npy", "b/2.npy"], in: folder)
      let index = try FeatureIndex([folder + "/a", folder + "/b"])
      #expect(try index.path(of: 1) == folder + "/a/1.npy")
      #expect(try index.path(of: 2) == folder + "/b/2.npy")
    }
  }

  @Test func twoFilesOfOneIDAreNamed() throws {
    try withTemporaryFolder { folder in
      try make(["train/5.npz", "val/5.npz", "val/6.npz"], in: folder)
      let index = try FeatureIndex([folder])
      let failure = try #require(throws: FileFailure.self) { try index.path(of: 5) }
      #expect(failure.kind == .badData)
      #expect(failure.description.contains("both \(folder)/train/5.npz and \(folder)/val/5.npz have this id"))
      #expect(try index.path(of: 6) == folder + "/val/6.npz")
    }
  }

  @Test func foldersWithoutFeaturesAreRefused() throws {
    try withTemporaryFolder { folder in
      try make(["empty/readme.txt", "mean/mean.npy"], in: folder)
      for (name, part) in [("none", "no such folder"), ("empty", "holds a .npy"), ("mean", "mean.npy")] {
        let failure = try #require(throws: FileFailure.self) { try FeatureIndex(["\(folder)/\(name)"]) }
        #expect(failure.kind == .notFound)
        #expect(failure.description.contains(part), "\(failure)")
      }
    }
  }

  @Test func manyFilesAreListedQuickly() throws {
    try withTemporaryFolder { folder in
      for number in 0..<3000 { #expect(mknod("\(folder)/COCO_train2014_\(number).jpg.npy", S_IFREG | 0o600, 0) == 0) }
      let clock = ContinuousClock()
      let start = clock.now
      let count = try FeatureIndex([folder]).count
      let time = clock.now - start
      #expect(count == 3000)
      #expect(time < .seconds(2))
    }
  }
}

@Suite struct PictureListingTests {
  @Test func featuresKeepTheNamesOfTheirPictures() throws {
    try withTemporaryFolder { folder in
      try make(
        ["val2014/COCO_val2014_000000000042.jpg", "9.PNG", "photo.jpeg", "notes.txt", ".hidden_3.png"], in: folder)
      let items = try PictureListing(folder: folder).items
      #expect(items.map(\.featureName) == ["9.PNG.npy", "photo.jpeg.npy", "val2014/COCO_val2014_000000000042.jpg.npy"])
      #expect(items.map(\.imageID) == [9, nil, 42])
      #expect(items.map(\.path).last == folder + "/val2014/COCO_val2014_000000000042.jpg")
      #expect(items.allSatisfy { $0.double == nil })
    }
  }

  @Test func twoPicturesOfOneID() throws {
    try withTemporaryFolder { folder in
      try make(["9.jpg", "9.png", "cat_9.jpg"], in: folder)
      let items = try PictureListing(folder: folder).items
      #expect(items.map(\.double) == [nil, folder + "/9.jpg", folder + "/9.jpg"])
    }
  }

  @Test func aListOfPicturesDecides() throws {
    try withTemporaryFolder { folder in
      try make(["images/a.png", "images/b.png", "images/3.png"], in: folder)
      try AtomicFile.write(#"{"12": "b.png", "5": "a.png", "7": "gone.png"}"#, to: folder + "/images.json")
      let items = try PictureListing(folder: folder + "/images").items
      #expect(items.map(\.featureName) == ["5.npy", "7.npy", "12.npy"])
      #expect(items.map(\.path) == ["a", "gone", "b"].map { "\(folder)/images/\($0).png" })
    }
  }

  @Test func aFolderWithoutPicturesIsRefused() throws {
    try withTemporaryFolder { folder in
      try make(["notes.txt"], in: folder)
      for path in [folder, folder + "/none"] {
        let failure = try #require(throws: FileFailure.self) { try PictureListing(folder: path) }
        #expect(failure.kind == .notFound)
      }
    }
  }
}
