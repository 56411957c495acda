// InspectCommand.swift - `vqa inspect`: what a file holds.

import CommandLineKit
import SafeFiles

extension Command {
  static let inspect = Command(
    specification: CommandSpecification(
      "inspect", summary: "Tells what a file holds",
      discussion: """
        Of a model: name, sizes, cost of an answer by part, training record and hashes. Of other safetensors files: \
        tensors and metadata. Of NumPy's .npy and .npz files: names, types and shapes. Of PyTorch checkpoints: plain values and \
        tensors; nothing in them is ever run. Of a Dynamic ViT, converted or as the original's checkpoint: stages, their cost, \
        thresholds of some operating points. Of a picture: format and size. Of JSON: whether it is a question, annotation, result, \
        vocabulary or recipe file, and how many entries it has. The whole file is read and checked.
        """,
      arguments: [
        ArgumentSpecification("FILE", help: "The file; without one, the model that --model names", count: .optional)
      ],
      options: [.json],
      examples: [
        ("vqa inspect", "The default model."),
        ("vqa inspect epoch13.pkl", "The values and tensors of a checkpoint of PyTorch."),
        ("vqa inspect questions.json", "How many questions, of how many pictures."),
      ]),
    withoutEffect: ["threads"]
  ) { call in
    let arguments = call.arguments
    if arguments.argument("FILE") != nil, arguments.flag("model") {
      throw arguments.failure(.conflict(first: "FILE", second: "--model"))
    }
    let path = try arguments.argument("FILE") ?? LoadedModel.path(call)
    let finding = try Inspection.inspect(path, limits: try SharedOptions.imageLimits(arguments))
    if arguments.flag("json") {
      try call.console.write(finding.json(path: path))
    } else {
      try call.console.write(finding.text(path: path))
    }
    return .success
  }
}
