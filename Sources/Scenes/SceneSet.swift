// SceneSet.swift - draws a whole data set of scenes in the official layout of VQA v2.
//
//   OUTPUT/images/<id>.png, images.json, {train,val,test}/{questions,annotations}.json

import ImageCodecs
import SafeFiles
import Synchronization
import Tensors
import VQAFormats

/// A data set of drawn scenes.
public struct SceneSet: Sendable {
  /// The kind of scenes.
  public var preset: ScenePreset
  /// Number of pictures.
  public var pictures: Int
  /// Height and width of a picture in pixels.
  public var side: Int
  /// Decides every picture and question.
  public var seed: UInt64

  /// Height and width that pictures may have: below, objects could not be told apart.
  public static let sides = 48...1024
  /// Numbers of pictures that can be drawn.
  public static let counts = 50...1_000_000
  /// One picture of this many goes to `val`, and as many to `test`: of 10,000, the published 9,800 are 9,600 and 200 for choosing.
  static let heldOutShare = 50
  private static let questionsPerPicture = 1000

  /// A data set that is not drawn yet.
  ///
  /// - Parameters:
  ///   - preset: The kind of scenes.
  ///   - pictures: Number of pictures, one of ``counts``.
  ///   - side: Height and width of a picture in pixels, one of ``sides``; nil for the preset's own.
  ///   - seed: Decides every picture and question.
  public init(preset: ScenePreset, pictures: Int, side: Int? = nil, seed: UInt64 = 1) {
    self.preset = preset
    self.pictures = pictures
    self.side = side ?? preset.usualSide
    self.seed = seed
  }

  /// One split of a set.
  public struct Split: Sendable, Equatable {
    /// "train", "val" or "test".
    public let name: String
    /// The numbers of its pictures.
    public let pictures: Range<Int>
    /// Number of its questions.
    public fileprivate(set) var questions = 0
  }

  /// Draws the set; the same settings give the same bytes on every machine.
  ///
  /// The question file of `train` is written last: where it is, all else is.
  ///
  /// - Parameters:
  ///   - output: Folder to write to; made if it is not there.
  ///   - progress: Told how many of how many pictures are drawn.
  /// - Returns: What was written.
  /// - Throws: `FileFailure` with the file that could not be written.
  public func write(
    to output: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(FileFailure) -> [Split] {
    var splits = splits
    for folder in ["images"] + splits.map(\.name) { try makeFolder("\(output)/\(folder)") }
    var questions: [[SceneQuestion]] = []
    let group = 256
    for first in stride(from: 0, to: pictures, by: group) {
      let numbers = first..<min(first + group, pictures)
      let drawn = WorkerPool.shared.map(numbers.count) { draw(numbers.lowerBound + $0) }
      for (number, scene) in zip(numbers, drawn) {
        let path = "\(output)/images/\(number).png"
        let (picture, asked) = try scene.mapError { FileFailure(file: path, cause: $0) }.get()
        // Without waiting for the disk: the pictures are only used once the question files are there.
        try AtomicFile.write(picture, to: path, waitsForDisk: false)
        questions.append(asked)
      }
      progress(numbers.upperBound, pictures)
    }
    let names = (0..<pictures).map { "\"\($0)\":\"\($0).png\"" }.joined(separator: ",\n")
    try AtomicFile.write("{\(names)}\n", to: output + "/images.json")
    for index in splits.indices.reversed() {
      splits[index].questions = try write(splits[index], questions, to: "\(output)/\(splits[index].name)")
    }
    return splits
  }

  /// The splits; pictures are drawn independently of each other, so their order needs no shuffling.
  var splits: [Split] {
    let heldOut = max(1, pictures / Self.heldOutShare)
    let (train, val) = (pictures - 2 * heldOut, pictures - heldOut)
    return [
      Split(name: "train", pictures: 0..<train), Split(name: "val", pictures: train..<val),
      Split(name: "test", pictures: val..<pictures),
    ]
  }

  /// Draws one picture and gives the bytes of its file and its questions.
  private func draw(_ number: Int) -> Result<(picture: [UInt8], questions: [SceneQuestion]), ImageFailure> {
    let (scene, questions) = preset.draw(number: number, side: side, seed: seed)
    return Result { () throws(ImageFailure) in (try encodePNG(try scene.picture()), questions) }
  }

  private func write(_ split: Split, _ all: [[SceneQuestion]], to folder: String) throws(FileFailure) -> Int {
    let header = DataSetHeader(
      info: [
        "description": .string("scenes, preset \(preset.rawValue), seed \(seed), \(side) px"), "version": "1.0",
      ],
      taskType: "Open-Ended", dataType: "scenes", dataSubtype: split.name,
      license: ["name": "CC0 1.0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"])
    var (questions, annotations): ([Question], [Annotation]) = ([], [])
    for picture in split.pictures {
      for (number, question) in all[picture].enumerated() {
        let id = picture * Self.questionsPerPicture + number
        questions.append(Question(imageID: picture, text: question.text, questionID: id))
        annotations.append(
          Annotation(
            questionID: id, imageID: picture, questionType: question.questionType, answerType: question.answerType,
            multipleChoiceAnswer: question.answer, answers: HumanAnswer.tenTimes(question.answer)))
      }
    }
    try AnnotationFile(header: header, annotations: annotations).write(to: folder + "/annotations.json")
    try QuestionFile(header: header, questions: questions).write(to: folder + "/questions.json")
    return questions.count
  }
}
