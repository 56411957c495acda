// AttentionMapsTests.swift - the maps that are looked at are those the attention uses.

import Tensors
import Testing

extension TensorTests {
  @Suite struct AttentionMaps {
    private static func maps(_ setting: AttentionSetting, _ operands: [Tensor]) -> Tensor {
      Tensor.attentionMaps(
        query: operands[0], key: operands[1], heads: setting.heads, windows: setting.attentionWindows,
        hiddenKeys: setting.hidden)
    }

    @Test func everyWindowsMapIsItsSoftmax() {
      let windows = AttentionSetting.Windows(rows: 3, columns: 4, orders: [1, 0, 2, 1])
      let setting = AttentionSetting(heads: 2, windows: windows, hidden: (0..<24).map { $0 > 14 })
      let operands = setting.operands(2, depth: 3)
      let expected = setting.maps(operands.map { Reference($0) })
      let maps = Self.maps(setting, operands)
      #expect(maps.shape == [2, 4, 2, 12, 12])
      expectClose(maps.elements, expected.elements, within: 1e-6)
    }

    @Test func plainAttentionHasOneMap() {
      let setting = AttentionSetting(heads: 2, hidden: [false, true, false, true, true, true])
      let operands = setting.operands(2, queries: 4, keys: 3, depth: 2)
      let maps = Self.maps(setting, operands)
      #expect(maps.shape == [2, 1, 2, 4, 3])
      expectClose(maps.elements, setting.maps(operands.map { Reference($0) }).elements, within: 1e-6)
    }

    /// The operation's own map, read off with values of one, is the mixture of these maps.
    @Test func theirMixtureIsWhatTheOperationUses() {
      let setting = AttentionSetting(windows: .init(rows: 2, columns: 4, orders: [1, 0]))
      var operands = setting.operands(1, depth: 8)
      operands[2] = Tensor((0..<64).map { $0 / 8 == $0 % 8 ? 1 : 0 }, shape: [1, 8, 8])
      let weights = operands[3].elements
      let maps = Self.maps(setting, operands).elements
      let mixed = (0..<64).map { Double(weights[0] * maps[$0] + weights[1] * maps[64 + $0]) }
      expectClose(setting(operands).elements, mixed, within: 1e-6)
    }

    @Test func noGradientFlowsThroughThem() {
      let tape = Tape()
      let operands = AttentionSetting().operands(1, keys: 3, depth: 2).map(tape.watch)
      let maps = tape.record { Self.maps(AttentionSetting(), operands) }
      #expect(maps.node == nil)
      #expect(tape.recordedOperations == 0)
    }

    @Test func greatScoresDoNotOverflow() {
      let operands = [Tensor([1e4, -1e4], shape: [1, 2, 1]), Tensor([1e3, -1e3, 999], shape: [1, 3, 1])]
      let maps = Self.maps(AttentionSetting(), operands)
      expectClose(maps.elements, [1, 0, 0, 0, 1, 0], within: 1e-6)
    }
  }
}
