// report.c - how the codecs fill in a report, and the checks they share.

#include "report.h"

#include <stdio.h>
#include <string.h>

void report_clear(codec_report *report) { memset(report, 0, sizeof *report); }

codec_status report_failure(
  codec_report *report, codec_status status, uint64_t value, uint64_t offset, const char *message) {
  if (report->status == CODEC_OK) {
    report->status = status;
    report->value = value;
    report->offset = offset;
    snprintf(report->message, sizeof report->message, "%s", message);
  }
  return report->status;
}

codec_status report_check_size(
  codec_report *report, const codec_limits *limits, uint32_t width, uint32_t height, uint64_t offset) {
  report->width = width;
  report->height = height;
  if (width == 0 || height == 0) {
    return report_failure(report, CODEC_CORRUPT, 0, offset, "the picture has no pixels");
  }
  if ((uint64_t)width * height > limits->pixels) {
    return report_failure(report, CODEC_PIXELS, 0, offset, "too many pixels");
  }
  if (width > limits->side || height > limits->side) {
    return report_failure(report, CODEC_SIDE, 0, offset, "a side is too long");
  }
  // The shape's bytes are computed in 64 bits; four bytes a pixel must fit whatever the caller allows.
  if ((uint64_t)width * height > UINT64_MAX / 16) {
    return report_failure(report, CODEC_PIXELS, 0, offset, "too many pixels");
  }
  return CODEC_OK;
}
