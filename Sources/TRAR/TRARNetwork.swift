// TRARNetwork.swift - the whole answer network: question encoder, routed picture decoder, pooling, classifier.
//
// TRAR (Zhou et al., ICCV 2021) on MCAN's frame (Yu et al., CVPR 2019): the question is encoded once by all encoder layers, its last
// states feed every decoder layer. Shapes: B batch, T words, N picture tokens, D width, A answers.

import Layers
import Routing
import Tensors

/// A question after all encoder layers.
public struct EncodedQuestion: Sendable {
  /// `[B, T, D]`.
  public var states: Tensor
  /// One mark for each of the B T words, true for padding.
  public var hidden: [Bool]

  /// Takes questions by number, one of them possibly several times.
  public func samples(_ indices: [Int]) -> EncodedQuestion {
    let length = states.shape[1]
    let marks = indices.flatMap { hidden[($0 * length)..<(($0 + 1) * length)] }
    return EncodedQuestion(states: states.samples(indices), hidden: Array(marks))
  }
}

/// Answers questions about pictures given as tokens.
public struct TRARNetwork: Layer, Sendable {
  /// Sizes and choices.
  public let configuration: TRARConfiguration
  let embedding: Embedding  // [V, E]
  let lstm: LSTM  // E -> D
  let projection: Linear  // features -> D
  let encoder: [EncoderLayer]
  let decoder: [DecoderLayer]
  let picturePooling: AttentionPooling  // [B, N, D] -> [B, F]
  let questionPooling: AttentionPooling  // [B, T, D] -> [B, F]
  let norm: UnbiasedLayerNorm  // F
  let classifier: Linear  // F -> A

  /// Makes a network with the original's first values.
  public init(_ configuration: TRARConfiguration, random: inout SeededRandom) {
    self.configuration = configuration
    let width = configuration.hidden
    embedding = Embedding(configuration.vocabularySize, configuration.wordWidth, random: &random)
    lstm = LSTM(configuration.wordWidth, hidden: width, random: &random)
    projection = Linear(configuration.featureWidth, width, random: &random)
    encoder = (0..<configuration.encoderLayers).map { _ in EncoderLayer(configuration, random: &random) }
    decoder = (0..<configuration.decoderLayers).map { _ in DecoderLayer(configuration, random: &random) }
    func makePooling(_ random: inout SeededRandom) -> AttentionPooling {
      AttentionPooling(
        width, inner: configuration.flatHidden, glimpses: configuration.glimpses, outputs: configuration.flatOutput,
        dropout: configuration.dropout, random: &random)
    }
    picturePooling = makePooling(&random)
    questionPooling = makePooling(&random)
    norm = UnbiasedLayerNorm(configuration.flatOutput)
    classifier = Linear(configuration.flatOutput, configuration.answers, random: &random)
  }

  /// Encodes questions; needed once for each question, whatever is asked about afterwards.
  ///
  /// - Parameters:
  ///   - words: Word numbers row by row, 0 for padding, `[B, T]`.
  ///   - batch: Number of questions.
  ///   - pass: Settings and observer.
  /// - Returns: The states after all encoder layers.
  public func encode(words: [Int], batch: Int, pass: TRARPass = TRARPass()) -> EncodedQuestion {
    let embedded = embedding(words, shape: [batch, words.count / max(1, batch)])  // [B, T, E]
    return encode(embedded: embedded, hidden: words.map { $0 == 0 }, pass: pass)
  }

  /// Encodes questions whose words are vectors already, with further tokens behind them that no order binds.
  ///
  /// - Parameters:
  ///   - embedded: The words, `[B, T, E]`.
  ///   - hidden: One mark for each of the B T words, true for padding.
  ///   - further: Tokens that are encoded together with the words, `[B, K, D]`, and one mark for each, true for padding.
  ///   - pass: Settings and observer.
  /// - Returns: The states after all encoder layers, `[B, T + K, D]`.
  public func encode(
    embedded: Tensor, hidden: [Bool], further: (tokens: Tensor, hidden: [Bool])? = nil, pass: TRARPass = TRARPass()
  ) -> EncodedQuestion {
    pass.observe("mid.embedding") { embedded }
    var states = lstm(embedded)  // [B, T, D]
    pass.observe("mid.lstm") { states }
    var hidden = hidden
    if let further {
      let (batch, words, count) = (embedded.shape[0], embedded.shape[1], further.tokens.shape[1])
      states = .joiningTokens([states, further.tokens])
      var joined: [Bool] = []
      for sample in 0..<batch {
        joined += hidden[(sample * words)..<((sample + 1) * words)]
        joined += further.hidden[(sample * count)..<((sample + 1) * count)]
      }
      hidden = joined
    }
    for (index, layer) in encoder.enumerated() {
      states = layer(states, hidden: hidden, layer: index, pass: pass)
    }
    return EncodedQuestion(states: states, hidden: hidden)
  }

