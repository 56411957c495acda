// png_read.c - PNG to RGB8 over the classic libpng interface.
//
// The chunks are listed and counted before the library sees them. The library then expands every colour type and depth
// to rows of RGBA8, which are put over white one by one: an interlaced picture needs no second copy of itself. Colour
// profiles and gamma are not applied (nor are they by the readers that networks are trained with).

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "report.h"

static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// Chunks: length, name, data, checksum

static codec_status check_chunks(
  const uint8_t *bytes, size_t count, const codec_limits *limits, codec_report *report) {
  uint64_t chunks = 0;
  size_t offset = sizeof signature;
  while (count - offset >= 12) {
    const uint64_t length = big_endian(bytes + offset);
    const uint8_t *name = bytes + offset + 4;
    if (memcmp(name, "IDAT", 4) != 0) {
      chunks += 1;
      if (chunks > limits->chunks) return report_failure(report, CODEC_CHUNKS, chunks, offset, "too many chunks");
      if (length > limits->chunk_bytes) {
        return report_failure(report, CODEC_CHUNK_LENGTH, length, offset, "a chunk is too long");
      }
    }
    if (length > count - offset - 12 || memcmp(name, "IEND", 4) == 0) break;
    offset += 12 + (size_t)length;
  }
  return CODEC_OK;
}

static uint32_t reduced(uint32_t side, uint32_t denominator) {
  return side / denominator + (side % denominator != 0);
}

codec_status codec_measure_png(
  const uint8_t *bytes, size_t count, const codec_limits *limits, uint32_t wanted_width, uint32_t wanted_height,
  codec_shape *shape, codec_report *report) {
  report_clear(report);
  const size_t shared = count < sizeof signature ? count : sizeof signature;
  if (memcmp(bytes, signature, shared) != 0) {
    return report_failure(report, CODEC_CORRUPT, 0, 0, "the signature is damaged");
  }
  // signature, then the header chunk: length 13, "IHDR", width, height, five bytes, checksum
  if (count < 33) return report_failure(report, CODEC_TRUNCATED, 0, count, "the data ends before the picture does");
  if (big_endian(bytes + 8) != 13 || memcmp(bytes + 12, "IHDR", 4) != 0) {
    return report_failure(report, CODEC_CORRUPT, 0, 8, "the first chunk is not the header");
  }
  const uint32_t width = big_endian(bytes + 16), height = big_endian(bytes + 20);
  if (report_check_size(report, limits, width, height, 24) != CODEC_OK) return report->status;
  uint32_t denominator = 1;
  // The rows of an interlaced picture do not come from top to bottom.
  const int interlaced = bytes[28] != 0;
  if (!interlaced && wanted_width > 0 && wanted_height > 0 && (uint64_t)width * height > limits->whole_pixels) {
    denominator = 8;
    while (denominator > 1
      && (reduced(width, denominator) < wanted_width || reduced(height, denominator) < wanted_height)) {
      denominator /= 2;
    }
  }
  *shape = (codec_shape){width, height, reduced(width, denominator), reduced(height, denominator), denominator};
  const uint64_t needed = rgb_bytes(shape->width, shape->height);
  if (needed > limits->memory) return report_failure(report, CODEC_MEMORY, needed, 24, "too much memory");
  return check_chunks(bytes, count, limits, report);
}

// The library's view of the caller

typedef struct reader {
  png_structp png;
  png_infop info;
  jmp_buf escape;
  const uint8_t *bytes;
  size_t count, offset;
  uint64_t memory_left;
  uint8_t *row;    // one row of RGBA8
  uint32_t *sums;  // of the squares that become one row of a reduced picture
  codec_report *report;
} reader;

static void fail(reader *r, codec_status status, uint64_t value, const char *message) {
  report_failure(r->report, status, value, r->offset, message);
  longjmp(r->escape, 1);
}

