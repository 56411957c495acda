// WriteFaultTests.swift - a disk that fails at any step of a run: what was saved before stays, and the run goes on from it.

import Foundation
import SafeFiles
import Synchronization
import TestSupport
import Testing
import Training
import WeightFiles

extension TrainingTests {
  @Suite struct WriteFaultTests {
    /// Makes each step of writing of a run fail in turn, then lets the same run go on where it can.
    @Test func anyStepMayFail() throws {
      try RunFolder.with { folder in
        folder.recipe.training.epochs = 1
        folder.recipe.training.evaluationEpochs = 1
        folder.recipe.training.questionsPerStep = 16
        folder.recipe.training.checkpointSteps = 1
        try folder.run("whole")
        let expected = try folder.bytes("whole", "model.safetensors")
        var failing = 0
        while true {
          let name = "run\(failing)"
          let left = Mutex(failing)
          var failure: (any Error)?
          try WriteFaults.withCheck({ _ in
            left.withLock { left in
              left -= 1
              return left == -1 ? ENOSPC : 0
            }
          }) {
            do { try folder.run(name) } catch let error as FileFailure { failure = error }
          }
          guard let failure = failure as? FileFailure else { break }
          #expect(failure.kind == .writeFailed, "step \(failing): \(failure)")
          try expectWhole(folder, name, failing)

          // After the disk has room again.
          let hasCheckpoint = try contents(of: folder.path).keys.contains { $0.hasPrefix(name + "/checkpoint-") }
          if !hasCheckpoint { try? FileManager.default.removeItem(atPath: folder.output(name)) }
          try folder.run(name, resume: hasCheckpoint)
          #expect(try folder.bytes(name, "model.safetensors") == expected, "step \(failing)")
          try FileManager.default.removeItem(atPath: folder.output(name))
          failing += 1
        }
        // The folder; two checkpoints with their logs, and a model.
        #expect(failing > 1 + 2 * (5 + 5) + 5)
      }
    }

    /// No temporary file is left, and each file that has a name can be read whole.
    private func expectWhole(_ folder: RunFolder, _ name: String, _ failing: Int) throws {
      guard FileManager.default.fileExists(atPath: folder.output(name)) else { return }
      for entry in try FileManager.default.contentsOfDirectory(atPath: folder.output(name)) {
        #expect(!entry.contains(".tmp-"), "step \(failing): \(entry)")
        let path = "\(folder.output(name))/\(entry)"
        if entry.hasSuffix(".safetensors") {
          #expect(throws: Never.self, "step \(failing): \(entry)") { try TensorFile(path: path).checkFinite() }
        }
      }
    }
  }
}
