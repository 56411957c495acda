// Training.swift - one training step: forward with dropout, loss, gradients, Adam; the batch in four shards, as recipes cut it.

import Layers
import Synchronization
import TRAR
import Tensors

private struct Tapes: @unchecked Sendable { var tapes: [Int: Tape] = [:] }

/// Steps of training over a batch of random questions with random soft targets.
func trainingStep(batch: Int, seconds: Double, shards: Int = 4) -> Measurement {
  let configuration = fullConfiguration()
  var random = SeededRandom(seed: 0)
  let network = TRARNetwork(configuration, random: &random)
  let spans = makeSpans(configuration)
  let (features, words) = makeInputs(batch: batch, configuration)
  let targets = Tensor(shape: [batch, configuration.answers]) { buffer in
    for index in buffer.indices { buffer[index] = random.uniform() }
  }
  let optimiser = Optimiser(network.namedParameters, configuration: OptimiserConfiguration())
  let size = batch / shards
  var step: UInt64 = 0
  return measure(seconds: seconds, least: 3, warmUps: 1) {
    step += 1
    let number = step
    let group = ShardGroup(count: shards, threads: WorkerPool.shared.threads)
    let results = Mutex(Tapes())
    group.run { shard in
      let tape = Tape(
        training: TrainingMode(
          seed: SeededRandom.mix(number, UInt64(shard)), exchange: ShardExchange(group: group, shard: shard)))
      let loss = tape.record {
        let part = Array((shard * size)..<((shard + 1) * size))
        let length = configuration.questionLength
        let ids = Array(words[(shard * size * length)..<((shard + 1) * size * length)])
        return logits(network, spans, features.samples(part), ids)
          .binaryCrossEntropy(targets: targets.samples(part))
      }
      tape.backward(from: loss)
      let found = Tapes(tapes: [shard: tape])
      results.withLock { $0.tapes.merge(found.tapes) { $1 } }
    }
    let tapes = results.withLock { $0 }.tapes.sorted { $0.key < $1.key }.map(\.value)
    let norm = optimiser.step(tapes: tapes, rate: 1e-4)
    precondition(norm.isFinite, "the gradient is not finite")
  }
}
