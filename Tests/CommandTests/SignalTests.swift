// SignalTests.swift - the first Ctrl-C ends a run with its work saved, the second at once; nothing that is saved is spoiled.

import Foundation
import SafeFiles
import TestSupport
import Testing
import WeightFiles

@Suite struct SignalTests {
  private static let line = ["train", "recipe.json", "training.checkpointSteps=1", "--output", "run", "--threads", "1"]

  /// Starts a run, or goes on with it, and waits for the next checkpoint.
  private func started(_ more: [String] = [], in folder: String) throws -> StartedRun {
    let before = names(folder)
    let run = try Vqa.start(Self.line + more, folder: folder)
    while names(folder) == before {
      try #require(run.isRunning, "the run ended too early")
      usleep(1000)
    }
    return run
  }

  /// The checkpoints of the run.
  private func names(_ folder: String) -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/run")) ?? []
    return Set(names.filter { $0.hasPrefix("checkpoint-") })
  }

  /// The step of the newest checkpoint, each of which can be read whole.
  private func newestStep(_ folder: String) throws -> Int {
    try names(folder).map { name in
      let file = try TensorFile(path: "\(folder)/run/\(name)")
      return try #require(Int(file.metadata["step"] ?? ""))
    }.max() ?? 0
  }

  @Test(.timeLimit(.minutes(2)), arguments: [SIGINT, SIGTERM]) func theFirstSignalSaves(signal: Int32) throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let run = try started(in: folder)
      let step = try newestStep(folder)
      run.send(signal)
      let stopped = try run.end()
      #expect(stopped.code == 75, "\(stopped.errors)")
      // The step it was in is done and saved.
      let saved = try newestStep(folder)
      #expect(saved >= step && saved < 48)
      #expect(stopped.errors.contains("vqa: stopped after step \(saved), saved in run/checkpoint-\(saved).safetensors"))
    }
  }

  /// A second signal ends the run within 200 milliseconds, and the run goes on to the same bits from what was saved.
  @Test(.timeLimit(.minutes(5))) func theSecondSignalEndsAtOnce() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(in: folder)
      let whole = try Vqa.start(Self.line.map { $0 == "run" ? "whole" : $0 }, folder: folder).end()
      #expect(whole.code == 0, "\(whole.errors)")
      var fastest = Duration.seconds(9)
      for attempt in 0..<3 {
        let run = try started(attempt == 0 ? [] : ["--resume"], in: folder)
        run.send(SIGINT)
        let time = ContinuousClock().measure {
          run.send(SIGTERM)
          while run.isRunning { usleep(1000) }
        }
        let ended = try run.end()
        #expect(ended.code == 130, "\(ended.errors)")
        fastest = min(fastest, time)
        #expect(try newestStep(folder) > 0)
      }
      // Other programs may keep the processor from one of them.
      #expect(fastest < .milliseconds(200), "\(fastest)")
      let rest = try Vqa.start(Self.line + ["--resume"], folder: folder).end()
      #expect(rest.code == 0, "\(rest.errors)")
      let models = try ["whole", "run"].map { try readFile("\(folder)/\($0)/model.safetensors", limit: 1 << 24) }
      #expect(models[0] == models[1])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/run").allSatisfy { !$0.contains(".tmp-") })
    }
  }

  /// Results are written as they come: what was answered before two signals is there.
  @Test func linesThatAreAnsweredStay() throws {
    try Tiny.withFolder { folder in
      // The pause lets the run wait for a line again, where the first signal does not end it.
      let line = #"{\"id\": 1, \"image\": \"a.png\", \"question\": \"Is it?\"}"#
      let run = try Vqa.shell(
        """
        mkfifo in out; $vqa batch --model models/tiny.safetensors < in > out & exec 3> in 4< out
        echo "\(line)" >&3; read -r first <&4; echo "$first"; sleep 0.5; kill -INT $!; kill -TERM $!; wait $!
        """, folder: folder)
      #expect(run.code == 130, "\(run.errors)")
      #expect(try run.object()["id"] == 1)
    }
  }
}
