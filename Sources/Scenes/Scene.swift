// Scene.swift - what a drawn picture shows: objects of a few shapes, colours and sizes at known places.

import ImageCodecs

/// The outline of an object.
public enum SceneShape: String, Sendable, CaseIterable {
  /// A disc.
  case circle
  /// A square standing on a side.
  case square
  /// A triangle standing on a side.
  case triangle

  /// The word for several of them.
  var plural: String { rawValue + "s" }
}

/// The colour of an object.
public enum SceneColor: String, Sendable, CaseIterable {
  /// The six of Sort-of-CLEVR.
  case red, green, blue, orange, gray, yellow
  /// Two more for larger sets.
  case purple, cyan

  /// Its parts.
  var value: RGBColor {
    switch self {
    case .red: RGBColor(red: 220, green: 20, blue: 30)
    case .green: RGBColor(red: 0, green: 150, blue: 40)
    case .blue: RGBColor(red: 20, green: 50, blue: 230)
    case .orange: RGBColor(red: 255, green: 150, blue: 0)
    case .gray: RGBColor(red: 128, green: 128, blue: 128)
    case .yellow: RGBColor(red: 250, green: 230, blue: 20)
    case .purple: RGBColor(red: 140, green: 30, blue: 170)
    case .cyan: RGBColor(red: 40, green: 200, blue: 220)
    }
  }
}

/// How large an object is.
public enum SceneSize: String, Sendable, CaseIterable {
  /// The smaller of the two sizes.
  case small
  /// The larger one.
  case large
}

/// One object of a scene.
public struct SceneObject: Sendable, Equatable {
  /// Its outline.
  public var shape: SceneShape
  /// Its colour.
  public var color: SceneColor
  /// Its size in words.
  public var size: SceneSize
  /// Pixels from the left edge of the picture to its middle.
  public var x: Int
  /// Pixels from the upper edge of the picture to its middle.
  public var y: Int
  /// Half its width in pixels.
  public var radius: Int

  /// An object at a place.
  ///
  /// - Parameters:
  ///   - shape: Its outline.
  ///   - color: Its colour.
  ///   - size: Its size in words.
  ///   - x: Pixels from the left edge of the picture to its middle.
  ///   - y: Pixels from the upper edge of the picture to its middle.
  ///   - radius: Half its width in pixels.
  public init(shape: SceneShape, color: SceneColor, size: SceneSize, x: Int, y: Int, radius: Int) {
    self.shape = shape
    self.color = color
    self.size = size
    self.x = x
    self.y = y
    self.radius = radius
  }

  /// The square of the distance between two middles.
  func squaredDistance(to other: SceneObject) -> Int {
    (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)
  }
}

/// A square picture of objects that do not touch.
public struct Scene: Sendable, Equatable {
  /// Height and width in pixels.
  public var side: Int
  /// The objects, in the order they were placed.
  public var objects: [SceneObject]

  /// A scene of given objects.
  public init(side: Int, objects: [SceneObject]) {
    self.side = side
    self.objects = objects
  }
}
