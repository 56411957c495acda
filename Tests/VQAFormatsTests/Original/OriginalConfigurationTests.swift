// OriginalConfigurationTests.swift - the original's settings: defaults, every key, the data set.

import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct OriginalConfigurationTests {
  @Test func defaultsAreThoseOfTheOriginal() {
    let vqa = OriginalConfiguration(dataSet: .vqa)
    let clevr = OriginalConfiguration(dataSet: .clevr)
    #expect(vqa.network.orders == [0, 1, 2, 3] && vqa.network.gridSide == 8 && vqa.network.routing == .soft)
    #expect(clevr.network.orders == [0, 1, 3] && clevr.network.gridSide == 14 && clevr.network.routing == .hard)
    #expect(vqa.network.pooling == .average && clevr.network.pooling == .scored && clevr.network.binarize)
    #expect(vqa.learning.rate == 1e-4 && clevr.learning.rate == 4e-5 && clevr.learning.epochs == 16)
    #expect(vqa.learning.parameter("betas") == .pair(0.9, 0.98) && vqa.learning.parameter("eps") == .number(1e-9))
    #expect(vqa.learning.parameter("amsgrad") == .flag(false) && vqa.learning.parameter("rho") == nil)
    #expect(vqa.learning.evaluationBatchSize == 32 && clevr.learning.evaluationBatchSize == 16)
    #expect(vqa.features[.vqa] == .init(rows: 64, width: 2048) && vqa.features[.clevr] == .init(rows: 196, width: 1024))
    #expect(vqa.settings["LR_DECAY_LIST"] == [10, 12] && vqa.settings["SEED"] == .null)
    #expect(vqa.settings.keys.count == 52 && vqa.settings["REDUCTION"] == nil)
  }

  #if YAML
    private func read(_ text: String, _ dataSet: OriginalConfiguration.DataSet? = nil) throws -> OriginalConfiguration {
      try OriginalConfiguration(yaml: Array(text.utf8), dataSet: dataSet)
    }

    @Test func thePublishedFilesAreTheDefaults() throws {
      for (text, dataSet) in [(OriginalFiles.vqa, OriginalConfiguration.DataSet.vqa), (OriginalFiles.clevr, .clevr)] {
        var read = try read(text)
        #expect(read.given.count == 29 + (dataSet == .vqa ? 1 : 0))
        read.given = []
        #expect(read == OriginalConfiguration(dataSet: dataSet))
      }
    }

    @Test func everyKeyIsUnderstood() throws {
      let text = """
        MODEL_USE: TRAR
        MODEL: trar
        LAYER: 2
        HIDDEN_SIZE: 32
        BBOXFEAT_EMB_SIZE: 7
        FF_SIZE: 64
        MULTI_HEAD: 4
        DROPOUT_R: 0
        FLAT_MLP_SIZE: 24
        FLAT_GLIMPSES: 2
        FLAT_OUT_SIZE: 40
        WORD_EMBED_SIZE: 24
        USE_AUX_FEAT: no
        USE_BBOX_FEAT: false
        BBOX_NORMALIZE: off
        ORDERS: [1, 0]
        IMG_SCALE: 4
        ROUTING: hard
        POOLING: attention
        TAU_POLICY: 2
        TAU_MAX: 5.5
        TAU_MIN: '1e-3'
        BINARIZE: yes
        BATCH_SIZE: 32
        GRAD_ACCU_STEPS: 4
        LR_BASE: 1e-5
        LR_DECAY_R: 0.5
        LR_DECAY_LIST: []
        WARMUP_EPOCH: 0
        MAX_EPOCH: 1
        GRAD_NORM_CLIP: 1.5
        LOSS_FUNC: kld
        LOSS_REDUCTION: elementwise_mean
        OPT: SGD
        OPT_PARAMS: {momentum: 0.9, nesterov: 'True', dampening: '0'}
        DATASET: vqa
        USE_GLOVE: False
        FEAT_SIZE:
          vqa: {FRCN_FEAT_SIZE: [16, 40], BBOX_FEAT_SIZE: '(16, 5)'}
          clevr: {GRID_FEAT_SIZE: "(196, 3)"}
        TRAIN_SPLIT: train+val+vg
        RUN_MODE: val
        GPU: 0,1
        SEED: 888
        VERSION: small
        RESUME: True
        CKPT_VERSION: 123
        CKPT_EPOCH: 7
        CKPT_PATH: ckpts/a.pkl
        VERBOSE: False
        EVAL_EVERY_EPOCH: False
        TEST_SAVE_PRED: True
        NUM_WORKERS: 0
        PIN_MEM: False
        """
      let read = try read(text)
      #expect(read.given.count == read.settings.keys.count)
      let defaults = OriginalConfiguration(dataSet: .vqa).settings
      // All but these differ from their defaults, so no key is read into another's place.
      let same = read.settings.members.filter { defaults[$0.key] == $0.value }.map(\.key)
      #expect(same == ["MODEL_USE", "MODEL", "USE_AUX_FEAT", "USE_BBOX_FEAT", "DATASET"])
      #expect(read.network.leastTemperature == 1e-3 && read.learning.rate == 1e-5)
      #expect(read.learning.optimiser == .descent && read.learning.parameter("nesterov") == .flag(true))
      #expect(
        read.learning.parameter("momentum") == .number(0.9) && read.learning.parameter("weight_decay") == .number(0))
      #expect(read.features.regions == .init(rows: 16, width: 40) && read.features.grid.width == 3)
      #expect(read.learning.partSize == 8 && read.run.cards == "0,1" && read.run.checkpointVersion == "123")
      let small = try read("IMG_SCALE: 4")
      #expect(small.features[.vqa].rows == 16)
      let smallAgain = try OriginalConfiguration(yaml: Array(JSONValue.object(small.settings).serialized().utf8))
      #expect(smallAgain.settings == small.settings)
      let again = try OriginalConfiguration(yaml: Array(JSONValue.object(read.settings).serialized().utf8))
      #expect(again.settings == read.settings)
    }

    @Test func theDataSetIsToldByTheSettings() throws {
      #expect(try read("LAYER: 1").dataSet == .vqa)
      #expect(try read("LOSS_FUNC: ce").dataSet == .clevr)
      #expect(try read("IMG_SCALE: 14").dataSet == .clevr)
      #expect(try read("IMG_SCALE: 14\nLOSS_FUNC: bce").dataSet == .vqa)
      #expect(try read("DATASET: clevr").dataSet == .clevr)
      #expect(try read("DATASET: clevr", .vqa).dataSet == .vqa)
      #expect(try OriginalConfiguration(yaml: Array("LAYER: 1".utf8), otherwise: .clevr).network.gridSide == 14)
    }

    @Test func anOptimiserWithoutParametersHasPyTorchs() throws {
      #expect(try read("OPT: Adam").learning.parameter("betas") == .pair(0.9, 0.999))
      #expect(try read("OPT_PARAMS: {eps: 1e-9}").learning.parameter("betas") == .pair(0.9, 0.999))
      #expect(try read("LAYER: 1").learning.parameter("betas") == .pair(0.9, 0.98))
    }

    @Test func aFileIsNamedInItsFailure() throws {
      try withTemporaryFolder { folder in
        let path = folder + "/trar.yml"
        try AtomicFile.write("LAYER: 6\nLAYERS: 6\n", to: path)
        let failure = #expect(throws: FileFailure.self) { try OriginalConfiguration(path: path) }
        #expect(
          failure?.description.hasPrefix("\(path): line 2, column 1, LAYERS: there is no setting of this name") == true)
      }
    }
  #else
    @Test func withoutTheLibraryAFileIsRefusedWithTheWayOut() {
      let failure = #expect(throws: YAMLFailure.self) { try OriginalConfiguration(yaml: Array(OriginalFiles.vqa.utf8)) }
      #expect(failure?.kind == .missing && failure?.reason == .notBuilt)
      #expect(failure?.advice.contains("--traits YAML") == true)
    }
  #endif
}
