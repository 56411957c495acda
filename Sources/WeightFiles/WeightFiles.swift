// WeightFiles: filled in by the first changes.
