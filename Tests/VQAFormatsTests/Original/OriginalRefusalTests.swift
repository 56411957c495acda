// OriginalRefusalTests.swift - settings that are refused, each with its key, line and column; and damaged files.

#if YAML
  import Foundation
  import SafeFiles
  import Testing
  import VQAFormats

  @Suite struct OriginalRefusalTests {
    private func refusal(_ text: String, _ dataSet: OriginalConfiguration.DataSet? = nil) -> YAMLFailure? {
      do throws(YAMLFailure) {
        _ = try OriginalConfiguration(yaml: Array(text.utf8), dataSet: dataSet)
        return nil
      } catch {
        return error
      }
    }

    @Test func whatSettingsNeverNeedIsRefusedWhereItStands() {
      let cases: [(text: String, reason: YAMLFailure.Reason, line: Int?, column: Int?)] = [
        ("", .empty, nil, nil), ("# nothing\n", .empty, nil, nil),
        ("- 1\n", .notSettings(found: "a list"), 1, 1), ("--- 7\n", .notSettings(found: "a whole number"), 1, 5),
        ("LAYER: 6\n---\nLAYER: 6\n", .severalDocuments, 2, 1),
        ("LAYER: &a 6\n", .anchor("a"), 1, 8), ("LAYER: 6\nFF_SIZE: *a\n", .alias("a"), 2, 10),
        ("GPU: !!python/object/apply:os.system ['ls']\n", .tag("!!python/object/apply:os.system"), 1, 6),
        ("GPU: !run ls\n", .tag("!run"), 1, 6), ("LAYER: !!int six\n", .notOfTag("six", tag: "!!int"), 1, 8),
        ("LAYER: !!map [1]\n", .notOfTag("a list", tag: "!!map"), 1, 8),
        ("LAYER: 6\nLAYER: 7\n", .duplicateKey(first: 1), 2, 1),
        ("OPT_PARAMS: {eps: 1, eps: 2}\n", .duplicateKey(first: 1), 1, 22),
        ("7: 6\n", .keyNotText("7"), 1, 1), ("on: 6\n", .keyNotText("on"), 1, 1),
        ("[a]: 6\n", .keyNotText("a list"), 1, 1),
        ("ORDERS: " + String(repeating: "[", count: 20), .tooDeep(limit: 16), 1, 24),
      ]
      for (text, reason, line, column) in cases {
        let failure = refusal(text)
        #expect(
          failure?.reason == reason && failure?.line == line && failure?.column == column,
          "\(text): \(String(describing: failure))")
        #expect(failure?.kind == .badData)
      }
      #expect(refusal("LAYER: [\n")?.place == "line 2, column 1")
      #expect(refusal("LAYER: \u{1}\n")?.place == "byte 7")
      let large = YAMLDocument.greatestSize
      #expect(refusal(String(repeating: "#", count: large + 1))?.reason == .tooLarge(bytes: large + 1, limit: large))
    }

    @Test func valuesThatAreNoneOfTheSettingAreRefused() {
      let cases: [(text: String, place: String, problem: String)] = [
        ("LAYERS: 6", "line 1, column 1, LAYERS", "there is no setting of this name"),
        ("LAYER: six", "line 1, column 8, LAYER", "found a text where a whole number from 1 to 256 must stand"),
        ("LAYER: 0", "line 1, column 8, LAYER", "'0' is not a whole number from 1 to 256"),
        ("LAYER: 6.0", "line 1, column 8, LAYER", "'6.0' is not a whole number from 1 to 256"),
        ("LAYER:", "line 1, column 7, LAYER", "found nothing where a whole number from 1 to 256 must stand"),
        (
          "LAYER: 99999999999999999999", "line 1, column 8, LAYER",
          "'99999999999999999999' is not a whole number from 1 to 256"
        ),
        ("DROPOUT_R: 1.0", "line 1, column 12, DROPOUT_R", "'1.0' is not from 0 to below 1"),
        ("LR_BASE: .inf", "line 1, column 10, LR_BASE", "'.inf' is not a finite number"),
        ("LR_BASE: fast", "line 1, column 10, LR_BASE", "found a text where a number must stand"),
        (
          "BINARIZE: 'False'", "line 1, column 11, BINARIZE",
          "found a text where True or False, without quotes, must stand"
        ),
        ("ORDERS: []", "line 1, column 9, ORDERS", "'0 numbers' is not 1 to 64"),
        ("ORDERS: 3", "line 1, column 9, ORDERS", "found a whole number where a list of whole numbers must stand"),
        ("ORDERS: [0, -1]", "line 1, column 13, ORDERS", "'-1' is not a whole number from 0 to 127"),
        ("ROUTING: Soft", "line 1, column 10, ROUTING", "'Soft' is not soft, hard (as written here)"),
        ("VERSION: \"a\\eb\"", "line 1, column 10, VERSION", "'a\\u{1B}b' is not a text without control characters"),
        ("LOSS_FUNC: mse", "line 1, column 12, LOSS_FUNC", "'mse' is not bce, kld, ce (as written here)"),
        (
          "OPT: adam", "line 1, column 6, OPT",
          "'adam' is not Adam, Adamax, RMSprop, SGD, Adadelta, Adagrad (as written here)"
        ),
        (
          "OPT_PARAMS: {eps: [1, 2, 3]}", "line 1, column 19, OPT_PARAMS.eps",
          "found a list where a number, two numbers as in '(0.9, 0.98)', or True or False must stand"
        ),
        (
          "OPT_PARAMS: {eps: 'exit()'}", "line 1, column 19, OPT_PARAMS.eps",
          "found a text where a number, two numbers as in '(0.9, 0.98)', or True or False must stand"
        ),
        ("FEAT_SIZE: {gqa: {}}", "line 1, column 13, FEAT_SIZE.gqa", "there is no setting of this name"),
        (
          "FEAT_SIZE: {vqa: {GRID_FEAT_SIZE: [1, 1]}}", "line 1, column 19, FEAT_SIZE.vqa.GRID_FEAT_SIZE",
          "there is no setting of this name"
        ),
        (
          "FEAT_SIZE: {vqa: {FRCN_FEAT_SIZE: [1]}}", "line 1, column 35, FEAT_SIZE.vqa.FRCN_FEAT_SIZE",
          "'1 numbers' is not 2"
        ),
      ]
      for (text, place, problem) in cases {
        let failure = refusal(text)
        #expect(failure?.place == place, "\(text)")
        #expect(failure?.problem == problem, "\(text)")
        #expect(failure?.advice.isEmpty == false)
      }
    }

    @Test func settingsThatDoNotGoTogetherAreRefused() {
      let cases: [(text: String, key: String, conflict: OriginalConflict)] = [
        ("BATCH_SIZE: 64\nGRAD_ACCU_STEPS: 3", "BATCH_SIZE", .batchNotDivisible(batch: 64, parts: 3)),
        ("GRAD_ACCU_STEPS: 3", "GRAD_ACCU_STEPS", .batchNotDivisible(batch: 64, parts: 3)),
        ("ORDERS: [0, 8]", "ORDERS", .orderTooLarge(order: 8, side: 8)),
        ("MULTI_HEAD: 7", "MULTI_HEAD", .headsDoNotDivide(heads: 7, hidden: 512)),
        ("FEAT_SIZE: {vqa: {FRCN_FEAT_SIZE: [100, 2048]}}", "FEAT_SIZE", .rowsDoNotFill(rows: 100, side: 8)),
        ("USE_BBOX_FEAT: True", "USE_BBOX_FEAT", .notUsable), ("USE_AUX_FEAT: True", "USE_AUX_FEAT", .notUsable),
        ("MODEL_USE: mcan", "MODEL_USE", .otherNetwork("mcan")), ("MODEL: butd", "MODEL", .otherNetwork("butd")),
        ("ROUTING: attention\nPOOLING: hard", "ROUTING", .exchanged), ("POOLING: soft", "POOLING", .exchanged),
        ("OPT_PARAMS: {rho: 1}", "OPT_PARAMS", .notOfOptimiser(name: "rho", .adam)),
        ("DATASET: vqa\nLOSS_FUNC: ce", "LOSS_FUNC", .lossNotAllowed(.crossEntropy, dataSet: .vqa)),
        ("DATASET: clevr\nLOSS_FUNC: kld", "LOSS_FUNC", .lossNotAllowed(.divergence, dataSet: .clevr)),
      ]
      for (text, key, conflict) in cases {
        let failure = refusal(text)
        #expect(failure?.reason == .conflict(conflict) && failure?.key == key && failure?.line != nil, "\(text)")
        #expect(failure?.problem.isEmpty == false && failure?.advice.isEmpty == false)
      }
      #expect(refusal("LOSS_FUNC: bce", .clevr)?.key == "LOSS_FUNC")
      // Sizes of the other data set's features are no matter of this one.
      #expect(refusal("FEAT_SIZE: {clevr: {GRID_FEAT_SIZE: [9, 9]}}\nLOSS_FUNC: bce") == nil)
    }

    @Test func namesFromAFileAreShownHarmless() {
      let failure = refusal("\"\\e[31mX\": 1")
      #expect(failure?.place == "line 1, column 1, \\u{1B}[31mX")
      let value = refusal("ROUTING: \"\\e[31m\"")
      #expect(value?.problem.contains("\u{1B}") == false)
    }

    @Test func damagedFilesAreReadOrRefused() {
      #if DEBUG
        let rounds = 3_000
      #else
        let rounds = 100_000
      #endif
      let pieces = [
        "&a ", "*a", "!!python/tuple ", "{", "}", "[", "]", ": ", "\n", "'", "\"", "- ", "? ", "| ", "%YAML 9", "---",
        "\u{0}", "\t", "1e", "~",
      ]
      var random = TestRandom(state: 7)
      var refused = 0
      for round in 0..<rounds {
        var bytes = Array((round % 2 == 0 ? OriginalFiles.vqa : OriginalFiles.clevr).utf8)
        for _ in 0...random.below(4) {
          let place = random.below(bytes.count + 1)
          let end = min(bytes.count, place + random.below(40))
          switch random.below(5) {
          case 0: if place < bytes.count { bytes[place] = UInt8(random.below(256)) }
          case 1: bytes.insert(contentsOf: Array(pieces[random.below(pieces.count)].utf8), at: place)
          case 2: bytes.removeSubrange(place..<end)
          case 3: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
          default: bytes.removeSubrange(place...)
          }
        }
        do throws(YAMLFailure) {
          let read = try OriginalConfiguration(yaml: bytes)
          #expect(read.network.hidden % read.network.heads == 0)
        } catch {
          refused += 1
          if error.place == nil { #expect(error.reason == .empty) }
        }
      }
      #expect(refused > rounds / 4 && refused < rounds)
    }

    @Test func theFuzzCorpusIsReadOrRefused() throws {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Fuzz/Corpus/FuzzYAML")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      for name in names {
        let bytes = try readFile(folder.appending(path: name).path, limit: 1 << 20)
        do throws(YAMLFailure) {
          let read = try OriginalConfiguration(yaml: bytes)
          let again = try OriginalConfiguration(yaml: Array(JSONValue.object(read.settings).serialized().utf8))
          #expect(again.settings == read.settings, "\(name)")
        } catch {
          #expect(name.hasPrefix("regression-"), "\(name): \(error.message)")
        }
      }
      #expect(names.count >= 3)
    }

    @Test(.timeLimit(.minutes(1))) func hugeFilesTakeNoTime() {
      let size = YAMLDocument.greatestSize
      let texts = [
        String(repeating: "[", count: size), "ORDERS: [" + String(repeating: "0,", count: size / 8) + "]",
        (0..<8_000).map { "K\($0): \($0)\n" }.joined(), "GPU: " + String(repeating: "a", count: size - 5),
        "? " + String(repeating: "a", count: 5000) + "\n: 1",
      ]
      for text in texts { #expect(refusal(text) != nil || text.hasPrefix("GPU")) }
    }
  }

  /// A small generator, the same numbers each time.
  private struct TestRandom {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(1, limit)))
    }
  }
#endif
