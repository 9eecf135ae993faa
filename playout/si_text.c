/* SPDX-License-Identifier: MIT */
#include "playout/si_text.h"

#include "playout/si_replace.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    NORMAL_MOST = 2 * SI_TEXT_MOST, /* a coded character has at least half of its UTF-8 bytes */
    NEW_LINE = 0xe08a,              /* CR/LF of EN 300 468, table A.2 */
    REMOVED = 0x7fffffff,
    INVALID = 0xfffd,
};

static const char *const BOXES[] = {"□", "?"};

static const struct charset {
    const char *name; /* of iconv; NULL: UTF-8 as it is */
    uint8_t selector; /* 0: none */
} CHARSETS[] = {
    [TEXT_GB2312] = {"GB2312", 0x13}, [TEXT_UTF8] = {NULL, 0x15},
    [TEXT_UCS2] = {"UCS-2BE", 0x11},  [TEXT_GBK] = {"GBK", 0},
    [TEXT_GB18030] = {"GB18030", 0},
};

struct si_text {
    enum text_coding coding;
    bool has_converter;
    iconv_t converter;
    char normal[NORMAL_MOST];
    uint8_t coded[SI_TEXT_MOST];
};

/* Where coding has come to, and whom to tell of replacements (list NULL: nobody). */
struct conversion {
    const char *in;
    size_t in_left;
    char *out;
    size_t out_left;
    struct si_replaced *list;
    size_t most;
    size_t listed;
};

struct si_text *si_text_create(enum text_coding coding)
{
    struct si_text *text = calloc(1, sizeof(*text));
    if (text == NULL) {
        return NULL;
    }
    text->coding = coding;
    if (CHARSETS[coding].name != NULL) {
        text->converter = iconv_open(CHARSETS[coding].name, "UTF-8");
        if (text->converter == (iconv_t)-1) { /* NOLINT: so POSIX says it */
            free(text);
            return NULL;
        }
        text->has_converter = true;
    }
    return text;
}

void si_text_destroy(struct si_text *text)
{
    if (text == NULL) {
        return;
    }
    if (text->has_converter) {
        iconv_close(text->converter);
    }
    free(text);
}

/* --- Normalising ------------------------------------------------------------ */

static bool is_between(uint32_t character, uint32_t first, uint32_t last)
{
    return character >= first && character <= last;
}

/* Takes one character off; a byte that begins none is INVALID. */
static uint32_t take_character(const char **utf8)
{
    const unsigned char *bytes = (const unsigned char *)*utf8;
    static const uint32_t LEAST[] = {0, 0x80, 0x800, 0x10000};
    const int more = bytes[0] < 0x80                    ? 0
                     : is_between(bytes[0], 0xc2, 0xdf) ? 1
                     : is_between(bytes[0], 0xe0, 0xef) ? 2
                     : is_between(bytes[0], 0xf0, 0xf4) ? 3
                                                        : -1;
    if (more < 0) {
        *utf8 += 1;
        return INVALID;
    }
    uint32_t character = more == 0 ? bytes[0] : bytes[0] & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((bytes[i] & 0xc0) != 0x80) { /* also at the end of the string */
            *utf8 += 1;
            return INVALID;
        }
        character = character << 6 | (bytes[i] & 0x3f);
    }
    *utf8 += more + 1;
    const bool is_surrogate = is_between(character, 0xd800, 0xdfff);
    return character < LEAST[more] || character > 0x10ffff || is_surrogate ? INVALID : character;
}

static size_t put_character(uint32_t character, char *out)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    const size_t size = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const unsigned char HEADS[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    out[0] = (char)(HEADS[size] | character);
    return size;
}

/* Zero-width, bidirectional and other characters that nobody sees. */
static bool is_invisible(uint32_t c)
{
    return c < 0x20 || is_between(c, 0x7f, 0x9f) || c == 0xad || c == 0x61c || c == 0x180e ||
           is_between(c, 0x200b, 0x200f) || is_between(c, 0x202a, 0x202e) ||
           is_between(c, 0x2060, 0x206f) || is_between(c, 0xfe00, 0xfe0f) || c == 0xfeff ||
           is_between(c, 0xe0000, 0xe0fff);
}

