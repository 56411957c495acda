// PickleTensors.swift - all tensors of a value, by the keys that lead to them.

extension PickleValue {
  /// Every tensor in this value, under its keys and indexes joined by dots: "state_dict.embedding.weight".
  /// - Parameter limit: How many are listed at most; a tensor that several places share is listed for each.
  /// - Returns: Names and tensors in the order of the pickle.
  public func tensors(limit: Int = .max) -> [(name: String, tensor: TorchTensor)] {
    var found: [(name: String, tensor: TorchTensor)] = []
    collect(under: "", limit: limit, into: &found)
    return found
  }

  private func collect(under name: String, limit: Int, into found: inout [(name: String, tensor: TorchTensor)]) {
    guard found.count < limit else { return }
    func inner(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
    switch self {
    case .tensor(let tensor): found.append((name, tensor))
    case .list(let elements), .tuple(let elements):
      for (index, element) in elements.enumerated() {
        element.collect(under: inner("\(index)"), limit: limit, into: &found)
      }
    case .dictionary(let members):
      for (key, value) in members {
        value.collect(under: inner(key.textValue ?? "\(key.integerValue ?? 0)"), limit: limit, into: &found)
      }
    default: break
    }
  }
}
