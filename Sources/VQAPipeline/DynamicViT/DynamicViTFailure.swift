// DynamicViTFailure.swift - why a file is no Dynamic ViT.

import SafeFiles

/// Why a checkpoint or a weight file is no Dynamic ViT.
public enum DynamicViTFailure: Failure, Equatable {
  /// There is no dictionary of weights.
  case noWeights(found: String)
  /// Averaged weights are asked for and there are none.
  case noAverage
  /// A weight is no tensor.
  case notTensor(String, found: String)
  /// A weight of the network is missing.
  case noTensor(String)
  /// A weight belongs to no part of the network.
  case strangeTensor(String)
  /// A weight that sizes are read off has another number of axes.
  case wrongAxes(String, expected: Int, found: [Int])
  /// A weight has another shape than the network needs.
  case wrongShape(String, expected: [Int], found: [Int])
  /// A weight is not finite.
  case notFinite(String)
  /// No tensor tells the number of heads, and the usual rule does not fit.
  case unknownHeads(width: Int)
  /// The number of heads is not the one that the relations have.
  case otherHeads(given: Int, relations: Int)
  /// The sizes make no network.
  case impossible(String)
  /// What stands beside the weights is not what it should be.
  case badValue(key: String, problem: String)
  /// A metadata key is missing or wrong.
  case badMetadata(key: String, problem: String)

  /// Bad data.
  public var kind: FailureKind { .badData }

  /// The tensor, or the key.
  public var place: String? {
    switch self {
    case .noWeights, .noAverage, .unknownHeads, .otherHeads, .impossible: nil
    case .notTensor(let name, _), .noTensor(let name), .strangeTensor(let name), .wrongAxes(let name, _, _),
      .wrongShape(let name, _, _), .notFinite(let name):
      "tensor \(visibleText(name, limit: 100))"
    case .badValue(let key, _): visibleText(key, limit: 100)
    case .badMetadata(let key, _): "metadata \(key)"
    }
  }

  /// What is wrong.
  public var problem: String {
    switch self {
    case .noWeights(let found): "found \(found) where the dictionary of weights must be"
    case .noAverage: "there is no state_dict_ema, the averaged weights"
    case .notTensor(_, let found): "found \(found) where a tensor must be"
    case .noTensor: "the network has this tensor, the file has not"
    case .strangeTensor: "the file has this tensor, the network has not"
    case .wrongAxes(_, let expected, let found): "its shape is \(found), and \(expected) axes are needed"
    case .wrongShape(_, let expected, let found): "its shape is \(found), the network needs \(expected)"
    case .notFinite: "it holds a number that is not finite"
    case .unknownHeads(let width):
      "no tensor tells the number of heads, and a width of \(width) cannot be cut into heads of 64"
    case .otherHeads(let given, let relations):
      "the relations are those of \(relations) heads a block, not of \(given)"
    case .impossible(let problem): problem
    case .badValue(_, let problem), .badMetadata(_, let problem): problem
    }
  }

  /// What to do next.
  public var advice: String {
    switch self {
    case .noWeights, .notTensor: "give a checkpoint of a Dynamic ViT, such as dvt_deit_small.pth.tar"
    case .noAverage: "leave --weights away, or say --weights plain"
    case .noTensor, .strangeTensor, .wrongAxes, .wrongShape, .impossible:
      "give a whole checkpoint of a cascade of DeiT or T2T-ViT stages"
    case .notFinite: "the training went wrong: give an earlier checkpoint"
    case .unknownHeads: "say it with --heads N"
    case .otherHeads: "leave --heads away"
    case .badValue: "give the checkpoint as it was published"
    case .badMetadata: "convert the checkpoint again; 'vqa inspect FILE' shows what the file holds"
    }
  }
}
