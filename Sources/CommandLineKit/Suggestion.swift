// Suggestion.swift - "did you mean": the known word nearest to a mistyped one.

/// The candidate nearest to `word`, where one is near enough to be meant.
///
/// A candidate that `word` begins is meant when it is the only one. Otherwise the distance is that of Damerau and
/// Levenshtein (adjacent letters swapped count once), and at most a third of the letters may differ; capital letters
/// are as good as small ones.
func suggestion(for word: String, among candidates: [String]) -> String? {
  let word = word.lowercased()
  let completions = candidates.filter { !word.isEmpty && $0.hasPrefix(word) }
  if completions.count == 1 { return completions.first }
  let limit = max(1, min(word.count, 40) / 3)
  return candidates.map { (name: $0, distance: editDistance(word, $0, limit: limit)) }
    .filter { $0.distance <= limit }
    .min { $0.distance < $1.distance }?.name
}

/// How many letters to insert, remove, replace or swap with their neighbour to turn one word into the other.
///
/// Lengths that differ by more than `limit` give `limit + 1` at once, so that a huge argument costs nothing.
func editDistance(_ first: String, _ second: String, limit: Int) -> Int {
  let (rows, columns) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
  guard abs(rows.count - columns.count) <= limit else { return limit + 1 }
  var twoAbove: [Int] = []
  var above = Array(0...columns.count)
  for row in rows.indices {
    var current = [row + 1]
    for column in columns.indices {
      var best = min(
        above[column] + (rows[row] == columns[column] ? 0 : 1), above[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, rows[row] == columns[column - 1], rows[row - 1] == columns[column] {
        best = min(best, twoAbove[column - 1] + 1)
      }
      current.append(best)
    }
    (twoAbove, above) = (above, current)
  }
  return above[columns.count]
}
