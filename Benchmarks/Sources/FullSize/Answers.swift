// Answers.swift - the time from pictures in memory to answers, for a model file and questions of a data set.

import Foundation
import ImageCodecs
import SafeFiles
import Tensors
import VQAFormats
import VQAPipeline

/// Times questions, each with a picture of its own, so many at a time.
///
/// - Parameters:
///   - path: The model file.
///   - folder: A data set in the layout of `vqa data`; its `test` questions are asked.
///   - batch: Questions, and so pictures, at a time.
///   - count: How many questions are asked, drawn evenly from the file.
///   - exit: `exact` for the last exit alone; nil: as the model's thresholds say.
///   - budget: Mean cost in billions of multiply-adds whose thresholds are taken, where the model has some.
func timeAnswers(
  _ path: String, folder: String, batch: Int, count: Int, exit: String?, budget: Double?, seconds: Double
) throws {
  var model = try ModelFile.load(path).model
  if exit == "exact" { model.exitChoice = .exact }
  if let budget, let point = model.configuration.cascade.point(within: budget * 1e9) {
    model.exitChoice = .thresholds(point.thresholds)
  }
  let all = try QuestionFile(path: folder + "/test/questions.json").questions
  let right = try AnnotationFile(path: folder + "/test/annotations.json").annotations
  let answers = Dictionary(right.map { ($0.questionID, $0.answers.first?.answer ?? "") }) { first, _ in first }
  let index = try PictureIndex(folder: folder + "/images")
  let size = model.configuration.pictureSize
  let asked = stride(from: 0, to: all.count, by: max(1, all.count / count)).prefix(count).map { all[$0] }
  let pictures = try asked.map { question in
    let bytes = try readFile(index.path(of: question.imageID), limit: 1 << 24)
    return try decodeImage(bytes, atLeast: (size, size))
  }
  var correct = 0
  var multiplyAdds = 0
  let starts = Array(stride(from: 0, to: asked.count, by: batch))
  let ready = model
  var measurement = measure(seconds: seconds, least: 3, group: 0, warmUps: 1) {
    (correct, multiplyAdds) = (0, 0)
    for start in starts {
      let range = start..<min(start + batch, asked.count)
      guard let seen = try? ready.see(Array(pictures[range])) else { continue }
      for (question, answer) in zip(asked[range], ready.answer(asked[range].map(\.text), about: seen, top: 1)) {
        correct += answer.best.answer == answers[question.questionID] ? 1 : 0
        multiplyAdds += answer.multiplyAdds
      }
    }
  }
  let questions = Double(asked.count)
  measurement.wallMedian /= questions
  measurement.wallLeast /= questions
  measurement.processorLeast /= questions
  measurement.notes = [
    "accuracy": Double(correct) / questions, "multiplyAdds": Double(multiplyAdds) / questions, "questions": questions,
  ]
  report(measurement)
}