  /// Answers encoded questions, one for each picture of the batch.
  ///
  /// - Parameters:
  ///   - features: Picture tokens, `[B, N, features]`; a row of zeros is padding.
  ///   - question: Encoded questions of the same batch.
  ///   - spans: Spans over a grid of N tokens, with the orders of the configuration.
  ///   - layers: How many decoder layers run, the first ones; nil: all.
  ///   - pass: Settings and observer.
  ///   - trace: Receives the choice of every layer that runs.
  /// - Returns: Logits, `[B, A]`.
  public func decode(
    features: Tensor, question: EncodedQuestion, spans: SpanMasks, layers: Int? = nil, pass: TRARPass = TRARPass(),
    trace: inout RoutingTrace
  ) -> Tensor {
    classify(
      read(features: features, question: question, spans: spans, layers: layers, pass: pass, trace: &trace))
  }

  /// What ``decode(features:question:spans:layers:pass:trace:)`` classifies: question and picture pooled and joined.
  ///
  /// - Returns: `[B, F]`.
  public func read(
    features: Tensor, question: EncodedQuestion, spans: SpanMasks, layers: Int? = nil, pass: TRARPass = TRARPass(),
    trace: inout RoutingTrace
  ) -> Tensor {
    precondition(
      spans.orders.count == configuration.orders.count, "decode: spans \(spans.orders), not \(configuration.orders)")
    let padding = features.zeroRows
    let hidden = padding.contains(true) ? padding : nil
    pass.observe("mid.img_mask") {
      Tensor(padding.map { $0 ? 1 : 0 }, shape: [features.shape[0], 1, 1, features.shape[1]])
    }
    var tokens = projection(features)  // [B, N, D]
    pass.observe("mid.adapter") { tokens }
    for (index, layer) in decoder.prefix(layers ?? decoder.count).enumerated() {
      tokens = layer(
        tokens, question: question, spans: spans, hidden: hidden, layer: index, pass: pass, trace: &trace)
    }
    let said = questionPooling(question.states, hidden: question.hidden) { pass.observe("mid.attflat_lang." + $0, $1) }
    pass.observe("mid.attflat_lang.out") { said }
    let seen = picturePooling(tokens, hidden: hidden) { pass.observe("mid.attflat_img." + $0, $1) }
    pass.observe("mid.attflat_img.out") { seen }
    let joined = norm(said + seen)  // [B, F]
    pass.observe("mid.proj_norm") { joined }
    return joined
  }

  /// The logits of what was read, `[B, F]` to `[B, A]`.
  public func classify(_ joined: Tensor) -> Tensor { classifier(joined) }

  /// The words' own vectors, `[B, T, E]`, of word numbers row by row.
  public func embed(_ words: [Int], shape: [Int]) -> Tensor { embedding(words, shape: shape) }

  /// Starts training where answers that no question has are improbable and words have no vectors of their own yet.
  ///
  /// - Parameter answerBias: The first bias of every answer.
  public func start(answerBias: Float) {
    embedding.weight.value = Tensor(repeating: 0, shape: embedding.weight.value.shape)
    classifier.bias?.value = Tensor(repeating: answerBias, shape: [classifier.outputs])
  }

  /// The parameters under the names of the original checkpoints, in the original's order.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    func visit(_ layer: some Layer, _ name: String) {
      layer.forEachParameter(at: parameterName(path, name), body)
    }
    visit(embedding, "embedding")
    visit(lstm, "lstm")
    visit(projection, "adapter." + configuration.projectionName)
    for (index, layer) in encoder.enumerated() { visit(layer, "backbone.enc_list.\(index)") }
    for (index, layer) in decoder.enumerated() { visit(layer, "backbone.dec_list.\(index)") }
    visit(picturePooling, "attflat_img")
    visit(questionPooling, "attflat_lang")
    visit(norm, "proj_norm")
    visit(classifier, "proj")
  }
}
