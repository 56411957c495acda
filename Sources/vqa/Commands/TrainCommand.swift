// TrainCommand.swift - `vqa train`: a model from a recipe, or from the original's settings, and a data set.

import CommandLineKit
import SafeFiles
import Training
import VQAFormats

extension Command {
  static let train = Command(
    specification: CommandSpecification(
      "train", summary: "Trains a model by a recipe, or as the original TRAR",
      discussion: """
        The recipe is a JSON file that decides everything: data, model, learning. Settings on the command line go over \
        it, as in training.epochs=3; --print-config shows all of them. The data come from --data, or from the recipe's \
        folder; the set easy-vqa is made below the output folder when neither is given.

        --config takes the original's trar.yml in place of a recipe and trains as published. --data is then its folder \
        ./data, or one in the layout of 'vqa data'; the features lie where the original has them, or where --features \
        says. Words come from train, val, test and vg, whichever are there, answers from --answers or train and val.

        Leaves model.safetensors, log.csv and checkpoint-N.safetensors. Ctrl-C finishes the step and saves; --resume goes \
        on bit for bit, also after a kill or a power cut; with another --split it goes on with the questions of that \
        one. --from begins with the weights of a model, or goes on from a checkpoint, also the original's epochN.pkl. \
        The result does not depend on --threads.

        With --from MODEL and no recipe the model goes on with somebody's own data: --data is then a folder of pictures \
        with one table of questions and answers, a CSV file with the columns image, question and answer, or the same as \
        JSON. New words and answers are learned beside the old. One of ten pictures is held out and measured, as 'vqa \
        evaluate --data DIR --held-out' does again.
        """,
      arguments: [
        ArgumentSpecification(
          "RECIPE",
          help: "A recipe, such as data/configs/easy-vqa.json; left out with --config, and with --from for own data",
          count: .optional, completion: .files),
        ArgumentSpecification("KEY=VALUE", help: "A setting to change, such as training.rate=0.001", count: .anyNumber),
      ],
      options: [
        OptionSpecification("output", short: "o", value: "DIR", help: "Folder of model, log and checkpoints"),
        OptionSpecification("resume", help: "Goes on from the newest checkpoint"),
        OptionSpecification(
          "data", value: "DIR", help: "Folder of the data set, as 'vqa data' makes it, or of own data"),
        .features,
        OptionSpecification("split", value: "NAMES", help: "What to learn from, such as train+val+vg"),
        OptionSpecification("config", value: "FILE", help: "Settings of the original TRAR, in place of a recipe"),
        OptionSpecification(
          "dataset", value: "NAME", help: "The data set of --config", defaultText: "as its settings tell",
          allowed: OriginalConfiguration.DataSet.allCases.map(\.rawValue)),
        OptionSpecification("answers", value: "FILE", help: "The answers to choose from, such as answer_dict.json"),
        OptionSpecification(
          "from", value: "FILE|NAME", help: "A model, by file or name, or a checkpoint to begin with",
          completion: .model),
        OptionSpecification("seed", value: "N", help: "Sets training.seed", defaultText: "as the recipe has it"),
        OptionSpecification("print-config", help: "Writes the whole recipe as JSON and ends"),
      ],
      examples: [
        ("vqa train data/configs/easy-vqa.json --output run", "Trains from scratch."),
        ("vqa train data/configs/easy-vqa.json --output run --resume", "Goes on."),
        ("vqa train --from photos --data pictures --output own", "Teaches a model your own pictures."),
        ("vqa train recipe.json training.epochs=2 --print-config", "Shows every setting."),
        (
          "vqa train --config trar.yml --data data --split train+val+vg --output run",
          "Trains as published."
        ),
        (
          "vqa train --config trar.yml --data data --split train+val --from epoch11.pkl --output more",
          "Goes on from a checkpoint of the original, with other questions."
        ),
      ]),
    withoutEffect: ["model"]
  ) { call in
    let training = try TrainingCall(call)
    if call.arguments.flag("print-config") {
      try call.console.write(try training.recipe.json().serialized(pretty: true))
      return .success
    }
    return try training.run()
  }
}
