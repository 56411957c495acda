// PickleName.swift - the names of Python that a checkpoint may use: a closed table, looked up and never imported.

/// A name that is understood.
enum PickleName: Equatable {
  /// `collections.OrderedDict`.
  case orderedDictionary
  /// `torch._utils._rebuild_tensor_v2`.
  case rebuildTensor
  /// `torch._utils._rebuild_parameter`.
  case rebuildParameter
  /// `torch.Size`.
  case size
  /// `argparse.Namespace`: the options of a training run.
  case options
  /// `torch.FloatStorage` and the like.
  case storage(TensorDataType)
  /// `torch.float32` and the like.
  case dataType(TensorDataType)

  /// The name as Python writes it.
  var pythonName: String {
    switch self {
    case .orderedDictionary: "collections.OrderedDict"
    case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
    case .rebuildParameter: "torch._utils._rebuild_parameter"
    case .size: "torch.Size"
    case .options: "argparse.Namespace"
    case .storage: "torch storage"
    case .dataType: "torch.dtype"
    }
  }

  /// Looks a name up.
  /// - Parameters:
  ///   - module: The module, such as "torch".
  ///   - name: The name in it, such as "FloatStorage".
  /// - Returns: What it stands for, or nil when it is not in the table.
  static func find(module: String, name: String) -> PickleName? {
    switch module {
    case "argparse": name == "Namespace" ? .options : nil
    case "collections": name == "OrderedDict" ? .orderedDictionary : nil
    case "torch._utils":
      switch name {
      case "_rebuild_tensor_v2": .rebuildTensor
      case "_rebuild_parameter": .rebuildParameter
      default: nil
      }
    case "torch": name == "Size" ? .size : storages[name].map { .storage($0) } ?? types[name].map { .dataType($0) }
    default: nil
    }
  }

  private static let storages: [String: TensorDataType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
    "BoolStorage": .bool,
  ]

  private static let types: [String: TensorDataType] = [
    "float32": .float32, "float": .float32, "float64": .float64, "double": .float64, "float16": .float16,
    "half": .float16, "bfloat16": .bfloat16, "int64": .int64, "long": .int64, "int32": .int32, "int": .int32,
    "int16": .int16, "short": .int16, "int8": .int8, "uint8": .uint8, "bool": .bool,
  ]
}
