// BackboneCascade.swift - a cascade whose grids come from a convolutional network that stays as it is.
//
// EfficientNet-lite0 turns 224, 320 and 448 pixels into 7x7, 10x10 and 14x14 cells. The stages of a Dynamic ViT, with both reuses, work on these.
// The coarsest grid also gives what the backbone knows: its classes, and labels by linear heads on sums over the cells.

import Backbones
import DynamicViT
import Layers
import Routing
import Tensors

/// EfficientNet-lite0 before a Dynamic ViT cascade.
public struct BackboneCascade: VisionSide {
  /// The network that makes the grids, not trained.
  public let backbone: EfficientNetLite
  /// The heads of the labels and words, `[labels + words, 2 x 1280]`, 54 wider with words, fitted before training.
  public let labelWeight: Parameter
  /// The bias of each label's head, less the log-odds of the label on any picture.
  public let labelBias: Parameter
  /// The stages that are trained.
  public let cascade: DynamicViTCascade
  /// Name of the backbone among the parameters.
  static let backboneName = "backbone"

  init(_ configuration: DynamicViTConfiguration, _ knowledge: KnowledgeConfiguration, random: inout SeededRandom) {
    // Its weights are read from a file; drawing four million numbers first would be in vain.
    backbone = Initialisation.skipped {
      var none = SeededRandom(seed: 0)
      return EfficientNetLite(random: &none)
    }
    let (heads, width) = (knowledge.labels + knowledge.words, Self.sumWidth(knowledge))
    labelWeight = Initialisation.constant(0, [heads, width], isTrainable: false)
    labelBias = Initialisation.constant(0, [heads], isTrainable: false)
    cascade = DynamicViTCascade(configuration, random: &random)
  }

  /// Height and width of the finest grid's pictures.
  public var pictureSize: Int { pictureSize(stage: grids.count - 1) }

  /// The grid of each stage.
  public var grids: [GridSize] { cascade.grids }

  /// Width D of a token.
  public var tokenWidth: Int { cascade.tokenWidth }

  /// A cell is 32 pixels wide.
  public func pictureSize(stage: Int) -> Int { grids[stage].rows * EfficientNetLite.cell }

  /// Cells of a grid, and their channels.
  public func preparedShape(stage: Int) -> [Int] { [grids[stage].tokens, Self.gridWidth] }

  /// The backbone's map; of the first stage also its classes, and the sums over the cells that labels are read from.
  public func prepare(_ pictures: Tensor, stage: Int) -> PreparedPictures {
    let map = backbone.map(pictures)
    let cells = map.reshaped([map.shape[0], map.shape[1] * map.shape[2], map.shape[3]])
    let values = Tensor.concatenated([cells, Self.colors(pictures)])
    guard stage == 0 else { return PreparedPictures(values: values) }
    let features = backbone.features(ofMap: map)
    let pooled = Self.pooled(features.reshaped([cells.shape[0], cells.shape[1], EfficientNetLite.width]))
    return PreparedPictures(
      values: values,
      known: [
        PictureKnowledge.classesKey: backbone.logits(features),
        PictureKnowledge.labelsKey: sums(pooled, values).linear(labelWeight.value, bias: labelBias.value),
        Self.pooledKey: pooled,
      ])
  }

  /// Name of the sums that labels are read from.
  package static let pooledKey = "pooled"

  /// Quarters of a cell in each direction, whose colours are told.
  private static let quarters = 2
  /// Channels of a cell: those of the backbone's map, and the colours.
  public static let gridWidth = EfficientNetLite.mapWidth + 3 * quarters * quarters
  /// Channels of a cell with the shares of 27 colours.
  public static let wideWidth = gridWidth + ColorLattice.points

  /// Width of what labels and words are read from.
  private static func sumWidth(_ knowledge: KnowledgeConfiguration) -> Int {
    2 * EfficientNetLite.width + (knowledge.words > 0 ? 2 * ColorLattice.points : 0)
  }

  /// What labels and words are read from: the sums over the cells, `[B, 2560]`, and the colours of the cells, `[B, N, 332]`.
  private func sums(_ pooled: Tensor, _ cells: Tensor) -> Tensor {
    guard labelWeight.value.width > pooled.width else { return pooled }
    let size = cells.shape[1] * cells.width
    var rows: [Float] = []
    for picture in 0..<pooled.shape[0] {
      let own: [Float] = pooled.withElements { Array($0[(picture * pooled.width)..<((picture + 1) * pooled.width)]) }
      rows += cells.withElements { values in
        Self.sums(own, UnsafeBufferPointer(rebasing: values[(picture * size)..<((picture + 1) * size)]))
      }
    }
    return Tensor(rows, shape: [pooled.shape[0], labelWeight.value.width])
  }

