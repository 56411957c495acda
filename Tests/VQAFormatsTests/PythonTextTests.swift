// PythonTextTests.swift - white space, strip, split and lower-casing as Python's `str` has them.

import Testing
import VQAFormats

@Suite struct PythonTextTests {
  @Test func whiteSpaceIsPythons() {
    let expected: [UInt32] =
      Array(0x09...0x0D) + Array(0x1C...0x20) + [0x85, 0xA0, 0x1680] + Array(0x2000...0x200A)
      + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
    let found = (UInt32(0)...0x3100).filter { Unicode.Scalar($0).map(PythonText.isWhitespace) == true }
    #expect(found == expected)
    #expect(!PythonText.isWhitespace("\u{200B}") && !PythonText.isWhitespace("\u{FEFF}"))
  }

  @Test func stripsAtBothEndsOnly() {
    #expect(PythonText.stripped("\u{A0} a b\u{3000}\r\n") == "a b")
    #expect(PythonText.stripped(" \t\u{1F}") == "")
    #expect(PythonText.stripped("\u{200B}a").unicodeScalars.count == 2)
  }

  @Test func splitsOnScalars() {
    // A space followed by a combining accent is one Character and still white space in Python.
    #expect(PythonText.words("a \u{301}b\r\nc").map { Array($0.unicodeScalars) } == [["a"], ["\u{301}", "b"], ["c"]])
  }

  @Test(arguments: [
    ("ÉCOLE", "école"), ("STRASSE", "strasse"), ("İ", "i\u{307}"), ("ΣΑΣ", "σας"), ("ΑΣ.", "ας."), ("Σ", "σ"),
    ("ΑΣ'Α", "ασ'α"), ("A\u{301}", "a\u{301}"), ("ǅ", "ǆ"), ("Ⅷ", "ⅷ"), ("A\0Z[`", "a\0z[`"),
  ])
  func lowerCasesLikePython(_ text: String, _ expected: String) {
    #expect(PythonText.lowercased(text).isExactly(expected))
  }
}
