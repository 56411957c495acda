// StepsScene.swift - scenes of the preset `steps`: three to eight objects of three shapes, eight colours and two sizes.

import Tensors

/// Draws scenes of the preset `steps`.
enum StepsScene {
  private static let objects = 3...8
  /// How many objects of each size stand side by side across the picture.
  private static let (small, large) = (10, 6)

  /// A scene; colours and shapes repeat often enough that questions of several steps have something to find.
  static func scene(side: Int, random: inout SeededRandom) -> Scene {
    let count = random.integer(in: objects)
    // Half of the colours, so that objects share them.
    let palette = random.permutation(SceneColor.allCases.count).prefix(4).map { SceneColor.allCases[$0] }
    while true {
      var placement = Placement(side: side, gap: max(1, side / 64))
      let isFull = (0..<count).contains { _ in
        let shape = SceneShape.allCases[random.integer(below: SceneShape.allCases.count)]
        let color = palette[random.integer(below: palette.count)]
        let size: SceneSize = random.integer(below: 2) == 0 ? .small : .large
        let radius = max(2, side / (size == .small ? small * 2 : large * 2))
        return !placement.place(shape, color, size, radius: radius, random: &random)
      }
      if !isFull { return Scene(side: side, objects: placement.objects) }
    }
  }
}
