// ProgressLineTests.swift - when progress is shown, and how.

import CommandLineKit
import Testing

@Suite struct ProgressLineTests {
  @Test func aTerminalIsRedrawnAtMostTenTimesASecond() {
    let screen = Screen()
    var line = screen.line("train", total: 1000, style: .terminal(columns: 80))
    for done in 1...100 {
      screen.seconds = Double(done) / 100
      line.update(done)
    }
    #expect((9...10).contains(screen.pieces.count))
    #expect(screen.pieces.allSatisfy { $0.hasPrefix("\r") && !$0.contains("\n") })
  }

  @Test func theLineCarriesCountFieldsAndTimeLeft() {
    let screen = Screen()
    var line = screen.line("train", total: 400, style: .terminal(columns: 80))
    screen.seconds = 50
    line.update(100, [("loss", "0.0123"), ("accuracy", "99.1 %")])
    #expect(screen.pieces == ["\rtrain 100/400 (25 %), loss 0.0123, accuracy 99.1 %, 2 min 30 s left"])
  }

  @Test func stepsOfAnEarlierRunDoNotCountTowardsTheTimeLeft() {
    let screen = Screen()
    var line = screen.line("train", total: 400, first: 300, style: .terminal(columns: 80))
    line.update(300)
    screen.seconds = 10
    line.update(310)
    #expect(screen.pieces == ["\rtrain 300/400 (75 %)", "\rtrain 310/400 (77 %), 1 min 30 s left"])
  }

  @Test func aShorterLineWipesTheLongerOne() {
    let screen = Screen()
    var line = screen.line("a", total: 9, style: .terminal(columns: 80))
    line.update(1, [("name", "long")])
    screen.seconds = 9
    line.update(9)
    #expect(
      screen.pieces == [
        "\ra 1/9 (11 %), name long, 0 s left", "\ra 9/9 (100 %), took 9 s" + String(repeating: " ", count: 10),
      ])
  }

  @Test func aNarrowTerminalCutsTheLine() {
    let screen = Screen()
    var line = screen.line("train", total: 9, style: .terminal(columns: 10))
    line.update(1)
    #expect(screen.pieces == ["\rtrain 1/9"])
  }

  @Test func aPipeGetsWholeLinesNowAndThen() {
    let screen = Screen()
    var line = screen.line("train", total: 100, style: .lines(every: .seconds(10)))
    for done in 1...35 {
      screen.seconds = Double(done)
      line.update(done)
    }
    line.finish()
    #expect(
      screen.pieces == [
        "train 1/100 (1 %), 1 min 39 s left\n", "train 11/100 (11 %), 1 min 29 s left\n",
        "train 21/100 (21 %), 1 min 19 s left\n", "train 31/100 (31 %), 1 min 9 s left\n",
        "train 35/100 (35 %), 1 min 5 s left\n",
      ])
  }

  @Test func theLastStepIsShownOnceWhateverTheTime() {
    let screen = Screen()
    var line = screen.line("train", total: 2, style: .terminal(columns: 80))
    line.update(1)
    line.update(2)
    line.finish()
    line.finish()
    #expect(screen.pieces.count == 3)
    #expect(screen.pieces[1].hasPrefix("\rtrain 2/2 (100 %), took 0 s"))
    #expect(screen.pieces[2] == "\n")
  }

  @Test func notesStandOnLinesOfTheirOwn() {
    let screen = Screen()
    var line = screen.line("a", total: 9, style: .terminal(columns: 80))
    line.note("before")
    line.update(0)
    line.note("saved \u{7}")
    #expect(screen.pieces == ["before\n", "\ra 0/9 (0 %)", "\r           \rsaved \\u{7}\n", "\ra 0/9 (0 %)"])
  }

  @Test func nothingToDoIsAllDone() {
    let screen = Screen()
    var line = screen.line("a", total: 0, style: .lines(every: .seconds(1)))
    line.update(0)
    #expect(screen.pieces == ["a 0/0 (100 %), took 0 s\n"])
  }

  @Test func withoutAClockOfItsOwnItTakesTheSystems() {
    let screen = Screen()
    var line = ProgressLine("a", total: 1, style: .lines(every: .zero)) { screen.pieces.append($0) }
    line.update(1)
    #expect(screen.pieces == ["a 1/1 (100 %), took 0 s\n"])
  }

  @Test(arguments: [
    (0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (3600, "1 h 0 min"), (90_061, "25 h 1 min"),
    (-5.0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"),
  ])
  func durationsReadWell(seconds: Double, text: String) {
    #expect(durationText(.seconds(seconds)) == text)
  }

  @Test func controlCharactersAreShownNotObeyed() {
    #expect(escapeControls("plain, Größe 😀👩‍👩‍👧") == "plain, Größe 😀👩‍👩‍👧")
    #expect(escapeControls("\u{1B}[31mred\r\n\t\u{7F}\u{9B}") == #"\u{1B}[31mred\u{D}\u{A}\u{9}\u{7F}\u{9B}"#)
    #expect(escapeControls("a\u{202E}cod.exe\u{2069}\u{2028}\u{200F}") == #"a\u{202E}cod.exe\u{2069}\u{2028}\u{200F}"#)
    for value in UInt32(0)...0x9F where value < 0x20 || value >= 0x7F {
      let raw = String(Character(Unicode.Scalar(value) ?? " "))
      #expect(!escapeControls(raw).unicodeScalars.contains { $0.value == value })
    }
  }
}

/// What a progress line wrote, under a clock the test moves.
private final class Screen {
  var pieces: [String] = []
  var seconds = 0.0
  private let start = ContinuousClock.now

  func line(_ label: String, total: Int, first: Int = 0, style: ProgressLine.Style) -> ProgressLine {
    ProgressLine(
      label, total: total, first: first, style: style, clock: { self.start + .seconds(self.seconds) },
      sink: { self.pieces.append($0) })
  }
}
