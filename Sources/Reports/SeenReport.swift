// SeenReport.swift - what a backbone itself sees in a picture, for people and as JSON.

import SafeFiles
import VQAPipeline

/// What a backbone sees, in each form.
public enum SeenReport {
  private static let indent = 10

  /// Names with their probabilities: of every day, of classes, and of labels.
  ///
  /// - Parameter seen: What the backbone sees.
  /// - Returns: Lines of at most 80 columns; ends with a line feed.
  public static func text(_ seen: SeenNames) -> String {
    let lists = [("Sees", seen.everyday), ("exactly", seen.classes), ("besides", seen.labels)]
    let widest = lists.flatMap(\.1).map { columns(of: shownText($0.name)) }.max() ?? 0
    var text = ""
    for (label, names) in lists {
      for (place, item) in names.enumerated() {
        text += padded(place == 0 ? label : "", to: indent) + padded(shownText(item.name), to: widest)
        text += "  " + rightAligned(Percent.text(item.share), to: 8) + "\n"
      }
    }
    return text
  }

  /// The same as JSON: `sees`, `classes` and `labels`, each a list of `name` and `probability`.
  public static func json(_ seen: SeenNames) -> JSONValue {
    func list(_ names: [SeenNames.Item]) -> JSONValue {
      .array(names.map { ["name": .string($0.name), "probability": .shortest($0.share)] })
    }
    return ["sees": list(seen.everyday), "classes": list(seen.classes), "labels": list(seen.labels)]
  }
}
