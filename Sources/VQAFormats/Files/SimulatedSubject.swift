// SimulatedSubject.swift - what a picture is taken to show, so that naming can be learned without a photo of the thing.
//
//   "subject": {"class": 151, "own": 0.71, "gain": 8.3}
//
// The picture lends its grid. Its class logits are made smaller, and those of the class and of its like are raised.

import SafeFiles

/// A class that a picture is taken to show.
public struct SimulatedSubject: Sendable, Equatable {
  /// Classes are below this.
  public static let classNumbers = 0...((1 << 20) - 1)
  /// What the picture's own logits may be multiplied by.
  public static let owns = 0.0...1.0
  /// How far the logit of the class may be raised.
  public static let gains = 0.0...100.0

  /// Number of the class.
  public var classNumber: Int
  /// What the picture's own logits are multiplied by.
  public var own: Double
  /// By how much the logit of the class rises.
  public var gain: Double

  /// A subject.
  public init(classNumber: Int, own: Double, gain: Double) {
    (self.classNumber, self.own, self.gain) = (classNumber, own, gain)
  }

  init(from fields: inout FieldReader) throws(FormatFailure) {
    var classNumber: Int?
    var (own, gain): (Double?, Double?) = (nil, nil)
    try fields.object { fields, key throws(FormatFailure) in
      switch key {
      case "class": classNumber = try fields.integer(in: Self.classNumbers)
      case "own": own = try fields.number(in: Self.owns)
      case "gain": gain = try fields.number(in: Self.gains)
      default: try fields.skip()
      }
    }
    self.init(
      classNumber: try fields.required(classNumber, "class"), own: try fields.required(own, "own"),
      gain: try fields.required(gain, "gain"))
  }

  var members: JSONObject {
    ["class": .integer(Int64(classNumber)), "own": .number(own), "gain": .number(gain)]
  }
}
