/* SPDX-License-Identifier: MIT */
#include "tools/meter/dvb_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CHARACTER = 0x20, /* bytes below select a table */
    FIRST_CONTROL = 0x80,
    LAST_CONTROL = 0x9f,
    CR_LF = 0x8a,
    TABLES = 32, /* one for each selector ... */
    UNMARKED = TABLES,
    PARTS = 16, /* ... and those of ISO 8859 behind 0x10 */
    HANDLES = TABLES + 1 + PARTS,
};

enum {
    SELECT_PART = 0x10,
    SELECT_UCS2 = 0x11,
    SELECT_KSX1001 = 0x12,
    SELECT_GB2312 = 0x13,
    SELECT_BIG5 = 0x14, /* a subset of ISO/IEC 10646 in two bytes */
    SELECT_UTF8 = 0x15,
};

/* How many bytes a wrong character is, and where controls lie. */
enum shape { SHAPE_SINGLE, SHAPE_PAIRS, SHAPE_MIXED };

struct dvb_text {
    struct dvb_charsets charsets;
    iconv_t handles[HANDLES]; /* opened when first needed */
    bool is_open[HANDLES];
};

static const char REPLACEMENT[] = "\xef\xbf\xbd";

struct dvb_text *dvb_text_create(const struct dvb_charsets *charsets)
{
    struct dvb_text *text = calloc(1, sizeof(*text));
    if (text != NULL) {
        text->charsets = *charsets;
    }
    return text;
}

void dvb_text_destroy(struct dvb_text *text)
{
    for (int i = 0; text != NULL && i < HANDLES; i++) {
        if (text->is_open[i]) {
            iconv_close(text->handles[i]);
        }
    }
    free(text);
}

bool dvb_text_knows(const char *name)
{
    const iconv_t handle = iconv_open("UTF-8", name);
    if (handle == (iconv_t)-1) {
        return false;
    }
    iconv_close(handle);
    return true;
}

/* Which table the first bytes select; `skip` of them are no text. */
struct choice {
    int handle; /* -1: none that there is */
    int skip;
    enum shape shape;
};

static struct choice choose(const uint8_t *bytes, int size)
{
    const int first = bytes[0];
    if (first >= FIRST_CHARACTER) {
        return (struct choice){UNMARKED, 0, SHAPE_SINGLE};
    }
    if (first >= 0x01 && first <= 0x0b && first != 0x08) {
        return (struct choice){TABLES + 1 + first + 4, 1, SHAPE_SINGLE};
    }
    if (first == SELECT_PART && size >= 3 && bytes[1] == 0 && bytes[2] >= 1 && bytes[2] < PARTS &&
        bytes[2] != 12) {
        return (struct choice){TABLES + 1 + bytes[2], 3, SHAPE_SINGLE};
    }
    switch (first) {
    case SELECT_UCS2:
    case SELECT_BIG5:
        return (struct choice){first, 1, SHAPE_PAIRS};
    case SELECT_KSX1001:
    case SELECT_GB2312:
    case SELECT_UTF8:
        return (struct choice){first, 1, SHAPE_MIXED};
    default:
        return (struct choice){-1, 1, SHAPE_SINGLE};
    }
}

static const char *table_name(const struct dvb_text *text, int handle, char name[16])
{
    switch (handle) {
    case UNMARKED:
        return text->charsets.unmarked != NULL ? text->charsets.unmarked : "ISO6937";
    case SELECT_UCS2:
    case SELECT_BIG5:
        return "UCS-2BE";
    case SELECT_KSX1001:
        return "EUC-KR";
    case SELECT_GB2312:
        return text->charsets.gb2312 != NULL ? text->charsets.gb2312 : "GB2312";
    case SELECT_UTF8:
        return "UTF-8";
    default:
        snprintf(name, 16, "ISO8859-%d", handle - TABLES - 1);
        return name;
    }
}

static bool open_table(struct dvb_text *text, int handle)
{
    char name[16];
    if (!text->is_open[handle]) {
        text->handles[handle] = iconv_open("UTF-8", table_name(text, handle, name));
        text->is_open[handle] = text->handles[handle] != (iconv_t)-1;
    }
    return text->is_open[handle];
}

/* Control codes of one byte go here; those of two and three when all is UTF-8. */
static int drop_controls(const struct dvb_text *text, struct choice choice, uint8_t *bytes,
                         int size)
{
    int kept = 0;
    const bool is_gb2312 = choice.handle == SELECT_GB2312 && text->charsets.gb2312 == NULL;
    const bool is_single = choice.shape == SHAPE_SINGLE &&
                           (choice.handle != UNMARKED || text->charsets.unmarked == NULL);
    for (int at = 0; at < size; at++) {
        const bool is_pair = is_gb2312 && bytes[at] == 0xe0 && at + 1 < size;
        const uint8_t code = is_pair ? bytes[at + 1] : bytes[at];
        if ((is_pair || is_single) && code >= FIRST_CONTROL && code <= LAST_CONTROL) {
            if (code == CR_LF) {
                bytes[kept++] = '\n';
            }
            at += is_pair ? 1 : 0;
            continue;
        }
        bytes[kept++] = bytes[at];
        if (is_gb2312 && bytes[at] >= FIRST_CONTROL && at + 1 < size) {
            bytes[kept++] = bytes[++at];
        }
    }
    return kept;
}

