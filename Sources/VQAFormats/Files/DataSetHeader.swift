// DataSetHeader.swift - what stands before the list in the official VQA v2 question and annotation files.

import SafeFiles

/// The header fields of a question or annotation file.
public struct DataSetHeader: Sendable, Equatable {
  /// Description, version, year and so on, as written.
  public var info: JSONValue?
  /// "Open-Ended" or "Multiple Choice"; only question files have it.
  public var taskType: String?
  /// Kind of pictures, such as "mscoco".
  public var dataType: String?
  /// Split, such as "val2014".
  public var dataSubtype: String?
  /// Name and address of the licence, as written.
  public var license: JSONValue?

  /// A header, empty unless told otherwise.
  public init(
    info: JSONValue? = nil, taskType: String? = nil, dataType: String? = nil, dataSubtype: String? = nil,
    license: JSONValue? = nil
  ) {
    self.info = info
    self.taskType = taskType
    self.dataType = dataType
    self.dataSubtype = dataSubtype
    self.license = license
  }

  /// Keys of the official question header that are not there; the official evaluator cannot do without them.
  public var missingKeys: [String] {
    let present = [
      ("info", info != nil), ("task_type", taskType != nil), ("data_type", dataType != nil),
      ("data_subtype", dataSubtype != nil), ("license", license != nil),
    ]
    return present.filter { !$0.1 }.map(\.0)
  }

  /// Takes the value of a header key, or passes over one that is none.
  mutating func read(_ key: String, from fields: inout FieldReader) throws(FormatFailure) {
    switch key {
    case "info": info = try fields.value()
    case "task_type": taskType = try fields.string()
    case "data_type": dataType = try fields.string()
    case "data_subtype": dataSubtype = try fields.string()
    case "license": license = try fields.value()
    default: try fields.skip()
    }
  }

  /// The members of the header in the official order.
  var members: [JSONObject.Member] {
    let all: [(String, JSONValue?)] = [
      ("info", info), ("task_type", taskType.map(JSONValue.string)), ("data_type", dataType.map(JSONValue.string)),
      ("license", license), ("data_subtype", dataSubtype.map(JSONValue.string)),
    ]
    return all.compactMap { key, value in value.map { (key, $0) } }
  }

  /// The text of a file: the header's members, then the list with one item a line.
  func file(listKey: String, items: some Sequence<JSONObject>) -> String {
    var text = "{"
    for (key, value) in members { text += "\(JSONValue.quoted(key)):\(value.serialized()),\n" }
    text += "\(JSONValue.quoted(listKey)):["
    var separator = "\n"
    for item in items {
      text += separator + JSONValue.object(item).serialized()
      separator = ",\n"
    }
    return text + "\n]}\n"
  }
}
