// Placement.swift - finds free places for the objects of a scene.

import Tensors

/// Places objects so that none touches another or the edge.
struct Placement {
  let side: Int
  private(set) var objects: [SceneObject] = []
  /// Pixels that stay free between the squares around two objects.
  private let gap: Int
  /// A place is looked for so often before the scene counts as full.
  private static let tries = 400

  init(side: Int, gap: Int) {
    self.side = side
    self.gap = gap
  }

  /// Adds an object at a free place.
  ///
  /// - Returns: False when none was found.
  mutating func place(
    _ shape: SceneShape, _ color: SceneColor, _ size: SceneSize, radius: Int, random: inout SeededRandom
  ) -> Bool {
    for _ in 0..<Self.tries {
      let x = random.integer(in: radius...(side - 1 - radius))
      let y = random.integer(in: radius...(side - 1 - radius))
      let isFree = objects.allSatisfy { max(abs($0.x - x), abs($0.y - y)) > $0.radius + radius + gap }
      guard isFree else { continue }
      objects.append(SceneObject(shape: shape, color: color, size: size, x: x, y: y, radius: radius))
      return true
    }
    return false
  }
}
