// Input.swift - what libFuzzer gives, and what a target says when a reader breaks its promise.

/// The bytes of an input.
public func input(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  Array(UnsafeBufferPointer(start: start, count: count))
}

/// Ends the run as a find when a promise is broken.
public func promise(_ holds: Bool, _ text: StaticString) {
  precondition(holds, "\(text)")
}
