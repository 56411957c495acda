// SortOfCLEVR.swift - six objects of six colours, each a circle or a square, and questions with and without relations.
//
// Santoro et al., "A simple neural network module for relational reasoning", NeurIPS 2017, section 3.2 and its supplement: 75x75 pixels,
// ten relational and ten other questions a picture.

import Tensors

/// The preset `sort-of-clevr`.
enum SortOfCLEVR {
  /// The colours, one object each.
  static let colors: [SceneColor] = [.red, .green, .blue, .orange, .gray, .yellow]
  /// Questions of each of both kinds about a picture.
  static let questionsOfAKind = 10
  /// Height and width in pixels, and half an object's width in such a picture, as published.
  static let (side, radius) = (75, 5)

  /// A scene of the preset; a picture of another size has larger objects.
  static func scene(side: Int, random: inout SeededRandom) -> Scene {
    while true {
      var placement = Placement(side: side, gap: 1)
      let isFull = colors.contains { color in
        let shape: SceneShape = random.integer(below: 2) == 0 ? .circle : .square
        return !placement.place(
          shape, color, .small, radius: max(2, Self.radius * side / Self.side), random: &random)
      }
      if !isFull { return Scene(side: side, objects: placement.objects) }
    }
  }

  /// Ten relational and ten other questions, no two alike.
  static func questions(about scene: Scene, random: inout SeededRandom) -> [SceneQuestion] {
    let plain = scene.objects.flatMap { plainQuestions(about: $0, in: scene) }
    let relational = scene.objects.flatMap { relationalQuestions(about: $0, in: scene) }
    return [plain, relational].flatMap { all in
      random.permutation(all.count).prefix(questionsOfAKind).map { all[$0] }
    }
  }

  private static func plainQuestions(about object: SceneObject, in scene: Scene) -> [SceneQuestion] {
    let name = "\(object.color.rawValue) object"
    // Twice the middle: the side may be odd. An object exactly in the middle is on neither side.
    let (across, down) = (2 * object.x + 1 - scene.side, 2 * object.y + 1 - scene.side)
    var questions = [plain("what shape is the \(name)?", object.shape.rawValue, "shape")]
    if across != 0 {
      questions.append(
        plain("is the \(name) on the left or on the right?", across < 0 ? "left" : "right", "horizontal side"))
    }
    if down != 0 {
      questions.append(
        plain("is the \(name) at the top or at the bottom?", down < 0 ? "top" : "bottom", "vertical side"))
    }
    return questions
  }

  private static func relationalQuestions(about object: SceneObject, in scene: Scene) -> [SceneQuestion] {
    let name = "\(object.color.rawValue) object"
    let others = scene.objects.filter { $0 != object }
    let distances = others.map { object.squaredDistance(to: $0) }
    var questions: [SceneQuestion] = []
    if let shape = onlyShape(of: others, distances, at: distances.min()) {
      questions.append(relational("what shape is the object closest to the \(name)?", shape.rawValue, "closest"))
    }
    if let shape = onlyShape(of: others, distances, at: distances.max()) {
      questions.append(relational("what shape is the object furthest from the \(name)?", shape.rawValue, "furthest"))
    }
    // The object itself counts, as published: the answers run from 1 to 6.
    let same = scene.objects.count { $0.shape == object.shape }
    questions.append(relational("how many objects have the shape of the \(name)?", String(same), "count"))
    return questions
  }

  /// The shape of the objects at a distance; nil when two at the same distance differ, since then there is no one answer.
  private static func onlyShape(of objects: [SceneObject], _ distances: [Int], at distance: Int?) -> SceneShape? {
    let shapes = Set(zip(objects, distances).filter { $0.1 == distance }.map(\.0.shape))
    return shapes.count == 1 ? shapes.first : nil
  }

  private static func plain(_ text: String, _ answer: String, _ type: String) -> SceneQuestion {
    SceneQuestion(text: text, answer: answer, questionType: type, answerType: "non-relational")
  }

  private static func relational(_ text: String, _ answer: String, _ type: String) -> SceneQuestion {
    SceneQuestion(text: text, answer: answer, questionType: type, answerType: "relational")
  }
}
