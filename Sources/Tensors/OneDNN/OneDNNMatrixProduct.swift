// OneDNNMatrixProduct.swift - matrix products by oneDNN, on the calling thread.

#if OneDNN
  import COneDNN

  enum OneDNNMatrixProduct {
    private struct Key: Hashable, Sendable {
      let product: MatrixProduct
      let hasBias: Bool
    }

    private static let plans = OneDNNPlanCache<Key, OneDNNPlan>()

    static func run(
      _ product: MatrixProduct, _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
      into output: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?
    ) {
      let key = Key(product: product, hasBias: bias != nil)
      let left = UnsafeMutableRawPointer(mutating: left)
      let right = UnsafeMutableRawPointer(mutating: right)
      plans.withPlan(key) {
        makePlan(key)
      } _: { plan in
        if let bias {
          plan.run(left, right, output, UnsafeMutableRawPointer(mutating: bias))
        } else {
          plan.run(left, right, output)
        }
      }
    }

    private static func makePlan(_ key: Key) -> OneDNNPlan {
      let product = key.product
      OneDNNEngine.useOneThread()
      let batch = product.batch > 1 ? product.batch : nil
      var left = layout(batch, product.rows, product.inner, product.left)
      var right = layout(batch, product.inner, product.columns, product.right)
      var output = layout(batch, product.rows, product.columns, product.output)
      var bias = dnnl_memory_desc_t()
      var operation = dnnl_matmul_desc_t()
      var memories = [(DNNL_ARG_SRC, left), (DNNL_ARG_WEIGHTS, right), (DNNL_ARG_DST, output)]
      if key.hasBias {
        let line = MatrixLayout(rowStride: product.columns, batchStride: product.columns)
        bias = layout(batch.map { _ in 1 }, 1, product.columns, line)  // as many axes as the others have
        OneDNNEngine.check(dnnl_matmul_desc_init(&operation, &left, &right, &bias, &output), "a matrix product")
        memories.append((DNNL_ARG_BIAS, bias))
      } else {
        OneDNNEngine.check(dnnl_matmul_desc_init(&operation, &left, &right, nil, &output), "a matrix product")
      }
      let attributes = makeAttributes(accumulate: product.accumulate, activation: product.activation)
      defer { dnnl_primitive_attr_destroy(attributes) }
      var description: dnnl_primitive_desc_t?
      let status = dnnl_primitive_desc_create(&description, &operation, attributes, OneDNNEngine.engine, nil)
      OneDNNEngine.check(status, "a matrix product of \(product)")
      guard let description else { preconditionFailure("oneDNN gave no description") }
      return OneDNNPlan(description: description, memories: memories.map { (argument: $0.0, layout: $0.1) })
    }

    /// Attributes every primitive of ours has: the user's scratchpad, the sum with what the output holds, and an activation.
    static func makeAttributes(accumulate: Bool, activation: Activation = .none) -> dnnl_primitive_attr_t? {
      var attributes: dnnl_primitive_attr_t?
      OneDNNEngine.check(dnnl_primitive_attr_create(&attributes), "attributes")
      let status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user)
      OneDNNEngine.check(status, "a scratchpad mode")
      guard accumulate || activation != .none else { return attributes }
      var operations: dnnl_post_ops_t?
      OneDNNEngine.check(dnnl_post_ops_create(&operations), "post-operations")
      if accumulate { OneDNNEngine.check(dnnl_post_ops_append_sum(operations, 1), "a sum") }
      let function: dnnl_alg_kind_t
      switch activation {
      case .gelu: function = dnnl_eltwise_gelu_erf
      case .relu6: function = dnnl_eltwise_clip
      case .relu, .none: function = dnnl_eltwise_relu
      }
      if activation != .none {
        // Of these functions only clip heeds an upper bound.
        let bound: Float = activation == .relu6 ? 6 : 0
        OneDNNEngine.check(dnnl_post_ops_append_eltwise(operations, 1, function, 0, bound), "an activation")
      }
      OneDNNEngine.check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations")
      dnnl_post_ops_destroy(operations)
      return attributes
    }

    private static func layout(
      _ batch: Int?, _ rows: Int, _ columns: Int, _ matrix: MatrixLayout
    ) -> dnnl_memory_desc_t {
      var result = dnnl_memory_desc_t()
      var sizes: [dnnl_dim_t] = [Int64(rows), Int64(columns)]
      // The stride of an axis of one place means nothing to us, but the library refuses one that other axes reach beyond.
      let columnStride = columns == 1 ? 1 : matrix.columnStride
      let rowStride = rows == 1 && columnStride == 1 ? columns : matrix.rowStride
      var strides: [dnnl_dim_t] = [Int64(rowStride), Int64(columnStride)]
      if let batch {
        sizes.insert(Int64(batch), at: 0)
        strides.insert(Int64(matrix.batchStride), at: 0)
      }
      let status = dnnl_memory_desc_init_by_strides(&result, Int32(sizes.count), &sizes, dnnl_f32, &strides)
      OneDNNEngine.check(status, "a matrix layout")
      return result
    }
  }
#endif
