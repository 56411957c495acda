// SplitFilesTests.swift - the files of a split, here and where the original has them.

import Foundation
import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct SplitFilesTests {
  private func make(_ paths: [String], in folder: String) throws {
    for path in paths {
      let url = URL(filePath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }

  @Test(arguments: ["vqa/raw/", "raw/", ""])
  func filesOfVQA(inside: String) throws {
    try withTemporaryFolder { folder in
      try make(
        [
          "v2_OpenEnded_mscoco_train2014_questions.json", "v2_mscoco_train2014_annotations.json",
          "v2_OpenEnded_mscoco_test2015_questions.json", "VG_questions.json", "VG_annotations.json",
        ].map { inside + $0 } + ["vqa/feats/train2014/1.npy"], in: folder)
      let train = try SplitFiles("train", in: folder, layout: .vqa)
      #expect(train.questions == "\(folder)/\(inside)v2_OpenEnded_mscoco_train2014_questions.json")
      #expect(train.annotations == "\(folder)/\(inside)v2_mscoco_train2014_annotations.json")
      #expect(train.features == "\(folder)/vqa/feats")
      #expect(try SplitFiles("test", in: folder, layout: .vqa).annotations == nil)
      #expect(try SplitFiles("vg", in: folder, layout: .vqa).annotations == "\(folder)/\(inside)VG_annotations.json")
      let failure = try #require(throws: FileFailure.self) { try SplitFiles("val", in: folder, layout: .vqa) }
      #expect(failure.kind == .notFound)
      #expect(
        failure.description.contains("val/questions.json, \(folder)/vqa/raw/v2_OpenEnded_mscoco_val2014"), "\(failure)")
    }
  }

  @Test func filesOfCLEVR() throws {
    try withTemporaryFolder { folder in
      try make(
        ["clevr/raw/questions/CLEVR_val_questions.json", "clevr/feats/val/0.npz", "clevr/feats/train/0.npz"], in: folder
      )
      let val = try SplitFiles("val", in: folder, layout: .clevr)
      #expect(val.questions == folder + "/clevr/raw/questions/CLEVR_val_questions.json")
      #expect(val.annotations == nil)
      #expect(val.features == folder + "/clevr/feats/val")
      #expect(throws: FileFailure.self) { try SplitFiles("vg", in: folder, layout: .clevr) }
    }
  }

  @Test func ownFilesGoFirst() throws {
    try withTemporaryFolder { folder in
      try make(
        ["train/questions.json", "train/annotations.json", "odd/questions.json", "CLEVR_train_questions.json"],
        in: folder)
      #expect(
        try SplitFiles("train", in: folder, layout: .vqa)
          == SplitFiles(questions: folder + "/train/questions.json", annotations: folder + "/train/annotations.json"))
      #expect(try SplitFiles("odd", in: folder, layout: .vqa).annotations == nil)
      #expect(try SplitFiles("train", in: folder, layout: .clevr).annotations == nil)
      #expect(throws: FileFailure.self) { try SplitFiles("even", in: folder, layout: .vqa) }
    }
  }

  @Test func vocabularySplitsAreTheOriginals() {
    #expect(QuestionLayout.vqa.vocabularySplits == ["train", "val", "test", "vg"])
    #expect(QuestionLayout.clevr.vocabularySplits == ["train", "val", "test"])
  }
}
