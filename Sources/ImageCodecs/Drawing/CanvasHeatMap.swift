// CanvasHeatMap.swift - laying a heat map over a canvas.

extension Canvas {
  /// Lays a heat map over a rectangle of the canvas, the colours interpolated between the middles of its cells.
  ///
  /// - Parameters:
  ///   - map: The numbers; 0 and below get the darkest colour.
  ///   - rectangle: Where it goes; the whole canvas when nil.
  ///   - maximum: The number that gets the brightest colour; the largest of the map when nil.
  ///   - scale: The colours.
  ///   - opacity: From 0, only what was there, to 1, only the heat map.
  public mutating func overlay(
    _ map: HeatMap, in rectangle: PixelRectangle? = nil, maximum: Float? = nil, scale: ColorScale = .ember,
    opacity: Float = 0.6
  ) {
    let place = rectangle ?? PixelRectangle(x: 0, y: 0, width: image.width, height: image.height)
    let maximum = maximum ?? map.maximum
    let weight = Int(256 * (opacity > 0 ? min(1, opacity) : 0))
    let columns = columns(of: place)
    for y in rows(of: place) {
      let down = (Float(y - place.y) + 0.5) / Float(place.height)
      for x in columns {
        let across = (Float(x - place.x) + 0.5) / Float(place.width)
        let color = scale.color(at: maximum > 0 ? map.value(x: across, y: down) / maximum : 0)
        let offset = (y * image.width + x) * 3
        mix(color.red, into: offset, weight)
        mix(color.green, into: offset + 1, weight)
        mix(color.blue, into: offset + 2, weight)
      }
    }
  }

  /// Mixes one value into what is there; `weight` of 256 parts.
  private mutating func mix(_ value: UInt8, into offset: Int, _ weight: Int) {
    let mixed = Int(image.pixels[offset]) * (256 - weight) + Int(value) * weight
    image.pixels[offset] = UInt8(truncatingIfNeeded: (mixed + 128) >> 8)
  }
}
