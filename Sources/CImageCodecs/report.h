// report.h - how the codecs fill in a report, and the checks they share.

#ifndef C_IMAGE_CODECS_REPORT_H
#define C_IMAGE_CODECS_REPORT_H

#include "CImageCodecs.h"

/// Empties the report before a call.
void report_clear(codec_report *report);

/// Fills in the report and returns its status. The first failure wins: later ones are its consequences.
codec_status report_failure(
  codec_report *report, codec_status status, uint64_t value, uint64_t offset, const char *message);

/// Holds the stored size against the limits; fills in the report's width and height.
codec_status report_check_size(
  codec_report *report, const codec_limits *limits, uint32_t width, uint32_t height, uint64_t offset);

/// Bytes of an RGB8 picture.
static inline uint64_t rgb_bytes(uint32_t width, uint32_t height) {
  // 3 * (2^32 - 1)^2 does not fit, but both sides were held against the limits before.
  return (uint64_t)width * height * 3;
}

#endif
