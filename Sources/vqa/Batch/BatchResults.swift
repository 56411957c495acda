// BatchResults.swift - the answers of a question file in the layout that the data set's evaluation takes, and what to do with them.

import VQAFormats

/// The results of a question file.
struct BatchResults {
  let asked: AskedQuestions
  /// The answers by question id; some may be missing.
  let answers: [Int: String]

  /// The text of the result file.
  ///
  /// VQA: a JSON list sorted by question id, each once, those without an answer left out. CLEVR: one answer a line in the order of the
  /// questions, an empty line where there is none.
  var text: String {
    switch asked.file {
    case .vqa:
      let entries = answers.sorted { $0.key < $1.key }.map { ResultEntry(questionID: $0.key, answer: $0.value) }
      return ResultFile(entries: entries).json
    case .clevr: return AnswerLines(answers: asked.questions.map { answers[$0.questionID] ?? "" }).text
    }
  }

  /// Where the answers are.
  func told(output: String) -> String {
    switch asked.file {
    case .vqa: "\(answers.count) answers are in \(output)"
    case .clevr: "\(answers.count) answers are in \(output), one a line in the order of the questions"
    }
  }

  /// What to do next: score them, or hand them in where the answers are not public.
  func next(output: String, questions: String) -> String {
    switch asked.file {
    case .vqa(let file):
      guard file.header.dataSubtype?.hasPrefix("test") == true else {
        return "next: vqa evaluate \(output) --questions \(questions) --annotations FILE"
      }
      return
        "next: the answers to these questions are not public; hand \(output) in to the VQA challenge on https://eval.ai "
        + "(phase Test-Dev or Test-Standard, see https://visualqa.org/challenge.html)"
    case .clevr(let file):
      guard file.questions.contains(where: { $0.answer != nil }) else {
        return
          "next: the answers to these questions are not public, and no server takes results; the val questions have "
          + "answers: vqa evaluate RESULTS --questions CLEVR_val_questions.json"
      }
      return "next: vqa evaluate \(output) --questions \(questions)"
    }
  }

  /// What missing answers mean.
  var missing: String {
    switch asked.file {
    case .vqa: "the official evaluation refuses results with missing answers"
    case .clevr: "their lines are empty and count as wrong"
    }
  }
}
