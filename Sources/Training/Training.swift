// Training: filled in by the first changes.
