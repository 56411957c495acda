// TRARPass.swift - the settings of one pass and whoever looks on.

import Routing
import Tensors

/// The settings of one pass, and an observer of its intermediate values.
public struct TRARPass {
  /// Receives the name of an intermediate value and a closure that gives it; values that nobody looks at are not computed.
  public typealias Observer = (_ name: String, _ value: () -> Tensor) -> Void

  /// Temperature, noise and choice of the routers.
  public var settings: RoutingSettings
  private let observer: Observer?

  /// Makes a pass.
  ///
  /// - Parameters:
  ///   - settings: Temperature, noise and choice of the routers.
  ///   - observer: Called with the names of the fixtures, such as `mid.dec0.route_alpha`.
  public init(settings: RoutingSettings = RoutingSettings(), observer: Observer? = nil) {
    self.settings = settings
    self.observer = observer
  }

  func observe(_ name: String, _ value: () -> Tensor) {
    observer?(name, value)
  }
}
