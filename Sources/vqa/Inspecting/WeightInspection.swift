// WeightInspection.swift - what a model, a checkpoint or another safetensors file holds.

import Layers
import SafeFiles
import VQAFormats
import VQAPipeline
import WeightFiles

/// Looks into safetensors files.
enum WeightInspection {
  static func inspect(_ path: String) throws -> Finding {
    let file = try TensorFile(path: path)
    let hash = try ContentHash.hex(path: path, limit: LoadLimits.default.weightFileBytes)
    if DynamicViTFile.isOne(file.metadata) { return try DynamicViTInspection.file(path, hash: hash) }
    if BackboneFile.isOne(file.metadata) { return try BackboneInspection.file(path, hash: hash) }
    guard file.metadata["format"] == ModelFile.format else {
      let finding = tensors(file, hash)
      return CheckpointInspection.isOne(file) ? CheckpointInspection.finding(file, finding) : finding
    }
    let (model, metadata) = try ModelFile.load(path)
    return try finding(model, metadata, hash)
  }

  private static func finding(
    _ model: VQAModel, _ metadata: [String: String], _ hash: String
  ) throws -> Finding {
    let (configuration, cost) = (model.configuration, model.multiplyAdds)
    let configurationText = metadata["configuration"] ?? ""
    let total = cost.vision + cost.question + cost.answer
    var finding = Finding(kind: "model")
    finding.add("name", configuration.name)
    finding.add("summary", configuration.summary)
    if !configuration.terms.isEmpty { finding.add("terms", configuration.terms) }
    finding.add("parameters", model.parameterCount)
    finding.rows += parameters(model)
    let parts = model.parameterCounts
    finding.members["parametersByPart"] = [
      "vision": .integer(Int64(parts.vision)), "backbone": .integer(Int64(parts.backbone)),
      "question": .integer(Int64(parts.question)), "answer": .integer(Int64(parts.answer)),
    ]
    finding.add("words", model.words.count)
    finding.add("answers", model.answers.count)
    finding.rows += [
      ("picture", picture(model)),
      ("grid", model.vision.grids.map { "\($0.rows) x \($0.columns)" }.joined(separator: ", ")),
      ("question", "\(configuration.network.questionLength) words at most"),
      ("layers", "\(configuration.network.encoderLayers) encoder, \(configuration.network.decoderLayers) decoder"),
      ("spans", spans(model)),
      ("multiply-adds", "\(Columns.grouped(total)) an answer\(model.exits > 1 ? " that tries every exit" : "")"),
      ("  picture", Columns.grouped(cost.vision)), ("  question", Columns.grouped(cost.question)),
      ("  answer", Columns.grouped(cost.answer)),
    ]
    if model.exits > 1 { finding.rows += exits(model) }
    finding.members["multiplyAdds"] = [
      "vision": .integer(Int64(cost.vision)), "question": .integer(Int64(cost.question)),
      "answer": .integer(Int64(cost.answer)), "total": .integer(Int64(total)),
    ]
    finding.members["configuration"] = try JSONValue.parse(Array(configurationText.utf8))
    let record = metadata.filter { !ModelFile.ownKeys.contains($0.key) }.sorted { $0.key < $1.key }
    finding.rows += record.filter { !$0.value.isEmpty }.map { ($0.key, visibleText($0.value, limit: 60)) }
    finding.members["training"] = .object(JSONObject(record.map { ($0.key, .string($0.value)) }))
    let configurationHash = ContentHash.hex(Array(configurationText.utf8))
    finding.rows += [("configuration", configurationHash), ("sha256", hash)]
    finding.members["configurationSHA256"] = .string(configurationHash)
    finding.members["sha256"] = .string(hash)
    return finding
  }

  /// Parameters by the parts that multiply-adds are told by.
  private static func parameters(_ model: VQAModel) -> [(String, String)] {
    let parts = model.parameterCounts
    let backbone = parts.backbone > 0 ? ", \(Columns.grouped(parts.backbone)) of them the backbone's" : ""
    return [
      ("  picture", Columns.grouped(parts.vision) + backbone), ("  question", Columns.grouped(parts.question)),
      ("  answer", Columns.grouped(parts.answer)),
    ]
  }

  /// The orders of the spans, those of each grid where they differ.
  private static func spans(_ model: VQAModel) -> String {
    var lists: [String] = []
    for spans in model.spans {
      let list = spans.orders.map(String.init).joined(separator: ", ")
      if lists.last != list { lists.append(list) }
    }
    return lists.joined(separator: "; ")
  }

  /// Where a cascade gives its answers, and the budgets it knows thresholds for.
  private static func exits(_ model: VQAModel) -> [(String, String)] {
    let costs = model.configuration.cascade.points.map(\.multiplyAdds)
    func shown(_ cost: Double?) -> String { Columns.grouped(Int(min(1e18, cost ?? 0))) }
    return [
      ("full run", "\(Columns.grouped(model.fullRunMultiplyAdds)) multiply-adds, at the last exit only"),
      ("exits", ExitOptions.description(of: model)),
      (
        "budgets",
        costs.isEmpty ? "none" : "\(costs.count), of \(shown(costs.min())) to \(shown(costs.max())) multiply-adds"
      ),
    ]
  }

  /// What the model sees of a picture.
  private static func picture(_ model: VQAModel) -> String {
    guard !model.takesFeatures else {
      return "features, \(model.vision.grids[0].tokens) rows of \(Columns.grouped(model.vision.tokenWidth))"
    }
    return "\(model.vision.pictureSize) x \(model.vision.pictureSize) pixels"
  }

  private static func tensors(_ file: TensorFile, _ hash: String) -> Finding {
    var finding = Finding(kind: "safetensors")
    let numbers = file.tensors.reduce(0) { $0 + $1.count }
    finding.rows = [("tensors", Columns.grouped(file.tensors.count)), ("numbers", Columns.grouped(numbers))]
    let metadata = file.metadata.sorted { $0.key < $1.key }
    finding.rows += metadata.map { (visibleText($0.key, limit: 40), visibleText($0.value, limit: 60)) }
    finding.rows.append(("sha256", hash))
    let name = min(48, (file.tensors.map { visibleText($0.name).count }.max() ?? 0) + 2)
    finding.details = file.tensors.map { tensor in
      let start = visibleText(tensor.name)
      let shape = tensor.shape.map(String.init).joined(separator: " x ")
      return start + String(repeating: " ", count: max(1, name - start.count)) + "\(tensor.type.rawValue)  \(shape)\n"
    }.joined()
    finding.members = [
      "tensors": .array(
        file.tensors.map { tensor in
          [
            "name": .string(tensor.name), "type": .string(tensor.type.rawValue),
            "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
          ]
        }),
      "metadata": .object(JSONObject(metadata.map { ($0.key, .string($0.value)) })),
      "sha256": .string(hash),
    ]
    return finding
  }
}
