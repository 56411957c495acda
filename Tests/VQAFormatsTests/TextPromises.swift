// TextPromises.swift - what holds for any bytes as a question or as a file of questions; the tests and fuzz targets ask it.

import SafeFiles
import VQAFormats

/// Words that the questions of the corpus are held against.
private let vocabulary = Vocabulary.build(
  fromQuestions: ["What color is the cat?", "Is there a dog to the left of the ball?"], madeFrom: "the tests")

/// Cuts a question into words and ids.
/// - Parameter bytes: The number of ids wanted, then the question in any bytes.
/// - Returns: The promise that is broken, or nil.
func brokenPromise(ofQuestion bytes: [UInt8]) -> String? {
  let length = Int(bytes.first ?? 0) - 1
  let question = String(decoding: bytes.dropFirst(), as: UTF8.self)
  let words = QuestionTokenizer.words(of: question)
  let tokens = QuestionTokenizer.tokenize(question, vocabulary: vocabulary, length: length)
  if tokens.ids.count != max(0, length) { return "as many ids as asked for" }
  if tokens.wordCount > tokens.ids.count { return "no more words than ids" }
  if tokens.wordCount + tokens.droppedWords != words.count { return "every word is kept or counted as dropped" }
  if !tokens.ids.allSatisfy(vocabulary.words.indices.contains) { return "every id is one of the vocabulary" }
  if !tokens.ids.dropFirst(tokens.wordCount).allSatisfy({ $0 == Vocabulary.padding }) { return "padding at the end" }
  let unknown = tokens.ids.count { $0 == Vocabulary.unknown }
  if tokens.unknownWords.count > unknown { return "no more unknown words than ids for them" }
  if !tokens.unknownWords.allSatisfy({ vocabulary.id(of: $0) == nil }) { return "unknown words are unknown" }
  let removed: Set<Unicode.Scalar> = [".", ",", "'", "!", "?", "\"", "(", ")", "*", "#", ":", ";", "-", "/", " "]
  for word in words {
    if word.isEmpty { return "no word is empty" }
    if word.unicodeScalars.contains(where: removed.contains) { return "no word has punctuation" }
  }
  let again = QuestionTokenizer.words(of: words.joined(separator: " "))
  return again.elementsEqual(words) { $0.utf8.elementsEqual($1.utf8) } ? nil : "words of words are the same words"
}

/// Reads bytes as each kind of file of questions, annotations and results, and what is written of it again.
/// - Parameter bytes: Any bytes.
/// - Returns: The promise that is broken, or nil.
func brokenPromise(ofQuestionFile bytes: [UInt8]) -> String? {
  do throws(FormatFailure) {
    switch try AnyQuestionFile(json: bytes) {
    case .clevr(let file): if file.questions.isEmpty { return "a file of CLEVR has a question" }
    case .vqa(let file):
      if (try? QuestionFile(json: Array(file.json.utf8))) != file { return "questions come back as they were" }
    }
  } catch {
    if error.problem.isEmpty || error.advice.isEmpty { return "a refusal says what and what to do" }
  }
  for needsTypes in [false, true] {
    guard let file = try? AnnotationFile(json: bytes, needsTypes: needsTypes) else { continue }
    let again = try? AnnotationFile(json: Array(file.json.utf8), needsTypes: needsTypes)
    if again != file { return "annotations come back as they were" }
  }
  if let file = try? ResultFile(json: bytes), (try? ResultFile(json: Array(file.json.utf8))) != file {
    return "results come back as they were"
  }
  return nil
}
