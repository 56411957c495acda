// ReliabilityReport.swift - how often answers of like confidence are right, as comma-separated values and as a drawing.

import Evaluation
import ImageCodecs

/// A reliability diagram in each form.
public enum ReliabilityReport {
  /// Mean confidence and calibration error in per cent, for one line.
  public static func text(_ reliability: Reliability) -> String {
    let (mean, error) = (100 * reliability.confidence, 100 * reliability.error)
    return "\(Percent.fixed(mean, places: 2)) % on average, calibration error \(Percent.fixed(error, places: 2)) %"
  }

  /// The bins as comma-separated values.
  ///
  /// - Parameter reliability: The answers.
  /// - Returns: `from`, `to`, `count`, mean `confidence` and mean `accuracy` of each bin, from 0 to 1; both empty where no answer is.
  public static func csv(_ reliability: Reliability) -> String {
    let count = Double(reliability.bins.count)
    return "from,to,count,confidence,accuracy\n"
      + reliability.bins.enumerated().map { number, bin in
        let ends = "\(Double(number) / count),\(Double(number + 1) / count),\(bin.count)"
        return ends + (bin.count > 0 ? ",\(bin.confidence),\(bin.accuracy)\n" : ",,\n")
      }.joined()
  }

  /// The bins as a picture with axes and labels.
  ///
  /// - Parameters:
  ///   - reliability: The answers.
  ///   - title: What they are of.
  /// - Returns: The bytes of a PNG file.
  /// - Throws: `ImageFailure` when there is no memory for it.
  public static func png(_ reliability: Reliability, title: String) throws(ImageFailure) -> [UInt8] {
    try encodePNG(ReliabilityDrawing(reliability, title: title).drawn())
  }
}
