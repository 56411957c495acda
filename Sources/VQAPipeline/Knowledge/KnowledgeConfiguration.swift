// KnowledgeConfiguration.swift - whether and how a model uses what its backbone knows of a picture beyond the grid.

import VQAFormats

/// Settings of the way from a backbone's classes and labels to the answer; they count where ``names`` is above 0.
public struct KnowledgeConfiguration: Sendable, Equatable, Codable {
  /// How many of the most probable names of classes, and as many of the labels', become tokens beside the question; 0: nothing is used.
  public var names = 0
  /// Width of the fixed word vectors.
  public var vectorWidth = 50
  /// Number of the backbone's classes.
  public var classes = 1000
  /// Number of labels that further heads score.
  public var labels = 80
  /// Number of words that heads were learned for from questions and answers; training sets it.
  public var words = 0
  /// Temperature of the softmax over the classes.
  public var classTemperature: Float = 1

  /// No use is made of what the backbone knows.
  public init() {}

  /// Whether anything is used.
  public var isUsed: Bool { names > 0 }

  /// Numbers that a word and a picture have between them.
  package var tieWidth: Int { words > 0 ? 11 : 8 }
  /// Kinds of names: of classes, of labels, of words.
  var nameKinds: Int { words > 0 ? 3 : 2 }
  /// Factors of the pointer.
  var pointerFactors: Int { PointerLogits.factors + (words > 0 ? PointerLogits.wordFactors : 0) }

  /// What makes the settings impossible, or nil; names the field.
  var problem: String? {
    if !(0...64).contains(names) { return "knowledge.names: \(names) is not from 0 to 64" }
    for (name, size) in [("vectorWidth", vectorWidth), ("classes", classes)] where !(1...1 << 16).contains(size) {
      return "knowledge.\(name): \(size) is not from 1 to \(1 << 16)"
    }
    for (name, size) in [("labels", labels), ("words", words)] where !(0...1 << 16).contains(size) {
      return "knowledge.\(name): \(size) is not from 0 to \(1 << 16)"
    }
    guard classTemperature > 0, classTemperature.isFinite else {
      return "knowledge.classTemperature: \(classTemperature) is not above 0"
    }
    return nil
  }

  /// What keeps the settings from fitting a vocabulary, or nil; names the field.
  func problem(with concepts: ConceptVocabulary) -> String? {
    if concepts.ownNames.count != classes {
      return "knowledge.classes: \(classes), but the concept vocabulary has \(concepts.ownNames.count)"
    }
    if concepts.labels.count == labels + words { return nil }
    return words == 0
      ? "knowledge.labels: \(labels), but the concept vocabulary has \(concepts.labels.count)"
      : "knowledge.labels and knowledge.words: \(labels) and \(words), but the concept vocabulary has "
        + "\(concepts.labels.count) together"
  }
}
