// EasyVQAFailure.swift - why the easy-VQA data set cannot be converted.

import SafeFiles

/// Why the easy-VQA data set cannot be converted.
public enum EasyVQAFailure: Failure, Equatable {
  /// The folder does not hold the package.
  case notThePackage
  /// The output folder holds another data set.
  case otherDataSet
  /// A picture has more questions than ids are kept for.
  case tooManyQuestions(image: Int, limit: Int)

  /// The kind of failure, for the exit code.
  public var kind: FailureKind {
    switch self {
    case .notThePackage: .notFound
    case .otherDataSet: .cannotCreate
    case .tooManyQuestions: .badData
    }
  }

  /// The picture whose questions are too many.
  public var place: String? {
    guard case .tooManyQuestions(let image, _) = self else { return nil }
    return "picture \(image)"
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .notThePackage: "the folder does not hold the easy-vqa package"
    case .otherDataSet: "the folder already holds another data set"
    case .tooManyQuestions(_, let limit): "the picture has more than \(limit) questions"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .notThePackage: "run 'pip install easy-vqa' and give the folder it went to with --source"
    case .otherDataSet: "give an empty folder"
    case .tooManyQuestions: "install the package again; version 1.0 has some ten questions a picture"
    }
  }
}
