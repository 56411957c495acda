// OwnParts.swift - what training holds out of somebody's own data, and parts of such data.

import Tensors
import VQAFormats

extension OwnData {
  /// One of so many pictures is held out.
  private static let parts: UInt64 = 10

  /// Whether training holds a picture out; its name decides, so that more data leave it where it is.
  ///
  /// - Parameter imageID: The id of one of the pictures, from 1.
  /// - Returns: True for about one of ten.
  public func holdsOut(_ imageID: Int) -> Bool {
    let name = pictures[imageID - 1].utf8
    let hash = name.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return SeededRandom.mix(hash, 1) % Self.parts == 0
  }

  /// The questions about some of the pictures with their annotations, in the order of the table.
  ///
  /// - Parameter isWanted: Whether the picture with an id is one of them.
  /// - Returns: Both, with their ids as in the whole.
  public func part(_ isWanted: (Int) -> Bool) -> (questions: QuestionFile, annotations: AnnotationFile) {
    let places = questions.questions.indices.filter { isWanted(questions.questions[$0].imageID) }
    return (
      QuestionFile(header: questions.header, questions: places.map { questions.questions[$0] }),
      AnnotationFile(header: annotations.header, annotations: places.map { annotations.annotations[$0] })
    )
  }
}
