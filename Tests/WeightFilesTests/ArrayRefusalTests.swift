// ArrayRefusalTests.swift - every way in which an .npy file is refused.

import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct ArrayRefusalTests {
  private func expect(_ failure: ArrayFailure, _ bytes: [UInt8], limits: LoadLimits = .default) {
    #expect(throws: failure) { try ArrayFile(bytes: bytes, limits: limits) }
    #expect(failure.kind == .badData)
    #expect(failure.message.contains("; "))
    #expect(failure.place != nil)
  }

  @Test func filesThatAreNoArrays() {
    expect(.noArray(fileBytes: 0), [])
    expect(.noArray(fileBytes: 4), Array("true".utf8))
    expect(.noArray(fileBytes: 9), Array(npy("", data: 0).prefix(9)))
    expect(.noArray(fileBytes: 11), Array(npy("", data: 0, version: 2).prefix(11)))
  }

  @Test(arguments: [0, 4, 255] as [UInt8]) func unknownVersions(version: UInt8) {
    expect(.unknownVersion(major: Int(version), minor: 0), npy(npyHeader(shape: "(1,)"), data: 4, version: version))
  }

  @Test func unknownMinorVersions() {
    var bytes = npy(npyHeader(shape: "(1,)"), data: 4)
    bytes[7] = 1
    expect(.unknownVersion(major: 1, minor: 1), bytes)
  }

  @Test func headersLongerThanTheLimitOrTheFile() {
    expect(.headerTooLong(bytes: 10_001, limit: 10_000), npy("{}", data: 0, length: 10_001))
    expect(.headerTooLong(bytes: 0xFFFF_FFFF, limit: 10_000), npy("{}", data: 0, version: 3, length: 0xFFFF_FFFF))
    expect(.headerCutShort(bytes: 10_000, left: 2), npy("{}", data: 0, length: 10_000))
    var limits = LoadLimits()
    limits.arrayHeaderBytes = 1
    expect(.headerTooLong(bytes: 2, limit: 1), npy("{}", data: 0), limits: limits)
  }

  @Test func headersThatAreNoLiteral() {
    for (text, failure) in [
      ("", .unexpectedEnd(offset: 0)), ("{", .unexpectedEnd(offset: 1)), ("{'a'", .unexpectedEnd(offset: 4)),
      ("{'a':", .unexpectedEnd(offset: 5)), ("{'a", .unexpectedEnd(offset: 3)), ("{'a':1", .unexpectedEnd(offset: 6)),
      ("{1:2}", .unexpectedByte(offset: 1, byte: 0x31)), ("{'a' 1}", .unexpectedByte(offset: 5, byte: 0x31)),
      ("{'a':1 'b':2}", .unexpectedByte(offset: 7, byte: 0x27)),
      ("{'a':(1 2)}", .unexpectedByte(offset: 8, byte: 0x32)),
      ("{}{}", .unexpectedByte(offset: 2, byte: 0x7B)), ("{'\\x41':1}", .unexpectedByte(offset: 2, byte: 0x5C)),
      ("{'a':-}", .unexpectedByte(offset: 6, byte: 0x7D)), ("{'a':+1,'b':!}", .unexpectedByte(offset: 12, byte: 0x21)),
      ("{'a':exit()}", .name(offset: 5, name: "exit")),
      ("{'a':__import__('os')}", .name(offset: 5, name: "__import__")),
      ("{'a':1,'a':2}", .duplicateKey(offset: 7, key: "a")),
      ("{'a':9223372036854775808}", .integerTooLarge(offset: 5)),
      ("{'a':-9223372036854775809}", .integerTooLarge(offset: 5)),
      (String(repeating: "(", count: 9000), .tooDeep(offset: 8)),
      (String(repeating: "{'a':", count: 9), .tooDeep(offset: 40)),
    ] as [(String, PythonLiteralFailure)] {
      expect(.header(failure), npy(text, data: 0))
      #expect(!failure.problem.isEmpty)
    }
    let bytes = npy("{'", data: 0, length: 5) + [0xFF, 0x27, 0x7D]
    expect(.header(.invalidUTF8(offset: 1)), bytes)
  }

  @Test func fieldsThatAreMissingOrWrong() {
    expect(.field("descr"), npy("()", data: 0))
    expect(.field("descr"), npy("{}", data: 0))
    expect(.field("fortran_order"), npy("{'descr':'<f4'}", data: 0))
    expect(.field("fortran_order"), npy(npyHeader(order: "0", shape: "()"), data: 4))
    expect(.field("shape"), npy("{'descr':'<f4','fortran_order':False}", data: 4))
    expect(.field("shape"), npy(npyHeader(shape: "(1)"), data: 4))
    expect(.field("shape"), npy(npyHeader(shape: "('1',)"), data: 4))
    expect(.field("shape"), npy(npyHeader(shape: "None"), data: 4))
    expect(.unknownKey("more"), npy("{'descr':'<f4','fortran_order':False,'shape':(),'more':1}", data: 4))
  }

  @Test(arguments: ["'|O'", "'<U1'", "'S4'", "'<f16'", "'<M8[ns]'", "'<f3'", "''", "'<'", "'f'", "'<V2'"])
  func unknownTypes(descr: String) {
    expect(.unknownType(descr), npy(npyHeader(descr, shape: "(1,)"), data: 4))
  }

  @Test func filesOfOtherThanNumbers() {
    for (name, type) in [("objects", "'|O'"), ("texts", "'<U1'"), ("record", "with fields")] {
      let failure = #expect(throws: FileFailure.self) { try ArrayFile(path: arrayFixtures + "\(name).npy") }
      #expect(failure?.cause as? ArrayFailure == .unknownType(type))
    }
    let complex = try? ArrayFile(path: arrayFixtures + "complex.npy")
    #expect(complex?.dataType == .complex64)
    #expect(throws: ArrayFailure.notConvertible(.complex64)) { try complex?.floats() }
    #expect(throws: ArrayFailure.notWhole(.complex64)) { try complex?.int64s() }
  }

  @Test func shapesThatDoNotFitTheData() {
    // 80 bytes that ask for 32 GiB: refused before anything is allocated.
    expect(.sizeMismatch(shapeBytes: 34_359_738_368, dataBytes: 4), npy(npyHeader(shape: "(8589934592,)"), data: 4))
    expect(.sizeMismatch(shapeBytes: 8, dataBytes: 7), npy(npyHeader(shape: "(2,)"), data: 7))
    expect(.sizeMismatch(shapeBytes: 8, dataBytes: 9), npy(npyHeader(shape: "(2,)"), data: 9))
    expect(.sizeMismatch(shapeBytes: 0, dataBytes: 1), npy(npyHeader(shape: "(0, 5)"), data: 1))
    expect(.shapeTooLarge(shape: [.max]), npy(npyHeader(shape: "(\(Int.max),)"), data: 4))
    expect(
      .shapeTooLarge(shape: [1 << 32, 1 << 32]), npy(npyHeader(shape: "(4294967296, 4294967296)"), data: 4))
    expect(.negativeSize(-1), npy(npyHeader(shape: "(-1,)"), data: 4))
    expect(.negativeSize(.min), npy(npyHeader(shape: "(\(Int64.min),)"), data: 4))
    let many = "(" + String(repeating: "1,", count: 65) + ")"
    expect(.tooManyDimensions(count: 65, limit: 64), npy(npyHeader(shape: many), data: 4))
  }

  @Test func everyPrefixIsRefused() {
    let bytes = npy(npyHeader(shape: "(2, 3)"), data: 24)
    #expect(throws: Never.self) { try ArrayFile(bytes: bytes) }
    for length in 0..<bytes.count {
      #expect(throws: ArrayFailure.self) { try ArrayFile(bytes: Array(bytes[..<length])) }
    }
  }

  @Test func failuresSayWhere() {
    #expect(
      ArrayFailure.sizeMismatch(shapeBytes: 8, dataBytes: 7).message
        == "header, shape: the shape needs 8 bytes, the file holds 7; "
        + "the file is cut short, damaged or of another format: fetch or make it again")
    #expect(
      ArrayFailure.header(.name(offset: 5, name: "a\u{1B}")).message.hasPrefix("header, byte 5: the name a\\u{1B} "))
  }
}
