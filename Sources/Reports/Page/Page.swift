// Page.swift - the frame of every HTML page: one file, nothing fetched, no script.
//
// The content policy lets a browser load nothing but pictures inside the page and its own styles. Texts from outside could not run even if
// one were not escaped.

/// The frame of a page.
package enum Page {
  /// What a browser may do with a page: show pictures that are part of it, and use its styles.
  package static let policy: StaticString =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

  /// The beginning of a page, up to where its content starts.
  ///
  /// - Parameters:
  ///   - title: What the browser calls it.
  ///   - kind: A class of the body, for the style sheet.
  /// - Returns: HTML.
  static func start(title: String, kind: Markup) -> Markup {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(Markup(stringLiteral: policy))">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>\(title, limit: 120)</title>
    <style>
    \(PageStyle.sheet)
    \(PageStyle.scale)
    </style>
    </head>
    <body class="\(kind)">
    <main>

    """
  }

  /// The end of a page.
  static let end: Markup = "</main>\n</body>\n</html>\n"

  /// A part of a page with a heading and a sentence that says what is seen there.
  static func section(_ heading: Markup, _ sentence: Markup, _ content: Markup) -> Markup {
    "<section>\n<h2>\(heading)</h2>\n<p class=\"lead\">\(sentence)</p>\n\(content)</section>\n"
  }

  /// Names and values beside each other.
  static func facts(_ facts: [(name: Markup, value: Markup)]) -> Markup {
    "<dl class=\"facts\">\n\(facts.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>\n" })</dl>\n"
  }

  /// A bar of a share from 0 to 1.
  static func bar(_ share: Double) -> Markup {
    "<span class=\"bar\"><span style=\"width:\(percent(share))%\"></span></span>"
  }

  /// A share as a number of per cent for a style, from 0 to 100.
  static func percent(_ share: Double) -> Markup {
    .decimal(share > 0 ? min(1, share) * 100 : 0, places: 2)
  }

  /// A cell of a table with a bar behind its number.
  static func weightCell(_ share: Float, isChosen: Bool = false) -> Markup {
    let kind: Markup = isChosen ? "w on" : "w"
    return "<td class=\"\(kind)\" style=\"--w:\(percent(Double(share)))%\">\(Percent.text(share))</td>"
  }

  /// The size of a window with a real cross: `whole picture`, `3×3`.
  static func window(_ order: Int) -> Markup {
    guard order > 0 else { return "whole picture" }
    let side = 2 * min(order, 1 << 30) + 1
    return "\(side)×\(side)"
  }
}
