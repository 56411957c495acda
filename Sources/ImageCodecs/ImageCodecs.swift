// ImageCodecs: filled in by the first changes.
