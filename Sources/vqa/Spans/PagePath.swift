// PagePath.swift - the names of files on pages that go to other people.

/// How a file is called on a page that others may read: without the folders it lies in.
enum PagePath {
  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
