// Input.swift - what libFuzzer gives, and what a target says when a reader breaks its promise.

import Foundation

/// The bytes of an input.
public func input(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  Array(UnsafeBufferPointer(start: start, count: count))
}

/// Ends the run as a find when a promise is broken.
public func promise(_ holds: Bool, _ text: StaticString) {
  if !holds { promise("\(text)") }
}

/// Ends the run as a find when there is a broken promise.
public func promise(_ broken: String?) {
  guard let broken else { return }
  // A release build keeps the text of a failed precondition to itself.
  FileHandle.standardError.write(Data("broken promise: \(broken)\n".utf8))
  preconditionFailure()
}
