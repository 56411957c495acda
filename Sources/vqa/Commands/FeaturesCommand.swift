// FeaturesCommand.swift - `vqa features`: the vision side of a model computed once for every picture of a folder.

import CommandLineKit

extension Command {
  static let features = Command(
    specification: CommandSpecification(
      "features", summary: "Writes what a model's vision side sees of every picture",
      discussion: """
        For each JPEG and PNG file of the folder, and of the folders in it, one .npy file: a row of numbers for each cell of \
        the grid. The number at the end of a file's name is its image id, as in COCO_train2014_000000000009.jpg.npy; where \
        an images.json is in or beside the folder, files are named by the image ids in it. 'vqa batch', 'vqa evaluate' and \
        'vqa train' read such folders with --features; training on them leaves the vision side as it is and is many \
        times faster.

        A picture that cannot be read fails alone; the exit code is then 1. Pictures whose features are there are passed \
        over, so that the same command goes on after Ctrl-C, a kill or new pictures.
        """,
      options: [
        .images, OptionSpecification("output", short: "o", value: "DIR", help: "Folder of the feature files"),
        OptionSpecification(
          "backbone", value: "FILE|NAME", help: "The model whose vision side looks", defaultText: "that of --model",
          completion: .model),
        OptionSpecification(
          "type", value: "TYPE", help: "How numbers are stored; f16 takes half the space and rounds them",
          defaultText: "f32", allowed: ["f32", "f16"]),
      ],
      examples: [
        (
          "vqa features --images set/images --output features --backbone easy-vqa",
          "Every picture of a set, seen by a model."
        ),
        ("vqa train recipe.json --data set --features features --output run", "Trains on them."),
      ])
  ) { call in
    try call.arguments.refuse("backbone", with: "model")
    return try FeatureExtraction(call).run()
  }
}
