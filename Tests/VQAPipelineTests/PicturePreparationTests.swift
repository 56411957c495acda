// PicturePreparationTests.swift - pictures of any size become numbers of the size and range that the model was made for.

import ImageCodecs
import Testing
import VQAPipeline

@Suite struct PicturePreparationTests {
  private let preparation = PicturePreparation(Small.configuration)

  @Test func normalisesEachChannel() throws {
    let image = try RGBImage(width: 16, height: 16, color: RGBColor(red: 255, green: 0, blue: 51))
    let tensor = preparation.tensor([image])
    #expect(tensor.shape == [1, 16, 16, 3])
    // (1 - 0.4) / 0.2, (0 - 0.5) / 0.25, (0.2 - 0.6) / 0.5
    let wanted: [Float] = [3, -2, -0.8]
    for (place, value) in tensor.elements.enumerated() { #expect(abs(value - wanted[place % 3]) < 1e-5) }
  }

  @Test func keepsPicturesRowsAndColumnsApart() throws {
    let pictures = [try Small.picture(1), try Small.picture(2)]
    let values = preparation.tensor(pictures).elements
    #expect(values.count == 2 * 16 * 16 * 3)
    for (number, row, column) in [(0, 0, 1), (0, 3, 5), (1, 15, 15), (1, 0, 0)] {
      let color = try #require(pictures[number].color(x: column, y: row))
      let start = ((number * 16 + row) * 16 + column) * 3
      #expect(abs(values[start] - (Float(color.red) / 255 - 0.4) / 0.2) < 1e-5)
      #expect(abs(values[start + 1] - (Float(color.green) / 255 - 0.5) / 0.25) < 1e-5)
      #expect(abs(values[start + 2] - (Float(color.blue) / 255 - 0.6) / 0.5) < 1e-5)
    }
  }

  @Test func noPictureGivesAnEmptyTensor() {
    #expect(preparation.tensor([]).shape == [0, 16, 16, 3])
  }

  @Test func blankIsMiddleGrey() throws {
    let blank = try preparation.blank()
    #expect((blank.width, blank.height) == (16, 16))
    #expect(blank.pixels.allSatisfy { $0 == 128 })
  }

  @Test(arguments: [(16, 16), (1, 1), (1, 40), (64, 9), (200, 300)])
  func fitsAnySize(width: Int, height: Int) throws {
    let image = try Small.picture(1, width: width, height: height)
    let fitted = try preparation.fit(image)
    #expect((fitted.width, fitted.height) == (16, 16))
    if width == 16 { #expect(fitted == image) }
    // PNG is lossless, so a file gives what the picture itself gives.
    #expect(try preparation.load(try encodePNG(image)) == fitted)
  }

  @Test func oneColourStaysThatColour() throws {
    let color = RGBColor(red: 10, green: 200, blue: 77)
    let fitted = try preparation.fit(try RGBImage(width: 33, height: 7, color: color))
    #expect(fitted == (try RGBImage(width: 16, height: 16, color: color)))
  }

  @Test func junkIsRefused() {
    #expect(throws: ImageFailure.self) { try preparation.load([]) }
    #expect(throws: ImageFailure.self) { try preparation.load(Array("no picture".utf8)) }
  }
}
