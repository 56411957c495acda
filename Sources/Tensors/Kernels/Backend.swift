// Backend.swift - who computes matrix products and convolutions.

import Synchronization

/// The library that computes matrix products and convolutions.
public enum Backend: Int, Sendable, CaseIterable {
  /// This package's own blocked and vectorised Swift kernels.
  case portable
  /// oneDNN; built in with the trait `OneDNN`.
  case oneDNN

  /// The back ends built into this program, the preferred one last.
  public static var available: [Backend] {
    #if OneDNN
      [.portable, .oneDNN]
    #else
      [.portable]
    #endif
  }

  private static let chosen = Atomic<Int>((available.last ?? .portable).rawValue)

  /// The back end in use; set it before any computation starts, for instance to compare two of them.
  ///
  /// Choosing one that is not built in is a programmer's error.
  public static var current: Backend {
    get { Backend(rawValue: chosen.load(ordering: .relaxed)) ?? .portable }
    set {
      precondition(available.contains(newValue), "the back end \(newValue) is not built into this program")
      chosen.store(newValue.rawValue, ordering: .relaxed)
    }
  }
}

/// What is applied to the outputs of a linear layer or a convolution.
public enum Activation: Sendable, Equatable {
  /// Nothing.
  case none
  /// max(0, x).
  case relu
  /// min(max(0, x), 6).
  case relu6
  /// x Φ(x) with the normal distribution's Φ, the exact GELU (Hendrycks, Gimpel 2016).
  case gelu
}
