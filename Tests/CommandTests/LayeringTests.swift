// LayeringTests.swift - the layer table held against Package.swift and against every file under Sources.

import Testing

@Suite struct LayeringTests {
  let sources: [SourceFile]

  init() throws {
    sources = try SourceFile.all(under: "Sources")
  }

  @Test func theTableOnlyLooksDown() {
    for (name, rule) in layers {
      for other in rule.mayImport {
        #expect((layers[other]?.level ?? .max) < rule.level, "\(name) must not import \(other)")
      }
    }
  }

  @Test(.timeLimit(.minutes(2))) func thePackageKeepsToTheTable() throws {
    let targets = try Manifest.load().targets.filter { $0.type != "test" && $0.name != "TestSupport" }
    #expect(Set(targets.map(\.name)) == Set(layers.keys))
    for target in targets {
      let dependencies = Set(target.dependencies.map(\.name))
      let extra = dependencies.subtracting(layers[target.name]?.mayImport ?? [])
      #expect(extra.isEmpty, "\(target.name) must not depend on \(extra.sorted())")
      let imported = sources.filter { $0.isSwift && $0.target == target.name }.flatMap { $0.imports.map(\.module) }
      let undeclared = Set(imported).intersection(layers.keys).subtracting(dependencies)
      #expect(undeclared.isEmpty, "\(target.name) imports \(undeclared.sorted()) and does not declare it")
    }
  }

  @Test func importsKeepToTheTable() {
    for file in sources where file.isSwift {
      let own = layers[file.target]?.mayImport ?? []
      let foundation = modelTargets.contains(file.target) ? [] : foundationModules
      for (module, line) in file.imports {
        #expect(
          own.contains(module) || toolchainModules.contains(module) || foundation.contains(module),
          "\(file.path):\(line) must not import \(module)")
      }
    }
  }

  @Test func oneFolderKnowsOneDNN() {
    for file in sources where file.imports.contains(where: { $0.module == "COneDNN" }) {
      #expect(file.path.hasPrefix("Sources/Tensors/OneDNN/"), "\(file.path) must not import COneDNN")
    }
  }

  @Test func oneFileKnowsZlib() {
    for file in sources where file.imports.contains(where: { $0.module == "CZlib" }) {
      #expect(file.path == "Sources/WeightFiles/Zip/Inflater.swift", "\(file.path) must not import CZlib")
    }
  }

  @Test func onlyTheCommandTouchesTheProcess() {
    for file in sources where file.isSwift && file.target != "vqa" {
      for (index, words) in file.lines.enumerated() {
        let found = processUse(in: words)
        #expect(found == nil, "\(file.path):\(index + 1) must not use \(found ?? "")")
      }
    }
  }

  @Test func jumpsStayInTheShim() {
    for file in sources where file.target != "CImageCodecs" {
      for (index, words) in file.lines.enumerated() {
        let jump = words.first { word in ["setjmp", "longjmp", "png_", "jpeg_"].contains(where: word.hasPrefix) }
        #expect(jump == nil, "\(file.path):\(index + 1) must not use \(jump ?? "")")
      }
    }
  }

  @Test func filesStayShort() throws {
    for file in try sources + SourceFile.all(under: "Tests") {
      #expect(file.lineCount <= 400, "\(file.path) has \(file.lineCount) lines")
    }
  }
}

/// What a line uses that only the command may: the console, the environment, signals, the end of the process.
private func processUse(in words: [String]) -> String? {
  let calls: Set = [
    "print", "debugPrint", "dump", "puts", "fputs", "printf", "perror", "exit", "_exit", "abort", "getenv", "setenv",
    "signal", "sigaction", "readLine",
  ]
  let values: Set = [
    "stdout", "stderr", "ProcessInfo", "CommandLine", "makeSignalSource",
  ]
  let handles: Set = ["standardOutput", "standardError"]
  let modules: Set = ["Swift", "Glibc", "Darwin", "Foundation"]
  for (index, word) in words.enumerated() {
    if values.contains(word) { return word }
    // Those of a child process are not the console.
    if handles.contains(word), index > 1, words[index - 1] == ".", words[index - 2] == "FileHandle" { return word }
    guard calls.contains(word), index + 1 < words.count, words[index + 1] == "(" else { continue }
    let before = index > 0 ? words[index - 1] : ""
    // A method or a declaration of that name is something else; `Glibc.exit(0)` is not.
    if before == "func" { continue }
    if before == ".", index > 1, !modules.contains(words[index - 2]) { continue }
    return word
  }
  return nil
}
