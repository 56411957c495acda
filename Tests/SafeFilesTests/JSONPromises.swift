// JSONPromises.swift - what holds for any bytes read as JSON; the tests and the fuzz target FuzzJSON ask it.

import SafeFiles

/// Reads bytes as JSON in the three ways there are: as a value, step by step, and passed over.
/// - Parameter bytes: Any bytes.
/// - Returns: The promise that is broken, or nil.
func brokenPromise(ofJSON bytes: [UInt8]) -> String? {
  let value = outcome { () throws(JSONFailure) in try JSONValue.parse(bytes) }
  let steps = outcome { () throws(JSONFailure) in
    var reader = JSONReader(bytes)
    let value = try walk(&reader)
    try reader.end()
    return value
  }
  let passedOver = outcome { () throws(JSONFailure) in
    var reader = JSONReader(bytes)
    try reader.skipValue()
    try reader.end()
    return JSONValue.null
  }
  switch (value, steps, passedOver) {
  case (.success(let value), .success(let walked), .success):
    return value == walked ? brokenPromise(ofWriting: value) : "steps give the same value"
  case (.failure(let failure), .failure(let ofSteps), .failure(let ofPassing)):
    if failure != ofSteps { return "steps fail like the value: \(failure), \(ofSteps)" }
    if failure != ofPassing { return "passing over fails like the value: \(failure), \(ofPassing)" }
    if failure.offset > bytes.count || failure.problem.isEmpty || failure.advice.isEmpty { return "a refusal tells" }
    return nil
  default: return "all ways take the same texts: \(value), \(steps), \(passedOver)"
  }
}

/// Writes a value and reads it again.
private func brokenPromise(ofWriting value: JSONValue) -> String? {
  for pretty in [false, true] {
    let text = value.serialized(pretty: pretty)
    guard let again = try? JSONValue.parse(Array(text.utf8)), again == value else {
      return "what is written is read as the same: \(text)"
    }
    let twice = again.serialized(pretty: pretty)
    if !twice.utf8.elementsEqual(text.utf8) { return "what is read again is written the same: \(text), \(twice)" }
  }
  return nil
}

private func outcome(_ read: () throws(JSONFailure) -> JSONValue) -> Result<JSONValue, JSONFailure> {
  do throws(JSONFailure) { return .success(try read()) } catch { return .failure(error) }
}

/// Reads a value as the readers of files do, each member and element by itself.
private func walk(_ reader: inout JSONReader) throws(JSONFailure) -> JSONValue {
  switch try reader.peek() {
  case .object:
    var object = JSONObject()
    try reader.beginObject()
    while let key = try reader.nextKey() { object[key] = try walk(&reader) }
    return .object(object)
  case .array:
    var elements: [JSONValue] = []
    try reader.beginArray()
    while try reader.nextElement() { elements.append(try walk(&reader)) }
    return .array(elements)
  case .string: return .string(try reader.string())
  case .bool: return .bool(try reader.bool())
  case .null:
    try reader.null()
    return .null
  case .number, .integer:
    var other = reader
    do throws(JSONFailure) {
      let whole = try other.integer()
      reader = other
      return .integer(whole)
    } catch {
      return .number(try reader.number())
    }
  }
}
