// YAMLDocument.swift - a YAML text to its tree by the events of libyaml (trait YAML); what settings never need is refused where it stands.
//
// Refused: aliases and anchors (a few lines of them stand for gigabytes), tags but YAML's own, keys that stand twice or are no texts, more
// than one document, deep nesting.

#if YAML
  import CYAML
#endif

/// Reads YAML texts.
package enum YAMLDocument {
  /// Greatest size of a text in bytes; the original's files have less than one thousand.
  package static let greatestSize = 1 << 17
  /// How deep lists and mappings may nest.
  package static let deepest = 16

  #if YAML
    /// The one document of a text.
    package static func parse(_ bytes: [UInt8]) throws(YAMLFailure) -> YAMLNode {
      guard bytes.count <= greatestSize else {
        throw YAMLFailure(.tooLarge(bytes: bytes.count, limit: greatestSize))
      }
      guard let reader = cyaml_open(bytes, bytes.count) else { throw YAMLFailure(.noMemory) }
      defer { cyaml_close(reader) }
      var tree = YAMLTree(deepest: deepest)
      while true {
        guard cyaml_next(reader) == 1 else { throw syntaxFailure(reader.pointee.parser) }
        let event = reader.pointee.event
        let mark = YAMLMark(event.start_mark)
        switch event.type {
        case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: break
        case YAML_DOCUMENT_START_EVENT: try tree.beginDocument(at: mark)
        case YAML_SCALAR_EVENT:
          let scalar = event.data.scalar
          // Not as a C string: an escape can put a NUL into it. libyaml has checked that it is UTF-8.
          let text = String(decoding: (0..<scalar.length).map { scalar.value[$0] }, as: UTF8.self)
          try tree.add(
            text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
            label: YAMLLabel(
              anchor: scalar.anchor.map { String(cString: $0) }, tag: scalar.tag.map { String(cString: $0) }), at: mark)
        case YAML_SEQUENCE_START_EVENT:
          let list = event.data.sequence_start
          let anchor = list.anchor.map { String(cString: $0) }
          try tree.begin(
            isMap: false, label: YAMLLabel(anchor: anchor, tag: list.tag.map { String(cString: $0) }), at: mark)
        case YAML_MAPPING_START_EVENT:
          let map = event.data.mapping_start
          let anchor = map.anchor.map { String(cString: $0) }
          try tree.begin(
            isMap: true, label: YAMLLabel(anchor: anchor, tag: map.tag.map { String(cString: $0) }), at: mark)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: tree.end()
        case YAML_ALIAS_EVENT:
          throw YAMLFailure(.alias(event.data.alias.anchor.map { String(cString: $0) } ?? ""), at: mark)
        default: return try tree.finished()  // the end of the stream
        }
      }
    }

    /// What libyaml says of a wrong text; bytes that are no characters have an offset only.
    private static func syntaxFailure(_ parser: yaml_parser_t) -> YAMLFailure {
      let problem = parser.problem.map { String(cString: $0) } ?? "this is no YAML"
      return parser.error == YAML_READER_ERROR
        ? YAMLFailure(.notCharacters(offset: Int(clamping: parser.problem_offset), problem: problem))
        : YAMLFailure(.syntax(problem), at: YAMLMark(parser.problem_mark))
    }
  #else
    /// Fails: this program was built without libyaml.
    package static func parse(_ bytes: [UInt8]) throws(YAMLFailure) -> YAMLNode { throw YAMLFailure(.notBuilt) }
  #endif
}

#if YAML
  extension YAMLMark {
    /// libyaml counts from 0.
    fileprivate init(_ mark: yaml_mark_t) {
      self.init(line: Int(clamping: mark.line) &+ 1, column: Int(clamping: mark.column) &+ 1)
    }
  }
#endif
