/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_shape.h"

#include "tools/ingest/ingest_access_unit.h"

#include <string.h>

#include <nettle/sha2.h>

enum {
    NAL_LENGTH = 4,
    START_CODE = 3,
    WORD_MOST = 16,
};

/* One unit of an access unit: from its type byte on. */
struct unit {
    const uint8_t *bytes;
    size_t size;
};

/* Both find the unit at *at and move *at behind it; false at a fault. */
static bool next_by_length(const uint8_t *bytes, size_t size, size_t *at, struct unit *unit)
{
    if (size - *at <= NAL_LENGTH) {
        return false;
    }
    const uint8_t *length_at = bytes + *at;
    const size_t length = (size_t)length_at[0] << 24 | (size_t)length_at[1] << 16 |
                          (size_t)length_at[2] << 8 | length_at[3];
    *at += NAL_LENGTH;
    *unit = (struct unit){.bytes = bytes + *at, .size = length};
    if (length < 2 || length > size - *at) {
        return false;
    }
    *at += length;
    return true;
}

static bool next_by_start_code(const uint8_t *bytes, size_t size, size_t *at, struct unit *unit)
{
    if (ingest_next_start_code(bytes + *at, size - *at) != 0 || size - *at < START_CODE + 2) {
        return false;
    }
    *at += START_CODE;
    *unit = (struct unit){.bytes = bytes + *at,
                          .size = ingest_next_start_code(bytes + *at, size - *at)};
    *at += unit->size;
    return true;
}

/* A AUD, S SPS, P PPS, T picture timing, I slice of an IDR picture, N of another. */
static char letter_h264(const struct unit *unit)
{
    switch (unit->bytes[0] & 0x1f) {
    case 1:
        return 'N';
    case 5:
        return 'I';
    case 6:
        return unit->bytes[1] == 1 ? 'T' : '?';
    case 7:
        return 'S';
    case 8:
        return 'P';
    case 9:
        return 'A';
    default:
        return '?';
    }
}

/* V VPS, the others as above. */
static char letter_hevc(const struct unit *unit)
{
    switch (unit->bytes[0] >> 1 & 0x3f) {
    case 0: /* TRAIL_N */
    case 1: /* TRAIL_R */
        return 'N';
    case 19: /* IDR_W_RADL */
    case 20: /* IDR_N_LP */
        return 'I';
    case 32:
        return 'V';
    case 33:
        return 'S';
    case 34:
        return 'P';
    case 35:
        return 'A';
    default:
        return '?';
    }
}

/* E sequence extension, D of display, C of a whole frame with the top field first. */
static char letter_mpeg2_extension(const uint8_t *bytes, size_t size)
{
    const bool is_frame = size > 4 && (bytes[3] & 0x03) == 3 && (bytes[4] & 0x80) != 0;
    switch (bytes[1] >> 4) {
    case 1:
        return 'E';
    case 2:
        return 'D';
    case 8:
        return is_frame ? 'C' : '?';
    default:
        return '?';
    }
}

/* S sequence header, G that of a closed GOP, I of an I picture, N of another, U AFD, L slice. */
static char letter_mpeg2(const struct unit *unit)
{
    static const uint8_t AFD[] = {'D', 'T', 'G', '1', 0x41};
    const uint8_t *bytes = unit->bytes;
    const bool is_header = unit->size >= 5;
    if (bytes[0] >= 0x01 && bytes[0] <= 0xaf) {
        return 'L';
    }
    switch (bytes[0]) {
    case 0x00:
        return !is_header ? '?' : (bytes[2] >> 3 & 7) == 1 ? 'I' : 'N';
    case 0xb2:
        return unit->size == 1 + sizeof(AFD) + 1 && memcmp(bytes + 1, AFD, sizeof(AFD)) == 0 ? 'U'
                                                                                             : '?';
    case 0xb3:
        return 'S';
    case 0xb5:
        return letter_mpeg2_extension(bytes, unit->size);
    case 0xb8: /* closed_gop and no broken_link */
        return is_header && (bytes[4] & 0x60) == 0x40 ? 'G' : '?';
    default:
        return '?';
    }
}

/* How a codec's access units are read; words of the two kinds, slices once however many. */
struct grammar {
    bool (*next)(const uint8_t *bytes, size_t size, size_t *at, struct unit *unit);
    char (*letter)(const struct unit *unit);
    const char *parameter_sets; /* letters of what is hashed */
    const char *random_access;
    const char *other;
};

static const struct grammar H264 = {next_by_length, letter_h264, "SP", "ASPI", "AN"};
static const struct grammar H264_INTERLACED = {next_by_length, letter_h264, "SP", "ASPTI", "ATN"};
static const struct grammar HEVC = {next_by_length, letter_hevc, "VSP", "AVSPI", "AN"};
static const struct grammar MPEG2 = {next_by_start_code, letter_mpeg2, "SED", "SEDGICUL", "NCUL"};

static const struct grammar *grammar_of(const struct video_profile *profile)
{
    switch (profile->codec) {
    case VIDEO_H264:
        return profile->is_interlaced ? &H264_INTERLACED : &H264;
    case VIDEO_HEVC:
        return &HEVC;
    case VIDEO_MPEG2:
        return &MPEG2;
    }
    return NULL;
}

/* A picture may have several slices, nothing else comes twice. */
static bool may_repeat(const struct grammar *grammar, char letter)
{
    const size_t length = strlen(grammar->other);
    return letter == grammar->other[length - 1] ||
           letter == grammar->random_access[strlen(grammar->random_access) - 1];
}

/* Spells the access unit; hashes its parameter sets. */
static bool spell(const struct grammar *grammar, const uint8_t *bytes, size_t size,
                  char word[WORD_MOST], struct sha256_ctx *digest)
{
    size_t used = 0;
    struct unit unit;
    for (size_t at = 0; at < size;) {
        if (!grammar->next(bytes, size, &at, &unit)) {
            return false;
        }
        const char letter = grammar->letter(&unit);
        if (used > 0 && word[used - 1] == letter && may_repeat(grammar, letter)) {
            continue;
        }
        if (letter == '?' || used + 1 == WORD_MOST) {
            return false;
        }
        word[used++] = letter;
        if (strchr(grammar->parameter_sets, letter) != NULL) {
            sha256_update(digest, unit.size, unit.bytes);
        }
    }
    word[used] = '\0';
    return true;
}

bool ingest_shape_examine(const struct video_profile *profile, const uint8_t *bytes, size_t size,
                          struct ingest_shape *shape)
{
    const struct grammar *grammar = grammar_of(profile);
    char word[WORD_MOST];
    struct sha256_ctx digest;
    sha256_init(&digest);
    if (grammar == NULL || !spell(grammar, bytes, size, word, &digest)) {
        return false;
    }
    shape->is_random_access = strcmp(word, grammar->random_access) == 0;
    sha256_digest(&digest, SHA256_SIZE, shape->parameter_sets);
    return shape->is_random_access || strcmp(word, grammar->other) == 0;
}
