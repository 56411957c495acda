// ScenePainter.swift - draws a scene; edges are smoothed by asking sixteen points of each pixel.

import ImageCodecs

extension Scene {
  /// The picture of the scene, `side` by `side` pixels on white.
  ///
  /// - Returns: The picture.
  /// - Throws: `ImageFailure` when the side is no size of a picture.
  public func picture() throws(ImageFailure) -> RGBImage {
    var pixels = [UInt8](repeating: 255, count: side * side * 3)
    for object in objects { Self.draw(object, side: side, into: &pixels) }
    return try RGBImage(width: side, height: side, pixels: pixels)
  }

  /// Points asked along each side of a pixel.
  private static let points = 4

  private static func draw(_ object: SceneObject, side: Int, into pixels: inout [UInt8]) {
    let color = [object.color.value.red, object.color.value.green, object.color.value.blue]
    for y in max(0, object.y - object.radius)...min(side - 1, object.y + object.radius) {
      for x in max(0, object.x - object.radius)...min(side - 1, object.x + object.radius) {
        let covered = coverage(of: object, x: x, y: y)
        guard covered > 0 else { continue }
        let all = points * points
        for channel in 0..<3 {
          let place = (y * side + x) * 3 + channel
          let mixed = Int(color[channel]) * covered + Int(pixels[place]) * (all - covered)
          pixels[place] = UInt8(clamping: (mixed + all / 2) / all)
        }
      }
    }
  }

  /// How many of a pixel's points lie in the object.
  ///
  /// Places are counted in eighths of a pixel from the object's middle, so that all numbers are whole.
  private static func coverage(of object: SceneObject, x: Int, y: Int) -> Int {
    let radius = object.radius * 8 + 4
    var count = 0
    for row in 0..<points {
      for column in 0..<points {
        let across = (x - object.x) * 8 + column * 2 - 3
        let down = (y - object.y) * 8 + row * 2 - 3
        if contains(object.shape, across, down, radius) { count += 1 }
      }
    }
    return count
  }

  private static func contains(_ shape: SceneShape, _ across: Int, _ down: Int, _ radius: Int) -> Bool {
    switch shape {
    case .circle: across * across + down * down <= radius * radius
    case .square: abs(across) <= radius && abs(down) <= radius
    // The upper corner in the middle, the lower ones at the sides.
    case .triangle: abs(down) <= radius && 2 * abs(across) <= down + radius
    }
  }
}
