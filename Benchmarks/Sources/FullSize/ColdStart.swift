// ColdStart.swift - a model file of the full size, and the first answer of a process that loads it.

import Backbones
import TRAR
import Tensors
import VQAFormats
import VQAPipeline

/// Writes a model of the full size with random weights.
func writeModel(to path: String) throws {
  var configuration = ModelConfiguration()
  configuration.network = fullConfiguration()
  configuration.vision.embedding = .features
  configuration.vision.featureGrid = grid.rows
  configuration.vision.width = configuration.network.featureWidth
  let made = "seeded random"
  let count = configuration.network.vocabularySize - Vocabulary.specialWords.count
  let words = Vocabulary.specialWords + (0..<count).map { "word\($0)" }
  let model = try VQAModel(
    configuration, words: Vocabulary(words: words, madeFrom: made),
    answers: AnswerVocabulary(answers: (0..<configuration.network.answers).map { "answer \($0)" }, madeFrom: made),
    seed: 0)
  try ModelFile.save(model, to: path)
}

/// Loads a model and answers one question.
func firstAnswer(of path: String) throws -> Measurement {
  let start = wallSeconds()
  let (model, _) = try ModelFile.load(path)
  let loaded = wallSeconds()
  let (features, words) = makeInputs(batch: 1, model.configuration.network)
  let answer = logits(model.network, model.spans[0], features, words).argmaxOfRows()[0]
  let end = wallSeconds()
  return Measurement(
    wallMedian: (end - start) * 1e3, wallLeast: (end - start) * 1e3, processorLeast: processorSeconds() * 1e3,
    samples: 1,
    peakMegabytes: peakMegabytes(),
    notes: ["load": (loaded - start) * 1e3, "firstForward": (end - loaded) * 1e3, "answer": Double(answer)])
}
