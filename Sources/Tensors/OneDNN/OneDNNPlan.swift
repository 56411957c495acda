// OneDNNPlan.swift - a ready primitive of the library with the memory objects it runs on.
//
// Facts of oneDNN 2.6: the scratchpad must be the user's, or a shared primitive gives wrong numbers without an error; the number of
// OpenMP threads is a setting of the calling thread, and some primitives read it when they are made, others (those over its gemm) when
// they run: then they cut the summed axis, and the result depends on who calls. So it is set to one before both. A plan serves one call
// at a time; the cache hands it out and takes it back.

#if OneDNN
  import COneDNN
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// The library's engine and the setting of its threads.
  enum OneDNNEngine {
    private struct Handle: @unchecked Sendable { let engine: dnnl_engine_t }

    private static let handle: Handle = {
      var engine: dnnl_engine_t?
      check(dnnl_engine_create(&engine, dnnl_cpu, 0), "creating the engine")
      guard let engine else { preconditionFailure("oneDNN gave no engine") }
      return Handle(engine: engine)
    }()

    static var engine: dnnl_engine_t { handle.engine }

    private typealias SetThreads = @convention(c) (Int32) -> Void
    private static let setThreads: SetThreads? = {
      guard let symbol = dlsym(nil, "omp_set_num_threads") else { return nil }
      return unsafeBitCast(symbol, to: SetThreads.self)
    }()

    /// Makes the primitives that this thread creates or runs next stay on it.
    static func useOneThread() { setThreads?(1) }

    /// A status other than success means that this package asked for something impossible: our error, not the user's.
    static func check(_ status: dnnl_status_t, _ what: String) {
      precondition(status == dnnl_success, "oneDNN refused \(what): status \(status.rawValue)")
    }
  }

  /// A primitive, its scratchpad and its memory objects by argument number.
  final class OneDNNPlan {
    private let primitive: dnnl_primitive_t
    private let stream: dnnl_stream_t
    private var arguments: [dnnl_exec_arg_t]
    private var scratchpad: UnsafeMutableRawPointer?
    private let description: dnnl_primitive_desc_t

    /// Takes over a primitive description and makes memory objects for the given arguments.
    init(description: dnnl_primitive_desc_t, memories: [(argument: Int32, layout: dnnl_memory_desc_t)]) {
      self.description = description
      var primitive: dnnl_primitive_t?
      OneDNNEngine.check(dnnl_primitive_create(&primitive, description), "creating a primitive")
      var stream: dnnl_stream_t?
      let flags = dnnl_stream_default_flags.rawValue
      OneDNNEngine.check(dnnl_stream_create(&stream, OneDNNEngine.engine, flags), "a stream")
      guard let primitive, let stream else { preconditionFailure("oneDNN gave no primitive") }
      self.primitive = primitive
      self.stream = stream
      arguments = memories.map { item in
        var layout = item.layout
        var memory: dnnl_memory_t?
        OneDNNEngine.check(dnnl_memory_create(&memory, &layout, OneDNNEngine.engine, nil), "a memory object")
        return dnnl_exec_arg_t(arg: item.argument, memory: memory)
      }
      addScratchpad()
    }

    private func addScratchpad() {
      guard let layout = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0) else { return }
      let bytes = dnnl_memory_desc_get_size(layout)
      guard bytes > 0 else { return }
      let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      scratchpad = block
      var memory: dnnl_memory_t?
      OneDNNEngine.check(dnnl_memory_create(&memory, layout, OneDNNEngine.engine, block), "the scratchpad")
      arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: memory))
    }

    deinit {
      for argument in arguments { dnnl_memory_destroy(argument.memory) }
      dnnl_primitive_destroy(primitive)
      dnnl_primitive_desc_destroy(description)
      dnnl_stream_destroy(stream)
      scratchpad?.deallocate()
    }

    /// Runs the primitive on the given buffers, in the order of the memories it was made with.
    func run(_ buffers: UnsafeMutableRawPointer...) {
      // A plan wanders between threads, and one that has not been set to one OpenMP thread gives other last digits.
      OneDNNEngine.useOneThread()
      for (index, buffer) in buffers.enumerated() {
        dnnl_memory_set_data_handle(arguments[index].memory, buffer)
      }
      let status = dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments)
      OneDNNEngine.check(status, "executing a primitive")
    }

    /// The layout that the primitive chose for one of its weights.
    func layout(_ query: dnnl_query_t) -> dnnl_memory_desc_t? {
      dnnl_primitive_desc_query_md(description, query, 0)?.pointee
    }

    /// The library's name for the implementation; "ref" is the slow one.
    var implementation: String {
      var name: UnsafePointer<CChar>?
      guard dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name) == dnnl_success, let name else {
        return ""
      }
      return String(cString: name)
    }
  }

  /// The plans of one shape that nobody uses.
  final class OneDNNPlanShelf<Plan: AnyObject>: Sendable {
    private struct Free: @unchecked Sendable { var plans: [Plan] = [] }
    private let free = Mutex(Free())

    private struct Loan: @unchecked Sendable {
      let plan: Plan?
      init(_ plan: Plan?) { self.plan = plan }
    }

    /// Lends a plan, made now if no free one is there.
    func withPlan(make: () -> Plan, _ body: (Plan) -> Void) {
      let found = free.withLock { Loan($0.plans.popLast()) }
      let plan = found.plan ?? make()
      body(plan)
      let loan = Loan(plan)
      free.withLock { if let plan = loan.plan { $0.plans.append(plan) } }
    }
  }

  /// Plans by shape; a plan that is in use is not in the cache.
  ///
  /// Batches of ever new sizes would fill the memory with plans: at a number of shapes that no network and no training step has, all free
  /// plans are let go of and made anew when they are asked for.
  final class OneDNNPlanCache<Key: Hashable & Sendable, Plan: AnyObject>: Sendable {
    private static var mostShapes: Int { 4096 }

    private let shelves = Mutex([Key: OneDNNPlanShelf<Plan>]())

    /// The plans of a shape.
    func shelf(_ key: Key) -> OneDNNPlanShelf<Plan> {
      shelves.withLock { shelves in
        if let known = shelves[key] { return known }
        if shelves.count >= Self.mostShapes { shelves.removeAll() }
        let shelf = OneDNNPlanShelf<Plan>()
        shelves[key] = shelf
        return shelf
      }
    }

    /// Lends the plan of a shape, made now if no free one is there.
    func withPlan(_ key: Key, make: () -> Plan, _ body: (Plan) -> Void) { shelf(key).withPlan(make: make, body) }
  }
#endif
