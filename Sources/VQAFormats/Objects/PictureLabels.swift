// PictureLabels.swift - what pictures are known to show: names of labels, and probabilities of classes.
//
//   labels: {"36": ["person", "umbrella"], ...}, an images.json beside it says where the pictures are
//   scores: {"classes": 1000, "pictures": {"a.jpg": [[151, 0.83], [152, 0.02]], ...}}

import SafeFiles

/// The labels of pictures.
public struct PictureLabels: Sendable, Equatable {
  /// Names by image id.
  public let names: [Int: [String]]

  /// Reads the text of a file of labels.
  ///
  /// - Throws: ``FormatFailure`` that names the entry.
  public init(json bytes: [UInt8]) throws(FormatFailure) {
    names = try FieldReader.whole(bytes) { fields throws(FormatFailure) in
      var names: [Int: [String]] = [:]
      try fields.object { fields, key throws(FormatFailure) in
        names[try fields.imageID(key)] = try fields.strings(limit: 10_000)
      }
      return names
    }
  }
}

/// Probabilities of classes for pictures; what is not listed is next to nothing.
public struct PictureScores: Sendable, Equatable {
  /// Sums of single precision may pass 1 by a little.
  private static let probabilities = 0.0...1.001

  /// How many classes there are.
  public let classes: Int
  /// Classes with their probability, by the name of the picture's file.
  public let pictures: [String: [Int: Float]]

  /// Reads the text of a file of scores.
  ///
  /// - Throws: ``FormatFailure`` that names the entry.
  public init(json bytes: [UInt8]) throws(FormatFailure) {
    let parts = try FieldReader.whole(bytes) { fields throws(FormatFailure) in
      var classes: Int?
      var pictures: [String: [Int: Float]]?
      try fields.object { fields, key throws(FormatFailure) in
        switch key {
        case "classes": classes = try fields.integer(in: SimulatedSubject.classNumbers)
        case "pictures":
          var found: [String: [Int: Float]] = [:]
          try fields.object { fields, name throws(FormatFailure) in found[name] = try Self.scores(&fields) }
          pictures = found
        default: try fields.skip()
        }
      }
      return (try fields.required(classes, "classes"), try fields.required(pictures, "pictures"))
    }
    (classes, pictures) = parts
    for (name, scores) in pictures.sorted(by: { $0.key < $1.key }) {
      if let number = scores.keys.max(), number >= classes {
        let reason = FormatFailure.Reason.outOfRange(value: number, allowed: 0...max(0, classes - 1))
        throw FormatFailure(path: "pictures.\(name)", reason: reason)
      }
    }
  }

  private static func scores(_ fields: inout FieldReader) throws(FormatFailure) -> [Int: Float] {
    var scores: [Int: Float] = [:]
    try fields.list { fields, _ throws(FormatFailure) in
      var number: Int?
      var probability: Double?
      try fields.list { fields, index throws(FormatFailure) in
        switch index {
        case 0: number = try fields.integer(in: SimulatedSubject.classNumbers)
        case 1: probability = try fields.number(in: Self.probabilities)
        default: throw fields.failure(.tooMany(count: index + 1, limit: 2))
        }
      }
      scores[try fields.required(number, "class")] = Float(try fields.required(probability, "probability"))
    }
    return scores
  }
}
