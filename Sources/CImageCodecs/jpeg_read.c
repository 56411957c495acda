// jpeg_read.c - JPEG to RGB8 over the classic libjpeg interface.
//
// Every error handler of the library jumps to the `setjmp` of `measure` or `decode`; what must be released lives in the
// caller's structure, which the jump does not touch. Warnings that mean lost picture data are errors: a picture that is
// partly grey filler must not pass for a picture.

#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "report.h"

typedef struct reader {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  size_t count;
  const codec_limits *limits;
  codec_report *report;
} reader;

static uint64_t offset_of(const reader *r) { return r->count - r->source.bytes_in_buffer; }

static void fail(reader *r, codec_status status, uint64_t value, const char *message) {
  report_failure(r->report, status, value, offset_of(r), message);
  longjmp(r->escape, 1);
}

// Errors

static void fail_in_words_of_library(reader *r, codec_status status) {
  char message[JMSG_LENGTH_MAX];
  r->errors.format_message((j_common_ptr)&r->info, message);
  fail(r, status, 0, message);
}

static void on_error(j_common_ptr info) {
  reader *r = info->client_data;
  switch (r->errors.msg_code) {
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
    fail(r, CODEC_MEMORY, r->limits->memory, "the memory allowed does not suffice");
    break;
  case JERR_SOF_UNSUPPORTED:
    fail(r, CODEC_UNSUPPORTED, 0, "lossless or hierarchical coding");
    break;
  case JERR_BAD_PRECISION:
    fail(r, CODEC_UNSUPPORTED, 0, "samples of other than 8 bits");
    break;
  case JERR_IMAGE_TOO_BIG:
    report_check_size(r->report, r->limits, r->info.image_width, r->info.image_height, offset_of(r));
    fail(r, CODEC_UNSUPPORTED, 0, "a side of more than 65500 pixels");
    break;
  default: fail_in_words_of_library(r, CODEC_CORRUPT);
  }
}

static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;  // a trace message
  reader *r = info->client_data;
  switch (r->errors.msg_code) {
  case JWRN_HIT_MARKER:     // a scan ends early
  case JWRN_HUFF_BAD_CODE:  // the rest of the scan cannot be read
  case JWRN_MUST_RESYNC:    // a restart marker is missing: the data between was lost
  case JWRN_JPEG_EOF: fail_in_words_of_library(r, CODEC_CORRUPT); break;
  default: break;  // odd, but no pixel is made up
  }
}

static void on_output(j_common_ptr info) { (void)info; }

// Data

static void start_source(j_decompress_ptr info) { (void)info; }
static void stop_source(j_decompress_ptr info) { (void)info; }

static boolean at_end(j_decompress_ptr info) {
  reader *r = info->client_data;
  r->source.bytes_in_buffer = 0;  // the entropy decoder keeps its own count
  fail(r, CODEC_TRUNCATED, 0, "the data ends before the picture does");
  return FALSE;
}

static void skip(j_decompress_ptr info, long length) {
  reader *r = info->client_data;
  if (length <= 0) return;
  if ((unsigned long)length > r->source.bytes_in_buffer) at_end(info);
  r->source.next_input_byte += length;
  r->source.bytes_in_buffer -= (size_t)length;
}

// Limits

static void count_scans(j_common_ptr info) {
  reader *r = info->client_data;
  if (r->info.input_scan_number > 0 && (uint32_t)r->info.input_scan_number > r->limits->scans) {
    fail(r, CODEC_SCANS, (uint64_t)r->info.input_scan_number, "too many scans");
  }
}

/// Memory of a decode: the pixels handed out and, where scans must be collected, the coefficients of the whole picture.
static uint64_t memory_needed(const reader *r) {
  uint64_t bytes = rgb_bytes(r->info.output_width, r->info.output_height);
  if (!jpeg_has_multiple_scans((j_decompress_ptr)&r->info)) return bytes;
  for (int i = 0; i < r->info.num_components; i += 1) {
    const jpeg_component_info *component = &r->info.comp_info[i];
    bytes += (uint64_t)component->width_in_blocks * component->height_in_blocks * sizeof(JBLOCK);
  }
  return bytes;
}

// The two calls

static void set_up(reader *r, const uint8_t *bytes, size_t count, const codec_limits *limits, codec_report *report) {
  memset(r, 0, sizeof *r);
  r->count = count;
  r->limits = limits;
  r->report = report;
  r->info.err = jpeg_std_error(&r->errors);
  r->errors.error_exit = on_error;
  r->errors.emit_message = on_message;
  r->errors.output_message = on_output;
  r->info.client_data = r;
  r->source.next_input_byte = bytes;
  r->source.bytes_in_buffer = count;
  r->source.init_source = start_source;
  r->source.fill_input_buffer = at_end;
  r->source.skip_input_data = skip;
  r->source.resync_to_restart = jpeg_resync_to_restart;
  r->source.term_source = stop_source;
  r->progress.progress_monitor = count_scans;
}

