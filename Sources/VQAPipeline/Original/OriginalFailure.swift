// OriginalFailure.swift - why a checkpoint of the original TRAR cannot become a model.

import SafeFiles
import VQAFormats

/// Why a checkpoint of the original cannot become a model.
public enum OriginalFailure: Failure, Equatable {
  /// There is no dictionary of weights.
  case noWeights(found: String)
  /// A weight is no tensor.
  case notTensor(String, found: String)
  /// A weight of the network is missing.
  case noTensor(String)
  /// A weight belongs to no part of the network.
  case strangeTensor(String)
  /// A weight has another shape than the network needs.
  case wrongShape(String, expected: [Int], found: [Int])
  /// A weight is not finite.
  case notFinite(String)
  /// The names are those of a version before the published one, which computes something else.
  case beforeRelease(String)
  /// The settings are for the other data set.
  case otherDataSet(expected: OriginalConfiguration.DataSet)
  /// The words of the question files are not as many as the embedding has.
  case wordCount(found: Int, embedding: Int, order: String, missing: [String])
  /// The answers are not as many as the last layer has.
  case answerCount(found: Int, layer: Int, source: String)

  /// Bad data.
  public var kind: FailureKind { .badData }

  /// The tensor.
  public var place: String? {
    switch self {
    case .notTensor(let name, _), .noTensor(let name), .strangeTensor(let name), .wrongShape(let name, _, _),
      .notFinite(let name), .beforeRelease(let name):
      "tensor \(visibleText(name, limit: 100))"
    case .wordCount: "tensor embedding.weight"
    case .answerCount: "tensor proj.weight"
    case .noWeights, .otherDataSet: nil
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noWeights(let found): "found \(found) where the dictionary of weights must be"
    case .notTensor(_, let found): "found \(found) where a tensor must be"
    case .noTensor: "the network of the settings has this tensor, the checkpoint has not"
    case .strangeTensor: "the checkpoint has this tensor, the network of the settings has not"
    case .wrongShape(_, let expected, let found): "its shape is \(found), the network of the settings needs \(expected)"
    case .notFinite: "it holds a number that is not finite"
    case .beforeRelease: "the checkpoint is of a version before the published one, which computed something else"
    case .otherDataSet(.vqa): "the checkpoint has adapter.frcn_linear, VQA's, and the settings are for CLEVR"
    case .otherDataSet(.clevr): "the checkpoint has adapter.grid_linear, CLEVR's, and the settings are for VQA"
    case .wordCount(let found, let embedding, let order, _):
      "the embedding has \(embedding) rows, the question files give \(found) words (PAD, UNK and CLS among them) in the "
        + "order \(order)"
    case .answerCount(let found, let layer, let source):
      "the last layer has \(layer) rows, \(visibleText(source)) gives \(found) answers"
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .noWeights, .notTensor: "give a checkpoint that the original wrote, such as ckpts/ckpt_small/epoch13.pkl"
    case .noTensor, .strangeTensor, .wrongShape:
      "give the settings it was trained with as --config"
    case .notFinite: "the training went wrong: give an earlier checkpoint"
    case .beforeRelease: "train it again with the published version"
    case .otherDataSet(let dataSet): "give the settings it was trained with, or say --dataset \(dataSet.rawValue)"
    case .wordCount(let found, let embedding, _, let missing):
      if found > embedding {
        "give only the question files that it was trained with, each of the same version"
      } else if missing.isEmpty {
        "none of the original's files is missing: give them in the version that it was trained with"
      } else {
        "the original scans these files, too: \(missing.joined(separator: ", ")); add them with --questions"
      }
    case .answerCount: "give the answers it was trained with"
    }
  }
}
