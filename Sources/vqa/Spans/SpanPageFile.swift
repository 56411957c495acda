// SpanPageFile.swift - the page of a set, written while the questions are answered; it appears when it is complete.

import ImageCodecs
import Reports
import SafeFiles
import Tensors
import VQAPipeline

/// The page of a set on its way to its file.
final class SpanPageFile {
  /// Bytes of a page that a browser shows without delay.
  private static let largePage = 50_000_000

  private let path: String
  private let reader: PictureReader
  private var file: AtomicFileWriter
  private var page: SpanSetPage
  private var bytes = 0

  /// Opens the file: a folder that cannot be written to is told before the work.
  init(
    _ path: String, _ source: SpanSetSource, _ model: VQAModel, _ reader: PictureReader, count: Int
  ) throws(FileFailure) {
    self.path = path
    self.reader = reader
    page = SpanSetPage(source, count: count)
    AtomicFile.removeStrays(of: path)
    file = try AtomicFileWriter.open(path)
    try write(page.start(spans: zip(model.vision.grids, model.spans).map { (grid: $0, orders: $1.orders) }))
  }

  /// Adds the results that are answers.
  func add(_ results: [SpanResult]) throws {
    let pictures = thumbnails(results)
    let items = results.compactMap { result -> SpanSetItem? in
      guard case .success(let found) = result.outcome, let views = found.views, let path = result.path else {
        return nil
      }
      return SpanSetItem(
        questionID: result.question.questionID, imageID: result.question.imageID, pictureName: PagePath.name(of: path),
        picture: pictures[path], answer: found.answer, views: views)
    }
    try write(page.add(items))
  }

  /// Ends the page and puts it in its place.
  func finish(_ failures: FailedPictures, _ console: Console) throws {
    try write(page.end(failed: failures.questions, reasons: failures.failures.map(\.description)))
    try file.finish()
    let size = bytes < 1_000_000 ? "\(bytes / 1_000 + 1) kB" : "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    console.inform("open \(path) (\(size)) in a browser")
    if bytes > Self.largePage { console.note("a page of \(size) opens slowly; ask fewer questions for a lighter one") }
  }

  private func write(_ html: String) throws(FileFailure) {
    bytes += html.utf8.count
    try file.write(html)
  }

  /// The pictures that the page does not have yet, small, by path; several are decoded at a time.
  private func thumbnails(_ results: [SpanResult]) -> [String: RGBImage] {
    var paths: [String] = []
    var seen: Set<Int> = []
    for result in results where !page.has(imageID: result.question.imageID) {
      guard case .success = result.outcome, let path = result.path else { continue }
      if seen.insert(result.question.imageID).inserted { paths.append(path) }
    }
    let (reader, all) = (reader, paths)
    let pictures = WorkerPool.shared.map(all.count) { index -> RGBImage? in
      let side = SpanSetPage.pictureSide
      guard let bytes = try? readFile(all[index], limit: reader.limits.fileBytes) else { return nil }
      return try? SpanSetPage.thumbnail(decodeImage(bytes, limits: reader.limits, atLeast: (side, side)))
    }
    return Dictionary(zip(all, pictures).compactMap { path, picture in picture.map { (path, $0) } }) { first, _ in first
    }
  }
}
