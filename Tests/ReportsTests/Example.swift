// Example.swift - made-up answers and views of any size, the same at every run.

import ImageCodecs
import Routing
import VQAPipeline

/// An answer with views of its attention.
struct Example {
  var question = "What shape is in the picture?"
  var candidates = [
    AnswerCandidate(answer: "circle", probability: 0.9731), AnswerCandidate(answer: "rectangle", probability: 0.0163),
    AnswerCandidate(answer: "triangle", probability: 0.0052),
  ]
  var grid = GridSize(rows: 8, columns: 8)
  var orders = [0, 1, 2, 3]
  var weights: [[Float]] = [[0.12, 0.61, 0.2, 0.07], [0.4125, 0.3, 0.2, 0.0875]]
  var words: [(word: String, weight: Float)] = [
    ("what", 0.0412), ("shape", 0.7711), ("is", 0.02), ("in", 0.0177), ("the", 0.03), ("picture", 0.12),
  ]
  var unknownWords: [String] = []
  var droppedWords = 0
  var multiplyAdds = 46_812_345

  /// An example with so many layers and spans whose weights all differ.
  static func sized(layers: Int, spans: Int, grid: GridSize) -> Example {
    var example = Example()
    example.grid = grid
    example.orders = Array(0..<spans)
    example.weights = (0..<layers).map { layer in
      let raw = (0..<spans).map { Float(($0 * 7 + layer * 3) % 11 + 1) }
      return raw.map { $0 / raw.reduce(0, +) }
    }
    return example
  }

  var answer: Answer {
    var trace = RoutingTrace()
    trace.spans = weights.enumerated().map { SpanDecision(layer: $0, orders: orders, weights: [$1]) }
    return Answer(
      question: question, candidates: candidates, multiplyAdds: multiplyAdds, trace: trace,
      unknownWords: unknownWords, droppedWords: droppedWords)
  }

  var views: SpanViews {
    let views = weights.enumerated().flatMap { layer, weights in
      orders.indices.prefix(weights.count).map { span in
        SpanView(
          layer: layer, order: orders[span], weight: weights[span],
          attention: attention(layer: layer, sharpness: Float(span)))
      }
    }
    return SpanViews(grid: grid, views: views, pooling: attention(layer: 1, sharpness: 9), words: words)
  }

  /// A hill of attention on the grid, further right with each layer.
  func attention(layer: Int, sharpness: Float) -> [Float] {
    let values = (0..<grid.tokens).map { token -> Float in
      let down = Float(token / grid.columns) / Float(grid.rows) - 0.4
      let across = Float(token % grid.columns) / Float(grid.columns) - 0.3 - 0.1 * Float(layer % 5)
      return 1 / (1 + sharpness * 12 * (down * down + across * across))
    }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// A picture of a disc on a slope of grey.
  static func picture(width: Int, height: Int) throws -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let across = Double(x) / Double(width) - 0.5, down = Double(y) / Double(height) - 0.4
        let isInside = across * across + down * down < 0.06
        pixels += isInside ? [20, 70, 190] : [UInt8(120 + 100 * x / width), UInt8(200 - 60 * y / height), 180]
      }
    }
    return try RGBImage(width: width, height: height, pixels: pixels)
  }
}

/// Questions and answers that nobody should be able to harm a report with.
let hostileTexts = [
  "", "   ", "\n\n", "a\u{0}b\u{1B}[2J\u{9B}31m\u{7F}", "\u{202E}txet\u{2028}x", String(repeating: "x", count: 5_000),
  String(repeating: "很长的问题", count: 300), "e" + String(repeating: "\u{301}", count: 2_000), "=1+1,\"a\";b\tc",
  "\u{FEFF}\u{200B}", "😀👩‍👩‍👧🇩🇪", "\r\n%s %n $(x) <b>&amp;</b>",
]

/// A cascade of three grids that stopped at the second.
enum CascadeExample {
  static let grids = [7, 10, 14].map { GridSize(rows: $0, columns: $0) }

  /// What the stages did for an answer given at an exit, from 1.
  static func record(exit: Int, passedUnasked: Bool = false) -> CascadeRecord {
    let stages = grids.enumerated().map { index, grid in
      var stage = CascadeRecord.Stage(
        grid: grid, threshold: [0.9312, 0.8, nil][index],
        visionMultiplyAdds: [4_100_000, 9_300_000, 20_500_000][index],
        answerMultiplyAdds: [1_200_000, 2_600_000, 5_400_000][index])
      stage.isComputed = index < exit
      if stage.isComputed, index + 1 == exit || !passedUnasked { stage.confidence = [0.6121, 0.9731, 0.9999][index] }
      return stage
    }
    return CascadeRecord(stages: stages, questionMultiplyAdds: 300_000, fullRunMultiplyAdds: 39_600_000)
  }

  /// An answer given at an exit, with views of its grid.
  static func answer(exit: Int, passedUnasked: Bool = false) -> (answer: Answer, views: SpanViews) {
    var example = Example()
    example.grid = grids[exit - 1]
    let record = record(exit: exit, passedUnasked: passedUnasked)
    example.multiplyAdds = record.questionMultiplyAdds + record.stages.reduce(0) { $0 + $1.spent }
    var answer = example.answer
    (answer.exit, answer.cascade) = (exit, record)
    return (answer, example.views)
  }

  /// What three exits say about questions: the first is wrong and unsure about every third, the second about every ninth, the last about every
  /// thirtieth; all are wrong and sure about every twentieth.
  static func calibration() -> ExitCalibration {
    let readings = (0..<90).map { number -> ExitReadings in
      let logits = zip([3, 9, 30], [4, 5, 6] as [Float]).map { part, gap -> [Float] in
        number % 20 == 7 ? [0, gap, 0.25] : number % part == 0 ? [0, 1, 0.25] : [gap, 0, 0.25]
      }
      return ExitReadings(
        logits: logits,
        work: ExitWork(
          question: 300_000, vision: [4_100_000, 9_300_000, 20_500_000], answer: [1_200_000, 2_600_000, 5_400_000]))
    }
    return ExitCalibration(readings: readings) { $1 == 0 ? 1 : 0 }
  }
}
