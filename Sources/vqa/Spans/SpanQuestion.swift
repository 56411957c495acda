// SpanQuestion.swift - the spans of one question about one picture: table, JSON or CSV, with a drawing and a page beside it.

import CommandLineKit
import ImageCodecs
import Reports
import SafeFiles
import VQAFormats
import VQAPipeline

/// Shows the spans of one question.
struct SpanQuestion {
  /// Larger than any picture of a drawing or a page; a photo is decoded no larger than that.
  private static let side = 640

  private let call: Call
  private let picture: String

  init(_ call: Call) throws(UsageError) {
    self.call = call
    picture = try call.arguments.requiredArgument("PICTURE")
    _ = try call.arguments.requiredArgument("QUESTION")
  }

  func run() throws -> ExitCode {
    let arguments = call.arguments
    let question = try Questions.read(arguments, call.console).first ?? ""
    let (drawing, page) = (arguments.string("png"), arguments.string("html"))
    for output in [drawing, page] {
      if let output { try OutputFile.check(output, isForced: arguments.flag("force")) }
    }

    let loaded = try LoadedModel(answering: call)
    let reader = try PictureReader(loaded.model, arguments)
    // Features bring no picture to show.
    let file = FeatureIndex.isFeatureFile(picture) ? nil : try PictureReader.bytes(picture, limits: reader.limits)
    let input: PictureInput =
      if let file { .image(try reader.fit(file.bytes, name: file.name)) } else { try reader.picture(at: picture) }
    guard let seen = try loaded.model.see(inputs: [input]).first else { return .bug }
    let (answer, views) = loaded.model.explain(question, about: seen)
    Questions.note([answer], loaded.model, call.console)
    if drawing != nil || page != nil {
      let shown = try file.map { try decodeImage($0.bytes, limits: reader.limits, atLeast: (Self.side, Self.side)) }
      if let drawing {
        let grey = RGBColor(red: 128, green: 128, blue: 128)
        let canvas = try shown ?? RGBImage(width: Self.side, height: Self.side, color: grey)
        try AtomicFile.write(try SpanReport.png(answer, views, picture: canvas), to: drawing)
        call.console.inform("drawn in \(drawing)")
      }
      if let page {
        let source = SpanSource(
          model: loaded.model.configuration.name, configuration: loaded.configurationHash,
          pictureName: PagePath.name(of: file?.name ?? picture), picture: shown)
        try AtomicFile.write(try SpanReport.html(answer, views, from: source), to: page)
        call.console.inform("open \(page) in a browser")
      }
    }
    if arguments.flag("json") {
      try call.console.write(SpanReport.json(answer, grid: views.grid))
    } else {
      try call.console.write(arguments.flag("csv") ? SpanReport.csv(answer) : SpanReport.table(answer, views))
    }
    return .success
  }
}
