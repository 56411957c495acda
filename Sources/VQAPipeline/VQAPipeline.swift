// VQAPipeline: filled in by the first changes.
