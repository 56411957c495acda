// OneDNNConvolution.swift - convolutions by oneDNN, on the calling thread.
//
// Pictures stay [B, H, W, C]; the library chooses how it wants the weights, which are brought into that order once for each call where
// training changes them with every step, and else kept. Where it has nothing but its reference code, nil or false sends the caller elsewhere.

#if OneDNN
  import Synchronization

  enum OneDNNConvolution {
    private static let plans = OneDNNPlanCache<OneDNNConvolutionKey, OneDNNConvolutionPlan>()

    /// The forward for parts of a convolution; nil when the library has no fast code for one of them.
    ///
    /// - Parameters:
    ///   - parts: Their shapes.
    ///   - weight: The weights as they are.
    ///   - bias: One number for each output, or nil.
    ///   - activation: Applied to every output.
    ///   - kept: Where rearranged weights are kept; nil: they are made for this call.
    /// - Returns: The pass.
    static func forward(
      _ parts: [ConvolutionShape], _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
      activation: Activation = .none, keeping kept: KeptPart? = nil
    ) -> ConvolutionPass? {
      func make() -> ReadyForward? {
        let packed =
          kept.map { kept in kept.orders.value(for: kept.number) { PackedWeights(stays: true) } }
          ?? PackedWeights(stays: false)
        var list: [ReadyForward.Part] = []
        for part in parts where !list.contains(where: { $0.key.shape == part }) {
          let key = OneDNNConvolutionKey(shape: part, pass: .forward, hasBias: bias != nil, activation: activation)
          guard let storage = pack(weight, key, into: packed) else { return nil }
          list.append(ReadyForward.Part(key: key, plans: plans.shelf(key), weights: storage))
        }
        return ReadyForward(parts: list)
      }
      let ready: ReadyForward
      if let kept {
        let key = ReadyKey(number: kept.number, parts: parts, hasBias: bias != nil, activation: activation)
        if let known: ReadyForward = kept.orders.known(for: key) {
          ready = known
        } else {
          guard let made = make() else { return nil }
          ready = kept.orders.value(for: key) { made }
        }
      } else {
        guard let made = make() else { return nil }
        ready = made
      }
      return { ready.run($0, $1, $2, bias: bias) }
    }

    /// What the forward of weights that stay is kept under.
    private struct ReadyKey: Hashable {
      let number: Int
      let parts: [ConvolutionShape]
      let hasBias: Bool
      let activation: Activation
    }

    /// The plans and weights of the parts of a forward.
    private final class ReadyForward: Sendable {
      struct Part: Sendable {
        let key: OneDNNConvolutionKey
        let plans: OneDNNPlanShelf<OneDNNConvolutionPlan>
        let weights: Storage
      }

      private let parts: [Part]

      init(parts: [Part]) { self.parts = parts }

      func run(
        _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
        bias: UnsafePointer<Float>?
      ) {
        guard let part = parts.first(where: { $0.key.shape == shape }) else { return }
        part.plans.withPlan {
          OneDNNConvolutionPlan(part.key)
        } _: {
          $0.run(input, part.weights.pointer, output, bias: bias)
        }
      }
    }

    /// The gradient of the input for parts of a convolution; nil when the library has no fast code for one of them.
    static func inputGradient(
      _ parts: [ConvolutionShape], _ weight: UnsafePointer<Float>, accumulate: Bool
    ) -> ConvolutionPass? {
      let packed = PackedWeights(stays: false)
      var storages: [ConvolutionShape: Storage] = [:]
      for part in Set(parts) {
        let key = OneDNNConvolutionKey(shape: part, pass: .inputGradient)
        guard let storage = pack(weight, key, into: packed) else { return nil }
        storages[part] = storage
      }
      let ready = storages
      return { part, gradient, target in
        guard let weights = ready[part] else { return }
        withPlan(OneDNNConvolutionKey(shape: part, pass: .inputGradient)) { plan in
          guard accumulate else {
            plan.run(gradient, weights.pointer, target)
            return
          }
          let fresh = Storage(count: part.inputCount)
          plan.run(gradient, weights.pointer, fresh.pointer)
          VectorMath.add(fresh.count, fresh.pointer, to: target)
        }
      }
    }

    /// The gradient of the weights in one call; false when the library has no fast code for it.
    static func weightGradient(
      _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
      into target: UnsafeMutablePointer<Float>, accumulate: Bool
    ) -> Bool {
      var isDone = false
      withPlan(OneDNNConvolutionKey(shape: shape, pass: .weightGradient)) { plan in
        guard plan.isFast else { return }
        isDone = true
        let chosen = Storage(count: plan.weightBytes / MemoryLayout<Float>.stride)
        plan.run(input, gradient, chosen.pointer)
        guard accumulate else {
          plan.unpack(chosen.pointer, to: target, count: shape.weightCount)
          return
        }
        let plain = Storage(count: shape.weightCount)
        plan.unpack(chosen.pointer, to: plain.pointer, count: shape.weightCount)
        VectorMath.add(plain.count, plain.pointer, to: target)
      }
      return isDone
    }

    /// The library's names for the code of the three passes.
    static func implementations(_ shape: ConvolutionShape) -> [String] {
      OneDNNConvolutionKey.Pass.allCases.map { pass in
        var name = ""
        withPlan(OneDNNConvolutionKey(shape: shape, pass: pass)) { name = $0.implementation }
        return name
      }
    }

    /// Weights in the orders that parts want them in; parts that want the same one share it.
    private final class PackedWeights: Sendable {
      private struct Orders: @unchecked Sendable {
        var list: [(layout: OneDNNConvolutionPlan.Layout, storage: Storage)] = []
      }

      private let orders = Mutex(Orders())
      private let stays: Bool

      /// - Parameter stays: Whether they will be used for long.
      init(stays: Bool) { self.stays = stays }

      /// The weights in the order of a plan, made now if they are not there.
      func storage(_ plan: OneDNNConvolutionPlan, _ weight: UnsafePointer<Float>, count: Int) -> Storage {
        orders.withLock { orders in
          if let known = orders.list.first(where: { $0.layout == plan.weightLayout }) { return known.storage }
          let size = plan.weightBytes / MemoryLayout<Float>.stride
          let storage = stays ? KeptMemory.take(size) : Storage(count: size)
          plan.pack(weight, to: storage.pointer, count: count)
          orders.list.append((plan.weightLayout, storage))
          return storage
        }
      }
    }

    /// The weights in the order of a shape; nil when the library has no fast code for it.
    private static func pack(
      _ weight: UnsafePointer<Float>, _ key: OneDNNConvolutionKey, into packed: PackedWeights
    ) -> Storage? {
      var storage: Storage?
      withPlan(key) { plan in
        if plan.isFast { storage = packed.storage(plan, weight, count: key.shape.weightCount) }
      }
      return storage
    }

    private static func withPlan(_ key: OneDNNConvolutionKey, _ body: (OneDNNConvolutionPlan) -> Void) {
      plans.withPlan(key) {
        OneDNNConvolutionPlan(key)
      } _: {
        body($0)
      }
    }
  }
#endif
