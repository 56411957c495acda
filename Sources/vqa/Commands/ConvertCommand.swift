// ConvertCommand.swift - `vqa convert`: a checkpoint of the original TRAR or Dynamic ViT for this program, or a model stored another way.

import CommandLineKit
import Foundation
import SafeFiles
import VQAFormats
import VQAPipeline
import WeightFiles

extension Command {
  static let convert = Command(
    specification: CommandSpecification(
      "convert", summary: "Makes a model of a checkpoint of the original TRAR or Dynamic ViT",
      discussion: """
        Reads epoch<n>.pkl with the settings, answers and questions it was trained with, and writes one file that answers \
        by itself. Nothing in the checkpoint is ever run: a pickle that asks for more than tensors is refused.

        The original keeps no vocabulary: it numbers words in the order in which they occur in its question files, VQA's \
        train, val, test and Visual Genome, always all four, or CLEVR's train, val and test. Give them all, in any order; \
        files whose names and contents do not tell the part are taken in the order given. CLEVR's answers come from its \
        train and val questions.

        The model answers from features (--features), as the original does. Hard routing answers without noise.

        A checkpoint of the original Dynamic ViT (*.pth.tar) is told by its tensors and needs no settings: published ones \
        bring thresholds, costs and accuracies of their exits along, those of its training the weights that --weights names. \
        The result holds the tensors under their names; 'vqa inspect' tells the rest.

        The published EfficientNet-lite0 (efficientnet-lite0-57934424.pth) is told by its tensors, too; the result is the \
        network that models of photos see with, its batch norms folded into the convolutions.

        A model of this program is only stored another way: only --output and --storage count then.
        """,
      arguments: [
        ArgumentSpecification("INPUT", help: "A checkpoint such as epoch13.pkl, or a model", completion: .files)
      ],
      options: [
        OptionSpecification("output", short: "o", value: "FILE", help: "Where the model goes, a .safetensors file"),
        OptionSpecification("config", value: "FILE", help: "The settings it was trained with, trar.yml"),
        OptionSpecification("answers", value: "FILE", help: "The answers, answer_dict.json; CLEVR needs none"),
        OptionSpecification("questions", value: "FILE", help: "Every question file the original scans", isList: true),
        OptionSpecification(
          "dataset", value: "NAME", help: "What it was trained for, where the settings do not tell",
          allowed: OriginalConfiguration.DataSet.allCases.map(\.rawValue)),
        OptionSpecification(
          "storage", value: "TYPE", help: "How the weights are stored; half the size loses a few digits",
          defaultText: "f32", allowed: Storage.names),
        OptionSpecification("name", value: "NAME", help: "Name of the model", defaultText: "that of the output"),
        OptionSpecification(
          "weights", value: "KIND", help: "Which weights of a training run of Dynamic ViT: averaged or plain ones",
          defaultText: "ema where there are any", allowed: DynamicViTCheckpoint.Weights.allCases.map(\.rawValue)),
        OptionSpecification(
          "heads", value: "N", help: "Heads of a Dynamic ViT that reuses no relations, which its tensors do not tell",
          defaultText: "its width / 64"),
        .force,
      ],
      examples: [
        (
          "vqa convert epoch13.pkl --config trar.yml --answers answer_dict.json --questions v2_*_questions.json "
            + "VG_questions.json --output trar.safetensors",
          "A checkpoint trained for VQA v2."
        ),
        (
          "vqa convert epoch16.pkl --config trar.yml --questions CLEVR_*_questions.json --output clevr.safetensors",
          "A checkpoint trained for CLEVR."
        ),
        ("vqa convert dvt_deit_small.pth.tar --output dvt.safetensors", "A checkpoint of Dynamic ViT."),
        (
          "vqa convert efficientnet-lite0-57934424.pth --storage f16 --output backbone.safetensors",
          "The backbone of photos, at half the size."
        ),
        ("vqa convert trar.safetensors --storage bf16 --output small.safetensors", "A model of half the size."),
      ]),
    withoutEffect: ["model", "max-pixels"]
  ) { call in
    try Conversion(call).run()
  }
}

/// How weights are stored, as the command line says it.
enum Storage {
  static let names = ["f32", "f16", "bf16"]

  /// The storage of a call.
  static func of(_ arguments: Arguments) -> TensorStorage {
    switch arguments.string("storage") {
    case "f16": .float16
    case "bf16": .bfloat16
    default: .float32
    }
  }
}
