// AccuracyText.swift - the accuracy of a set of answers as a table for a terminal.

import Evaluation

/// Accuracies as text.
public enum AccuracyText {
  private static let nameWidth = 40

  /// The accuracy over all, by answer type and by question type, the most frequent first.
  ///
  /// - Parameter report: The accuracies.
  /// - Returns: Lines of at most 80 columns, figures in per cent with the official two decimals; ends with a line feed.
  public static func table(_ report: AccuracyReport) -> String {
    var text = heading("")
    text += line("all questions", percent: report.percent, count: report.count)
    text += group("by answer type", report.answerTypes)
    text += group("by question type", report.questionTypes)
    return text
  }

  /// The accuracy of answers to CLEVR questions over all and by family, those without questions left out.
  ///
  /// - Parameter accuracy: The accuracies.
  /// - Returns: Lines of at most 80 columns, figures in per cent with two decimals; ends with a line feed.
  public static func table(_ accuracy: CLEVRAccuracy) -> String {
    func row(_ name: String, _ score: CLEVRScore) -> String {
      line(name, percent: score.percent, count: score.total, correct: score.correct)
    }
    var text = padded("", to: nameWidth) + rightAligned("accuracy", to: 10) + rightAligned("right", to: 12)
    text += rightAligned("questions", to: 12) + "\n" + row("all questions", accuracy.overall)
    let families = accuracy.families.filter { $0.total > 0 }
    guard !families.isEmpty else { return text }
    return text + "\nby family\n" + families.map { row("  " + $0.name, $0) }.joined()
  }

  private static func group(_ title: String, _ types: [TypeAccuracy]) -> String {
    let ordered = types.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    guard !ordered.isEmpty else { return "" }
    return "\n\(title)\n"
      + ordered.map { line("  " + shownText($0.name), percent: $0.percent, count: $0.count) }.joined()
  }

  private static func heading(_ title: String) -> String {
    padded(title, to: nameWidth) + rightAligned("accuracy", to: 10) + rightAligned("questions", to: 12) + "\n"
  }

  private static func line(_ name: String, percent: Double, count: Int, correct: Int? = nil) -> String {
    let figure = Percent.fixed(PythonRounding.round(percent, places: 2), places: 2)
    return padded(cut(name, to: nameWidth), to: nameWidth) + rightAligned(figure + " %", to: 10)
      + (correct.map { rightAligned(String($0), to: 12) } ?? "") + rightAligned(String(count), to: 12) + "\n"
  }
}
