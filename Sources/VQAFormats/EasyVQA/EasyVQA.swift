// EasyVQA.swift - turns the PyPI package easy-vqa into the official layout, so that everything else can use it.
//
//   OUTPUT/images/<id>.png, images.json, {train,val,test}/{questions,annotations}.json
//
// Test picture ids start at 1,000,000. A tenth of the package's training pictures becomes `val`. Source: Victor Zhou,
// easy-VQA (MIT licence).

import Foundation
import SafeFiles

/// The easy-VQA data set: pictures of one coloured shape.
public enum EasyVQA {
  /// What a conversion wrote.
  public struct Summary: Sendable, Equatable {
    /// Number of pictures.
    public let pictures: Int
    /// Name and number of questions of each split.
    public let splits: [Split]

    /// One split.
    public struct Split: Sendable, Equatable {
      /// "train", "val" or "test".
      public let name: String
      /// Number of questions.
      public let questions: Int
      /// Number of pictures asked about.
      public let pictures: Int
    }
  }

  /// Converts the data set; the same source and seed give the same files.
  ///
  /// The question file of `train` is written last: where it is, all else is.
  ///
  /// - Parameters:
  ///   - source: The installed package.
  ///   - output: Folder to write to; made if it is not there. It may hold the same data set, and is then written again.
  ///   - seed: Chooses which training pictures are held out for `val`.
  ///   - limits: Limits of reading.
  ///   - progress: Told how many of how many pictures are copied.
  /// - Returns: What was written.
  /// - Throws: ``FileFailure`` with the file that could not be read or written.
  public static func convert(
    source: EasyVQASource, output: String, seed: UInt64 = 1, limits: LoadLimits = .default,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(FileFailure) -> Summary {
    let (train, test) = (
      try source.lines(split: "train", limits: limits), try source.lines(split: "test", limits: limits)
    )
    let splits: [EasyVQASplits.Split]
    do { splits = try EasyVQASplits(train: train, test: test, seed: seed).splits } catch {
      throw FileFailure(file: source.dataFolder, cause: error)
    }
    let pictures =
      Set(train.map(\.image)).sorted().map { (id: $0, path: source.picture($0, split: "train")) }
      + Set(test.map(\.image)).sorted().map { image in
        (id: image + EasyVQASource.firstTestPicture, path: source.picture(image, split: "test"))
      }
    let names = list(of: pictures.map(\.id))
    try refuseOtherDataSet(output, names: names, limits: limits)

    for folder in ["images"] + splits.map(\.name) { try makeFolder("\(output)/\(folder)") }
    for (index, picture) in pictures.enumerated() {
      let bytes = try readFile(picture.path, limit: limits.fileBytes)
      // Without waiting for the disk: thousands of pictures are only used once `questions.json` is there.
      try AtomicFile.write(bytes, to: "\(output)/images/\(picture.id).png", waitsForDisk: false)
      progress(index + 1, pictures.count)
    }
    try AtomicFile.write(names, to: "\(output)/images.json")
    for split in splits.reversed() {
      let header = header(of: split.name)
      try AnnotationFile(header: header, annotations: split.annotations)
        .write(to: "\(output)/\(split.name)/annotations.json")
      try QuestionFile(header: header, questions: split.questions).write(to: "\(output)/\(split.name)/questions.json")
    }
    return Summary(
      pictures: pictures.count,
      splits: splits.map { split in
        Summary.Split(
          name: split.name, questions: split.questions.count, pictures: Set(split.questions.map(\.imageID)).count)
      })
  }

  private static func header(of split: String) -> DataSetHeader {
    let address = "https://github.com/vzhou842/easy-VQA"
    return DataSetHeader(
      info: ["description": "easy-VQA in the VQA v2 layout", "version": "1.0", "url": .string(address)],
      taskType: "Open-Ended", dataType: "easy-vqa", dataSubtype: split,
      license: ["name": "MIT License", "url": .string(address + "/blob/master/LICENSE")])
  }

  /// The text of `images.json`.
  private static func list(of ids: [Int]) -> [UInt8] {
    let lines = ids.map { "\"\($0)\":\"\($0).png\"" }
    return Array(("{" + lines.joined(separator: ",\n") + "}\n").utf8)
  }

  private static func refuseOtherDataSet(_ output: String, names: [UInt8], limits: LoadLimits) throws(FileFailure) {
    let path = output + "/images.json"
    guard FileManager.default.fileExists(atPath: path) else { return }
    guard try readFile(path, limit: limits.jsonFileBytes) == names else {
      throw FileFailure(file: output, cause: EasyVQAFailure.otherDataSet)
    }
  }
}
