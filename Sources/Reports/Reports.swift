// Reports: filled in by the first changes.
