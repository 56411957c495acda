// CurveReport.swift - accuracy against mean cost as comma-separated values and as a drawing.

import ImageCodecs
import VQAPipeline

/// A curve of cost and accuracy in each form.
public enum CurveReport {
  /// The curve as comma-separated values.
  ///
  /// - Parameter curve: The curve.
  /// - Returns: `kind` (anytime, search, percentile or stored), `point` (the exit, or a number from 1), `multiplyAdds` (mean), `accuracy` (from 0
  ///   to 1) and the share of the questions that left at each exit, `exit1`, `exit2` and so on.
  public static func csv(_ curve: CostCurve) -> String {
    let exits = curve.grids.indices.map { ",exit\($0 + 1)" }.joined()
    return "kind,point,multiplyAdds,accuracy\(exits)\n"
      + curve.points.map { point in
        "\(point.kind.rawValue),\(point.number),\(point.multiplyAdds),\(point.accuracy)"
          + point.fractions.map { ",\($0)" }.joined() + "\n"
      }.joined()
  }

  /// The curve as a picture with axes and labels.
  ///
  /// - Parameters:
  ///   - curve: The curve.
  ///   - title: What it is of.
  /// - Returns: The bytes of a PNG file.
  /// - Throws: `ImageFailure` when there is no memory for it.
  public static func png(_ curve: CostCurve, title: String) throws(ImageFailure) -> [UInt8] {
    try encodePNG(CurveDrawing(curve, title: title).drawn())
  }
}
