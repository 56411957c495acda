// FailureWordsTests.swift - failures in the words that a user reads, and nothing of a file raw in them.

import SafeFiles
import TestSupport
import Testing
import VQAFormats

@Suite struct FailureWordsTests {
  private static let escape = "a\u{1B}"

  @Test func settingsInYAML() {
    let write = "give the original's configuration, such as configs/vqa/trar.yml"
    let expected: [(reason: YAMLFailure.Reason, text: String)] = [
      (
        .notBuilt,
        "this program was built without the library that reads YAML; install libyaml-dev and build with --traits YAML, or "
          + "run scripts/vqa, which does both"
      ),
      (.noMemory, "there is no memory to read it; close other programs and try again"),
      (.tooLarge(bytes: 9, limit: 8), "the file has 9 bytes, more than 8; \(write)"),
      (.empty, "there is nothing in the file; \(write)"),
      (.notSettings(found: "a list"), "found a list where settings must stand; \(write)"),
      (.syntax(Self.escape), "this is no YAML: a\\u{1B}; correct the file there"),
      (.notCharacters(offset: 7, problem: "control"), "byte 7: this is no YAML: control; save the file as UTF-8"),
      (.severalDocuments, "a second document begins; keep one document in the file"),
      (.tooDeep(limit: 16), "lists and mappings nest deeper than 16; check that this is the right file"),
      (.anchor(Self.escape), "the anchor '&a\\u{1B}' is not allowed in settings; write the value out"),
      (.alias(Self.escape), "the alias '*a\\u{1B}' is not allowed in settings; write the value out"),
      (
        .tag(Self.escape),
        "the tag 'a\\u{1B}' is not allowed in settings; remove the tag: nothing in this file is ever run"
      ),
      (
        .notOfTag(Self.escape, tag: "!!int"),
        "'a\\u{1B}' is nothing that the tag !!int can mean; remove the tag or correct the value"
      ),
      (
        .keyNotText(Self.escape), "the key 'a\\u{1B}' is no name; write KEY: VALUE, with a name in capitals as key"
      ),
      (.duplicateKey(first: 3), "the key stands twice, first in line 3; remove one of the two"),
      (.unknownKey(known: ["A", "B"]), "there is no setting of this name; the settings here are A, B"),
      (
        .wrongKind(found: "a text", expected: "a number"), "found a text where a number must stand; correct the value"
      ),
      (.outOfRange(found: "7", allowed: "from 0 to 1"), "'7' is not from 0 to 1; correct the value"),
    ]
    for (reason, text) in expected {
      let failure = YAMLFailure(reason)
      #expect(failure.message == text)
      #expect(failure.kind == (reason == .notBuilt ? .missing : .badData))
    }
    #expect(
      YAMLFailure(.empty, key: Self.escape, at: YAMLMark(line: 2, column: 5)).place == "line 2, column 5, a\\u{1B}")
  }

  /// The original's dictionary of answers: two halves, no more, which say the same.
  @Test(arguments: [
    (#"[{"a":0},{"0":"a"},{"0":"a"}]"#, FormatFailure.Reason.notAnswerDictionary),
    (#"[{"a":0}]"#, .notAnswerDictionary),
    (#"[{"a":0},{"x":"a"}]"#, .inconsistentIndex(answer: "a", index: -1)),
    (#"[{"a":0},{"00":"a"}]"#, .inconsistentIndex(answer: "a", index: 0)),
    (#"[{"a":1},{"0":"a"}]"#, .outOfRange(value: 1, allowed: 0...0)),
  ])
  func dictionariesOfAnswers(text: String, reason: FormatFailure.Reason) {
    let failure = #expect(throws: FormatFailure.self) { try AnswerVocabulary(json: Array(text.utf8)) }
    #expect(failure?.reason == reason)
  }

  /// Annotations of Visual Genome have no types, which only measuring needs.
  @Test func annotationsMayLackTheirTypes() throws {
    let text = Array(#"{"annotations":[{"question_id":1,"image_id":1,"answers":[]}]}"#.utf8)
    let failure = #expect(throws: FormatFailure.self) { try AnnotationFile(json: text) }
    #expect(failure?.reason == .missingField && failure?.path == "annotations[0].question_type")
    let read = try #require(try AnnotationFile(json: text, needsTypes: false).annotations.first)
    #expect(read.questionType.isEmpty && read.answerType.isEmpty)
  }

  /// A package inside one that is not there makes Python end with an error.
  @Test func pythonMayFail() {
    #expect(PythonPackages.folder(of: "no_such_package.of_any_kind") == nil)
  }

  @Test func photosToAskAbout() {
    let expected: [(failure: ObjectFailure, text: String)] = [
      (.noPictures, "there is no photo to ask about; give a folder of pictures with --images"),
      (
        .noConcepts,
        "no word stands for some of the classes and not for others; give a vocabulary that 'vqa data concepts' made with "
          + "--concepts"
      ),
      (
        .unknownLabel(Self.escape, imageID: 7),
        "image 7: the label 'a\\u{1B}' is none of the vocabulary's; name labels as COCO does, such as 'dining table'"
      ),
    ]
    for (failure, text) in expected {
      #expect(failure.message == text)
      #expect(failure.kind == .badData)
    }
  }

  @Test func foldersOfSomebodysOwn() {
    #expect(OwnDataFailure.noTable.kind == .notFound)
    #expect(OwnDataFailure.noPicture(line: 1, name: "a").kind == .notFound)
    #expect(OwnDataFailure.noQuestions.kind == .badData)
    let wrong = FormatFailure(path: "answer", reason: .outOfRange(value: 7, allowed: 0...3))
    #expect(
      OwnDataFailure.json(line: 2, column: 3, wrong).message
        == "line 2, column 3, answer: 7 is not from 0 to 3; correct the field, or give the file in its official layout")
    #expect(
      FormatFailure(path: "share", reason: .numberOutOfRange(value: 1.5, allowed: 0...1)).message
        == "share: 1.5 is not from 0.0 to 1.0; correct the field, or give the file in its official layout")
    #expect(FoldFailure.double(questionID: 3).kind == .badData)
    #expect(
      FoldFailure.noAnnotations(split: Self.escape).message
        == "split a\\u{1B}: its annotations are not there; give the data set with what was answered")
  }

  /// The parameters of PyTorch's optimisers with the defaults that its documentation gives.
  @Test func optimisersHaveTheirDefaults() {
    let expected: [OriginalOptimiser: [String: OriginalParameter]] = [
      .adam: ["betas": .pair(0.9, 0.999), "eps": .number(1e-8), "weight_decay": .number(0), "amsgrad": .flag(false)],
      .adamax: ["betas": .pair(0.9, 0.999), "eps": .number(1e-8), "weight_decay": .number(0)],
      .rmsProp: [
        "alpha": .number(0.99), "eps": .number(1e-8), "weight_decay": .number(0), "momentum": .number(0),
        "centered": .flag(false),
      ],
      .descent: [
        "momentum": .number(0), "dampening": .number(0), "weight_decay": .number(0), "nesterov": .flag(false),
      ],
      .adadelta: ["rho": .number(0.9), "eps": .number(1e-6), "weight_decay": .number(0)],
      .adagrad: [
        "lr_decay": .number(0), "weight_decay": .number(0), "initial_accumulator_value": .number(0),
        "eps": .number(1e-10),
      ],
    ]
    for optimiser in OriginalOptimiser.allCases {
      #expect(Dictionary(optimiser.defaults.map { ($0.key, $0.value) }) { first, _ in first } == expected[optimiser])
    }
  }

  @Test func officialFilesHaveTheirNames() {
    let names = OriginalPart.all(of: .vqa).map { $0.fileName(of: .vqa) }
    #expect(names.contains("v2_OpenEnded_mscoco_train2014_questions.json") && names.contains("VG_questions.json"))
    #expect(OriginalPart.val.fileName(of: .clevr) == "CLEVR_val_questions.json")
  }

  #if YAML
    /// Values of another form than the setting has.
    @Test(arguments: [
      ("ROUTING: [1]\n", "found a list where"), ("FEAT_SIZE: 3\n", "found a whole number where"),
      ("USE_BBOX_FEAT: 1.5\n", "found a number where"), ("ROUTING: {a: 1}\n", "found a mapping where"),
    ])
    func valuesOfAnotherForm(text: String, problem: String) {
      do {
        _ = try OriginalConfiguration(yaml: Array(text.utf8), dataSet: .vqa)
        Issue.record("\(text) is taken")
      } catch {
        #expect(error.problem.hasPrefix(problem), "\(text): \(error.message)")
      }
    }

    /// Anchors and tags are no settings, whatever they stand before.
    @Test func anchorsAndTagsOfListsAndMappings() {
      let cases: [(text: String, reason: YAMLFailure.Reason?)] = [
        ("ORDERS: &a [1]\n", .anchor("a")), ("OPT_PARAMS: &b {eps: 1}\n", .anchor("b")),
        ("ORDERS: !run [1]\n", .tag("!run")), ("OPT_PARAMS: !run {eps: 1}\n", .tag("!run")),
        ("OPT_PARAMS: !!seq {eps: 1}\n", .notOfTag("a mapping", tag: "!!seq")), ("ORDERS: !!seq [1]\n", nil),
        ("OPT_PARAMS: !!map {eps: 1}\n", nil), ("ORDERS: [0o7]\n", nil),
      ]
      for (text, reason) in cases {
        var found: YAMLFailure?
        do { _ = try OriginalConfiguration(yaml: Array(text.utf8), dataSet: .vqa) } catch { found = error }
        if let reason {
          #expect(found?.reason == reason, "\(text)")
        } else if case .anchor? = found?.reason {
          Issue.record("\(text): \(String(describing: found))")
        } else if case .tag? = found?.reason {
          Issue.record("\(text): \(String(describing: found))")
        }
      }
    }

    @Test func aFileOfSettingsIsNamed() throws {
      try withTemporaryFolder { folder in
        let path = folder + "/trar.yml"
        try AtomicFile.write("LAYER: 3\n", to: path)
        #expect(try OriginalConfiguration(path: path).given == ["LAYER"])
        try AtomicFile.write("LAYER: [\n", to: path)
        let failure = #expect(throws: FileFailure.self) { try OriginalConfiguration(path: path) }
        #expect(failure?.file == path && failure?.cause is YAMLFailure)
      }
    }

    /// Every kind of value that an optimiser's parameter does not take is told with the kind that it does.
    @Test(arguments: [
      ("OPT: SGD\nOPT_PARAMS: {nesterov: 3}\n", "True or False"),
      ("OPT: Adamax\nOPT_PARAMS: {betas: 3}\n", "two numbers, such as '(0.9, 0.98)'"),
      ("OPT: RMSprop\nOPT_PARAMS: {alpha: 'True'}\n", "a number"),
      ("OPT: Adagrad\nOPT_PARAMS: {eps: [1, 2]}\n", "a number"),
    ])
    func parametersOfAnotherKind(text: String, kind: String) {
      do {
        _ = try OriginalConfiguration(yaml: Array(text.utf8), dataSet: .vqa)
        Issue.record("\(text) is taken")
      } catch {
        #expect(error.key == "OPT_PARAMS" && error.problem.hasSuffix("' takes \(kind)"), "\(error.message)")
        #expect(error.advice == "correct the value, or leave the parameter out")
      }
    }
  #endif
}
