// Layer.swift - what every layer has: parameters with names.

import Tensors

/// A part of a network that owns parameters.
///
/// Names are those of the original implementations' checkpoints, joined by dots, so that a network's parameters can be saved, loaded and
/// compared by name.
public protocol Layer {
  /// Calls `body` with every parameter and its full name, in a fixed order.
  ///
  /// - Parameters:
  ///   - path: The name of this layer within the network; empty for the network itself.
  ///   - body: Receives the name and the parameter.
  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void)
}

extension Layer {
  /// All parameters with their names, in order.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    var list: [(name: String, parameter: Parameter)] = []
    forEachParameter(at: "") { list.append(($0, $1)) }
    return list
  }

  /// How many numbers the trainable parameters hold.
  public var parameterCount: Int {
    namedParameters.reduce(0) { $0 + ($1.parameter.isTrainable ? $1.parameter.value.count : 0) }
  }
}

/// Joins the parts of a parameter's name with a dot; an empty path adds nothing.
public func parameterName(_ path: String, _ name: String) -> String {
  path.isEmpty ? name : path + "." + name
}
