// PictureFileInspection.swift - JSON files that tell of pictures: their names, what they show, what their features are.

import SafeFiles
import VQAFormats

/// Looks into JSON files about pictures.
enum PictureFileInspection {
  /// What a file holds, or nil when it is none of these.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - bytes: Its text.
  ///   - keys: The keys of its outermost object.
  ///   - format: What it says of its own layout.
  /// - Returns: The finding.
  /// - Throws: `FileFailure` for a file that is one of these and damaged.
  static func inspect(
    _ path: String, _ bytes: [UInt8], keys: [String], format: String?
  ) throws(FileFailure) -> Finding? {
    do throws(FormatFailure) {
      if let format, format.hasPrefix("vqa-concepts") { return concepts(try ConceptVocabulary(json: bytes)) }
      if Set(keys) == ["classes", "pictures"] { return scores(try PictureScores(json: bytes)) }
      guard !keys.isEmpty, keys.allSatisfy({ Int($0) != nil }) else { return nil }
      // Both have image ids for keys; the first value tells whether they lead to a name or to labels.
      let start = bytes.drop { $0 != UInt8(ascii: ":") }.dropFirst().first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
      // Other files may have numbers for keys, so one that does not fit is none of these.
      if start == UInt8(ascii: "[") { return (try? PictureLabels(json: bytes)).map(labels) }
      return (try? PictureIndex.names(json: bytes, mayLeave: true)).map(names)
    } catch {
      throw FileFailure(file: path, cause: error)
    }
  }

  /// What the features of a folder are, from the file beside them; nil when it is not such a file.
  static func features(_ value: JSONValue) -> Finding? {
    guard value["format"]?.stringValue?.hasPrefix("vqa-features") == true else { return nil }
    var finding = Finding(kind: "features of a folder")
    for key in ["backbone", "sha256", "type"] {
      if let text = value[key]?.stringValue { finding.add(key, visibleText(text, limit: 64)) }
    }
    let sides = value["grid"]?.arrayValue?.compactMap(\.integerValue) ?? []
    if !sides.isEmpty { finding.rows.append(("grid", sides.map(String.init).joined(separator: " x "))) }
    finding.members["grid"] = value["grid"]
    if let width = value["width"]?.integerValue { finding.add("width", Int(clamping: width)) }
    return finding
  }

  private static func concepts(_ vocabulary: ConceptVocabulary) -> Finding {
    var finding = Finding(kind: "concepts")
    finding.add("concepts", vocabulary.concepts.count)
    finding.add("phrases", vocabulary.phrases.count)
    finding.add("classes", vocabulary.ownNames.count)
    finding.add("labels", vocabulary.labels.count)
    return finding
  }

  private static func scores(_ scores: PictureScores) -> Finding {
    var finding = Finding(kind: "scores of pictures")
    finding.add("pictures", scores.pictures.count)
    finding.add("classes", scores.classes)
    return finding
  }

  private static func labels(_ labels: PictureLabels) -> Finding {
    var finding = Finding(kind: "labels of pictures")
    finding.add("pictures", labels.names.count)
    finding.add("labels", Set(labels.names.values.joined()).count)
    return finding
  }

  private static func names(_ names: [Int: String]) -> Finding {
    var finding = Finding(kind: "names of pictures")
    finding.add("pictures", names.count)
    if let first = names.keys.min(), let name = names[first] {
      finding.add("first", "\(first): \(visibleText(name, limit: 60))")
    }
    return finding
  }
}