static bool is_space(uint32_t c)
{
    return c == '\t' || c == 0xa0 || is_between(c, 0x2000, 0x200a) || c == 0x202f || c == 0x205f;
}

/* Private use and what is no character at all: no box could show it. */
static bool is_meaningless(uint32_t c)
{
    return is_between(c, 0xe000, 0xf8ff) || is_between(c, 0xfdd0, 0xfdef) ||
           (c & 0xfffe) == 0xfffe || c >= 0xf0000;
}

static uint32_t normalise_width(uint32_t c)
{
    /* From U+FF61 on: half-width forms of Chinese and Japanese marks and katakana. */
    static const uint16_t WIDE[] = {
        0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9,
        0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab,
        0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1,
        0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5,
        0x30d8, 0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9,
        0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3, 0x309b, 0x309c,
    };
    if (is_between(c, 0xff10, 0xff19) || is_between(c, 0xff21, 0xff3a) ||
        is_between(c, 0xff41, 0xff5a)) {
        return c - 0xff00 + 0x20;
    }
    return is_between(c, 0xff61, 0xff9f) ? WIDE[c - 0xff61] : c;
}

/* REMOVED, NEW_LINE, INVALID or the character that stands for it. */
static uint32_t normalise_character(uint32_t c)
{
    if (c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029) {
        return NEW_LINE;
    }
    if (is_space(c)) {
        return ' ';
    }
    if (is_invisible(c)) {
        return REMOVED;
    }
    return is_meaningless(c) ? INVALID : normalise_width(c);
}

/* GB tables have no code for the end of a line that boxes would not take for a character. */
static uint32_t new_line_of(const struct si_text *text)
{
    return text->coding == TEXT_UTF8 || text->coding == TEXT_UCS2 ? NEW_LINE : ' ';
}

/* Returns the bytes of the normal form, in text->normal. */
static size_t normalise(struct si_text *text, const char *utf8)
{
    size_t size = 0;
    while (*utf8 != '\0' && size + 4 <= NORMAL_MOST) {
        const bool is_return = *utf8 == '\r';
        uint32_t character = normalise_character(take_character(&utf8));
        if (is_return && *utf8 == '\n') {
            continue; /* CR LF ends one line */
        }
        if (character == NEW_LINE) {
            character = new_line_of(text);
        }
        if (character != REMOVED) {
            size += put_character(character, text->normal + size);
        }
    }
    return size;
}

/* --- Coding ----------------------------------------------------------------- */

/* Codes all of `utf8` or, with the conversion unchanged, nothing. */
static bool code_whole(struct si_text *text, struct conversion *conversion, const char *utf8)
{
    /* iconv() does not write through its input, but is declared so. */
    union {
        const char *read;
        char *unwritten;
    } in = {.read = utf8};
    size_t left = strlen(utf8);
    char *out = conversion->out;
    size_t out_left = conversion->out_left;
    if (iconv(text->converter, &in.unwritten, &left, &out, &out_left) == (size_t)-1) {
        return false;
    }
    conversion->out = out;
    conversion->out_left = out_left;
    return true;
}

static void tell(struct conversion *conversion, uint32_t character, const char *with)
{
    for (size_t i = 0; i < conversion->listed; i++) {
        if (conversion->list[i].character == character) {
            return;
        }
    }
    if (conversion->listed < conversion->most) {
        conversion->list[conversion->listed++] =
            (struct si_replaced){.character = character, .with = with};
    }
}

/* Puts something in the place of the next character; false when there is no room. */
static bool replace_next(struct si_text *text, struct conversion *conversion)
{
    const char *at = conversion->in;
    const uint32_t character = take_character(&at);
    size_t count = 0;
    const struct si_replacement *found = si_replace_find(character, &count);
    const char *with = NULL;
    for (size_t i = 0; i < count && with == NULL; i++) {
        with = code_whole(text, conversion, found[i].with) ? found[i].with : NULL;
    }
    for (size_t i = 0; i < sizeof(BOXES) / sizeof(BOXES[0]) && with == NULL; i++) {
        with = code_whole(text, conversion, BOXES[i]) ? BOXES[i] : NULL;
    }
    if (with == NULL) {
        return false;
    }
    tell(conversion, character, with);
    conversion->in_left -= (size_t)(at - conversion->in);
    conversion->in = at;
    return true;
}

