// InspectCommand.swift - `vqa inspect`: what a file holds.

import CommandLineKit
import SafeFiles

extension Command {
  static let inspect = Command(
    specification: CommandSpecification(
      "inspect", summary: "Tells what a file holds",
      discussion: """
        Of a model: name, sizes, parameters and multiply-adds of an answer by part, training record and hashes. Of a \
        backbone: parameters and the cost of pictures of three sizes. Of a checkpoint of 'vqa train': where the run stood. Of \
        other safetensors files: tensors and metadata. Of NumPy's .npy and .npz files: names, types and shapes, and what they \
        are as features. Of PyTorch checkpoints: plain values and tensors; nothing in them is ever run. Of a Dynamic ViT, \
        converted or as the original's checkpoint: stages, their cost, thresholds of some operating points. Of a picture: \
        format and size. Of JSON, JSON lines and CSV: whether it holds questions, annotations, results, a vocabulary, concepts, \
        names, labels or scores of pictures, own data, a recipe or what features are, and how much of it. Of trar.yml: the \
        settings. The whole file is read and checked.
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
