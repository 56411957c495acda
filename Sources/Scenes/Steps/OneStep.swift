// OneStep.swift - questions of one step: filter, then count, look or name.

import Tensors

extension StepsQuestions {
  /// "how many large red circles are there?"
  func count(random: inout SeededRandom) -> SceneQuestion? {
    let filter = filter(random: &random)
    return number("how many \(filter.plural) are there?", scene.objects.count(where: filter.matches), "count, 1 step")
  }

  /// "is there a blue square?"
  func exist(random: inout SeededRandom) -> SceneQuestion? {
    let filter = filter(random: &random)
    return yesNo("is there \(filter.withArticle)?", scene.objects.contains(where: filter.matches), "exist, 1 step")
  }

  /// "what color is the large square?"
  func query(random: inout SeededRandom) -> SceneQuestion? {
    guard let (object, name) = named(among: scene.objects, random: &random) else { return nil }
    return attribute(of: object, saying: name.singular, known: name, "query, 1 step", random: &random)
  }

  /// A question for something that the name does not say already.
  func attribute(
    of object: SceneObject, saying text: String, known: ObjectFilter, _ type: String, random: inout SeededRandom
  ) -> SceneQuestion? {
    var choices: [(String, String)] = []
    if known.color == nil { choices.append(("color", object.color.rawValue)) }
    if known.shape == nil { choices.append(("shape", object.shape.rawValue)) }
    if known.size == nil { choices.append(("size", object.size.rawValue)) }
    guard !choices.isEmpty else { return nil }
    let (word, answer) = choices[random.integer(below: choices.count)]
    return SceneQuestion(text: "what \(word) is the \(text)?", answer: answer, questionType: type, answerType: "other")
  }

  func number(_ text: String, _ count: Int, _ type: String) -> SceneQuestion {
    SceneQuestion(text: text, answer: String(count), questionType: type, answerType: "number")
  }

  func yesNo(_ text: String, _ isTrue: Bool, _ type: String) -> SceneQuestion {
    SceneQuestion(text: text, answer: isTrue ? "yes" : "no", questionType: type, answerType: "yes/no")
  }
}
