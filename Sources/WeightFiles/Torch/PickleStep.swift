// PickleStep.swift - the steps of a pickle (Python, Lib/pickle.py and Lib/pickletools.py) by their byte.

/// A step that is understood; all others are refused.
enum PickleStep: UInt8 {
  // The frame: what comes first, last, and in between for readers that read ahead.
  case version = 0x80
  case frame = 0x95
  case stop = 0x2E
  // Plain values.
  case none = 0x4E
  case yes = 0x88
  case no = 0x89
  case integer4 = 0x4A
  case integer1 = 0x4B
  case integer2 = 0x4D
  case long1 = 0x8A
  case long4 = 0x8B
  case number = 0x47
  case text1 = 0x8C
  case text4 = 0x58
  case text8 = 0x8D
  // Values made of others.
  case mark = 0x28
  case emptyTuple = 0x29
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case tuple = 0x74
  case emptyList = 0x5D
  case append = 0x61
  case appends = 0x65
  case emptyDictionary = 0x7D
  case setItem = 0x73
  case setItems = 0x75
  // Values kept to refer to.
  case keep1 = 0x71
  case keep4 = 0x72
  case keepNext = 0x94
  case get1 = 0x68
  case get4 = 0x6A
  // Names and what is done with them.
  case name = 0x63
  case nameOnStack = 0x93
  case call = 0x52
  case new = 0x81
  case setState = 0x62
  case reference = 0x51

  /// The name of this step in Python.
  var pythonName: String { Self.pythonName(rawValue) ?? "" }

  /// The name of a byte's step in Python, also of one that is refused; nil when no step has this byte.
  static func pythonName(_ byte: UInt8) -> String? { names[byte] }

  private static let names: [UInt8: String] = {
    let table = """
      28 MARK 29 EMPTY_TUPLE 2E STOP 30 POP 31 POP_MARK 32 DUP 42 BINBYTES 43 SHORT_BINBYTES 46 FLOAT 47 BINFLOAT
      49 INT 4A BININT 4B BININT1 4C LONG 4D BININT2 4E NONE 50 PERSID 51 BINPERSID 52 REDUCE 53 STRING 54 BINSTRING
      55 SHORT_BINSTRING 56 UNICODE 58 BINUNICODE 5D EMPTY_LIST 61 APPEND 62 BUILD 63 GLOBAL 64 DICT 65 APPENDS 67 GET
      68 BINGET 69 INST 6A LONG_BINGET 6C LIST 6F OBJ 70 PUT 71 BINPUT 72 LONG_BINPUT 73 SETITEM 74 TUPLE 75 SETITEMS
      7D EMPTY_DICT 80 PROTO 81 NEWOBJ 82 EXT1 83 EXT2 84 EXT4 85 TUPLE1 86 TUPLE2 87 TUPLE3 88 NEWTRUE 89 NEWFALSE
      8A LONG1 8B LONG4 8C SHORT_BINUNICODE 8D BINUNICODE8 8E BINBYTES8 8F EMPTY_SET 90 ADDITEMS 91 FROZENSET
      92 NEWOBJ_EX 93 STACK_GLOBAL 94 MEMOIZE 95 FRAME 96 BYTEARRAY8 97 NEXT_BUFFER 98 READONLY_BUFFER
      """
    let words = table.split { $0 == " " || $0 == "\n" }
    var names: [UInt8: String] = [:]
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      if let byte = UInt8(words[index], radix: 16) { names[byte] = String(words[index + 1]) }
    }
    return names
  }()
}
