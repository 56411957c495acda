// OneDNNConvolutionPlan.swift - a ready convolution of the library with the reordering of its weights.

#if OneDNN
  import COneDNN

  /// What a plan is made for.
  struct OneDNNConvolutionKey: Hashable, Sendable {
    enum Pass: CaseIterable { case forward, inputGradient, weightGradient }

    let shape: ConvolutionShape
    let pass: Pass
    var hasBias = false
    var activation = Activation.none
  }

  /// One pass of a convolution: its primitive and the order in which that wants the weights.
  final class OneDNNConvolutionPlan {
    /// A layout that can be compared.
    struct Layout: Equatable {
      var description: dnnl_memory_desc_t

      static func == (left: Layout, right: Layout) -> Bool {
        var left = left.description
        var right = right.description
        return dnnl_memory_desc_equal(&left, &right) != 0
      }
    }

    /// The order of the weights that the library chose.
    let weightLayout: Layout
    /// Size of the weights in that order.
    let weightBytes: Int
    /// The library's name for the code.
    let implementation: String
    /// Whether the code is more than the library's slow reference.
    let isFast: Bool
    private let primitive: OneDNNPlan
    private let reorder: OneDNNPlan?  // nil: the chosen order is the plain one

    init(_ key: OneDNNConvolutionKey) {
      OneDNNEngine.useOneThread()
      let layouts = OneDNNConvolutionLayouts(key.shape)
      let description = layouts.describe(key)
      let query = key.pass == .weightGradient ? dnnl_query_diff_weights_md : dnnl_query_weights_md
      guard let chosen = dnnl_primitive_desc_query_md(description, query, 0)?.pointee else {
        preconditionFailure("oneDNN chose no layout for the weights of \(key)")
      }
      weightLayout = Layout(description: chosen)
      weightBytes = withUnsafePointer(to: chosen) { dnnl_memory_desc_get_size($0) }
      var memories: [(argument: Int32, layout: dnnl_memory_desc_t)]
      switch key.pass {
      case .forward:
        memories = [(DNNL_ARG_SRC, layouts.input), (DNNL_ARG_WEIGHTS, chosen), (DNNL_ARG_DST, layouts.output)]
        if key.hasBias { memories.append((DNNL_ARG_BIAS, layouts.bias)) }
      case .inputGradient:
        memories = [
          (DNNL_ARG_DIFF_DST, layouts.output), (DNNL_ARG_WEIGHTS, chosen), (DNNL_ARG_DIFF_SRC, layouts.input),
        ]
      case .weightGradient:
        memories = [
          (DNNL_ARG_SRC, layouts.input), (DNNL_ARG_DIFF_DST, layouts.output), (DNNL_ARG_DIFF_WEIGHTS, chosen),
        ]
      }
      primitive = OneDNNPlan(description: description, memories: memories)
      implementation = primitive.implementation
      isFast = !implementation.contains("ref")
      let plain = Layout(description: layouts.weights)
      if plain == weightLayout {
        reorder = nil
      } else if key.pass == .weightGradient {
        reorder = Self.makeReorder(from: chosen, to: plain.description)
      } else {
        reorder = Self.makeReorder(from: plain.description, to: chosen)
      }
    }

    static func makeReorder(from source: dnnl_memory_desc_t, to target: dnnl_memory_desc_t) -> OneDNNPlan {
      var source = source
      var target = target
      let attributes = OneDNNMatrixProduct.makeAttributes(accumulate: false)
      defer { dnnl_primitive_attr_destroy(attributes) }
      var description: dnnl_primitive_desc_t?
      let status = dnnl_reorder_primitive_desc_create(
        &description, &source, OneDNNEngine.engine, &target, OneDNNEngine.engine, attributes)
      OneDNNEngine.check(status, "reordering weights")
      guard let description else { preconditionFailure("oneDNN gave no description") }
      return OneDNNPlan(description: description, memories: [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, target)])
    }

    /// Brings plain weights into the chosen order.
    func pack(_ plain: UnsafePointer<Float>, to chosen: UnsafeMutablePointer<Float>, count: Int) {
      if let reorder {
        reorder.run(UnsafeMutableRawPointer(mutating: plain), chosen)
      } else {
        chosen.update(from: plain, count: count)
      }
    }

    /// Brings weights of the chosen order into the plain one.
    func unpack(_ chosen: UnsafePointer<Float>, to plain: UnsafeMutablePointer<Float>, count: Int) {
      pack(chosen, to: plain, count: count)
    }

    /// Runs the pass on its two operands (in the order input, weights or gradient first) and its result.
    func run(
      _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
      bias: UnsafePointer<Float>? = nil
    ) {
      let first = UnsafeMutableRawPointer(mutating: first)
      let second = UnsafeMutableRawPointer(mutating: second)
      if let bias {
        primitive.run(first, second, result, UnsafeMutableRawPointer(mutating: bias))
      } else {
        primitive.run(first, second, result)
      }
    }
  }

  /// The layouts of a convolution's operands as the library describes them.
  struct OneDNNConvolutionLayouts {
    let shape: ConvolutionShape
    let input: dnnl_memory_desc_t
    let output: dnnl_memory_desc_t
    let weights: dnnl_memory_desc_t
    let bias: dnnl_memory_desc_t
    private let anyWeights: dnnl_memory_desc_t

    init(_ shape: ConvolutionShape) {
      self.shape = shape
      input = Self.layout([shape.batch, shape.channels, shape.height, shape.width], dnnl_nhwc)
      output = Self.layout([shape.batch, shape.outputs, shape.outputHeight, shape.outputWidth], dnnl_nhwc)
      bias = Self.layout([shape.outputs], dnnl_a)
      let kernel = [shape.groupOutputs, shape.groupChannels, shape.kernelHeight, shape.kernelWidth]
      let sizes = shape.groups == 1 ? kernel : [shape.groups] + kernel
      weights = Self.layout(sizes, shape.groups == 1 ? dnnl_oihw : dnnl_goihw)
      anyWeights = Self.layout(sizes, dnnl_format_tag_any)
    }

    private static func layout(_ sizes: [Int], _ tag: dnnl_format_tag_t) -> dnnl_memory_desc_t {
      var result = dnnl_memory_desc_t()
      let sizes = sizes.map { Int64($0) }
      let status = dnnl_memory_desc_init_by_tag(&result, Int32(sizes.count), sizes, dnnl_f32, tag)
      OneDNNEngine.check(status, "a layout of \(sizes)")
      return result
    }

    /// The description of a pass; those of gradients need that of the forward as a hint.
    func describe(_ key: OneDNNConvolutionKey) -> dnnl_primitive_desc_t {
      var (input, output, weights, bias) = (input, output, anyWeights, bias)
      let strides = [Int64(shape.stride), Int64(shape.stride)]
      let before = [Int64(shape.padding.top), Int64(shape.padding.left)]
      // What the stride leaves over at the far sides does not count.
      let after = [
        Int64((shape.outputHeight - 1) * shape.stride + shape.kernelHeight - shape.padding.top - shape.height),
        Int64((shape.outputWidth - 1) * shape.stride + shape.kernelWidth - shape.padding.left - shape.width),
      ]
      var operation = dnnl_convolution_desc_t()
      var status = dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_training, dnnl_convolution_direct, &input, &weights, nil, &output, strides, before,
        after)
      if key.hasBias {
        status = dnnl_convolution_forward_desc_init(
          &operation, dnnl_forward_training, dnnl_convolution_direct, &input, &weights, &bias, &output, strides,
          before, after)
      }
      OneDNNEngine.check(status, "a convolution \(shape)")
      let forward = create(&operation, hint: nil, activation: key.activation)
      guard key.pass != .forward else { return forward }
      defer { dnnl_primitive_desc_destroy(forward) }
      if key.pass == .inputGradient {
        status = dnnl_convolution_backward_data_desc_init(
          &operation, dnnl_convolution_direct, &input, &weights, &output, strides, before, after)
      } else {
        status = dnnl_convolution_backward_weights_desc_init(
          &operation, dnnl_convolution_direct, &input, &weights, nil, &output, strides, before, after)
      }
      OneDNNEngine.check(status, "the gradient of a convolution \(shape)")
      return create(&operation, hint: forward)
    }

    private func create(
      _ operation: inout dnnl_convolution_desc_t, hint: dnnl_primitive_desc_t?, activation: Activation = .none
    ) -> dnnl_primitive_desc_t {
      let attributes = OneDNNMatrixProduct.makeAttributes(accumulate: false, activation: activation)
      defer { dnnl_primitive_attr_destroy(attributes) }
      var description: dnnl_primitive_desc_t?
      let status = dnnl_primitive_desc_create(&description, &operation, attributes, OneDNNEngine.engine, hint)
      OneDNNEngine.check(status, "a convolution \(shape)")
      guard let description else { preconditionFailure("oneDNN gave no description") }
      return description
    }
  }
#endif
