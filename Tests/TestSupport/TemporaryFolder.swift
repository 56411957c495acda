// TemporaryFolder.swift - a folder for one test, removed afterwards.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Foundation

/// A system call for a test failed.
public struct TestSystemFailure: Error {
  /// What was tried.
  public let call: String
  /// The error number of the system.
  public let code: Int32
}

/// Runs a test with an empty folder that is removed afterwards, with all that is in it.
/// - Parameter body: The test; it receives the path of the folder.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or ``TestSystemFailure`` when the folder cannot be made.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let base = FileManager.default.temporaryDirectory.path
  var template = Array("\(base)/vqa-test-XXXXXX\0".utf8CString)
  guard mkdtemp(&template) != nil else { throw TestSystemFailure(call: "mkdtemp", code: errno) }
  let folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}
