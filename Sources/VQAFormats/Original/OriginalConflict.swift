// OriginalConflict.swift - settings that do not go together, as the original asserts them.

import SafeFiles

/// Settings that do not go together.
public enum OriginalConflict: Sendable, Equatable {
  /// A batch cannot be cut into equal parts.
  case batchNotDivisible(batch: Int, parts: Int)
  /// The data set is not learned with this loss.
  case lossNotAllowed(OriginalLoss, dataSet: OriginalConfiguration.DataSet)
  /// A span reaches beyond the grid.
  case orderTooLarge(order: Int, side: Int)
  /// The features do not fill the grid.
  case rowsDoNotFill(rows: Int, side: Int)
  /// The width cannot be cut into heads.
  case headsDoNotDivide(heads: Int, hidden: Int)
  /// The original has nothing to feed this with.
  case notUsable
  /// The settings are those of another network.
  case otherNetwork(String)
  /// Routing and pooling have each other's values.
  case exchanged
  /// A parameter that the optimiser does not have.
  case notOfOptimiser(name: String, OriginalOptimiser)
  /// A parameter of the optimiser has a value of another kind than it takes.
  case parameterOfOtherKind(name: String, expected: String)

  /// What is wrong.
  var problem: String {
    switch self {
    case .batchNotDivisible(let batch, let parts): "a batch of \(batch) cannot be cut into \(parts) equal parts"
    case .lossNotAllowed(let loss, let dataSet): "\(dataSet.rawValue) is not learned with the loss \(loss.rawValue)"
    case .orderTooLarge(let order, let side): "a span of \(order) reaches beyond a grid of \(side)x\(side)"
    case .rowsDoNotFill(let rows, let side): "\(rows) rows of features do not fill a grid of \(side)x\(side)"
    case .headsDoNotDivide(let heads, let hidden): "HIDDEN_SIZE \(hidden) cannot be cut into \(heads) heads"
    case .notUsable: "the original reads no such features, so no network can have learned with them"
    case .otherNetwork(let name): "these are the settings of \(visible(name)), not of TRAR"
    case .exchanged: "ROUTING and POOLING have each other's values"
    case .notOfOptimiser(let name, let optimiser): "\(optimiser.rawValue) has no parameter '\(visible(name))'"
    case .parameterOfOtherKind(let name, let expected): "the parameter '\(visible(name))' takes \(expected)"
    }
  }

  /// What to do next.
  var advice: String {
    switch self {
    case .batchNotDivisible: "choose a BATCH_SIZE that GRAD_ACCU_STEPS divides"
    case .lossNotAllowed(_, .vqa): "choose bce or kld, or say --dataset clevr"
    case .lossNotAllowed(_, .clevr): "choose ce, or say --dataset vqa"
    case .orderTooLarge: "choose ORDERS below IMG_SCALE"
    case .rowsDoNotFill: "IMG_SCALE times IMG_SCALE rows are needed: correct FEAT_SIZE or IMG_SCALE"
    case .headsDoNotDivide: "choose a MULTI_HEAD that divides HIDDEN_SIZE"
    case .notUsable: "set it to False"
    case .otherNetwork: "give the settings of TRAR"
    case .exchanged: "write ROUTING: hard or soft, and POOLING: attention, avg or fc"
    case .notOfOptimiser(_, let optimiser): "it has " + optimiser.defaults.map(\.key).joined(separator: ", ")
    case .parameterOfOtherKind: "correct the value, or leave the parameter out"
    }
  }

  private func visible(_ text: String) -> String { visibleText(text, limit: 40) }
}

extension OriginalConfiguration {
  /// The first settings that do not go together, with the key to correct; nil when all is well.
  var conflict: (key: String, conflict: OriginalConflict)? {
    if network.usesBoxes { return ("USE_BBOX_FEAT", .notUsable) }
    if network.usesAuxiliaryFeatures { return ("USE_AUX_FEAT", .notUsable) }
    if network.hidden % network.heads != 0 {
      return ("MULTI_HEAD", .headsDoNotDivide(heads: network.heads, hidden: network.hidden))
    }
    let side = network.gridSide
    if let order = network.orders.first(where: { $0 >= side }) {
      return ("ORDERS", .orderTooLarge(order: order, side: side))
    }
    let rows = features[dataSet].rows
    if features.given.contains(dataSet), rows != side * side {
      return ("FEAT_SIZE", .rowsDoNotFill(rows: rows, side: side))
    }
    if learning.batchSize % learning.accumulationSteps != 0 {
      let parts = learning.accumulationSteps
      let key = given.contains("BATCH_SIZE") ? "BATCH_SIZE" : "GRAD_ACCU_STEPS"
      return (key, .batchNotDivisible(batch: learning.batchSize, parts: parts))
    }
    if (learning.loss == .crossEntropy) != (dataSet == .clevr) {
      return ("LOSS_FUNC", .lossNotAllowed(learning.loss, dataSet: dataSet))
    }
    let known = learning.optimiser.defaults
    for (name, value) in learning.optimiserParameters.sorted(by: { $0.key < $1.key }) {
      guard let usual = known.first(where: { $0.key == name })?.value else {
        return ("OPT_PARAMS", .notOfOptimiser(name: name, learning.optimiser))
      }
      if value.kind != usual.kind { return ("OPT_PARAMS", .parameterOfOtherKind(name: name, expected: usual.kind)) }
    }
    return nil
  }
}
