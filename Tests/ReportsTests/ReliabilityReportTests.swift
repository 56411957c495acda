// ReliabilityReportTests.swift - accuracy by confidence as numbers and as a drawing.

import Evaluation
import ImageCodecs
import Reports
import Testing

@Suite struct ReliabilityReportTests {
  private static let reliability: Reliability = {
    var reliability = Reliability(bins: 4)
    reliability.add(confidence: 0.25, score: 0.5)
    reliability.add(confidence: 1, score: 0)
    return reliability
  }()

  @Test func numbers() {
    #expect(
      ReliabilityReport.csv(Self.reliability) == """
        from,to,count,confidence,accuracy
        0.0,0.25,1,0.25,0.5
        0.25,0.5,0,,
        0.5,0.75,0,,
        0.75,1.0,1,1.0,0.0

        """)
  }

  @Test func barsAreAsHighAsAnswersAreRight() throws {
    let image = try decodeImage(try ReliabilityReport.png(Self.reliability, title: "a model on questions"))
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      let place = (y * image.width + x) * 3
      return Array(image.pixels[place..<place + 3])
    }
    let accent: [UInt8] = [0, 128, 132]
    // The first of four bars reaches half the height of the plot, the last has none.
    #expect(pixel(120, 400) == accent && pixel(120, 620) == accent)
    #expect(pixel(120, 370) != accent && pixel(830, 600) != accent)
    let empty = try decodeImage(try ReliabilityReport.png(Reliability(), title: ""))
    #expect(empty.width == image.width && empty.height == image.height)
  }
}
