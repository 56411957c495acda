// ExitSums.swift - where the questions of a page stopped, summed up while the page is written.

import Routing
import VQAPipeline

/// Where many answers of a cascade were given.
struct ExitSums: Sendable {
  /// What the answers at one exit add up to.
  private struct Sums {
    var count = 0
    var confidence = 0.0
    var multiplyAdds = 0.0
  }

  private var grids: [GridSize] = []
  private var sums: [Sums] = []
  private var fullRun = 0

  /// Adds an answer; one without a cascade is left out.
  mutating func add(_ answer: Answer) {
    guard let record = answer.cascade, record.stages.indices.contains(answer.exit - 1) else { return }
    if sums.isEmpty {
      grids = record.stages.map(\.grid)
      sums = grids.map { _ in Sums() }
    }
    guard sums.indices.contains(answer.exit - 1) else { return }
    fullRun = record.fullRunMultiplyAdds
    sums[answer.exit - 1].count += 1
    sums[answer.exit - 1].confidence += Double(answer.best.probability)
    sums[answer.exit - 1].multiplyAdds += Double(answer.multiplyAdds)
  }

  /// A section with a line for each exit; nothing where no answer came from a cascade.
  var section: Markup? {
    let count = sums.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let rows = zip(grids, sums).enumerated().map { index, exit -> Markup in
      let (grid, sums) = exit
      let share = Double(sums.count) / Double(count)
      let mean = Double(max(1, sums.count))
      let sure = sums.count > 0 ? Percent.text(Float(sums.confidence / mean)) : "–"
      let work = sums.count > 0 ? "\(millions(Int((sums.multiplyAdds / mean).rounded()))) million" : "–"
      return """
        <tr><th scope="row">exit \(index + 1)</th><td>\(CascadeParts.size(grid))</td><td>\(grouped(sums.count))</td>\
        \(Page.weightCell(Float(share)))<td>\(sure)</td><td>\(work)</td></tr>

        """
    }
    let mean = sums.reduce(0) { $0 + $1.multiplyAdds } / Double(count)
    let part = Percent.fixed(100 * mean / Double(max(1, fullRun)), places: 0)
    return Page.section(
      "Where the questions stopped",
      """
      On average an answer took \(millions(Int(mean.rounded()))) million multiply-adds, \(part) % of the \(millions(fullRun)) million of an \
      answer at the last exit only.
      """,
      """
      <div class="wide" tabindex="0" role="region" aria-label="Where the questions stopped"><table>
      <thead><tr><th scope="col"></th><th scope="col">grid</th><th scope="col">questions</th><th scope="col">share</th>\
      <th scope="col">mean confidence</th><th scope="col">mean multiply-adds</th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>

      """)
  }
}
