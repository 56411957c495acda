// AnswerReport.swift - an answer for people, and as JSON.

import SafeFiles
import VQAPipeline

/// One answer in each form.
public enum AnswerReport {
  private static let indent = 10

  /// The answer for people: what it is, how sure, what else it might be, the spans looked through, and the cost.
  ///
  /// - Parameters:
  ///   - answer: The answer.
  ///   - top: How many answers to show, at least 1.
  /// - Returns: Lines of at most 80 columns; ends with a line feed.
  public static func text(_ answer: Answer, top: Int) -> String {
    var text = labelled("Question", shownText(answer.question), indent: indent)
    text += candidates(answer, top: max(1, top))
    text += remarks(answer)
    let layers = ReportedLayer.all(of: answer).filter { !$0.spans.isEmpty }
    if !layers.isEmpty { text += "\n" + spans(layers) }
    if let record = answer.cascade {
      text += "\n" + CascadeText.table(answer, record)
      return text + "\n" + labelled("Cost", CascadeText.cost(answer, record), indent: indent)
    }
    return text + "\n" + labelled("Cost", "\(millions(answer.multiplyAdds)) million multiply-adds", indent: indent)
  }

  /// The answer as JSON.
  ///
  /// - Parameter answer: The answer.
  /// - Returns: `question`, `answer`, `answers` (each with `answer` and `probability`), `exit` and `multiplyAdds`; of a model that can
  ///   be not sure also `sure`; of a cascade also `exits` (each with `exit`, `grid`, `confidence`, `threshold`, `multiplyAdds` and `run`) and `fullMultiplyAdds`.
  public static func json(_ answer: Answer) -> JSONValue {
    var object: JSONObject = [
      "question": .string(answer.question),
      "answer": .string(answer.candidates.first?.answer ?? ""),
      "answers": .array(
        answer.candidates.map { ["answer": .string($0.answer), "probability": .shortest($0.probability)] }),
      "exit": .integer(Int64(answer.exit)),
      "multiplyAdds": .integer(Int64(answer.multiplyAdds)),
    ]
    if let isSure = answer.isSure { object["sure"] = .bool(isSure) }
    if let record = answer.cascade {
      object["exits"] = CascadeText.json(record)
      object["fullMultiplyAdds"] = .integer(Int64(record.fullRunMultiplyAdds))
    }
    return .object(object)
  }

  /// Answers shown of a question that the model is not sure about.
  private static let unsureAnswers = 3

  /// The best answer and, below it, the others; of an answer that is not sure just the best three.
  private static func candidates(_ answer: Answer, top: Int) -> String {
    guard answer.isSure == false else {
      return candidates(Array(answer.candidates.prefix(top)), labels: ["Answer", "or"])
    }
    return labelled("Answer", "not sure", indent: indent)
      + candidates(Array(answer.candidates.prefix(unsureAnswers)), labels: ["perhaps", "or"])
  }

  /// Candidates one below the other; the probability stands on the last line of each.
  private static func candidates(_ candidates: [AnswerCandidate], labels: [String]) -> String {
    let longest = reportColumns - indent - 10  // "  >99.99 %"
    let names = candidates.map { wrapped(shownText($0.answer), to: longest) }
    let width = names.joined().map { columns(of: $0) }.max() ?? 0
    var text = ""
    for (index, (lines, candidate)) in zip(names, candidates).enumerated() {
      let probability = "  " + rightAligned(Percent.text(candidate.probability), to: 8)
      let label = labels.indices.contains(index) ? labels[index] : ""
      for (number, line) in lines.enumerated() {
        text += padded(number == 0 ? label : "", to: indent)
        text += number == lines.count - 1 ? padded(line, to: width) + probability + "\n" : line + "\n"
      }
    }
    return text
  }

  /// What the reader should know about the question: words that were not read.
  private static func remarks(_ answer: Answer) -> String {
    var text = ""
    if !answer.unknownWords.isEmpty {
      let words = answer.unknownWords.map(shownText).joined(separator: ", ")
      text += labelled("Note", "The model does not know: \(words)", indent: indent)
    }
    if answer.droppedWords > 0 {
      let words = answer.droppedWords == 1 ? "word" : "\(answer.droppedWords) words"
      text += labelled("Note", "The question is too long: the last \(words) went unread.", indent: indent)
    }
    if let record = answer.cascade { text += labelled("Exit", CascadeText.exit(answer, record), indent: indent) }
    return text
  }

  /// One line a layer, its spans under those of the layer before.
  private static func spans(_ layers: [ReportedLayer]) -> String {
    let items = layers.map { layer in
      layer.spans.map { span in (span.window, Percent.text(span.weight, places: 0), span.isChosen ? " *" : "") }
    }
    let widest = items.map(\.count).max() ?? 0
    let widths = (0..<widest).map { index in
      let column = items.compactMap { $0.indices.contains(index) ? $0[index] : nil }
      return (column.map(\.0.count).max() ?? 0, column.map(\.1.count).max() ?? 0)
    }
    var text = "The spans: how far around itself each patch of the picture looked.\n"
    for (layer, items) in zip(layers, items) {
      let start = "  layer \(layer.number)"
      var line = start
      for (index, item) in items.enumerated() {
        let piece =
          "  \(padded(item.0, to: widths[index].0)) \(rightAligned(item.1, to: widths[index].1))"
          + padded(item.2, to: 2)
        if columns(of: line) + columns(of: piece) > reportColumns {
          text += line + "\n"
          line = padded("", to: columns(of: start))
        }
        line += piece
      }
      text += line + "\n"
    }
    text += """
        The per cent says how much a span counted in its layer; * counted most.
        whole is the whole picture, 3x3 a patch and its neighbours, and so on.

      """
    return trimmingLineEnds(text)
  }
}
