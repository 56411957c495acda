// TorchCheckpoint.swift - reads a checkpoint of torch.save (torch 1.6 and later): a zip archive of a pickle and raw storages.
//
// Files of older versions are read too, see LegacyTorchFile. The archive has one folder, "archive" or the file's own name: in it data.pkl, the storages data/0, data/1 ..., and in files
// of newer versions byteorder. torch/serialization.py describes it.

import SafeFiles

/// The values of a torch checkpoint; the numbers of its tensors stay in the file until they are asked for.
///
/// The pickle is read as data (see ``Pickle``): no file can make this code call anything.
public struct TorchCheckpoint: Sendable {
  /// What was given to `torch.save`.
  public let root: PickleValue

  private let storages: Storages
  private let byteOrder: ByteOrder

  /// Where the numbers lie.
  private enum Storages: Sendable {
    /// Entries of an archive, below a folder.
    case zip(ZipArchive, folder: String)
    /// Runs of a file of torch before 1.6, by key.
    case legacy([String: FilePart])
  }

  private static let pickleName = "data.pkl"

  /// Maps a file and reads its pickle.
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - limits: Size of the file and of its pickle, and what the pickle may ask for.
  /// - Throws: ``FileFailure`` with a ``FileReadFailure`` or a ``TorchFailure``.
  public init(path: String, limits: LoadLimits = .default) throws(FileFailure) {
    let file = FileBytes.mapped(try MappedFile(path: path, limit: limits.weightFileBytes))
    do { try self.init(file, limits: limits) } catch { throw FileFailure(file: path, cause: error) }
  }

  /// Reads the pickle of a file that is in memory.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - limits: Size of the pickle, and what it may ask for.
  /// - Throws: ``TorchFailure``.
  public init(bytes: [UInt8], limits: LoadLimits = .default) throws(TorchFailure) {
    try self.init(.memory(bytes), limits: limits)
  }

  private init(_ file: FileBytes, limits: LoadLimits) throws(TorchFailure) {
    if let legacy = try LegacyTorchFile(FilePart(file), limits: limits) {
      (root, byteOrder, storages) = (legacy.root, legacy.byteOrder, .legacy(legacy.storages))
      return
    }
    try Self.refuseBarePickle(FilePart(file), limits: limits)
    let zip = try Self.inZip { () throws(ZipFailure) in try ZipArchive(file, limits: limits) }
    let pickles = zip.entries.filter { entry in
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      return parts.count == 2 && parts[1] == Self.pickleName
    }
    guard let entry = pickles.first, pickles.count == 1 else { throw .noPickle(found: pickles.count) }
    guard entry.size <= limits.pickleBytes else { throw .pickleTooLong(bytes: entry.size, limit: limits.pickleBytes) }
    let folder = String(entry.name.dropLast(Self.pickleName.count))
    let bytes = try Self.inZip { () throws(ZipFailure) in try zip.bytes(of: entry) }
    do {
      root = try Pickle.read(bytes, limits: limits) { key in zip[Self.storageName(folder, key)]?.size }
    } catch {
      throw .pickle(entry: entry.name, cause: error)
    }
    byteOrder = try Self.byteOrder(zip, folder: folder)
    storages = .zip(zip, folder: folder)
  }

  /// Refuses a pickle that no archive is around; one that is made to run code is told by what it names.
  private static func refuseBarePickle(_ part: FilePart, limits: LoadLimits) throws(TorchFailure) {
    // Zip archives begin so; without this a whole archive would be copied.
    guard part.prefix(2) != Array("PK".utf8) else { return }
    // Pickles of protocol 2 or later begin with 0x80; older ones begin like many a text.
    let isPickle = part.prefix(1) == [0x80]
    do {
      _ = try Pickle.read(part.prefix(limits.pickleBytes), limits: limits) { _ in nil }
    } catch {
      switch error {
      case .refusedName: throw .pickle(entry: nil, cause: error)
      case .refusedStep, .refusedCall: if isPickle { throw .pickle(entry: nil, cause: error) }
      default: break
      }
    }
    if isPickle { throw .legacyFile }
  }

  private static func storageName(_ folder: String, _ key: String) -> String { "\(folder)data/\(key)" }

