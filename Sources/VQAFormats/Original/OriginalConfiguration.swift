// OriginalConfiguration.swift - the settings of the original TRAR: its base defaults, its model defaults and configs/<DATASET>/trar.yml.
//
// The original lays them over one another in this order, and turns a key it does not know into one more attribute; here such a key is
// refused. What the file leaves out has the value of the original's own file for the data set (rentainhe/TRAR-VQA, configs/vqa/trar.yml and
// configs/clevr/trar.yml with routing and pooling as published).

import SafeFiles

/// Every setting of the original TRAR, checked.
public struct OriginalConfiguration: Sendable, Equatable {
  /// The data sets that the original knows.
  public enum DataSet: String, Sendable, CaseIterable {
    /// VQA v2 with features of regions, `frcn`.
    case vqa
    /// CLEVR with features of a grid.
    case clevr
  }

  /// The data set; the file does not name it, the original's `--DATASET` does.
  public var dataSet: DataSet
  /// Sizes and choices of the network.
  public var network: OriginalNetwork
  /// How it learns.
  public var learning: OriginalLearning
  /// Widths of the features on disk.
  public var features = OriginalFeatures()
  /// How the original's program runs; nothing of it changes what a network computes.
  public var run = OriginalRun()
  /// The keys that the file gives, in its order; the others have their defaults.
  public package(set) var given: [String] = []

  /// The settings of the original's own file for a data set.
  public init(dataSet: DataSet) {
    self.dataSet = dataSet
    network = OriginalNetwork(dataSet: dataSet)
    learning = OriginalLearning(dataSet: dataSet)
  }

  /// Reads the text of a `trar.yml`.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - dataSet: The data set; nil: as the settings tell, see ``dataSet(toldBy:)``.
  ///   - fallback: The data set when neither tells.
  /// - Throws: ``YAMLFailure`` with the key, line and column.
  public init(yaml bytes: [UInt8], dataSet: DataSet? = nil, otherwise fallback: DataSet = .vqa) throws(YAMLFailure) {
    let document = try YAMLDocument.parse(bytes)
    guard let members = document.members else {
      throw YAMLFailure(.notSettings(found: document.kind), at: document.mark)
    }
    self.init(dataSet: dataSet ?? Self.dataSet(toldBy: members) ?? fallback)
    for member in members {
      guard let key = OriginalKey.all[ScalarText(member.key)] else {
        throw YAMLFailure(.unknownKey(known: OriginalKey.names), key: member.key, at: member.mark)
      }
      do {
        try key.read(&self, member.value)
      } catch {
        throw error.inside(member.key)
      }
      given.append(member.key)
    }
    if let dataSet { self.dataSet = dataSet }
    // IMG_SCALE alone changes the grid.
    let rows = network.gridSide * network.gridSide
    if !features.given.contains(self.dataSet) {
      if self.dataSet == .vqa { features.regions.rows = rows } else { features.grid.rows = rows }
    }
    if given.contains("OPT"), !given.contains("OPT_PARAMS") { learning.optimiserParameters = [:] }
    if let (key, conflict) = conflict {
      let mark = members.first { $0.key.isExactly(key) }?.value.mark
      throw YAMLFailure(.conflict(conflict), key: key, at: mark)
    }
  }

  /// Reads a `trar.yml`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - dataSet: The data set; nil: as the settings tell.
  ///   - fallback: The data set when neither tells.
  /// - Throws: `FileFailure` with a ``YAMLFailure``, or that the file cannot be read.
  public init(
    path: String, dataSet: DataSet? = nil, otherwise fallback: DataSet = .vqa
  ) throws(FileFailure) {
    let bytes = try readFile(path, limit: YAMLDocument.greatestSize)
    do {
      try self.init(yaml: bytes, dataSet: dataSet, otherwise: fallback)
    } catch {
      throw FileFailure(file: path, cause: error)
    }
  }

  /// Which data set settings are for: what DATASET says, else LOSS_FUNC (`ce` is CLEVR's, `bce` and `kld` are VQA's), else IMG_SCALE 14.
  static func dataSet(toldBy members: [YAMLNode.Member]) -> DataSet? {
    func text(_ key: String) -> String? {
      guard case .scalar(_, let text)? = members.first(where: { $0.key.isExactly(key) })?.value.content else {
        return nil
      }
      return text
    }
    if let named = text("DATASET").flatMap(DataSet.init) { return named }
    switch text("LOSS_FUNC") {
    case "ce": return .clevr
    case "bce", "kld": return .vqa
    default: return text("IMG_SCALE") == "14" ? .clevr : nil
    }
  }

  /// Every setting under its name in the original's files.
  public var settings: JSONObject {
    JSONObject(OriginalKey.list.filter { !$0.isAlias }.map { ($0.name, $0.show(self)) })
  }
}
