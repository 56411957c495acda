// TrainCommand.swift - `vqa train`: a model from a recipe and a data set.

import CommandLineKit
import SafeFiles
import Training

extension Command {
  static let train = Command(
    specification: CommandSpecification(
      "train", summary: "Trains a model by a recipe",
      discussion: """
        The recipe is a JSON file that decides everything: data, model, learning. Settings on the command line go over \
        it, as in training.epochs=3; --print-config shows all of them. The data come from --data, or from the recipe's \
        folder; the set easy-vqa is made below the output folder when neither is given.

        Leaves model.safetensors (the best on held-out questions so far), log.csv and checkpoint-N.safetensors. Ctrl-C \
        finishes the step and saves; --resume goes on bit for bit, also after a kill or a power cut. The result does not \
        depend on --threads.
        """,
      arguments: [
        ArgumentSpecification("RECIPE", help: "A recipe, such as data/configs/easy-vqa.json"),
        ArgumentSpecification("KEY=VALUE", help: "A setting to change, such as training.rate=0.001", count: .anyNumber),
      ],
      options: [
        OptionSpecification("output", short: "o", value: "DIR", help: "Folder of model, log and checkpoints"),
        OptionSpecification("resume", help: "Goes on from the newest checkpoint"),
        OptionSpecification("data", value: "DIR", help: "Folder of the data set, as 'vqa data' makes it"),
        OptionSpecification("seed", value: "N", help: "Sets training.seed"),
        OptionSpecification("print-config", help: "Writes the whole recipe as JSON and ends"),
      ],
      examples: [
        ("vqa train data/configs/easy-vqa.json --output run", "Trains from scratch."),
        ("vqa train data/configs/easy-vqa.json --output run --resume", "Goes on."),
        ("vqa train recipe.json training.epochs=2 --print-config", "Shows every setting."),
      ]),
    withoutEffect: ["model"]
  ) { call in
    var settings = call.arguments.arguments("KEY=VALUE")
    if let seed = try call.arguments.integer("seed", in: 0 ... .max) { settings.append("training.seed=\(seed)") }
    let recipe = try Recipe.load(try call.arguments.requiredArgument("RECIPE"), assignments: settings)
    if call.arguments.flag("print-config") {
      try call.console.write(try recipe.json().serialized(pretty: true))
      return .success
    }
    return try TrainingCall(call, recipe).run()
  }
}
