// PythonText.swift - the text rules of Python's `str` that the original programs lean on.
//
// Everything works on unicode scalars (Python's code points): a Swift `Character` would join "\r\n" or a letter and its
// accent, and `String ==` would call "é" and "e" + U+0301 equal, which Python does not.

/// Python's white space, strip, split and lower-casing.
package enum PythonText {
  /// Whether `str.split` and `str.strip` take the scalar for white space.
  ///
  /// The 29 code points of `str.isspace`; U+200B and U+FEFF are not among them, U+001C to U+001F are.
  package static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20: true
    case 0..<0x80: false
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// The text without white space at either end (`str.strip`).
  package static func stripped(_ text: String) -> String {
    let scalars = text.unicodeScalars
    if let first = scalars.first, let last = scalars.last, !isWhitespace(first), !isWhitespace(last) { return text }
    guard let first = scalars.firstIndex(where: { !isWhitespace($0) }),
      let last = scalars.lastIndex(where: { !isWhitespace($0) })
    else { return "" }
    return String(String.UnicodeScalarView(scalars[first...last]))
  }

  /// The words between runs of white space (`str.split`); none is empty.
  package static func words(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ $0 < 0x80 }) else {
      return text.unicodeScalars.split(whereSeparator: isWhitespace).map { String(String.UnicodeScalarView($0)) }
    }
    return bytes.split { isWhitespace(Unicode.Scalar($0)) }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text in lower case (`str.lower`), the sigma at the end of a word included.
  package static func lowercased(_ text: String) -> String {
    // Swift maps scalar by scalar as Python does, but knows no final sigma.
    let scalars = text.unicodeScalars
    var result = ""
    var start = scalars.startIndex
    while let index = scalars[start...].firstIndex(of: capitalSigma) {
      result += String(scalars[start..<index]).lowercased()
      result.unicodeScalars.append(isFinal(sigmaAt: index, in: scalars) ? finalSigma : smallSigma)
      start = scalars.index(after: index)
    }
    return start == scalars.startIndex ? text.lowercased() : result + String(scalars[start...]).lowercased()
  }

  private static let capitalSigma: Unicode.Scalar = "\u{3A3}"
  private static let smallSigma: Unicode.Scalar = "\u{3C3}"
  private static let finalSigma: Unicode.Scalar = "\u{3C2}"

  /// Unicode's Final_Sigma: a cased letter before it and none after it, case-ignorable scalars skipped.
  private static func isFinal(sigmaAt index: String.Index, in scalars: String.UnicodeScalarView) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[index...].dropFirst().first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }
}
