// Tensors: filled in by the first changes.
