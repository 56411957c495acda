// MarkupTests.swift - text from outside stays text, wherever it stands on a page.

import Reports
import Testing

/// Texts made to break out of a page, to run something in it, or to spoil its layout.
let hostileMarkup = [
  "\"><script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "</title><svg onload=alert(1)>",
  "' onmouseover='alert(1)", "` onfocus=`alert(1)", "<!--", "]]>", "&lt;b&gt;", "javascript:alert(1)",
  "<base href=//evil>",
  "</main></body></html><h1>", "\u{202E}live\u{202C}", "a\u{0}<b\u{0}>", "<\u{FEFF}script>", "\r\n<p>",
  "é" + String(repeating: "\u{301}", count: 4_000), String(repeating: "<", count: 10_000),
]

@Suite struct MarkupTests {
  @Test(arguments: hostileMarkup + hostileTexts)
  func interpolatedTextsAreEscaped(text: String) {
    let markup: Markup = "<p title=\"\(text)\">\(text)</p>"
    let inner = markup.html.dropFirst("<p title=\"".count).dropLast("</p>".count)
    let parts = inner.split(separator: "\">", maxSplits: 1)
    #expect(parts.count == 2)
    for part in parts {
      #expect(!part.unicodeScalars.contains { "<>\"'`".unicodeScalars.contains($0) }, "\(part.prefix(80))")
      #expect(part.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "\(part.prefix(80))")
      // Nothing that steers the direction of what follows.
      #expect(
        !part.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value) })
      #expect(!part.isEmpty)
    }
  }

  @Test func everySpecialCharacterIsSpelled() {
    #expect(escapedHTML("<a href=\"x\">'&'`") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&#96;")
    #expect(escapedHTML("\u{0}\u{202E}") == "\\u{0}\\u{202E}")
    #expect(escapedHTML(" \n") == "(empty)")
    #expect(escapedHTML("") == "(empty)")
  }

  @Test func longTextsAreCutBeforeTheyAreEscaped() {
    #expect(escapedHTML(String(repeating: "<", count: 20), limit: 3) == "&lt;&lt;&lt;…")
    #expect(escapedHTML(String(repeating: "x", count: 100_000)).count == 1_001)
  }

  @Test func aLetterKeepsFewMarks() {
    let tower = "e" + String(repeating: "\u{301}", count: 2_000)
    #expect(escapedHTML(tower + "x", limit: 5_000).unicodeScalars.count < 15)
    #expect(escapedHTML("👩🏽‍❤️‍💋‍👨🏿 naïve 한국어 नमस्ते") == "👩🏽‍❤️‍💋‍👨🏿 naïve 한국어 नमस्ते")
  }

  @Test func piecesAreNotEscapedTwice() {
    let inner: Markup = "<b>\("a<b")</b>"
    let none: Markup? = nil
    let outer: Markup = "\(inner)\(none)\([inner, inner])\(7)"
    #expect(outer.html == "<b>a&lt;b</b><b>a&lt;b</b><b>a&lt;b</b>7")
  }
}
