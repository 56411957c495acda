// png_write.c - RGB8 to PNG in memory, zlib level 6.

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "report.h"

typedef struct writer {
  png_structp png;
  png_infop info;
  jmp_buf escape;
  uint8_t *bytes;
  size_t count, capacity;
  codec_report *report;
} writer;

static void fail(writer *w, codec_status status, const char *message) {
  report_failure(w->report, status, w->capacity, w->count, message);
  longjmp(w->escape, 1);
}

static void on_error(png_structp png, png_const_charp message) {
  fail(png_get_error_ptr(png), CODEC_UNSUPPORTED, message);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void append(png_structp png, png_bytep bytes, size_t length) {
  writer *w = png_get_io_ptr(png);
  if (length > w->capacity - w->count) {
    size_t capacity = w->capacity < 4096 ? 4096 : w->capacity;
    while (capacity - w->count < length) {
      if (capacity > SIZE_MAX / 2) fail(w, CODEC_MEMORY, "the machine has no memory left");
      capacity *= 2;
    }
    uint8_t *larger = realloc(w->bytes, capacity);
    if (larger == NULL) fail(w, CODEC_MEMORY, "the machine has no memory left");
    w->bytes = larger;
    w->capacity = capacity;
  }
  memcpy(w->bytes + w->count, bytes, length);
  w->count += length;
}

static void flush(png_structp png) { (void)png; }

static void encode(writer *w, const uint8_t *pixels, uint32_t width, uint32_t height) {
  if (setjmp(w->escape) != 0) return;
  w->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, w, on_error, on_warning);
  if (w->png == NULL) fail(w, CODEC_MEMORY, "the machine has no memory left");
  w->info = png_create_info_struct(w->png);
  if (w->info == NULL) fail(w, CODEC_MEMORY, "the machine has no memory left");
  png_set_write_fn(w->png, w, append, flush);
  png_set_compression_level(w->png, 6);
  png_set_IHDR(
    w->png, w->info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
    PNG_FILTER_TYPE_DEFAULT);
  png_write_info(w->png, w->info);
  for (uint32_t y = 0; y < height; y += 1) png_write_row(w->png, pixels + (size_t)y * width * 3);
  png_write_end(w->png, w->info);
}

codec_status codec_encode_png(
  const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t **encoded, size_t *encoded_count,
  codec_report *report) {
  writer w;
  memset(&w, 0, sizeof w);
  report_clear(report);
  w.report = report;
  *encoded = NULL;
  *encoded_count = 0;
  encode(&w, pixels, width, height);
  if (w.png != NULL) png_destroy_write_struct(&w.png, &w.info);
  if (report->status != CODEC_OK) {
    free(w.bytes);
    return report->status;
  }
  *encoded = w.bytes;
  *encoded_count = w.count;
  return CODEC_OK;
}

void codec_release(uint8_t *encoded) { free(encoded); }
