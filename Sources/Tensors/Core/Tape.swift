// Tape.swift - the record of a forward pass, played backwards for the gradients.
//
// Operations are fused (a linear layer with its bias and activation, a whole attention), so a layer adds tens of records, not hundreds.
// A record's closure keeps just what its gradient needs and is dropped as soon as it has run.

/// A place on the tape: where the gradient of one value is gathered.
package final class TapeNode {
  package let count: Int
  package private(set) var gradient: Storage?

  package init(count: Int) { self.count = count }

  /// Where to put a contribution to the gradient, and whether something is there already to add to.
  package func contribution() -> (pointer: UnsafeMutablePointer<Float>, accumulate: Bool) {
    if let gradient { return (gradient.pointer, true) }
    let fresh = Storage(count: count)
    gradient = fresh
    return (fresh.pointer, false)
  }

  /// A contribution for kernels that can only add: the buffer is zero when it is new.
  package func addableContribution() -> UnsafeMutablePointer<Float> {
    let place = contribution()
    if !place.accumulate { place.pointer.initialize(repeating: 0, count: count) }
    return place.pointer
  }

  package func dropGradient() { gradient = nil }
}

/// What makes a pass a training pass: dropout is drawn, batch statistics are used.
public struct TrainingMode: Sendable {
  /// The seed of everything drawn at random in this pass; one for each step and shard.
  public var seed: UInt64
  /// Joins the batch statistics of all shards; nil when there is one shard.
  public var exchange: ShardExchange?

  /// Makes a training mode.
  public init(seed: UInt64, exchange: ShardExchange? = nil) {
    self.seed = seed
    self.exchange = exchange
  }
}

/// Records operations so that their gradients can be computed; one for each pass and thread.
public final class Tape {
  /// The tape that operations of the present thread record on; nil: nothing is recorded and nothing kept.
  public static var current: Tape? { Self.active?.tape }

  // Task-locals carry over to the task's threads; the box is only ever read on the thread that set it.
  private struct Box: @unchecked Sendable { let tape: Tape }
  @TaskLocal private static var active: Box?

  private struct Entry {
    let output: TapeNode
    let backward: (UnsafeMutablePointer<Float>) -> Void
  }

  private var entries: [Entry] = []
  private var leaves: [ObjectIdentifier: (parameter: Parameter, node: TapeNode)] = [:]
  /// Whether this pass draws dropout and uses batch statistics, and with which seed.
  public let training: TrainingMode?
  private var draws: UInt64 = 0

  /// Makes an empty tape; with a training mode, dropout and batch statistics are on.
  public init(training: TrainingMode? = nil) {
    self.training = training
  }

  /// Runs a forward pass that is recorded on this tape.
  public func record<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$active.withValue(Box(tape: self), operation: body)
  }

  /// Runs a forward pass that is not recorded, whatever tape is active outside.
  public static func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$active.withValue(nil, operation: body)
  }

  /// A seed for the next random draw of this pass; nil outside training.
  public func nextSeed() -> UInt64? {
    guard let training else { return nil }
    draws &+= 1
    return SeededRandom.mix(training.seed, draws)
  }

  /// A tensor whose gradient can be asked for after ``backward(from:)``.
  public func watch(_ tensor: Tensor) -> Tensor {
    Tensor(storage: tensor.storage, shape: tensor.shape, node: TapeNode(count: tensor.count))
  }

  func leaf(for parameter: Parameter) -> Tensor {
    let key = ObjectIdentifier(parameter)
    let node: TapeNode
    if let known = leaves[key] {
      node = known.node
    } else {
      node = TapeNode(count: parameter.value.count)
      leaves[key] = (parameter, node)
    }
    return Tensor(storage: parameter.value.storage, shape: parameter.value.shape, node: node)
  }

  /// Gives an operation's result its place on the tape, if a gradient can flow through it.
  ///
  /// - Parameters:
  ///   - result: The value computed.
  ///   - inputs: The operands; when none of them is on the tape, nothing is recorded.
  ///   - backward: Receives the gradient of the result and adds to the gradients of the operands.
  /// - Returns: The result, on the tape if a gradient can flow through it.
  package static func result(
    _ result: Tensor, of inputs: [Tensor?], backward: () -> (UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    guard let tape = current, inputs.contains(where: { $0?.node != nil }) else { return result }
    let node = TapeNode(count: result.count)
    tape.entries.append(Entry(output: node, backward: backward()))
    return Tensor(storage: result.storage, shape: result.shape, node: node)
  }

  /// Computes the gradients of everything that led to `loss`.
  ///
  /// - Parameters:
  ///   - loss: A tensor recorded on this tape.
  ///   - seed: The gradient to start from, of the shape of `loss`; ones when absent.
  public func backward(from loss: Tensor, seed: Tensor? = nil) {
    guard let start = loss.node else { return }
    precondition(seed.map { $0.count == start.count } ?? true, "backward: seed of another shape than \(loss.shape)")
    let place = start.contribution()
    if let seed {
      place.pointer.update(from: seed.pointer, count: start.count)
    } else {
      place.pointer.initialize(repeating: 1, count: start.count)
    }
    Self.withoutRecording {
      while let entry = entries.popLast() {
        guard let gradient = entry.output.gradient else { continue }
        entry.backward(gradient.pointer)
        entry.output.dropGradient()
      }
    }
  }

  /// The gradient of a parameter after ``backward(from:)``; nil when it had no part in the loss.
  public func gradient(of parameter: Parameter) -> Tensor? {
    guard let leaf = leaves[ObjectIdentifier(parameter)], let gradient = leaf.node.gradient else { return nil }
    return Tensor(storage: gradient, shape: parameter.value.shape)
  }

  /// The gradient of a watched tensor after ``backward(from:)``; nil when it had no part in the loss.
  public func gradient(of tensor: Tensor) -> Tensor? {
    guard let gradient = tensor.node?.gradient else { return nil }
    return Tensor(storage: gradient, shape: tensor.shape)
  }

  /// How many operations are recorded.
  public var recordedOperations: Int { entries.count }
}
