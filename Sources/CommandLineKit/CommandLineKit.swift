// CommandLineKit: filled in by the first changes.
