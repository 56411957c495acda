// ConceptData.swift - `vqa data concepts`: the names and kinds of a backbone's classes, from WordNet.

import CommandLineKit
import Foundation
import SafeFiles
import VQAFormats

extension DataMaker {
  /// The vocabulary of concepts.
  static let concepts = DataMaker(
    name: "concepts", kind: .file,
    discussion: """
      names and kinds of the classes that a network for photos knows, from WordNet 3.0 (Debian: wordnet-base), as one \
      file. A shipped one is in vocab/.
      """,
    uses: ["classes", "wordnet"],
    example: ("vqa data concepts --output photos-concepts.json", "Writes the names of ImageNet's thousand classes.")
  ) { call, output in
    let path = try call.arguments.string("classes") ?? ShippedFiles.classes(environment: call.environment)
    let classes = try ClassList(path: path).synsets
    let wordNet = try WordNet(folder: call.arguments.string("wordnet") ?? WordNet.usualFolder)
    if let unknown = classes.firstIndex(where: { wordNet.nouns.synset($0) == nil }) {
      throw FileFailure(file: path, cause: ClassListFailure.unknown(line: unknown + 1, synset: classes[unknown]))
    }
    let vocabulary = try ConceptBuilder(wordNet, classes: classes).vocabulary(
      everyday: ConceptWords.everyday, labels: ConceptWords.labels, ignored: ConceptWords.ignored)
    try AtomicFile.write(vocabulary.json, to: output)
    return [
      ("classes", Columns.grouped(classes.count)),
      ("everyday names", Columns.grouped(Set(vocabulary.everydayNames).count)),
      ("labels", Columns.grouped(vocabulary.labels.count)), ("concepts", Columns.grouped(vocabulary.concepts.count)),
      ("words", Columns.grouped(vocabulary.phrases.count)),
    ]
  }
}

/// Files of the folder `vocab`, which lies beside `data` or among the installed files.
enum ShippedFiles {
  static let classesName = "imagenet-classes.txt"
  static let conceptsName = "photos-concepts.json"

  /// The shipped list of classes.
  static func classes(environment: [String: String]) throws(FileFailure) -> String {
    try path(classesName, instead: "--classes", environment: environment)
  }

  /// A shipped file.
  ///
  /// - Parameters:
  ///   - name: Its name in `vocab`.
  ///   - option: The option that names another one, for the failure.
  ///   - environment: `VQA_DATA` is looked at.
  /// - Returns: Its path.
  /// - Throws: `FileFailure` with ``NotShipped``.
  static func path(
    _ name: String, instead option: String, environment: [String: String]
  ) throws(FileFailure) -> String {
    let folders = DataFolders.all(environment: environment).flatMap { [$0 + "/vocab", $0 + "/../vocab"] }
    if let folder = folders.first(where: { isRegularFile("\($0)/\(name)") }) { return "\(folder)/\(name)" }
    throw FileFailure(file: name, cause: NotShipped(option: option))
  }
}

/// A file that comes with the program is not where it should be.
struct NotShipped: Failure {
  let option: String
  var kind: FailureKind { .missing }
  var place: String? { nil }
  var problem: String { "the file that comes with the program is not in vocab/ beside its data" }
  var advice: String { "name it with \(option), or set VQA_DATA to the folder that holds models/" }
}
