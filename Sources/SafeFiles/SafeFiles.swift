// SafeFiles: filled in by the first changes.
