// Evaluation: filled in by the first changes.