  /// What labels and words of one picture are read from.
  ///
  /// - Parameters:
  ///   - pooled: Sums over the cells, 2,560 numbers.
  ///   - cells: The cells as they are prepared, `[N, 332]`, row by row.
  /// - Returns: 2,614 numbers.
  package static func sums(_ pooled: [Float], _ cells: UnsafeBufferPointer<Float>) -> [Float] {
    pooled + ColorLattice.sums(cells, width: gridWidth, colors: quarters * quarters)
  }

  /// The mean colour of each quarter of each cell, `[B, S, S, 3]` to `[B, N, 12]`: what a network that names things has no use for.
  private static func colors(_ pictures: Tensor) -> Tensor {
    let (batch, side) = (pictures.shape[0], pictures.shape[1])
    let (cells, part) = (side / EfficientNetLite.cell, EfficientNetLite.cell / quarters)
    let width = 3 * quarters * quarters
    return Tensor(shape: [batch, cells * cells, width]) { target in
      target.initialize(repeating: 0)
      pictures.withElements { values in
        let share = 1 / Float(part * part)
        for picture in 0..<batch {
          for row in 0..<(cells * EfficientNetLite.cell) {
            let (cellRow, quarterRow) = (row / EfficientNetLite.cell, row % EfficientNetLite.cell / part)
            for column in 0..<(cells * EfficientNetLite.cell) {
              let cell = cellRow &* cells &+ column / EfficientNetLite.cell
              let quarter = quarterRow &* quarters &+ column % EfficientNetLite.cell / part
              let source = ((picture &* side &+ row) &* side &+ column) &* 3
              let place = (picture &* cells &* cells &+ cell) &* width &+ quarter &* 3
              for channel in 0..<3 { target[place &+ channel] += values[source &+ channel] * share }
            }
          }
        }
      }
    }
  }

  /// Mean and greatest value of each channel over the cells, their roots; `[B, N, C]` to `[B, 2 C]`.
  private static func pooled(_ cells: Tensor) -> Tensor {
    let (batch, count, width) = (cells.shape[0], cells.shape[1], cells.shape[2])
    return Tensor(shape: [batch, 2 * width]) { target in
      cells.withElements { values in
        for picture in 0..<batch {
          for channel in 0..<width {
            var (sum, greatest) = (Float(0), Float(0))
            for cell in 0..<count {
              let value = values[(picture &* count &+ cell) &* width &+ channel]
              sum += value
              greatest = max(greatest, value)
            }
            target[picture &* 2 &* width &+ channel] = (sum / Float(count)).squareRoot()
            target[(picture &* 2 &+ 1) &* width &+ channel] = greatest.squareRoot()
          }
        }
      }
    }
  }

  /// The stages of the cascade on the cells.
  public func tokens(of prepared: Tensor, stage: Int, after earlier: VisionTokens?) -> VisionTokens {
    let isWide = cascade.configuration.gridWidth == Self.wideWidth
    return cascade.tokens(
      of: isWide ? ColorLattice.widened(prepared, colors: Self.quarters * Self.quarters) : prepared, stage: stage,
      after: earlier)
  }

  /// Multiplications with addition of one picture in one stage.
  public func multiplyAdds(stage: Int) -> Int {
    let grid = EfficientNetLite.multiplyAdds(pictureSize: pictureSize(stage: stage))
    let head = grids[stage].tokens * EfficientNetLite.mapWidth * EfficientNetLite.width
    let known = EfficientNetLite.width * EfficientNetLite.classes + labelWeight.value.count
    return cascade.multiplyAdds(stage: stage) + (stage == 0 ? grid + known : grid - head)
  }

  /// The parameters of the backbone, of the labels' heads and of the stages.
  public func forEachParameter(at path: String, _ body: (String, Parameter) -> Void) {
    backbone.forEachParameter(at: parameterName(path, Self.backboneName), body)
    body(parameterName(path, "labels.weight"), labelWeight)
    body(parameterName(path, "labels.bias"), labelBias)
    cascade.forEachParameter(at: path, body)
  }
}
