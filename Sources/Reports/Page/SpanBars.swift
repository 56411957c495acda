// SpanBars.swift - the shares of several spans as one bar of coloured parts, and what the colours mean.

import Routing

/// Bars of spans.
enum SpanBars {
  /// Colours of the style sheet; more spans begin them anew.
  private static let colors = 8
  /// Share from which a part has room for its number.
  private static let roomy = 0.12

  /// A bar with a part for each span.
  ///
  /// - Parameters:
  ///   - shares: The shares, from 0 to 1.
  ///   - isLabelled: Whether parts with room for it show their per cent.
  /// - Returns: HTML.
  static func bar(_ shares: [Double], isLabelled: Bool = false) -> Markup {
    let parts = shares.enumerated().map { index, share -> Markup in
      let label = isLabelled && share >= roomy ? Percent.fixed(share * 100, places: 0) : nil
      return "<i class=\"s\(index % colors)\" style=\"width:\(Page.percent(share))%\">\(label.map { "\($0)" })</i>"
    }
    return "<span class=\"mix\">\(parts)</span>"
  }

  /// Which colour stands for which span; a name before it where there are several legends.
  static func legend(_ orders: [Int], name: Markup? = nil) -> Markup {
    let items = orders.enumerated().map { index, order -> Markup in
      "<li><i class=\"s\(index % colors)\"></i>\(Page.window(order))</li>"
    }
    return "<ul class=\"legend\">\(name.map { "<li><b>\($0)</b></li>" })\(items)</ul>\n"
  }
}
