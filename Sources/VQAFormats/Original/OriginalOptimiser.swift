// OriginalOptimiser.swift - the optimisers of the original, with PyTorch's names and defaults of their parameters.

/// A parameter of an optimiser.
public enum OriginalParameter: Sendable, Equatable {
  /// A number.
  case number(Double)
  /// Two numbers, as the decays of Adam.
  case pair(Double, Double)
  /// A choice.
  case flag(Bool)

  /// What kind of value it is, for failures.
  var kind: String {
    switch self {
    case .number: "a number"
    case .pair: "two numbers, such as '(0.9, 0.98)'"
    case .flag: "True or False"
    }
  }
}

/// The optimisers that the original offers.
public enum OriginalOptimiser: String, Sendable, CaseIterable {
  /// Adam.
  case adam = "Adam"
  /// Adam with the greatest norm.
  case adamax = "Adamax"
  /// RMSprop.
  case rmsProp = "RMSprop"
  /// Stochastic gradient descent.
  case descent = "SGD"
  /// Adadelta.
  case adadelta = "Adadelta"
  /// Adagrad.
  case adagrad = "Adagrad"

  /// PyTorch's parameters, the rate apart, with their defaults.
  public var defaults: KeyValuePairs<String, OriginalParameter> {
    switch self {
    case .adam:
      ["betas": .pair(0.9, 0.999), "eps": .number(1e-8), "weight_decay": .number(0), "amsgrad": .flag(false)]
    case .adamax: ["betas": .pair(0.9, 0.999), "eps": .number(1e-8), "weight_decay": .number(0)]
    case .rmsProp:
      [
        "alpha": .number(0.99), "eps": .number(1e-8), "weight_decay": .number(0), "momentum": .number(0),
        "centered": .flag(false),
      ]
    case .descent:
      ["momentum": .number(0), "dampening": .number(0), "weight_decay": .number(0), "nesterov": .flag(false)]
    case .adadelta: ["rho": .number(0.9), "eps": .number(1e-6), "weight_decay": .number(0)]
    case .adagrad:
      [
        "lr_decay": .number(0), "weight_decay": .number(0), "initial_accumulator_value": .number(0),
        "eps": .number(1e-10),
      ]
    }
  }
}
