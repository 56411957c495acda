// OriginalKeyList.swift - the keys themselves, in the order of the original's own files.

import SafeFiles

extension OriginalKey {
  /// Every key.
  static let list: [OriginalKey] = network + spans + learning + data + run

  private static let network: [OriginalKey] = [
    modelUse, modelName,
    .integer("LAYER", \.network.layers, 1...256),
    .integer("HIDDEN_SIZE", \.network.hidden, 2...(1 << 16)),
    .integer("BBOXFEAT_EMB_SIZE", \.network.boxWidth, sizes),
    .integer("FF_SIZE", \.network.feedForward, 1...(1 << 18)),
    .integer("MULTI_HEAD", \.network.heads, 1...(1 << 16)),
    .number("DROPOUT_R", \.network.dropout, "from 0 to below 1") { (0..<1).contains($0) },
    .integer("FLAT_MLP_SIZE", \.network.flatHidden, 1...(1 << 16)),
    .integer("FLAT_GLIMPSES", \.network.glimpses, 1...1024),
    .integer("FLAT_OUT_SIZE", \.network.flatOutput, 1...(1 << 18)),
    .integer("WORD_EMBED_SIZE", \.network.wordWidth, 1...(1 << 16)),
    .boolean("USE_AUX_FEAT", \.network.usesAuxiliaryFeatures),
    .boolean("USE_BBOX_FEAT", \.network.usesBoxes),
    .boolean("BBOX_NORMALIZE", \.network.normalisesBoxes),
  ]

  private static let spans: [OriginalKey] = [
    .integers("ORDERS", \.network.orders, 0...127, allowsEmpty: false),
    .integer("IMG_SCALE", \.network.gridSide, 1...128),
    routing, pooling,
    .integer("TAU_POLICY", \.network.temperaturePolicy, 0...2),
    .number("TAU_MAX", \.network.greatestTemperature, "above 0") { $0 > 0 },
    .number("TAU_MIN", \.network.leastTemperature, "above 0") { $0 > 0 },
    .boolean("BINARIZE", \.network.binarize),
  ]

  private static let learning: [OriginalKey] = [
    .integer("BATCH_SIZE", \.learning.batchSize, 1...(1 << 20)),
    .integer("GRAD_ACCU_STEPS", \.learning.accumulationSteps, 1...(1 << 20)),
    .number("LR_BASE", \.learning.rate, "above 0 and below 100") { $0 > 0 && $0 < 100 },
    .number("LR_DECAY_R", \.learning.rateDecay, "above 0") { $0 > 0 },
    .integers("LR_DECAY_LIST", \.learning.decayEpochs, counts, allowsEmpty: true),
    .integer("WARMUP_EPOCH", \.learning.warmupEpochs, counts),
    .integer("MAX_EPOCH", \.learning.epochs, 1...1_000_000),
    .number("GRAD_NORM_CLIP", \.learning.clipNorm, "a number") { _ in true },
    .word("LOSS_FUNC", \.learning.loss),
    .word("LOSS_REDUCTION", \.learning.reduction),
    alias("REDUCTION", of: .word("LOSS_REDUCTION", \.learning.reduction)),
    .word("OPT", \.learning.optimiser),
    optimiserParameters,
  ]

  private static let data: [OriginalKey] = [
    .word("DATASET", \.dataSet), .boolean("USE_GLOVE", \.learning.usesGloVe), featureSizes, trainSplit,
  ]

  private static let run: [OriginalKey] = [
    runMode,
    .text("GPU", \.run.cards),
    OriginalKey(
      name: "SEED",
      read: { settings, node throws(YAMLFailure) in
        settings.run.seed = node.scalar == .null ? nil : try node.integer(in: 0...Int.max)
      },
      show: { $0.run.seed.map { .integer(Int64($0)) } ?? .null }),
    .optionalText("VERSION", \.run.version), .boolean("RESUME", \.run.resumes),
    .optionalText("CKPT_VERSION", \.run.checkpointVersion), .integer("CKPT_EPOCH", \.run.checkpointEpoch, counts),
    .optionalText("CKPT_PATH", \.run.checkpointPath), .boolean("VERBOSE", \.run.isVerbose),
    .boolean("EVAL_EVERY_EPOCH", \.run.evaluatesEveryEpoch), .boolean("TEST_SAVE_PRED", \.run.savesPredictions),
    .integer("NUM_WORKERS", \.run.workers, counts), .boolean("PIN_MEM", \.run.pinsMemory),
  ]

  /// MODEL_USE: only TRAR is known here.
  private static let modelUse = OriginalKey(
    name: "MODEL_USE",
    read: { _, node throws(YAMLFailure) in
      let name = try node.text()
      guard name == "TRAR" else { throw YAMLFailure(.conflict(.otherNetwork(name)), at: node.mark) }
    }, show: { _ in "TRAR" })

  /// MODEL: the name of the file with the settings.
  private static let modelName = OriginalKey(
    name: "MODEL",
    read: { _, node throws(YAMLFailure) in
      let name = try node.text()
      guard ["trar", "trar_small", "trar_large", "TRAR"].contains(name) else {
        throw YAMLFailure(.conflict(.otherNetwork(name)), at: node.mark)
      }
    }, show: { _ in "trar" })

  /// ROUTING; an early file of the original for CLEVR has it exchanged with POOLING.
  private static let routing = OriginalKey(
    name: "ROUTING",
    read: { settings, node throws(YAMLFailure) in
      try refuse(OriginalPooling.allCases.map(\.rawValue), node)
      settings.network.routing = try node.word(OriginalRouting.allCases.map(\.rawValue), OriginalRouting.init)
    }, show: { .string($0.network.routing.rawValue) })

  /// POOLING.
  private static let pooling = OriginalKey(
    name: "POOLING",
    read: { settings, node throws(YAMLFailure) in
      try refuse(OriginalRouting.allCases.map(\.rawValue), node)
      settings.network.pooling = try node.word(OriginalPooling.allCases.map(\.rawValue), OriginalPooling.init)
    }, show: { .string($0.network.pooling.rawValue) })

  private static func refuse(_ words: [String], _ node: YAMLNode) throws(YAMLFailure) {
    if words.contains(node.shown) { throw YAMLFailure(.conflict(.exchanged), at: node.mark) }
  }

  /// TRAIN_SPLIT: as the original's `--SPLIT` takes it.
  private static let trainSplit = OriginalKey(
    name: "TRAIN_SPLIT",
    read: { settings, node throws(YAMLFailure) in
      settings.learning.split = try node.word(["train", "train+val", "train+val+vg"]) { $0 }
    }, show: { .string($0.learning.split) })

  /// RUN_MODE: as the original's `--RUN` takes it.
  private static let runMode = OriginalKey(
    name: "RUN_MODE",
    read: { settings, node throws(YAMLFailure) in
      settings.run.mode = node.scalar == .null ? nil : try node.word(["train", "val", "test"]) { $0 }
    },
    show: { $0.run.mode.map { .string($0) } ?? .null })

  /// A second name of a setting.
  private static func alias(_ name: String, of key: OriginalKey) -> OriginalKey {
    OriginalKey(name: name, isAlias: true, read: key.read, show: key.show)
  }
}
