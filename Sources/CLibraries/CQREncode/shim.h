#pragma once
#include <png.h>
#include <qrencode.h>
#include <setjmp.h>
#include <string.h>

/// Memory that a PNG is written into.
typedef struct {
    unsigned char *bytes;
    size_t count;
    size_t capacity;
} CQREncodePNGOutput;

static inline void CQREncode_appendPNG(png_structp writer, png_bytep bytes, size_t count) {
    CQREncodePNGOutput *output = (CQREncodePNGOutput *)png_get_io_ptr(writer);
    if (count > output->capacity - output->count) png_error(writer, "output is full");
    memcpy(output->bytes + output->count, bytes, count);
    output->count += count;
}

static inline void CQREncode_flushPNG(png_structp writer) { (void)writer; }

static inline void CQREncode_failPNG(png_structp writer, png_const_charp message) {
    (void)message;
    png_longjmp(writer, 1);
}

static inline void CQREncode_ignorePNGWarning(png_structp writer, png_const_charp message) {
    (void)writer;
    (void)message;
}

/// Writes a square 1-bit greyscale picture whose every row is repeated; libpng reports errors by longjmp, which Swift cannot receive.
/// `rows` holds `side / repetitions` rows of `(side + 7) / 8` bytes. Returns 1 on success.
static inline int CQREncode_writePNG(
    const unsigned char *rows, unsigned side, unsigned repetitions, CQREncodePNGOutput *output
) {
    png_structp writer = png_create_write_struct(
        PNG_LIBPNG_VER_STRING, NULL, CQREncode_failPNG, CQREncode_ignorePNGWarning
    );
    if (writer == NULL) return 0;
    png_infop information = png_create_info_struct(writer);
    if (information == NULL || setjmp(png_jmpbuf(writer))) {
        png_destroy_write_struct(&writer, &information);
        return 0;
    }
    png_set_write_fn(writer, output, CQREncode_appendPNG, CQREncode_flushPNG);
    png_set_IHDR(
        writer, information, side, side, 1, PNG_COLOR_TYPE_GRAY,
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT
    );
    // Repeated rows become zeros, and a small window and table suffice: half the time of the defaults for the same few hundred bytes.
    png_set_filter(writer, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_window_bits(writer, 12);
    png_set_compression_mem_level(writer, 5);
    png_set_compression_level(writer, 1);
    png_write_info(writer, information);
    for (unsigned row = 0; row < side / repetitions; row++) {
        for (unsigned repetition = 0; repetition < repetitions; repetition++) {
            png_write_row(writer, rows + (size_t)row * ((side + 7) / 8));
        }
    }
    png_write_end(writer, information);
    png_destroy_write_struct(&writer, &information);
    return 1;
}
