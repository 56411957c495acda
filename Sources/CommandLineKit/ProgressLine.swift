// ProgressLine.swift - how far a long task has come, in one line written to a sink.

/// Renders progress: redrawn in place on a terminal, now and then a whole line elsewhere.
///
/// It writes nothing itself: every piece of text goes to the sink it is given.
public struct ProgressLine {
  /// Where the line goes.
  public enum Style: Sendable, Equatable {
    /// A terminal of that many columns; the line is redrawn in place, at most ten times a second.
    case terminal(columns: Int)
    /// A file or a pipe; a whole line at most once in that time.
    case lines(every: Duration)
  }

  /// A figure shown beside the count, already formatted: `loss 0.0123`.
  public typealias Field = (name: String, text: String)

  private let label: String
  private let total: Int
  private let first: Int
  private let interval: Duration
  private let columns: Int?
  private let clock: () -> ContinuousClock.Instant
  private let sink: (String) -> Void
  private let start: ContinuousClock.Instant
  private var done = 0
  private var fields: [Field] = []
  private var isShown = true
  private var lastShown: ContinuousClock.Instant?
  private var columnsOnScreen = 0

  /// Starts the clock; nothing is shown before the first update.
  ///
  /// `first` steps were done before, as in a resumed run, and do not count towards the time left.
  public init(
    _ label: String, total: Int, first: Int = 0, style: Style,
    clock: @escaping () -> ContinuousClock.Instant = { .now },
    sink: @escaping (String) -> Void
  ) {
    self.label = label
    self.total = total
    self.first = first
    self.clock = clock
    self.sink = sink
    start = clock()
    switch style {
    case .terminal(let width):
      (interval, columns) = (.milliseconds(100), max(1, width - 1))
    case .lines(let every):
      (interval, columns) = (every, nil)
    }
  }

  /// Notes how many steps are done, those of before included, with the figures to show beside the count.
  ///
  /// It is shown when the last showing is long enough ago, or all is done.
  public mutating func update(_ done: Int, _ fields: [Field] = []) {
    (self.done, self.fields, isShown) = (done, fields, false)
    let now = clock()
    if let lastShown, now - lastShown < interval, done < total { return }
    show(now)
  }

  /// Writes a line of its own between showings, such as a saved checkpoint or a warning.
  public mutating func note(_ message: String) {
    guard columnsOnScreen > 0 else { return sink(escapeControls(message) + "\n") }
    sink("\r" + String(repeating: " ", count: columnsOnScreen) + "\r" + escapeControls(message) + "\n")
    columnsOnScreen = 0
    show(clock())
  }

  /// Shows the last state, where it is not yet shown, and ends the line.
  public mutating func finish() {
    if !isShown { show(clock()) }
    if columnsOnScreen > 0 { sink("\n") }
    columnsOnScreen = 0
  }

  private mutating func show(_ now: ContinuousClock.Instant) {
    (lastShown, isShown) = (now, true)
    let text = rendered(now)
    guard let columns else { return sink(text + "\n") }
    let shown = String(text.prefix(columns))
    // Spaces, not an escape sequence, wipe what a longer line left: this works on every terminal.
    sink("\r" + shown + String(repeating: " ", count: max(0, columnsOnScreen - shown.count)))
    columnsOnScreen = shown.count
  }

  private func rendered(_ now: ContinuousClock.Instant) -> String {
    let share = total > 0 ? Int(100 * Double(done) / Double(total)) : 100
    var parts = ["\(label) \(done)/\(total) (\(share) %)"] + fields.map { "\($0.name) \($0.text)" }
    if done >= total {
      parts.append("took \(durationText(now - start))")
    } else if done > first {
      parts.append("\(durationText((now - start) * (Double(total - done) / Double(done - first)))) left")
    }
    return escapeControls(parts.joined(separator: ", "))
  }
}

/// A duration to the second, in its two largest units: `45 s`, `4 min 10 s`, `1 h 5 min`.
public func durationText(_ duration: Duration) -> String {
  let seconds = max(0, (duration + .milliseconds(500)).components.seconds)
  return switch seconds {
  case ..<60: "\(seconds) s"
  case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
  default: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}
