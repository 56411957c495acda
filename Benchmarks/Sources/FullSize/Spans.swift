// Spans.swift - routed attention over one chosen span: dense against banded.

func reportSpans(seconds: Double) {}
