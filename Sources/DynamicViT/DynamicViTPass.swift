// DynamicViTPass.swift - what one pass of a stage takes in and gives, and whoever looks on.

import Routing
import Tensors

/// What a pass is for, and an observer of its intermediate values.
public struct DynamicViTPass {
  /// Receives the name of an intermediate value and a closure that gives it; values that nobody looks at are not computed.
  public typealias Observer = (_ name: String, _ value: () -> Tensor) -> Void

  private let observer: Observer?
  private var prefix = ""

  /// Makes a pass.
  ///
  /// - Parameter observer: Called with names such as `stage2.block0.relation_logits`.
  public init(observer: Observer? = nil) {
    self.observer = observer
  }

  /// Whether anybody looks on; then nothing that has a name is left out.
  var isObserved: Bool { observer != nil }

  /// The same pass for a part, whose name stands before those of its values.
  func part(_ name: String) -> DynamicViTPass {
    var part = self
    part.prefix += name + "."
    return part
  }

  func observe(_ name: String, _ value: () -> Tensor) {
    observer?(prefix + name, value)
  }
}

/// What the next stage needs of a stage's pass.
public enum DynamicViTUse: Sendable {
  /// Features and relations: the next stage runs, or may run.
  case handedOn
  /// Nothing; every token is read.
  case tokens
  /// Nothing; only the class token is read, so the last block computes no other.
  case classes
}

/// What a stage computed, before its final norm.
public struct DynamicViTFeatures: Sendable {
  /// Output of the last block, `[B, N + 1, D]`, the class token first; only the class token when nothing else is read.
  public var features: Tensor
  /// The attention scores of all blocks, `[B, layers x heads, N + 1, N + 1]`; nil when no later stage reuses them.
  public var relations: Tensor?

  /// Collects the result of a stage.
  public init(features: Tensor, relations: Tensor?) {
    self.features = features
    self.relations = relations
  }

  /// Takes samples by number.
  public func samples(_ indices: [Int]) -> DynamicViTFeatures {
    DynamicViTFeatures(features: features.samples(indices), relations: relations?.samples(indices))
  }
}
