// PageChecks.swift - what has to hold for every page.

import Foundation
import Reports
import Testing

/// A page taken apart into what a browser would see as tags, and the text between them.
struct ParsedPage {
  /// Every tag with its attributes, in order.
  private(set) var tags: [(name: String, attributes: [(name: String, value: String)])] = []
  /// The text between the tags, without that of `style`.
  private(set) var text = ""

  /// Takes a page apart; our own pages quote every attribute and have no comments.
  init(_ html: String) {
    var rest = Array(html.utf8)[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      text += String(decoding: rest[..<start], as: UTF8.self)
      guard let end = rest[start...].firstIndex(of: UInt8(ascii: ">")) else { break }
      let parts = rest[(start + 1)..<end].split(separator: UInt8(ascii: " "), maxSplits: 1)
      let name = String(decoding: parts.first ?? [], as: UTF8.self)
      tags.append((name.lowercased(), Self.attributes(parts.count > 1 ? parts[1] : [])))
      rest = rest[(end + 1)...]
      if name == "style", let close = rest.firstRange(of: Array("</style>".utf8)) { rest = rest[close.lowerBound...] }
    }
    text += String(decoding: rest, as: UTF8.self)
  }

  /// Cut at the quotes, names and values take turns; a name without a value may stand before the next.
  private static func attributes(_ text: ArraySlice<UInt8>) -> [(name: String, value: String)] {
    var attributes: [(name: String, value: String)] = []
    let parts = text.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    for index in stride(from: 0, to: parts.count, by: 2) {
      let names = String(decoding: parts[index], as: UTF8.self).split(separator: " ")
      attributes += names.map { (String($0.last == "=" ? $0.dropLast() : $0), "") }
      guard index + 1 < parts.count, !attributes.isEmpty else { continue }
      attributes[attributes.count - 1].value = String(decoding: parts[index + 1], as: UTF8.self)
    }
    return attributes
  }

  /// The values of an attribute, whatever its tag.
  func values(_ name: String) -> [String] { tags.flatMap(\.attributes).filter { $0.name == name }.map(\.value) }
}

/// A page without its style sheet and without the bytes of its pictures, which differ between versions of zlib.
func skeleton(_ html: String) -> String {
  html.replacing(#/<style>[\s\S]*<\/style>/#, with: "<style></style>").replacing(
    #/base64,[A-Za-z0-9+\/=]+/#, with: "base64,")
}

/// The tags that our pages are made of.
private let knownTags: Set<String> = [
  "!doctype", "html", "head", "meta", "title", "style", "body", "main", "section", "header", "article", "div", "h1",
  "h2",
  "h3", "p", "span", "b", "i", "bdi", "small", "code", "ul", "li", "dl", "dt", "dd", "figure", "figcaption", "details",
  "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "g", "rect", "path", "image", "use",
]

/// The attributes that they have.
private let knownAttributes: Set<String> = [
  "html", "lang", "charset", "http-equiv", "content", "name", "class", "style", "dir", "id", "role", "aria-label",
  "aria-hidden", "d", "tabindex", "scope", "rowspan", "colspan", "hidden", "viewBox", "preserveAspectRatio", "width",
  "height", "x", "y",
  "href",
]

private func isBase64(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D: true
  default: false
  }
}

/// Expects a page that fetches nothing, runs nothing, and describes its pictures.
func expectSafePage(_ html: String) {
  #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv="))
  #expect(html.hasSuffix("</html>\n"))
  let page = ParsedPage(html)
  let names = page.tags.map { $0.name.hasPrefix("/") ? String($0.name.dropFirst()) : $0.name }
  #expect(Set(names).isSubset(of: knownTags), "\(Set(names).subtracting(knownTags))")
  let attributes = Set(page.tags.flatMap { $0.attributes.map(\.name) }.filter { $0 != "/" && $0 != "html" })
  #expect(attributes.isSubset(of: knownAttributes), "\(attributes.subtracting(knownAttributes))")
  for name in ["section", "div", "table", "tr", "figure", "svg", "ul", "article", "main", "body", "style", "details"] {
    #expect(names.count { $0 == name } == 2 * page.tags.count { $0.name == name }, "\(name)")
  }
  let policies = page.tags.filter {
    $0.name == "meta" && $0.attributes.contains { $0.value == "Content-Security-Policy" }
  }
  #expect(policies.count == 1)
  let policy = policies.first?.attributes.first { $0.name == "content" }?.value ?? ""
  #expect(policy.hasPrefix("default-src 'none'; img-src data:; style-src 'unsafe-inline'"))
  for address in page.values("href") {
    let isOwn =
      address.hasPrefix("#") || address.wholeMatch(of: #/data:image/(png|jpeg);base64,[A-Za-z0-9+/=]+/#) != nil
    #expect(isOwn, "\(address.prefix(60))")
  }
  let ids = page.values("id")
  #expect(Set(ids).count == ids.count)
  for address in page.values("href") where address.hasPrefix("#") { #expect(ids.contains(String(address.dropFirst()))) }
  for tag in page.tags where tag.name == "svg" {
    #expect(tag.attributes.contains { $0.name == "aria-label" && !$0.value.isEmpty })
  }
  for style in page.values("style") {
    #expect(style.wholeMatch(of: #/|--shape:[0-9.]+|(width|--w):[0-9.]+%/#) != nil, "\(style)")
  }
}
