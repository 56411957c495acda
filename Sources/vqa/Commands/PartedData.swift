// PartedData.swift - `vqa data text` and `vqa data folds`: data sets made of files that are there.

import CommandLineKit
import SafeFiles
import VQAFormats
import WeightFiles

extension DataMaker {
  /// Questions without pictures.
  static let text = DataMaker(
    name: "text",
    discussion: """
      questions without pictures, which teach how people ask and answer, from lines such as {"question": "What meal is \
      this?", "answer_type": "other", "answers": {"brunch": 2, "lunch": 8}}. Their image_id is -1; all are in train.
      """,
    uses: ["source"],
    example: ("vqa data text --source train.jsonl.gz --output text", "Reads lines that gzip made smaller.")
  ) { call, output in
    let source = try call.arguments.required("source")
    let bytes = try GzipFile.read(source)
    let split: DataSplit
    do throws(FormatFailure) {
      split = try TextQuestions.split(lines: bytes, info: "questions without pictures")
    } catch {
      throw FileFailure(file: source, cause: error)
    }
    try split.write(to: output)
    return [DataText.row(split.name, questions: split.questions.count, pictures: 0)]
  }

  /// Folds of another data set.
  static let folds = DataMaker(
    name: "folds",
    discussion: """
      the questions of train and val of a data set, parted into folds that are held out in turn: fold1-train, fold1-val \
      and so on, and all. The fold of a picture depends on its id and the seed alone. The pictures are linked, not copied.
      """,
    uses: ["source", "folds", "by", "lower-case", "seed"],
    example: ("vqa data folds --source daquar --folds 5 --output daquar-folds", "Parts a data set by its pictures.")
  ) { call, output in
    let arguments = call.arguments
    let source = try arguments.required("source")
    let folds = try arguments.integer("folds", in: 2...100) ?? 5
    let unit = arguments.string("by").flatMap(FoldedSet.Unit.init) ?? .picture
    let seed = try seed(arguments)
    let set = try FoldedSet(source: source, isLowerCase: arguments.flag("lower-case"))
    if try !FoldedSet.linkPictures(of: source, into: output) {
      call.console.note("\(source) has no folder images; name the pictures by --images where they are needed")
    }
    let splits = set.splits(folds: folds, by: unit, seed: seed)
    for split in splits.reversed() { try split.write(to: output) }
    return splits.map { split in
      DataText.row(split.name, questions: split.questions.count, pictures: Set(split.questions.map(\.imageID)).count)
    }
  }
}