static void on_error(png_structp png, png_const_charp message) {
  fail(png_get_error_ptr(png), CODEC_CORRUPT, 0, message);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void read_bytes(png_structp png, png_bytep target, size_t length) {
  reader *r = png_get_io_ptr(png);
  if (length > r->count - r->offset) {
    r->offset = r->count;
    fail(r, CODEC_TRUNCATED, 0, "the data ends before the picture does");
  }
  memcpy(target, r->bytes + r->offset, length);
  r->offset += length;
}

// Blocks carry their size, so that what is given back counts again.
typedef union block {
  size_t size;
  max_align_t alignment;
} block;

static png_voidp allocate(png_structp png, png_alloc_size_t size) {
  reader *r = png_get_mem_ptr(png);
  if (size > r->memory_left || size > SIZE_MAX - sizeof(block)) {
    report_failure(r->report, CODEC_MEMORY, size, r->offset, "too much memory");
    return NULL;  // the library raises its own error now
  }
  block *b = malloc(sizeof(block) + size);
  if (b == NULL) {
    report_failure(r->report, CODEC_MEMORY, size, r->offset, "the machine has no memory left");
    return NULL;
  }
  b->size = size;
  r->memory_left -= size;
  return b + 1;
}

static void give_back(png_structp png, png_voidp pointer) {
  if (pointer == NULL) return;
  reader *r = png_get_mem_ptr(png);
  block *b = (block *)pointer - 1;
  r->memory_left += b->size;
  free(b);
}

// Decoding

static void read_header(reader *r, const codec_limits *limits, const codec_shape *shape) {
  r->info = png_create_info_struct(r->png);
  if (r->info == NULL) fail(r, CODEC_MEMORY, 0, "too much memory");
  png_set_read_fn(r->png, r, read_bytes);
  const uint32_t side = limits->side < PNG_UINT_31_MAX ? (uint32_t)limits->side : PNG_UINT_31_MAX;
  png_set_user_limits(r->png, side, side);
  png_set_chunk_cache_max(r->png, limits->chunks);
  // Only header, palette, transparency and picture data matter: nothing else is parsed.
  png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(r->png, r->info);
  if (png_get_image_width(r->png, r->info) != shape->stored_width
    || png_get_image_height(r->png, r->info) != shape->stored_height) {
    fail(r, CODEC_CORRUPT, 0, "the size differs from the one measured");
  }
}

static void ask_for_rgba8(reader *r, uint32_t width) {
  png_set_scale_16(r->png);
  png_set_expand(r->png);
  png_set_gray_to_rgb(r->png);
  png_set_add_alpha(r->png, 0xFF, PNG_FILLER_AFTER);
  png_read_update_info(r->png, r->info);
  // An interlaced picture's rows are at most this long, too.
  if (png_get_rowbytes(r->png, r->info) != (size_t)width * 4) fail(r, CODEC_CORRUPT, 0, "a row has an odd length");
  r->row = png_malloc(r->png, (size_t)width * 4);
}

static uint32_t over_white(const uint8_t *pixel, uint32_t channel) {
  return (pixel[channel] * (uint32_t)pixel[3] + 255 * (255 - (uint32_t)pixel[3]) + 127) / 255;
}

/// Puts `columns` pixels of a row over white, into every `step`-th pixel of the target.
static void put_over_white(const uint8_t *row, uint8_t *target, uint32_t columns, uint32_t step) {
  for (uint32_t x = 0; x < columns; x += 1) {
    for (uint32_t c = 0; c < 3; c += 1) target[3 * (size_t)x * step + c] = (uint8_t)over_white(row + 4 * (size_t)x, c);
  }
}

/// Every pixel the mean of a square of the stored picture; squares at the right and lower edge may be smaller.
static void read_reduced(reader *r, const codec_shape *shape, uint8_t *pixels) {
  const uint32_t side = shape->denominator, columns = shape->stored_width, rows = shape->stored_height;
  const size_t stride = 3 * (size_t)shape->width;
  r->sums = png_calloc(r->png, stride * sizeof *r->sums);
  uint32_t high = 0;
  for (uint32_t y = 0; y < rows; y += 1) {
    png_read_row(r->png, r->row, NULL);
    for (uint32_t x = 0; x < columns; x += 1) {
      for (uint32_t c = 0; c < 3; c += 1) r->sums[3 * (size_t)(x / side) + c] += over_white(r->row + 4 * (size_t)x, c);
    }
    high += 1;
    if (high < side && y + 1 < rows) continue;
    uint8_t *target = pixels + y / side * stride;
    for (size_t index = 0; index < stride; index += 1) {
      const uint32_t left = columns - (uint32_t)(index / 3) * side, count = high * (left < side ? left : side);
      target[index] = (uint8_t)((r->sums[index] + count / 2) / count);
    }
    memset(r->sums, 0, stride * sizeof *r->sums);
    high = 0;
  }
}

static void read_rows(reader *r, const codec_shape *shape, uint8_t *pixels) {
  const size_t stride = 3 * (size_t)shape->width;
  if (png_get_interlace_type(r->png, r->info) == PNG_INTERLACE_NONE) {
    for (uint32_t y = 0; y < shape->height; y += 1) {
      png_read_row(r->png, r->row, NULL);
      put_over_white(r->row, pixels + y * stride, shape->width, 1);
    }
    return;
  }
  for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass += 1) {
    const uint32_t columns = PNG_PASS_COLS(shape->width, pass), rows = PNG_PASS_ROWS(shape->height, pass);
    if (columns == 0) continue;
    for (uint32_t y = 0; y < rows; y += 1) {
      png_read_row(r->png, r->row, NULL);
      uint8_t *target = pixels + PNG_ROW_FROM_PASS_ROW(y, pass) * stride + 3 * (size_t)PNG_PASS_START_COL(pass);
      put_over_white(r->row, target, columns, PNG_PASS_COL_OFFSET(pass));
    }
  }
}

static void decode(reader *r, const codec_limits *limits, const codec_shape *shape, uint8_t *pixels) {
  if (setjmp(r->escape) != 0) return;
  r->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, r, on_error, on_warning, r, allocate, give_back);
  if (r->png == NULL) fail(r, CODEC_MEMORY, 0, "too much memory");
  read_header(r, limits, shape);
  ask_for_rgba8(r, shape->stored_width);
  if (shape->denominator > 1) {
    read_reduced(r, shape, pixels);
  } else {
    read_rows(r, shape, pixels);
  }
  png_read_end(r->png, NULL);
}

codec_status codec_decode_png(
  const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_shape *shape, uint8_t *pixels,
  size_t capacity, codec_report *report) {
  codec_shape measured;
  if (codec_measure_png(bytes, count, limits, shape->width, shape->height, &measured, report) != CODEC_OK) {
    return report->status;
  }
  if (measured.width != shape->width || measured.height != shape->height
    || measured.denominator != shape->denominator || capacity != rgb_bytes(shape->width, shape->height)) {
    return report_failure(report, CODEC_CORRUPT, 0, 0, "the size differs from the one measured");
  }
  reader r;
  memset(&r, 0, sizeof r);
  r.bytes = bytes;
  r.count = count;
  r.memory_left = limits->memory - rgb_bytes(shape->width, shape->height);
  r.report = report;
  decode(&r, limits, shape, pixels);
  if (r.png != NULL) {
    png_free(r.png, r.sums);
    png_free(r.png, r.row);
    png_destroy_read_struct(&r.png, &r.info, NULL);
  }
  return report->status;
}

const char *codec_version_png(void) { return png_get_libpng_ver(NULL); }
