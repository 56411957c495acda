// LegacyTorchFile.swift - the layout of torch.save before torch 1.6: pickles one behind the other, then the raw storages.
//
// Four pickles: a magic number, a version, how numbers were stored, the object; a fifth lists the keys of all storages, which follow in
// that order, each a count of numbers in eight bytes and the numbers. torch/serialization.py (_legacy_save) describes it.

import SafeFiles

/// A checkpoint of torch before 1.6, understood as data like any other.
struct LegacyTorchFile {
  let root: PickleValue
  let byteOrder: ByteOrder
  let storages: [String: FilePart]

  /// The pickles of the magic number and of version 1001, as torch has always written them.
  private static let begin: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    0x80, 0x02, 0x4D, 0xE9, 0x03, 0x2E,
  ]

  /// Reads a file; nil when it does not begin as such files do.
  ///
  /// - Parameters:
  ///   - file: The whole file.
  ///   - limits: Size of each pickle, and what it may ask for.
  /// - Throws: ``TorchFailure``.
  init?(_ file: FilePart, limits: LoadLimits) throws(TorchFailure) {
    guard file.prefix(Self.begin.count) == Self.begin else { return nil }
    var place = Self.begin.count
    func next() throws(TorchFailure) -> PickleValue {
      let rest = file[place..<file.count].prefix(limits.pickleBytes)
      var unpickler = Unpickler(rest, limits: limits) { _ in nil }
      unpickler.legacyLimit = file.count
      do {
        let value = try unpickler.run()
        place += unpickler.position
        return value
      } catch {
        throw .pickle(entry: nil, cause: error)
      }
    }
    let system = try next()
    byteOrder = system["little_endian"]?.booleanValue == false ? .big : .little
    let objectPlace = place
    root = try next()
    let keysPlace = place
    guard let keys = try next().elements?.map(\.textValue) else {
      throw .legacyPart(offset: keysPlace, part: "there is no list of storages")
    }
    var widths: [String: Int] = [:]
    for (_, tensor) in root.tensors() { widths[tensor.storageKey] = tensor.dataType.width }
    var storages: [String: FilePart] = [:]
    for key in keys {
      guard let key, storages[key] == nil else {
        throw .legacyPart(offset: keysPlace, part: "the list of storages names one twice, or none")
      }
      let countBytes = 8
      guard file.count - place >= countBytes else {
        throw .legacyPart(offset: place, part: "it ends before storage \(visibleText(key))")
      }
      let count = file[place..<place + countBytes].copy().reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      place += countBytes
      // A storage of which no tensor is left has no known width, so what follows it cannot be found.
      guard let width = widths[key] else {
        throw .legacyPart(offset: objectPlace, part: "no tensor uses storage \(visibleText(key))")
      }
      let left = file.count - place
      guard count <= UInt64(left / width) else {
        throw .legacyPart(offset: place, part: "storage \(visibleText(key)) ends beyond the file")
      }
      storages[key] = file[place..<place + Int(count) * width]
      place += Int(count) * width
    }
    for (_, tensor) in root.tensors() {
      guard storages[tensor.storageKey]?.count == tensor.storageCount * tensor.dataType.width else {
        let key = visibleText(tensor.storageKey)
        throw .legacyPart(offset: keysPlace, part: "storage \(key) has another size than its tensors say")
      }
    }
    self.storages = storages
  }
}
