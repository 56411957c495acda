// CImageCodecs.h - JPEG and PNG to RGB8 and back, without a jump that leaves C.
//
// A thin layer over libjpeg and libpng. Both report errors by a jump; each jump lands inside the function of this header
// that was called, which then returns a status and fills a report. Nothing here keeps memory between calls, except the
// blocks that the encoders hand out and `codec_release` takes back.

#ifndef C_IMAGE_CODECS_H
#define C_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

/// What came of a call.
typedef enum codec_status {
  CODEC_OK = 0,
  /// The data ends before the picture does.
  CODEC_TRUNCATED,
  /// The data breaks a rule of the format; `message` says which.
  CODEC_CORRUPT,
  /// The data may be right, but in a variant that is not read; `message` names it.
  CODEC_UNSUPPORTED,
  /// More pixels than allowed; the report holds width and height.
  CODEC_PIXELS,
  /// A side longer than allowed; the report holds width and height.
  CODEC_SIDE,
  /// More memory than allowed; `value` is the need in bytes.
  CODEC_MEMORY,
  /// More scans than allowed.
  CODEC_SCANS,
  /// More chunks than allowed.
  CODEC_CHUNKS,
  /// A chunk longer than allowed; `value` is its length in bytes.
  CODEC_CHUNK_LENGTH,
} codec_status;

/// What a picture may cost.
typedef struct codec_limits {
  /// Largest width times height, as stored.
  uint64_t pixels;
  /// Largest width or height, as stored.
  uint64_t side;
  /// Most memory in bytes: pixels handed out, and what the library needs meanwhile.
  uint64_t memory;
  /// Most scans of a JPEG file.
  uint32_t scans;
  /// Most chunks of a PNG file that are not picture data.
  uint32_t chunks;
  /// Longest such chunk in bytes.
  uint64_t chunk_bytes;
  /// PNG files of more pixels are reduced while their rows arrive, when a smaller picture is wanted.
  uint64_t whole_pixels;
} codec_limits;

/// The size of a picture, as stored and as it will be decoded.
typedef struct codec_shape {
  uint32_t stored_width, stored_height;
  uint32_t width, height;
  /// The picture is decoded at 1/denominator of its stored size: 1, 2, 4 or 8.
  uint32_t denominator;
} codec_shape;

/// What went wrong, and where.
typedef struct codec_report {
  codec_status status;
  /// The offending value, where `status` has one.
  uint64_t value;
  /// How many bytes had been read.
  uint64_t offset;
  /// The stored size, once it is known.
  uint32_t width, height;
  /// The library's words, ended by a zero.
  char message[200];
} codec_report;

/// Reads the header of a JPEG file, checks the limits and picks the smallest scale that still covers the wanted size
/// (0 x 0: full size). Needs no memory for pixels.
codec_status codec_measure_jpeg(
  const uint8_t *bytes, size_t count, const codec_limits *limits, uint32_t wanted_width, uint32_t wanted_height,
  codec_shape *shape, codec_report *report);

/// Decodes a JPEG file into `pixels`: `capacity` = 3 * width * height bytes of the shape measured before.
codec_status codec_decode_jpeg(
  const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_shape *shape, uint8_t *pixels,
  size_t capacity, codec_report *report);

/// Reads the header and the list of chunks of a PNG file and checks the limits. A large picture that is not interlaced is reduced
/// as a JPEG file would be, each pixel the mean of a square.
codec_status codec_measure_png(
  const uint8_t *bytes, size_t count, const codec_limits *limits, uint32_t wanted_width, uint32_t wanted_height,
  codec_shape *shape, codec_report *report);

/// Decodes a PNG file over white into `pixels`: `capacity` = 3 * width * height bytes of the shape measured before.
codec_status codec_decode_png(
  const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_shape *shape, uint8_t *pixels,
  size_t capacity, codec_report *report);

/// Encodes RGB8 pixels as PNG at zlib level 6; `*encoded` is to be given to `codec_release`.
codec_status codec_encode_png(
  const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t **encoded, size_t *encoded_count,
  codec_report *report);

/// Encodes RGB8 pixels as baseline JPEG at a quality from 1 to 100; `*encoded` is to be given to `codec_release`.
codec_status codec_encode_jpeg(
  const uint8_t *pixels, uint32_t width, uint32_t height, int quality, uint8_t **encoded, size_t *encoded_count,
  codec_report *report);

/// Name and version of the JPEG library, as it was when this file was compiled: the library does not tell them.
const char *codec_version_jpeg(void);

/// The version of the PNG library in use.
const char *codec_version_png(void);

/// Gives back the block that an encoder handed out.
void codec_release(uint8_t *encoded);

#endif
