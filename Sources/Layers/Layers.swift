// Layers: filled in by the first changes.
