// VQAFormats: filled in by the first changes.
