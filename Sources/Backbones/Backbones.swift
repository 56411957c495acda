// Backbones: filled in by the first changes.
