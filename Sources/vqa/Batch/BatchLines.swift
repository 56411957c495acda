// BatchLines.swift - lines of JSON answered as they come: memory stays the same however many there are.

import CommandLineKit
import SafeFiles
import VQAPipeline

/// Answers JSON lines.
struct BatchLines {
  private let call: Call
  /// Lines answered together; their order stays.
  private static let group = 64
  /// Pictures kept for later lines.
  private static let keptPictures = 256
  /// Longest line in bytes.
  private static let lineLimit = 1 << 20

  init(_ call: Call) {
    self.call = call
  }

  func run() throws -> ExitCode {
    let folders = try PictureFolders.optional(call.arguments)
    let loaded = try LoadedModel(answering: call)
    try folders?.check(loaded)
    let reader = try PictureReader(loaded.model, call.arguments)
    var answering = GroupAnswering(loaded.model, reader, keepingPictures: Self.keptPictures)
    var lines = LineReader(limit: Self.lineLimit)
    var (lineCount, items, failed) = (0, 0, 0)
    if StandardInput.isTerminal { call.console.inform("reading JSON lines; Ctrl-D ends them") }
    Interruption.watch()
    while true {
      let read = try lines.next(Self.group)
      if read.isEmpty { break }
      var requests: [LineRequest] = []
      for line in read {
        lineCount += 1
        if Self.isBlank(line) { continue }
        requests.append(LineRequest(line, number: lineCount, limit: Self.lineLimit, folders: folders?.folders ?? []))
      }
      let results = try answer(requests, &answering)
      items += results.count
      failed += results.count { $0["error"] != nil }
      try call.console.write(results.map { JSONValue.object($0).serialized() + "\n" }.joined())
    }
    if failed > 0 { call.console.say("\(failed) of \(items) items failed; their lines tell why") }
    guard !Interruption.isRequested else {
      call.console.say("stopped; the answers to the first \(items) items are written, give the rest again to go on")
      return .stopped
    }
    return failed == 0 ? .success : .someFailed
  }

  private func answer(_ requests: [LineRequest], _ answering: inout GroupAnswering) throws -> [JSONObject] {
    let items = requests.compactMap { request in try? request.item.get() }
    var answers = try answering.answer(items)[...]
    return requests.map { request in
      let result: Result<Answer, FileFailure>? =
        switch request.item {
        case .success: answers.popFirst()
        case .failure(let failure): .failure(failure)
        }
      return Self.object(request.id, result)
    }
  }

  private static func object(_ id: JSONValue, _ result: Result<Answer, FileFailure>?) -> JSONObject {
    switch result {
    case .success(let answer)?:
      // Through its shortest text: a Float widened to a Double shows digits that it does not have.
      let probability = Double("\(answer.best.probability)") ?? 0
      var object: JSONObject = [
        "id": id, "answer": .string(answer.best.answer), "probability": .number(probability),
      ]
      if answer.cascade != nil { object["exit"] = .integer(Int64(answer.exit)) }
      return object
    case .failure(let failure)?:
      let code = Int64(ExitCode(failure.kind).rawValue)
      return ["id": id, "error": ["code": .integer(code), "message": .string(failure.description)]]
    case nil:
      let code = Int64(ExitCode.bug.rawValue)
      return ["id": id, "error": ["code": .integer(code), "message": "the item was not answered"]]
    }
  }

  private static func isBlank(_ line: LineReader.Line) -> Bool {
    guard case .bytes(let bytes) = line else { return false }
    return bytes.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
  }
}
