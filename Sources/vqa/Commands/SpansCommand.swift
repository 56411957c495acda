// SpansCommand.swift - `vqa spans`: which spans each layer looked through, and where its attention went.

import CommandLineKit
import ImageCodecs
import Reports
import SafeFiles
import VQAFormats
import VQAPipeline

extension Command {
  static let spans = Command(
    specification: CommandSpecification(
      "spans", summary: "Shows which spans each layer looked through",
      discussion: """
        Every layer of the network mixes several spans: order 0 lets each place of the picture look at the whole picture, \
        order 1 at its 3x3 neighbourhood, order 2 at 5x5 and so on. The router gives each span a weight, anew for each \
        picture and question; the chosen one has the greatest.

        --png draws for each layer and span where the attention went, over the picture (over grey where it came as features). The CSV has the header \
        layer,order,weight,chosen.
        """,
      arguments: [.picture, ArgumentSpecification("QUESTION", help: "One question in quotes")],
      options: [
        .json, OptionSpecification("csv", help: "Writes CSV"),
        OptionSpecification("png", value: "FILE", help: "Draws the attention of every span into this PNG file"), .force,
      ],
      examples: [
        ("vqa spans photo.jpg \"Is there a circle?\"", "A table."),
        ("vqa spans photo.jpg \"Is there a circle?\" --png spans.png", "A drawing beside the table."),
      ])
  ) { call in
    let arguments = call.arguments
    try arguments.refuse("json", with: "csv")
    let question = try Questions.read(arguments, call.console).first ?? ""
    let drawing = arguments.string("png")
    if let drawing { try OutputFile.check(drawing, isForced: arguments.flag("force")) }

    let loaded = try LoadedModel(call)
    let reader = try PictureReader(loaded.model, arguments)
    let argument = try arguments.requiredArgument("PICTURE")
    // Features bring no picture to draw over: it is grey then.
    let file = FeatureIndex.isFeatureFile(argument) ? nil : try PictureReader.bytes(argument, limits: reader.limits)
    let input =
      if let file {
        PictureInput.image(try reader.fit(file.bytes, name: file.name))
      } else {
        try reader.picture(at: argument)
      }
    let seen = try loaded.model.see(inputs: [input])[0]
    let (answer, views) = loaded.model.explain(question, about: seen)
    Questions.note([answer], loaded.model, call.console)
    if let drawing {
      // Larger than any cell of the drawing; a photo is decoded no larger than that.
      let grey = RGBColor(red: 128, green: 128, blue: 128)
      let picture =
        try file.map { try decodeImage($0.bytes, limits: reader.limits, atLeast: (640, 640)) }
        ?? RGBImage(width: 640, height: 640, color: grey)
      try AtomicFile.write(try SpanReport.png(answer, views, picture: picture), to: drawing)
      call.console.inform("drawn in \(drawing)")
    }
    if arguments.flag("json") {
      try call.console.write(SpanReport.json(answer, grid: views.grid))
    } else {
      try call.console.write(arguments.flag("csv") ? SpanReport.csv(answer) : SpanReport.table(answer, views))
    }
    return .success
  }
}
