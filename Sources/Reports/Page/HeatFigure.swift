// HeatFigure.swift - attention as colours over the picture: a small picture of the grid, stretched over it by the browser.

import ImageCodecs
import Routing

/// Draws maps of attention.
struct HeatFigure {
  /// Longest side in pixels of a map that is drawn finely.
  private static let fineSide = 40
  /// Most patches of which each tells its share when pointed at.
  private static let mostCells = 400

  /// The grid of the maps.
  let grid: GridSize
  /// The grid on which the picture stands in the page.
  let frameGrid: GridSize
  /// The picture under the maps; nil where there is none.
  let picture: PagePlace?

  init(grid: GridSize, frameGrid: GridSize? = nil, picture: PagePlace?) {
    self.grid = grid
    self.frameGrid = picture?.grid ?? frameGrid ?? grid
    self.picture = picture
  }

  /// The coordinates of a drawing whose unit is a patch.
  static func frame(_ grid: GridSize) -> Markup {
    "viewBox=\"0 0 \(grid.columns) \(grid.rows)\" preserveAspectRatio=\"none\""
  }

  /// A map as a figure of its own.
  ///
  /// - Parameters:
  ///   - attention: The attention each patch received, row by row.
  ///   - label: What the map shows, for those who do not see it.
  ///   - isFine: Whether it is drawn finely, each patch telling its share when pointed at.
  /// - Returns: HTML; of a map that does not fit the grid only the picture.
  /// - Throws: `ImageFailure` when the map cannot be encoded.
  func map(_ attention: [Float], label: String, isFine: Bool = true) throws(ImageFailure) -> Markup {
    guard attention.count == grid.tokens, grid.tokens > 0 else { return drawn("no map", "") }
    let heat: Markup = """
      <image class="heat" width="\(frameGrid.columns)" height="\(frameGrid.rows)" preserveAspectRatio="none" \
      href="\(Markup.dataAddress(try colors(attention, isFine: isFine), type: "png"))"/>
      """
    return drawn(label, isFine && grid.tokens <= Self.mostCells ? "\(heat)\(cells(attention))" : heat)
  }

  private func drawn(_ label: String, _ heat: Markup) -> Markup {
    let blank: Markup = "<rect class=\"blank\" width=\"100%\" height=\"100%\"/>"
    let ground = picture?.again ?? blank
    return """
      <svg class="map" \(Self.frame(frameGrid)) role="img" aria-label="\(label, limit: 300)">\(ground)\(heat)</svg>
      """
  }

  /// The colours of a map as a PNG file; the brightest stands for the peak, or where that is low for a few even shares.
  private func colors(_ attention: [Float], isFine: Bool) throws(ImageFailure) -> [UInt8] {
    let map = try HeatMap(rows: grid.rows, columns: grid.columns, values: attention)
    let least = min(1, Float(AttentionCell.leastPeak) / Float(attention.count))
    let longest = max(grid.rows, grid.columns)
    let dots = isFine ? max(1, Self.fineSide / longest) : 1
    var canvas = try Canvas(width: grid.columns * dots, height: grid.rows * dots)
    canvas.overlay(map, maximum: max(map.maximum, least), opacity: 1)
    return try encodePNG(canvas.image)
  }

  /// A window over each patch that tells its share.
  private func cells(_ attention: [Float]) -> Markup {
    let cells = attention.enumerated().map { token, share -> Markup in
      let row = token / grid.columns, column = token % grid.columns
      return """
        <rect x="\(column)" y="\(row)"><title>row \(row + 1), column \(column + 1): \(Percent.text(share))</title></rect>
        """
    }
    return "<g class=\"cells\" aria-hidden=\"true\">\(cells)</g>"
  }
}
