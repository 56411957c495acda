// OriginalModelTests.swift - the original's settings as a model.

import Testing
import VQAFormats
import VQAPipeline

@Suite struct OriginalModelTests {
  @Test func thePublishedSettingsMakeTheOriginalsNetwork() throws {
    let vqa = OriginalConfiguration(dataSet: .vqa).modelConfiguration()
    #expect(vqa.vision.embedding == .features && vqa.vision.gridSide == 8 && vqa.vision.width == 2048)
    var network = vqa.network
    // These follow from the vocabularies.
    network.vocabularySize = 3
    network.answers = 3129
    #expect(network == .init(), "the defaults of the network are the original's for VQA")
    #expect(vqa.problem == nil)
  }

  @Test func clevrHasItsOwnGridProjectionAndLength() throws {
    let clevr = OriginalConfiguration(dataSet: .clevr).modelConfiguration(questionLength: 43, name: "c")
    #expect(clevr.vision.gridSide == 14 && clevr.vision.width == 1024 && clevr.network.featureWidth == 1024)
    #expect(clevr.network.projectionName == "grid_linear" && clevr.network.questionLength == 43 && clevr.name == "c")
    #expect(clevr.network.routing == .hard && clevr.network.pooling == .scored && clevr.network.binarize)
    #expect(clevr.network.orders == [0, 1, 3] && clevr.problem == nil)
  }

  @Test func everySizeIsTakenOver() {
    var settings = OriginalConfiguration(dataSet: .vqa)
    settings.network.layers = 2
    settings.network.hidden = 32
    settings.network.feedForward = 64
    settings.network.heads = 4
    settings.network.dropout = 0.25
    settings.network.flatHidden = 24
    settings.network.glimpses = 2
    settings.network.flatOutput = 40
    settings.network.wordWidth = 12
    settings.network.pooling = .attention
    settings.network.greatestTemperature = 5
    settings.features.regions.width = 7
    let model = settings.modelConfiguration()
    let network = model.network
    #expect(network.encoderLayers == 2 && network.decoderLayers == 2 && network.hidden == 32)
    #expect(network.feedForward == 64 && network.heads == 4 && network.dropout == 0.25 && network.flatHidden == 24)
    #expect(
      network.glimpses == 2 && network.flatOutput == 40 && network.wordWidth == 12 && network.pooling == .attention)
    #expect(network.temperature == 5 && network.featureWidth == 7 && model.vision.width == 7)
  }
}
