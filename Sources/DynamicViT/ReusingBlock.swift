// ReusingBlock.swift - a pre-norm transformer block whose scores take in earlier relations and whose feed-forward part sees a context.
//
// Dynamic ViT (Wang et al., NeurIPS 2021), section 3.2. The context comes from the features of the stage before through a small network of
// the block's own, on the old grid, and is then resized; it has no row for the class token, so zeros stand there.

import Layers
import Tensors

/// Makes the context of one block; named feature_resuse_mlp in the original's checkpoints.
struct ContextNetwork: Layer, Sendable {
  let norm: LayerNorm
  let first: Linear  // D -> 128
  let second: Linear  // 128 -> 48

  init(_ configuration: DynamicViTConfiguration, random: inout SeededRandom) {
    let inner = DynamicViTConfiguration.contextInner
    norm = LayerNorm(configuration.width, epsilon: configuration.epsilon)
    first = configuration.startedLinear(configuration.width, inner, random: &random)
    second = configuration.startedLinear(inner, DynamicViTConfiguration.contextWidth, random: &random)
  }

  /// Features `[B, n, D]` to `[B, n, 48]`, still on the old grid.
  func callAsFunction(_ features: Tensor) -> Tensor {
    second(first(norm(features), activation: .gelu))
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    norm.forEachParameter(at: parameterName(path, "0"), body)
    first.forEachParameter(at: parameterName(path, "1.fc1"), body)
    second.forEachParameter(at: parameterName(path, "1.fc2"), body)
  }
}

/// What a block takes from the stage before.
struct BlockReuse {
  /// Features of the stage before, `[B, n, D]`, and the way to this grid.
  var features: (values: Tensor, resize: GridResize)?
  /// Relations to add to this block's scores.
  var relations: ReusedRelations?
}

/// One block.
struct ReusingBlock: Layer, Sendable {
  let norm1: LayerNorm
  let joined: Linear  // D -> 3 D: queries, keys, values
  let project: Linear
  let context: ContextNetwork?
  let norm2: LayerNorm
  let widen: Linear
  let narrow: Linear
  let heads: Int
  let dropPath: Float

  init(_ configuration: DynamicViTConfiguration, stage: Int, layer: Int, random: inout SeededRandom) {
    let width = configuration.width
    let reuses = stage > 0 && configuration.featureReuse
    let seen = width + (reuses ? DynamicViTConfiguration.contextWidth : 0)
    norm1 = LayerNorm(width, epsilon: configuration.epsilon)
    joined = configuration.startedLinear(width, 3 * width, hasBias: !configuration.isT2T, random: &random)
    project = configuration.startedLinear(width, width, random: &random)
    context = reuses ? ContextNetwork(configuration, random: &random) : nil
    norm2 = LayerNorm(seen, epsilon: configuration.epsilon)
    widen = configuration.startedLinear(seen, configuration.inner, random: &random)
    narrow = configuration.startedLinear(configuration.inner, width, random: &random)
    heads = configuration.heads
    dropPath = configuration.dropPath * Float(layer) / Float(max(1, configuration.layers - 1))
  }

  /// One block over all tokens.
  ///
  /// - Parameters:
  ///   - tokens: `[B, N + 1, D]`.
  ///   - reuse: What is taken from the stage before.
  ///   - export: What becomes of the scores.
  ///   - pass: An observer.
  /// - Returns: `[B, N + 1, D]`, and the scores when they are a result.
  func callAsFunction(
    _ tokens: Tensor, reuse: BlockReuse, export: RelationExport, pass: DynamicViTPass
  ) -> (tokens: Tensor, relations: Tensor?) {
    let (attended, relations) = joined(norm1(tokens)).selfAttention(
      heads: heads, reusing: reuse.relations, export: export)
    let seen = tokens + project(attended).droppingSamples(dropPath)
    let given = contextOfAll(reuse, pass: pass)
    return (seen + feedForward(seen, given).droppingSamples(dropPath), relations)
  }

  /// One block of which only the class token is read: keys and values of all tokens, everything else for one; without a tape.
  ///
  /// - Returns: `[B, 1, D]`.
  func classToken(_ tokens: Tensor, reuse: BlockReuse) -> Tensor {
    let normed = norm1(tokens)
    let width = project.inputs
    // The queries of the other tokens are computed in vain: weights that are kept rearranged as a whole are worth more.
    let all = joined(normed)
    let attended = Tensor.attentionOfFirst(
      queries: all.tokens(0..<1).columns(0..<width), keysAndValues: all.columns(width..<(3 * width)), heads: heads,
      reusing: reuse.relations)
    let seen = tokens.tokens(0..<1) + project(attended)
    // The class token's context is zero, so the context network need not run.
    let context = context.map { _ in
      Tensor(repeating: 0, shape: [tokens.shape[0], 1, DynamicViTConfiguration.contextWidth])
    }
    return seen + feedForward(seen, context)
  }

  private func feedForward(_ seen: Tensor, _ context: Tensor?) -> Tensor {
    narrow(widen(norm2(context.map { Tensor.concatenated([seen, $0]) } ?? seen), activation: .gelu))
  }

  private func contextOfAll(_ reuse: BlockReuse, pass: DynamicViTPass) -> Tensor? {
    guard let context, let (features, resize) = reuse.features else { return nil }
    let small = context(features)
    pass.observe("feature_mlp_out") { small }
    let result = small.resizedAfterFirst(resize)
    pass.observe("context_embedding") { result }
    return result
  }

  func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    norm1.forEachParameter(at: parameterName(path, "norm1"), body)
    joined.forEachParameter(at: parameterName(path, "attn.qkv"), body)
    project.forEachParameter(at: parameterName(path, "attn.proj"), body)
    context?.forEachParameter(at: parameterName(path, "feature_resuse_mlp"), body)
    norm2.forEachParameter(at: parameterName(path, "norm2"), body)
    widen.forEachParameter(at: parameterName(path, "mlp.fc1"), body)
    narrow.forEachParameter(at: parameterName(path, "mlp.fc2"), body)
  }
}