/* Bytes of the control at this place: U+0080 to U+009F, U+E080 to U+E09F; 0: none. */
static int control_size(const uint8_t *at)
{
    const int size = at[0] == 0xc2 ? 2 : at[0] == 0xee && at[1] == 0x82 ? 3 : 0;
    const int code = size > 0 ? at[size - 1] : 0;
    return code >= FIRST_CONTROL && code <= LAST_CONTROL ? size : 0;
}

/* U+202A to U+202E, U+2066 to U+2069: what turns the text around, on a terminal all of it. */
static bool is_direction(const uint8_t *at)
{
    return at[0] == 0xe2 && ((at[1] == 0x80 && at[2] >= 0xaa && at[2] <= 0xae) ||
                             (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9));
}

/* Bytes of what iconv lets through above U+10FFFF; 0: it is none. */
static int too_large_size(const uint8_t *at)
{
    int size = 1;
    if (at[0] < 0xf4 || (at[0] == 0xf4 && at[1] < 0x90)) {
        return 0;
    }
    while ((at[size] & 0xc0) == 0x80) {
        size++;
    }
    return size;
}

/*
 * Drops controls and directions of an ended string.  False: there are
 * controls below U+0020, or what is above U+10FFFF.
 */
static bool drop_wide_controls(char *utf8)
{
    const uint8_t *from = (const uint8_t *)utf8;
    char *to = utf8;
    bool is_sound = true;
    while (*from != '\0') {
        const int control = control_size(from);
        const int too_large = too_large_size(from);
        if (control > 0) {
            if (from[control - 1] == CR_LF) {
                *to++ = '\n';
            }
            from += control;
        } else if (is_direction(from)) {
            from += 3;
        } else if ((*from < FIRST_CHARACTER && *from != '\n') || *from == 0x7f) {
            is_sound = false;
            from++;
        } else if (too_large >= (int)sizeof(REPLACEMENT) - 1) {
            is_sound = false;
            from += too_large;
            memcpy(to, REPLACEMENT, sizeof(REPLACEMENT) - 1);
            to += sizeof(REPLACEMENT) - 1;
        } else {
            *to++ = (char)*from++;
        }
    }
    *to = '\0';
    return is_sound;
}

/* What remains is replaced character by character where it is wrong. */
static bool convert(iconv_t handle, enum shape shape, uint8_t *bytes, int size, char *utf8)
{
    char *in = (char *)bytes;
    char *out = utf8;
    size_t left = (size_t)size;
    size_t room = DVB_TEXT_ROOM - 1;
    bool is_sound = true;
    iconv(handle, NULL, NULL, NULL, NULL);
    while (left > 0 && iconv(handle, &in, &left, &out, &room) == (size_t)-1) {
        if (errno == E2BIG || room < sizeof(REPLACEMENT) - 1) {
            is_sound = false;
            break;
        }
        is_sound = false;
        memcpy(out, REPLACEMENT, sizeof(REPLACEMENT) - 1);
        out += sizeof(REPLACEMENT) - 1;
        room -= sizeof(REPLACEMENT) - 1;
        const size_t wrong = shape == SHAPE_PAIRS && left >= 2 ? 2 : 1;
        in += wrong;
        left -= wrong;
    }
    if (iconv(handle, NULL, NULL, &out, &room) == (size_t)-1) {
        is_sound = false; /* a diacritical mark that waits for its letter */
    }
    *out = '\0';
    return is_sound;
}

bool dvb_text_decode(struct dvb_text *text, const uint8_t *bytes, int size,
                     char utf8[DVB_TEXT_ROOM])
{
    uint8_t body[255];
    utf8[0] = '\0';
    if (size <= 0 || size > (int)sizeof(body)) {
        return size == 0;
    }
    const struct choice choice = choose(bytes, size);
    if (choice.handle < 0 || !open_table(text, choice.handle)) {
        memcpy(utf8, REPLACEMENT, sizeof(REPLACEMENT));
        return false;
    }
    memcpy(body, bytes + choice.skip, (size_t)(size - choice.skip));
    const int kept = drop_controls(text, choice, body, size - choice.skip);
    const bool has_no_nul = choice.shape == SHAPE_PAIRS || memchr(body, 0, (size_t)kept) == NULL;
    const bool is_converted = convert(text->handles[choice.handle], choice.shape, body, kept, utf8);
    return drop_wide_controls(utf8) && is_converted && has_no_nul;
}
