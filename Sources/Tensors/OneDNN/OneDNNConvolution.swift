// OneDNNConvolution.swift - convolutions by oneDNN, on the calling thread.
//
// Pictures stay [B, H, W, C]; the library chooses how it wants the weights, which are brought into that order once for each call, since
// training changes them with every step. Where it has nothing but its reference code, nil or false sends the caller elsewhere.

#if OneDNN
  enum OneDNNConvolution {
    private static let plans = OneDNNPlanCache<OneDNNConvolutionKey, OneDNNConvolutionPlan>()

    /// The forward for parts of a convolution; nil when the library has no fast code for one of them.
    static func forward(
      _ parts: [ConvolutionShape], _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?
    ) -> ConvolutionPass? {
      let packed = PackedWeights()
      for part in Set(parts) {
        let key = OneDNNConvolutionKey(shape: part, pass: .forward, hasBias: bias != nil)
        guard pack(weight, key, into: packed) else { return nil }
      }
      return { part, input, output in
        guard let weights = packed.storages[part] else { return }
        let key = OneDNNConvolutionKey(shape: part, pass: .forward, hasBias: bias != nil)
        withPlan(key) { $0.run(input, weights.pointer, output, bias: bias) }
      }
    }

    /// The gradient of the input for parts of a convolution; nil when the library has no fast code for one of them.
    static func inputGradient(
      _ parts: [ConvolutionShape], _ weight: UnsafePointer<Float>, accumulate: Bool
    ) -> ConvolutionPass? {
      let packed = PackedWeights()
      for part in Set(parts) {
        guard pack(weight, OneDNNConvolutionKey(shape: part, pass: .inputGradient), into: packed) else { return nil }
      }
      return { part, gradient, target in
        guard let weights = packed.storages[part] else { return }
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

    /// Weights in the order that each part wants them in; parts that want the same one share it.
    private final class PackedWeights {
      var storages: [ConvolutionShape: Storage] = [:]
      var orders: [(plan: OneDNNConvolutionPlan.Layout, storage: Storage)] = []
    }

    private static func pack(
      _ weight: UnsafePointer<Float>, _ key: OneDNNConvolutionKey, into packed: PackedWeights
    ) -> Bool {
      var isDone = false
      withPlan(key) { plan in
        guard plan.isFast else { return }
        isDone = true
        if let known = packed.orders.first(where: { $0.plan == plan.weightLayout }) {
          packed.storages[key.shape] = known.storage
          return
        }
        let storage = Storage(count: plan.weightBytes / MemoryLayout<Float>.stride)
        plan.pack(weight, to: storage.pointer, count: key.shape.weightCount)
        packed.storages[key.shape] = storage
        packed.orders.append((plan.weightLayout, storage))
      }
      return isDone
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
