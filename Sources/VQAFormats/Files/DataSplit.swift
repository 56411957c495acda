// DataSplit.swift - the questions and annotations of one split, written as the two files that all of this package reads.

import SafeFiles

/// One split of a data set.
public struct DataSplit: Sendable, Equatable {
  /// Its name, that of its folder.
  public var name: String
  /// What stands before both lists.
  public var header: DataSetHeader
  /// The questions.
  public var questions: [Question]
  /// What was answered, in the order of the questions.
  public var annotations: [Annotation]

  /// A split.
  public init(name: String, header: DataSetHeader, questions: [Question], annotations: [Annotation]) {
    (self.name, self.header, self.questions, self.annotations) = (name, header, questions, annotations)
  }

  /// Writes `NAME/annotations.json` and then `NAME/questions.json`: where the questions are, all is.
  ///
  /// - Parameter output: Folder of the data set; made if it is not there.
  /// - Throws: `FileFailure` with the file that could not be written.
  public func write(to output: String) throws(FileFailure) {
    let folder = "\(output)/\(name)"
    try makeFolder(folder)
    try AnnotationFile(header: header, annotations: annotations).write(to: folder + "/annotations.json")
    try QuestionFile(header: header, questions: questions).write(to: folder + "/questions.json")
  }
}
