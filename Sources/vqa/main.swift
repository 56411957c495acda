// main.swift - the command `vqa`: reads its words, runs one command, ends with its exit code.

import Foundation

let status = Program.run(Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
exit(status.rawValue)
