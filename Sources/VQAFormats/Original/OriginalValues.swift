// OriginalValues.swift - values of YAML as settings take them.
//
// Numbers may stand as texts: PyYAML reads `1e-4` as one, and the original evaluates some texts. True and False must not: the original takes
// the text 'False' for true.

import SafeFiles

extension YAMLNode {
  private func wrongKind(_ expected: String) -> YAMLFailure {
    YAMLFailure(.wrongKind(found: kind, expected: expected), at: mark)
  }

  /// A whole number of a range.
  func integer(in range: ClosedRange<Int>) throws(YAMLFailure) -> Int {
    let allowed =
      range.upperBound == .max
      ? "a whole number from \(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch scalar {
    case .integer(let number)?:
      guard let number = Int(exactly: number), range.contains(number) else {
        throw YAMLFailure(.outOfRange(found: shown, allowed: allowed), at: mark)
      }
      return number
    case .number?: throw YAMLFailure(.outOfRange(found: shown, allowed: allowed), at: mark)
    default: throw wrongKind(allowed)
    }
  }

  /// Whole numbers of a range, so many: a list, or a text as Python writes a tuple or a list.
  func integers(in range: ClosedRange<Int>, count: ClosedRange<Int>) throws(YAMLFailure) -> [Int] {
    let items: [YAMLNode]
    if let list {
      items = list
    } else if case .text(let text)? = scalar, let numbers = PythonLiteral.numbers(text), text.contains(",") {
      items = numbers.map { number in
        let scalar = Int64(exactly: number).map(YAMLScalar.integer) ?? .number(number)
        return YAMLNode(content: .scalar(scalar, text: shortestText(number)), mark: mark)
      }
    } else {
      throw wrongKind("a list of whole numbers")
    }
    guard count.contains(items.count) else {
      let allowed =
        count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      throw YAMLFailure(.outOfRange(found: "\(items.count) numbers", allowed: allowed), at: mark)
    }
    var numbers: [Int] = []
    for item in items { numbers.append(try item.integer(in: range)) }
    return numbers
  }

  private func shortestText(_ number: Double) -> String {
    Int64(exactly: number).map { String($0) } ?? "\(number)"
  }

  /// A finite number.
  func number() throws(YAMLFailure) -> Double {
    let number: Double? =
      switch scalar {
      case .integer(let number)?: Double(number)
      case .number(let number)?: number
      case .text(let text)?: PythonLiteral.number(text)
      default: nil
      }
    guard let number else { throw wrongKind("a number") }
    guard number.isFinite else { throw YAMLFailure(.outOfRange(found: shown, allowed: "a finite number"), at: mark) }
    return number
  }

  /// True or False.
  func boolean() throws(YAMLFailure) -> Bool {
    guard case .boolean(let value)? = scalar else { throw wrongKind("True or False, without quotes,") }
    return value
  }

  /// A text without control characters, or a number taken as one.
  func text() throws(YAMLFailure) -> String {
    guard case .scalar(let scalar, let text) = content else { throw wrongKind("a text") }
    switch scalar {
    case .text, .integer, .number: break
    case .null, .boolean: throw wrongKind("a text")
    }
    // What YAML allows in a text as it stands; an escape can stand for anything.
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      (0x20..<0x7F).contains(scalar.value) || scalar.value >= 0xA0 && ![0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value)
    }
    guard isPlain else {
      throw YAMLFailure(.outOfRange(found: text, allowed: "a text without control characters"), at: mark)
    }
    return text
  }

  /// One of several words.
  func word<Value>(_ words: [String], _ make: (String) -> Value?) throws(YAMLFailure) -> Value {
    let text = try text()
    guard words.contains(where: text.isExactly), let value = make(text) else {
      throw YAMLFailure(
        .outOfRange(found: text, allowed: words.joined(separator: ", ") + " (as written here)"), at: mark)
    }
    return value
  }

  /// Keys with values.
  func mapping() throws(YAMLFailure) -> [Member] {
    guard let members else { throw wrongKind("a mapping of names to values") }
    return members
  }

  /// A parameter of an optimiser.
  func parameter() throws(YAMLFailure) -> OriginalParameter {
    let other = wrongKind("a number, two numbers as in '(0.9, 0.98)', or True or False")
    let numbers: [Double]?
    switch content {
    case .scalar(.boolean(let flag), _): return .flag(flag)
    case .scalar(.text(let text), _):
      if let flag = PythonLiteral.boolean(text) { return .flag(flag) }
      numbers = PythonLiteral.numbers(text)
    case .list(let items):
      var found: [Double] = []
      for item in items { found.append(try item.number()) }
      numbers = found.count == 2 ? found : nil
    default: numbers = [try number()]
    }
    guard let numbers, let first = numbers.first, numbers.count <= 2 else { throw other }
    return numbers.count == 1 ? .number(first) : .pair(first, numbers[1])
  }
}

extension YAMLFailure {
  /// The same failure, its key continued outwards.
  func inside(_ outer: String) -> YAMLFailure {
    YAMLFailure(
      reason, key: outer + (key ?? ""),
      at: line.map { YAMLMark(line: $0, column: column ?? 1) })
  }
}
