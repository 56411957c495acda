// TRAR: filled in by the first changes.
