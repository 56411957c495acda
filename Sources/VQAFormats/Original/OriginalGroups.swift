// OriginalGroups.swift - the two settings that are mappings: FEAT_SIZE and OPT_PARAMS.

import SafeFiles

extension OriginalKey {
  /// FEAT_SIZE: {vqa: {FRCN_FEAT_SIZE: (64, 2048), BBOX_FEAT_SIZE: (100, 5)}, clevr: {GRID_FEAT_SIZE: (196, 1024)}}.
  static let featureSizes = OriginalKey(
    name: "FEAT_SIZE",
    read: { settings, node throws(YAMLFailure) in
      for group in try node.mapping() {
        guard let dataSet = OriginalConfiguration.DataSet.allCases.first(where: { $0.rawValue.isExactly(group.key) })
        else {
          let known = OriginalConfiguration.DataSet.allCases.map(\.rawValue)
          throw YAMLFailure(.unknownKey(known: known), key: "." + group.key, at: group.mark)
        }
        do throws(YAMLFailure) {
          try settings.features.read(try group.value.mapping(), of: dataSet)
        } catch {
          throw error.inside("." + group.key)
        }
      }
    },
    show: { settings in
      func size(_ size: OriginalFeatures.Size) -> JSONValue {
        [.integer(Int64(size.rows)), .integer(Int64(size.width))]
      }
      let features = settings.features
      return [
        "vqa": ["FRCN_FEAT_SIZE": size(features.regions), "BBOX_FEAT_SIZE": size(features.boxes)],
        "clevr": ["GRID_FEAT_SIZE": size(features.grid)],
      ]
    })

  /// OPT_PARAMS: {betas: '(0.9, 0.98)', eps: '1e-9'}; the values may stand without quotes, too.
  static let optimiserParameters = OriginalKey(
    name: "OPT_PARAMS",
    read: { settings, node throws(YAMLFailure) in
      var parameters: [String: OriginalParameter] = [:]
      if node.scalar != .null {
        for member in try node.mapping() {
          do throws(YAMLFailure) {
            parameters[member.key] = try member.value.parameter()
          } catch {
            throw error.inside("." + member.key)
          }
        }
      }
      settings.learning.optimiserParameters = parameters
    },
    show: { settings in
      let members = settings.learning.optimiserParameters.sorted { $0.key < $1.key }
      return .object(
        JSONObject(
          members.map { name, value in
            switch value {
            case .number(let number): (name, .number(number))
            case .pair(let first, let second): (name, [.number(first), .number(second)])
            case .flag(let flag): (name, .bool(flag))
            }
          }))
    })
}

extension OriginalFeatures {
  /// Takes the sizes of one data set.
  fileprivate mutating func read(
    _ members: [YAMLNode.Member], of dataSet: OriginalConfiguration.DataSet
  ) throws(YAMLFailure) {
    let known = dataSet == .vqa ? ["FRCN_FEAT_SIZE", "BBOX_FEAT_SIZE"] : ["GRID_FEAT_SIZE"]
    for member in members {
      guard known.contains(where: { $0.isExactly(member.key) }) else {
        throw YAMLFailure(.unknownKey(known: known), key: "." + member.key, at: member.mark)
      }
      let numbers: [Int]
      do throws(YAMLFailure) {
        numbers = try member.value.integers(in: OriginalKey.sizes, count: 2...2)
      } catch {
        throw error.inside("." + member.key)
      }
      let size = Size(rows: numbers[0], width: numbers[1])
      switch member.key {
      case "FRCN_FEAT_SIZE": regions = size
      case "BBOX_FEAT_SIZE": boxes = size
      default: grid = size
      }
      if member.key != "BBOX_FEAT_SIZE" { given.insert(dataSet) }
    }
  }
}
