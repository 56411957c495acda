// Markup.swift - HTML in which text from outside cannot become markup.
//
// Literals are our own HTML; whatever is interpolated as a text is escaped on the way in, so there is no place where it could be forgotten:
//
//     let heading: Markup = "<h1 dir=\"auto\">\(question)</h1>"

import Foundation
import SafeFiles

/// A piece of HTML.
package struct Markup: Sendable, ExpressibleByStringInterpolation {
  /// The HTML.
  package private(set) var html: String

  /// HTML of our own.
  package init(stringLiteral html: StaticString) {
    self.html = html.description
  }

  /// HTML of our own with escaped texts in it.
  package init(stringInterpolation: Interpolation) {
    html = stringInterpolation.html
  }

  /// The same piece; for literals where a type is wanted.
  init(_ markup: Markup) { self = markup }

  private init(trusted html: String) {
    self.html = html
  }

  /// Bytes of a picture as the address of an image.
  static func dataAddress(_ bytes: [UInt8], type: String) -> Markup {
    Markup(trusted: "data:image/" + type + ";base64," + Data(bytes).base64EncodedString())
  }

  /// A number as CSS and SVG take it, with at most so many decimals.
  static func decimal(_ value: Double, places: Int) -> Markup {
    guard value.isFinite else { return "0" }
    var text = Percent.fixed(abs(value), places: places)
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return Markup(trusted: text == "?" ? "0" : value < 0 && text != "0" ? "-" + text : text)
  }

  /// Pieces one after the other.
  static func joined(_ pieces: some Sequence<Markup>) -> Markup {
    Markup(trusted: pieces.reduce(into: "") { $0 += $1.html })
  }

  /// Appends a piece.
  static func += (left: inout Markup, right: Markup) { left.html += right.html }

  /// What stands between the quotes of an interpolated literal.
  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    /// Makes room.
    package init(literalCapacity: Int, interpolationCount: Int) {
      html.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    /// Our own HTML.
    package mutating func appendLiteral(_ literal: StaticString) { html += literal.description }
    /// Text from outside, escaped; of more than so many characters the rest is left out.
    package mutating func appendInterpolation(_ text: String, limit: Int = 1_000) {
      html += escapedHTML(text, limit: limit)
    }
    /// HTML made of such pieces.
    package mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    /// HTML made of such pieces, or nothing.
    package mutating func appendInterpolation(_ markup: Markup?) { html += markup?.html ?? "" }
    /// Pieces one after the other.
    package mutating func appendInterpolation(_ pieces: [Markup]) { for piece in pieces { html += piece.html } }
    /// A number.
    package mutating func appendInterpolation(_ number: Int) { html += String(number) }
  }
}

/// Text from outside as HTML text or as the value of a quoted attribute.
///
/// Control and direction characters are shown as `\u{202E}`, so that they act on nothing; a letter keeps so few combining marks that it cannot
/// cover its neighbours.
///
/// - Parameters:
///   - text: Any text.
///   - limit: Unicode scalars shown at most; the rest becomes "…".
/// - Returns: HTML without a `<`, a `>` or a quote; `(empty)` where nothing would be seen.
package func escapedHTML(_ text: String, limit: Int = 1_000) -> String {
  let isBlank = text.unicodeScalars.prefix(limit).allSatisfy { $0.properties.isWhitespace }
  var html: [UInt8] = []
  for byte in withoutTowers(isBlank ? "(empty)" : visibleText(text, limit: limit)).utf8 {
    switch byte {
    case UInt8(ascii: "&"): html += "&amp;".utf8
    case UInt8(ascii: "<"): html += "&lt;".utf8
    case UInt8(ascii: ">"): html += "&gt;".utf8
    case UInt8(ascii: "\""): html += "&quot;".utf8
    case UInt8(ascii: "'"): html += "&#39;".utf8
    case UInt8(ascii: "`"): html += "&#96;".utf8
    default: html.append(byte)
    }
  }
  return String(decoding: html, as: UTF8.self)
}

/// Most scalars of one character; the longest emoji have ten.
private let tallestCharacter = 10

/// The text with at most so many combining marks on a letter.
private func withoutTowers(_ text: String) -> String {
  // One byte is one scalar there, and no two of them make a taller character.
  guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
  return text.reduce(into: "") { shown, character in
    let scalars = character.unicodeScalars
    if scalars.count <= tallestCharacter {
      shown.append(character)
    } else {
      shown.unicodeScalars.append(contentsOf: scalars.prefix(tallestCharacter))
    }
  }
}
