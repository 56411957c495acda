// YAMLLibrary.swift - which libyaml reads settings, for programs that tell it.

#if YAML
  import CYAML
#endif

/// The library that reads YAML.
public enum YAMLLibrary {
  /// The version in use, such as `0.2.5`; nil when it is not built in (trait `YAML`).
  public static var version: String? {
    #if YAML
      return yaml_get_version_string().map { String(cString: $0) } ?? "unknown"
    #else
      return nil
    #endif
  }
}
