// jpeg_write.c - RGB8 to JPEG in memory, baseline.

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "report.h"

typedef struct writer {
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr target;
  jmp_buf escape;
  uint8_t *bytes;
  size_t capacity;
  codec_report *report;
} writer;

static void fail(writer *w, codec_status status, const char *message) {
  report_failure(w->report, status, w->capacity, 0, message);
  longjmp(w->escape, 1);
}

static void on_error(j_common_ptr info) {
  writer *w = info->client_data;
  char message[JMSG_LENGTH_MAX];
  w->errors.format_message(info, message);
  fail(w, w->errors.msg_code == JERR_OUT_OF_MEMORY ? CODEC_MEMORY : CODEC_UNSUPPORTED, message);
}

static void on_message(j_common_ptr info, int level) {
  (void)info;
  (void)level;
}

static void on_output(j_common_ptr info) { (void)info; }

/// Makes room for more bytes after those written so far.
static void grow(writer *w, size_t used) {
  if (w->capacity > SIZE_MAX / 2) fail(w, CODEC_MEMORY, "the machine has no memory left");
  const size_t capacity = w->capacity < 4096 ? 4096 : w->capacity * 2;
  uint8_t *larger = realloc(w->bytes, capacity);
  if (larger == NULL) fail(w, CODEC_MEMORY, "the machine has no memory left");
  w->bytes = larger;
  w->capacity = capacity;
  w->target.next_output_byte = larger + used;
  w->target.free_in_buffer = capacity - used;
}

static void start_target(j_compress_ptr info) { grow(info->client_data, 0); }

/// Called when the block is full; the library's count of what is free is out of date then.
static boolean on_full(j_compress_ptr info) {
  writer *w = info->client_data;
  grow(w, w->capacity);
  return TRUE;
}

static void stop_target(j_compress_ptr info) { (void)info; }

static void encode(writer *w, const uint8_t *pixels, uint32_t width, uint32_t height, int quality) {
  if (setjmp(w->escape) != 0) return;
  jpeg_create_compress(&w->info);
  w->info.dest = &w->target;
  w->info.image_width = width;
  w->info.image_height = height;
  w->info.input_components = 3;
  w->info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&w->info);
  jpeg_set_quality(&w->info, quality, TRUE);
  w->info.optimize_coding = TRUE;
  jpeg_start_compress(&w->info, TRUE);
  while (w->info.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)w->info.next_scanline * width * 3);
    jpeg_write_scanlines(&w->info, &row, 1);
  }
  jpeg_finish_compress(&w->info);
}

codec_status codec_encode_jpeg(
  const uint8_t *pixels, uint32_t width, uint32_t height, int quality, uint8_t **encoded, size_t *encoded_count,
  codec_report *report) {
  writer w;
  memset(&w, 0, sizeof w);
  report_clear(report);
  w.report = report;
  w.info.err = jpeg_std_error(&w.errors);
  w.errors.error_exit = on_error;
  w.errors.emit_message = on_message;
  w.errors.output_message = on_output;
  w.info.client_data = &w;
  w.target.init_destination = start_target;
  w.target.empty_output_buffer = on_full;
  w.target.term_destination = stop_target;
  *encoded = NULL;
  *encoded_count = 0;
  encode(&w, pixels, width, height, quality);
  jpeg_destroy_compress(&w.info);
  if (report->status != CODEC_OK) {
    free(w.bytes);
    return report->status;
  }
  *encoded = w.bytes;
  *encoded_count = w.capacity - w.target.free_in_buffer;
  return CODEC_OK;
}
