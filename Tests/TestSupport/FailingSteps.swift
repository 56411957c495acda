// FailingSteps.swift - writers whose first, second, third ... step fails, until none does: whole files are left, and no others.

import Foundation
import SafeFiles
import Synchronization
import Testing

/// What a folder holds: the bytes of each file by its path, and where each link leads.
package func contents(of folder: String) throws -> [String: [UInt8]] {
  var found: [String: [UInt8]] = [:]
  for entry in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    let path = "\(folder)/\(entry)"
    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
      found[entry] = Array("link to \(target)".utf8)
    } else if isRegularFile(path) {
      found[entry] = try readFile(path, limit: 1 << 26)
    }
  }
  return found
}

/// Makes each step of writing fail in turn, as on a full disk, and looks at what is left in the folder.
///
/// After every failure each file is the old one or the new one, none that was there is missing, and there is no temporary
/// file; the failure is one of writing. In the end nothing fails, and the folder is as after writing undisturbed.
/// - Parameters:
///   - code: The error number of the system.
///   - sourceLocation: Where failed expectations are told.
///   - old: Writes what is there before into a folder.
///   - write: Writes into the folder; the same bytes each time.
/// - Returns: How many steps were made to fail.
/// - Throws: What `old` throws, and what `write` throws undisturbed.
@discardableResult
package func failEveryStep(
  _ code: Int32 = ENOSPC, sourceLocation: SourceLocation = #_sourceLocation, old: (_ folder: String) throws -> Void,
  write: (_ folder: String) throws -> Void
) throws -> Int {
  let (before, after) = try withTemporaryFolder { folder in
    try old(folder)
    let before = try contents(of: folder)
    try write(folder)
    return (before, try contents(of: folder))
  }
  var failing = 0
  while true {
    let isDone = try withTemporaryFolder { folder -> Bool in
      try old(folder)
      let left = Mutex(failing)
      var failure: (any Error)?
      WriteFaults.withCheck({ _ in
        left.withLock { left in
          left -= 1
          return left == -1 ? code : 0
        }
      }) {
        do { try write(folder) } catch { failure = error }
      }
      let found = try contents(of: folder)
      for (path, bytes) in found where bytes != before[path] && bytes != after[path] {
        Issue.record("step \(failing): \(path) is neither the old nor the new file", sourceLocation: sourceLocation)
      }
      for path in before.keys where found[path] == nil {
        Issue.record("step \(failing): \(path) is gone", sourceLocation: sourceLocation)
      }
      guard let failure else {
        #expect(found == after, sourceLocation: sourceLocation)
        // A step that fails has to be told: only the last run, in which none did, may succeed.
        #expect(left.withLock { $0 } >= 0, "step \(failing) failed untold", sourceLocation: sourceLocation)
        return left.withLock { $0 } >= 0
      }
      let kind = (failure as? FileFailure)?.kind
      #expect(kind == .writeFailed, "step \(failing): \(failure)", sourceLocation: sourceLocation)
      return false
    }
    if isDone { return failing }
    failing += 1
  }
}
