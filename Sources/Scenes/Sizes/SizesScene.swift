// SizesScene.swift - scenes of the preset `sizes`: a few large objects that any grid shows, and small ones that only a fine grid shows well.

import Tensors

/// Draws scenes of the preset `sizes`.
enum SizesScene {
  private static let (largeCounts, smallCounts) = (1...4, 1...7)
  /// Half the width of an object as a share of the picture's side, in thousandths.
  private static let (largeRadii, smallRadii) = (80...120, 28...36)
  /// The least half width in pixels at which shapes can be told apart.
  private static let leastRadius = 2

  /// A scene; colours and shapes are drawn from four colours, so that several objects share them.
  static func scene(side: Int, random: inout SeededRandom) -> Scene {
    let counts = (large: random.integer(in: largeCounts), small: random.integer(in: smallCounts))
    let palette = random.permutation(SceneColor.allCases.count).prefix(4).map { SceneColor.allCases[$0] }
    while true {
      var placement = Placement(side: side, gap: max(1, side / 64))
      // The large ones first: they would find no place among the small ones.
      let sizes =
        [SceneSize](repeating: .large, count: counts.large) + [SceneSize](repeating: .small, count: counts.small)
      let isFull = sizes.contains { size in
        let shape = SceneShape.allCases[random.integer(below: SceneShape.allCases.count)]
        let color = palette[random.integer(below: palette.count)]
        let share = random.integer(in: size == .large ? largeRadii : smallRadii)
        let radius = max(leastRadius, (side * share + 500) / 1000)
        return !placement.place(shape, color, size, radius: radius, random: &random)
      }
      if !isFull { return Scene(side: side, objects: placement.objects) }
    }
  }
}
