// SourceFileTests.swift - the reader of source files sees code and nothing else.

import Testing

@Suite struct SourceFileTests {
  @Test func commentsAndStringsAreNoCode() {
    let expected: [(line: String, code: String)] = [
      ("a // print(1)", "a"),
      ("b /* c /* nested */ d", "b"),
      ("e */ f", "f"),
      (#""print(\(g("h") + "i"))" j"#, "j"),
      (##"k #"raw \(l) " "# m"##, "k # # m"),
      (#"let n = """"#, "let n ="),
      (#"  print(o) \(p(")") + q)"#, ""),
      (#"  " "" \"""#, ""),
      (#"  """ + "\"" + r"#, "+ + r"),
      (#"s "unfinished"#, "s"),
      ("t.u(1)", "t . u ( 1 )"),
    ]
    let file = SourceFile(path: "Sources/X/X.swift", text: expected.map(\.line).joined(separator: "\n"))
    #expect(file.lines.map { $0.joined(separator: " ") } == expected.map(\.code))
  }

  @Test func importsAreFoundInEveryForm() {
    let file = SourceFile(
      path: "Sources/TRAR/Deep/X.swift",
      text: """
        import Glibc
        // import Comment
        @testable import Testable
        @_exported public import Exported
        #if canImport(Darwin)
        import struct Foundation.URL
        #endif
        let text = "import Text"
        important()
        """)
    #expect(file.imports.map(\.module) == ["Glibc", "Testable", "Exported", "Foundation"])
    #expect(file.imports.map(\.line) == [1, 3, 4, 6])
    #expect(file.target == "TRAR")
  }
}