  private static func inZip<Result>(_ read: () throws(ZipFailure) -> Result) throws(TorchFailure) -> Result {
    do { return try read() } catch { throw .zip(error) }
  }

  private static func byteOrder(_ zip: ZipArchive, folder: String) throws(TorchFailure) -> ByteOrder {
    guard let entry = zip[folder + "byteorder"] else { return .little }
    let part = try inZip { () throws(ZipFailure) in try zip.contents(of: entry) }
    switch String(decoding: part.prefix(16), as: UTF8.self) {
    case "little": return .little
    case "big": return .big
    case let other: throw .unknownByteOrder(other)
    }
  }

  /// Reads the numbers of a tensor as `Float`; wider ones are rounded to the nearest.
  /// - Parameter tensor: A tensor of this checkpoint.
  /// - Returns: The numbers, the last dimension varying fastest whatever the strides.
  /// - Throws: ``TorchFailure``.
  public func floats(of tensor: TorchTensor) throws(TorchFailure) -> [Float] {
    guard let numbers = try part(of: tensor).floats(tensor.dataType, byteOrder) else {
      throw .notConvertible(storage: tensor.storageKey, type: tensor.dataType)
    }
    return rowMajor(numbers, of: tensor)
  }

  /// Reads the whole numbers of a tensor exactly.
  /// - Parameter tensor: A tensor of this checkpoint, of booleans or whole numbers.
  /// - Returns: The numbers, the last dimension varying fastest whatever the strides.
  /// - Throws: ``TorchFailure``.
  public func int64s(of tensor: TorchTensor) throws(TorchFailure) -> [Int64] {
    guard let numbers = try part(of: tensor).int64s(tensor.dataType, byteOrder) else {
      throw .notWhole(storage: tensor.storageKey, type: tensor.dataType)
    }
    return rowMajor(numbers, of: tensor)
  }

  /// Reads a whole number, which newer versions of torch store as a tensor of one number: the steps of Adam.
  /// - Parameter value: A value of this checkpoint.
  /// - Returns: The number.
  /// - Throws: ``TorchFailure``.
  public func wholeNumber(_ value: PickleValue) throws(TorchFailure) -> Int64 {
    if let number = value.integerValue { return number }
    guard let tensor = value.tensorValue, tensor.count == 1 else { throw .noWholeNumber(found: value.kindName) }
    if let numbers = try? int64s(of: tensor), let number = numbers.first { return number }
    let number = try floats(of: tensor)[0]
    guard let whole = Int64(exactly: number) else { throw .noWholeNumber(found: "\(number)") }
    return whole
  }

  /// Reads the whole file and checks the checksum of every entry; nothing is kept.
  ///
  /// Files of torch before 1.6 have no checksums.
  /// - Throws: ``TorchFailure`` for the first entry that is damaged.
  public func verify() throws(TorchFailure) {
    guard case .zip(let zip, _) = storages else { return }
    try Self.inZip { () throws(ZipFailure) in try zip.verify() }
  }

  /// The bytes of a tensor's storage from its first to its last number.
  private func part(of tensor: TorchTensor) throws(TorchFailure) -> FilePart {
    let (width, extent) = (tensor.dataType.width, tensor.extent)
    let storage: FilePart
    switch storages {
    case .zip(let zip, let folder):
      guard let entry = zip[Self.storageName(folder, tensor.storageKey)], entry.size / width == tensor.storageCount
      else { throw .foreignTensor(storage: tensor.storageKey) }
      storage = try Self.inZip { () throws(ZipFailure) in try zip.contents(of: entry) }
    case .legacy(let parts):
      guard let part = parts[tensor.storageKey], part.count / width == tensor.storageCount else {
        throw .foreignTensor(storage: tensor.storageKey)
      }
      storage = part
    }
    return storage[extent.lowerBound * width..<extent.upperBound * width]
  }

  private func rowMajor<Number>(_ numbers: [Number], of tensor: TorchTensor) -> [Number] {
    if tensor.isContiguous { return numbers }
    return Strided.rowMajor(numbers, shape: tensor.shape, strides: tensor.strides)
  }
}