/* Codes the normal form; returns the bytes in text->coded. */
static size_t convert(struct si_text *text, size_t size, struct conversion *conversion)
{
    conversion->in = text->normal;
    conversion->in_left = size;
    conversion->out = (char *)text->coded;
    conversion->out_left = SI_TEXT_MOST;
    iconv(text->converter, NULL, NULL, NULL, NULL);
    while (conversion->in_left > 0) {
        union {
            const char *read;
            char *unwritten;
        } in = {.read = conversion->in};
        const size_t done = iconv(text->converter, &in.unwritten, &conversion->in_left,
                                  &conversion->out, &conversion->out_left);
        conversion->in = in.read;
        const bool is_full = conversion->out_left < 4;
        if (done != (size_t)-1 || is_full || !replace_next(text, conversion)) {
            break;
        }
    }
    return SI_TEXT_MOST - conversion->out_left;
}

/* Bytes of the character that begins there. */
static size_t coded_character(enum text_coding coding, const uint8_t *bytes, size_t left)
{
    size_t size = 1;
    if (coding == TEXT_UCS2) {
        size = 2;
    } else if (coding == TEXT_UTF8) {
        size = bytes[0] < 0xc0 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    } else if (bytes[0] >= 0x80) {
        size = coding == TEXT_GB18030 && left > 1 && is_between(bytes[1], 0x30, 0x39) ? 4 : 2;
    }
    return size < left ? size : left;
}

/* The longest beginning of whole characters within `most` bytes. */
static size_t fit(enum text_coding coding, const uint8_t *bytes, size_t size, size_t most)
{
    if (size <= most) {
        return size;
    }
    size_t end = 0;
    for (;;) {
        const size_t character = coded_character(coding, bytes + end, size - end);
        if (end + character > most) {
            return end;
        }
        end += character;
    }
}

/* Printable ASCII alone is the same in all codings but UCS-2. */
static bool code_ascii(struct si_text *text, const char *utf8, size_t *size)
{
    size_t i = 0;
    for (; utf8[i] >= ' ' && utf8[i] <= '~' && i < SI_TEXT_MOST; i++) {
        text->coded[i] = (uint8_t)utf8[i];
    }
    *size = i;
    return text->coding != TEXT_UCS2 && (utf8[i] == '\0' || i == SI_TEXT_MOST);
}

struct si_coded si_text_code(struct si_text *text, const char *utf8)
{
    struct si_coded coded = {.bytes = text->coded, .size = 0};
    if (utf8 == NULL || code_ascii(text, utf8, &coded.size)) {
        return coded;
    }
    const size_t size = normalise(text, utf8);
    if (text->has_converter) {
        struct conversion conversion = {.list = NULL};
        coded.size = convert(text, size, &conversion);
    } else {
        coded.size = fit(TEXT_UTF8, (const uint8_t *)text->normal, size, SI_TEXT_MOST);
        memcpy(text->coded, text->normal, coded.size);
    }
    return coded;
}

size_t si_text_take(const struct si_text *text, struct si_coded *rest, size_t most, uint8_t *out)
{
    const uint8_t selector = CHARSETS[text->coding].selector;
    const size_t head = selector != 0 ? 1 : 0;
    if (most <= head) {
        return 0;
    }
    const size_t size = fit(text->coding, rest->bytes, rest->size, most - head);
    if (size == 0) {
        return 0;
    }
    if (selector != 0) {
        out[0] = selector;
    }
    memcpy(out + head, rest->bytes, size);
    rest->bytes += size;
    rest->size -= size;
    return head + size;
}

size_t si_text_replaced(struct si_text *text, const char *utf8, struct si_replaced *list,
                        size_t most)
{
    if (!text->has_converter || utf8 == NULL) {
        return 0;
    }
    struct conversion conversion = {.list = list, .most = most};
    convert(text, normalise(text, utf8), &conversion);
    return conversion.listed;
}
