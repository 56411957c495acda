// OneDNNActivation.swift - GELU of a run of floats by oneDNN, on the calling thread; the same code as behind its matrix products.
//
// So a layer gives the same bits whether its activation is part of the product or, because a gradient needs what went in, comes after it.

#if OneDNN
  import COneDNN

  enum OneDNNActivation {
    private static let plans = OneDNNPlanCache<Int, OneDNNPlan>()

    /// target = GELU(source); both may be the same.
    static func gelu(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, count: Int) {
      plans.withPlan(count) {
        makePlan(count)
      } _: { plan in
        plan.run(UnsafeMutableRawPointer(mutating: source), UnsafeMutableRawPointer(target))
      }
    }

    private static func makePlan(_ count: Int) -> OneDNNPlan {
      OneDNNEngine.useOneThread()
      var layout = dnnl_memory_desc_t()
      var sizes: [dnnl_dim_t] = [Int64(count)]
      var strides: [dnnl_dim_t] = [1]
      OneDNNEngine.check(dnnl_memory_desc_init_by_strides(&layout, 1, &sizes, dnnl_f32, &strides), "a row")
      var operation = dnnl_eltwise_desc_t()
      let status = dnnl_eltwise_forward_desc_init(
        &operation, dnnl_forward_inference, dnnl_eltwise_gelu_erf, &layout, 0, 0)
      OneDNNEngine.check(status, "an activation")
      let attributes = OneDNNMatrixProduct.makeAttributes(accumulate: false)
      defer { dnnl_primitive_attr_destroy(attributes) }
      var description: dnnl_primitive_desc_t?
      OneDNNEngine.check(
        dnnl_primitive_desc_create(&description, &operation, attributes, OneDNNEngine.engine, nil), "an activation")
      guard let description else { preconditionFailure("oneDNN gave no description") }
      return OneDNNPlan(
        description: description,
        memories: [(argument: DNNL_ARG_SRC, layout: layout), (argument: DNNL_ARG_DST, layout: layout)])
    }
  }
#endif