static void read_header(reader *r) {
  jpeg_create_decompress(&r->info);
  r->info.src = &r->source;
  r->info.progress = &r->progress;
  if (r->limits->memory < (uint64_t)LONG_MAX) r->info.mem->max_memory_to_use = (long)r->limits->memory;
  jpeg_read_header(&r->info, TRUE);
  if (report_check_size(r->report, r->limits, r->info.image_width, r->info.image_height, offset_of(r)) != CODEC_OK) {
    longjmp(r->escape, 1);
  }
  if (r->info.arith_code) fail(r, CODEC_UNSUPPORTED, 0, "arithmetic coding");
  switch (r->info.jpeg_color_space) {
  case JCS_GRAYSCALE:
  case JCS_RGB:
  case JCS_YCbCr: r->info.out_color_space = JCS_RGB; break;
  case JCS_CMYK:
  case JCS_YCCK: r->info.out_color_space = JCS_CMYK; break;
  default: fail(r, CODEC_UNSUPPORTED, 0, "this number of colour components");
  }
}

static void set_scale(reader *r, uint32_t denominator) {
  r->info.scale_num = 1;
  r->info.scale_denom = denominator;
  jpeg_calc_output_dimensions(&r->info);
}

static void check_memory(reader *r) {
  const uint64_t needed = memory_needed(r);
  if (needed > r->limits->memory) fail(r, CODEC_MEMORY, needed, "too much memory");
}

static void measure(reader *r, uint32_t wanted_width, uint32_t wanted_height, codec_shape *shape) {
  if (setjmp(r->escape) != 0) return;
  read_header(r);
  uint32_t denominator = wanted_width == 0 || wanted_height == 0 ? 1 : 8;
  set_scale(r, denominator);
  while (denominator > 1 && (r->info.output_width < wanted_width || r->info.output_height < wanted_height)) {
    denominator /= 2;
    set_scale(r, denominator);
  }
  check_memory(r);
  *shape = (codec_shape){
    r->info.image_width, r->info.image_height, r->info.output_width, r->info.output_height, denominator};
}

codec_status codec_measure_jpeg(
  const uint8_t *bytes, size_t count, const codec_limits *limits, uint32_t wanted_width, uint32_t wanted_height,
  codec_shape *shape, codec_report *report) {
  reader r;
  report_clear(report);
  set_up(&r, bytes, count, limits, report);
  measure(&r, wanted_width, wanted_height, shape);
  jpeg_destroy_decompress(&r.info);
  return report->status;
}

/// Turns a row of CMYK into RGB. Files hold the inverse, 255 for no ink: Adobe began it, and readers and writers follow
/// it whether or not the file has Adobe's marker.
static void convert_cmyk(const JSAMPLE *cmyk, uint8_t *rgb, uint32_t width) {
  for (uint32_t x = 0; x < width; x += 1) {
    const uint32_t light = cmyk[4 * (size_t)x + 3];
    for (uint32_t c = 0; c < 3; c += 1) {
      rgb[3 * (size_t)x + c] = (uint8_t)((cmyk[4 * (size_t)x + c] * light + 127) / 255);
    }
  }
}

static void read_rows(reader *r, uint8_t *pixels) {
  const uint32_t width = r->info.output_width;
  JSAMPARRAY row = NULL;
  if (r->info.out_color_space == JCS_CMYK) {
    row = r->info.mem->alloc_sarray((j_common_ptr)&r->info, JPOOL_IMAGE, 4 * width, 1);
  }
  while (r->info.output_scanline < r->info.output_height) {
    uint8_t *target = pixels + (size_t)r->info.output_scanline * width * 3;
    JSAMPROW target_row = target;
    if (jpeg_read_scanlines(&r->info, row != NULL ? row : &target_row, 1) != 1) {
      fail(r, CODEC_CORRUPT, 0, "a row is missing");
    }
    if (row != NULL) convert_cmyk(row[0], target, width);
  }
}

static void decode(reader *r, const codec_shape *shape, uint8_t *pixels, size_t capacity) {
  if (setjmp(r->escape) != 0) return;
  read_header(r);
  set_scale(r, shape->denominator);
  check_memory(r);
  jpeg_start_decompress(&r->info);
  if (r->info.output_width != shape->width || r->info.output_height != shape->height
    || capacity != rgb_bytes(shape->width, shape->height)) {
    fail(r, CODEC_CORRUPT, 0, "the size differs from the one measured");
  }
  read_rows(r, pixels);
  jpeg_finish_decompress(&r->info);
}

codec_status codec_decode_jpeg(
  const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_shape *shape, uint8_t *pixels,
  size_t capacity, codec_report *report) {
  reader r;
  report_clear(report);
  set_up(&r, bytes, count, limits, report);
  decode(&r, shape, pixels, capacity);
  jpeg_destroy_decompress(&r.info);
  return report->status;
}

#define TEXT(words) #words
#define TEXT_OF(macro) TEXT(macro)

const char *codec_version_jpeg(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return "libjpeg-turbo " TEXT_OF(LIBJPEG_TURBO_VERSION);
#else
  return "libjpeg " TEXT_OF(JPEG_LIB_VERSION);
#endif
}
