// PictureCache.swift - the pictures asked about last, found by the hash of their bytes.

import VQAPipeline

/// Keeps a fixed number of pictures, those used last.
struct PictureCache {
  private let capacity: Int
  private var pictures: [String: (picture: SeenPicture, used: Int)] = [:]
  private var clock = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Whether a picture with this hash is here.
  func contains(_ hash: String) -> Bool { pictures[hash] != nil }

  /// The picture with this hash.
  subscript(hash: String) -> SeenPicture? {
    mutating get {
      guard let found = pictures[hash] else { return nil }
      clock += 1
      pictures[hash] = (found.picture, clock)
      return found.picture
    }
  }

  /// Adds a picture.
  mutating func insert(_ picture: SeenPicture, hash: String) {
    clock += 1
    pictures[hash] = (picture, clock)
  }

  /// Forgets the pictures not used for longest, down to the capacity.
  mutating func trim() {
    guard pictures.count > capacity else { return }
    let oldest = pictures.sorted { $0.value.used < $1.value.used }.prefix(pictures.count - capacity)
    for (hash, _) in oldest { pictures[hash] = nil }
  }
}
