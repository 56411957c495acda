// SheetText.swift - text made fit for the bitmap font of pictures, which knows printable ASCII only.

import Foundation
import ImageCodecs
import SafeFiles

/// Text for pictures.
enum SheetText {
  /// ICU's transliteration: other scripts to Latin letters, those to their nearest in ASCII.
  private static let latin = StringTransform(rawValue: "Any-Latin; Latin-ASCII")

  /// A text in printable ASCII; what has no letters there, such as an emoji, becomes one box a character.
  ///
  /// - Parameter text: Any text.
  /// - Returns: One line; `(empty)` where nothing would be seen.
  static func ascii(_ text: String) -> String {
    let shown = shownText(text)
    guard !shown.utf8.allSatisfy({ $0 < 0x80 }) else { return shown }
    let letters = shown.applyingTransform(latin, reverse: false) ?? shown
    return letters.reduce(into: "") { ascii, character in
      let isPrintable = character.unicodeScalars.count == 1 && ("\u{20}"..."\u{7E}").contains(character)
      ascii.append(isPrintable ? character : "\u{FFFD}")
    }
  }

  /// Characters that fit beside each other in so many pixels.
  static func characters(in pixels: Int, scale: Int) -> Int {
    let one = Canvas.size(ofText: "a", scale: scale).width, two = Canvas.size(ofText: "aa", scale: scale).width
    return max(1, (pixels - one) / (two - one) + 1)
  }

  /// Rows from one line to the next.
  static func lineHeight(scale: Int) -> Int {
    Canvas.size(ofText: "\n", scale: scale).height - Canvas.size(ofText: "", scale: scale).height
  }

  /// A text in lines of at most so many characters; `...` ends the last one where lines are left out.
  static func lines(_ text: String, characters: Int, most: Int) -> [String] {
    let lines = wrapped(text, to: characters)
    guard lines.count > most, let last = lines.prefix(most).last else { return lines }
    return lines.prefix(most - 1) + [last.prefix(max(0, characters - 3)) + "..."]
  }

  /// A text of at most so many characters; `..` ends it where something is missing.
  static func cut(_ text: String, characters: Int) -> String {
    text.count <= characters ? text : text.prefix(max(0, characters - 2)) + ".."
  }
}
