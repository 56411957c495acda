// Routing: filled in by the first changes.
