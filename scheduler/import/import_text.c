/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const char *import_encoding_name(enum import_encoding encoding)
{
    static const char *const names[] = {"UTF-8", "UTF-8 BOM", "UTF-16LE", "UTF-16BE", "GB18030"};
    return names[encoding];
}

/* The length of the valid character at `at`, or 0 (RFC 3629). */
static size_t character_length(const uint8_t *at, size_t left)
{
    const size_t length = at[0] < 0x80   ? 1
                          : at[0] < 0xc2 ? 0
                          : at[0] < 0xe0 ? 2
                          : at[0] < 0xf0 ? 3
                          : at[0] < 0xf5 ? 4
                                         : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool is_overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    const bool is_surrogate = at[0] == 0xed && at[1] >= 0xa0;
    const bool is_beyond = at[0] == 0xf4 && at[1] >= 0x90;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

static bool is_utf8(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        const size_t length = character_length(bytes + i, size - i);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

static int convert(const char *from, const uint8_t *bytes, size_t size, struct import_text *text)
{
    /* No character of UTF-16 or GB18030 takes more than 4 bytes in UTF-8,
     * and none takes less than one here. */
    const size_t room = size * 4 + 1;
    int result = 0;
    char *out = malloc(room);
    char *copy = malloc(size + 1);
    const iconv_t converter = iconv_open("UTF-8", from);
    if (out == NULL || copy == NULL || converter == (iconv_t)-1) {
        result = -ENOMEM;
        goto cleanup;
    }
    memcpy(copy, bytes, size);
    char *in_at = copy;
    char *out_at = out;
    size_t in_left = size;
    size_t out_left = room - 1;
    if (iconv(converter, &in_at, &in_left, &out_at, &out_left) == (size_t)-1) {
        result = -EILSEQ;
        goto cleanup;
    }
    *out_at = '\0';
    text->text = out;
    text->size = (size_t)(out_at - out);
    out = NULL;

cleanup:
    if (converter != (iconv_t)-1) {
        iconv_close(converter);
    }
    free(copy);
    free(out);
    return result;
}

static int keep(const uint8_t *bytes, size_t size, struct import_text *text)
{
    char *copy = malloc(size + 1);
    if (copy == NULL) {
        return -ENOMEM;
    }
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    text->text = copy;
    text->size = size;
    return 0;
}

int import_text_decode(const void *bytes, size_t size, struct import_text *text)
{
    const uint8_t *at = bytes;
    struct import_text made = {.encoding = IMPORT_GB18030};
    int result = 0;
    if (size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0 && is_utf8(at + 3, size - 3)) {
        made.encoding = IMPORT_UTF8_BOM;
        result = keep(at + 3, size - 3, &made);
    } else if (size >= 2 && memcmp(at, "\xff\xfe", 2) == 0) {
        made.encoding = IMPORT_UTF16LE;
        result = convert("UTF-16LE", at + 2, size - 2, &made);
    } else if (size >= 2 && memcmp(at, "\xfe\xff", 2) == 0) {
        made.encoding = IMPORT_UTF16BE;
        result = convert("UTF-16BE", at + 2, size - 2, &made);
    } else if (is_utf8(at, size)) {
        made.encoding = IMPORT_UTF8;
        result = keep(at, size, &made);
    } else {
        result = convert("GB18030", at, size, &made);
    }
    if (result == 0 && memchr(made.text, '\0', made.size) != NULL) {
        free(made.text);
        result = -EILSEQ;
    }
    if (result == 0) {
        *text = made;
    }
    return result;
}

/* Takes one character off valid UTF-8. */
static uint32_t next_character(const char **text)
{
    const uint8_t *at = (const uint8_t *)*text;
    const int length = at[0] < 0xc0 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    uint32_t character = length == 1 ? at[0] : at[0] & (0x7fU >> length);
    int taken = 1;
    while (taken < length && (at[taken] & 0xc0) == 0x80) {
        character = character << 6 | (at[taken++] & 0x3fU);
    }
    *text += taken;
    return character;
}

static bool is_invisible(uint32_t character)
{
    return (character < 0x20 && character != '\n' && character != '\t' && character != '\r') ||
           (character >= 0x7f && character < 0xa0) || character == 0xad || character == 0x61c ||
           character == 0x180e || (character >= 0x200b && character <= 0x200f) ||
           (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0xfeff ||
           (character >= 0xfff9 && character <= 0xfffb) || character == 0xfffe ||
           character == 0xffff;
}

static bool is_space(uint32_t character)
{
    return character == ' ' || character == '\t' || character == 0xa0 ||
           (character >= 0x2000 && character <= 0x200a) || character == 0x202f ||
           character == 0x205f || character == 0x3000;
}

size_t import_text_clean(char *text)
{
    size_t removed = 0;
    const char *at = text;
    char *out = text;
    while (*at != '\0') {
        const char *start = at;
        const uint32_t character = next_character(&at);
        const bool at_start = out == text || out[-1] == '\n';
        if (is_invisible(character)) {
            removed++;
        } else if (is_space(character)) {
            if (!at_start) {
                *out++ = ' ';
            }
        } else if (character == '\r' || character == '\n' || character == 0x2028 ||
                   character == 0x2029) {
            at += character == '\r' && *at == '\n';
            while (out > text && out[-1] == ' ') {
                out--;
            }
            if (out > text && out[-1] != '\n') {
                *out++ = '\n';
            }
        } else {
            memmove(out, start, (size_t)(at - start));
            out += at - start;
        }
    }
    while (out > text && (out[-1] == ' ' || out[-1] == '\n')) {
        out--;
    }
    *out = '\0';
    return removed;
}

/* The ASCII that a character is folded to, or 0. */
static char folded(uint32_t character)
{
    static const struct {
        uint32_t character;
        char ascii;
    } table[] = {
        {0x2010, '-'}, {0x2011, '-'},  {0x2012, '-'},  {0x2013, '-'}, {0x2014, '-'}, {0x2015, '-'},
        {0x2212, '-'}, {0x301c, '-'},  {0x3030, '-'},  {0x2500, '-'}, {0xff5e, '-'}, {0x2236, ':'},
        {0xfe55, ':'}, {0x3010, '('},  {0x3011, ')'},  {0x3014, '('}, {0x3015, ')'}, {0x201c, '"'},
        {0x201d, '"'}, {0x2018, '\''}, {0x2019, '\''}, {0x3000, ' '},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].character == character) {
            return table[i].ascii;
        }
    }
    if (character == '~') {
        return '-';
    }
    return (char)(character >= 0xff01 && character <= 0xff5e ? character - 0xfee0 : 0);
}

void import_text_fold(char *text)
{
    const char *at = text;
    char *out = text;
    while (*at != '\0') {
        const char *start = at;
        const char ascii = folded(next_character(&at));
        if (ascii != 0) {
            *out++ = ascii;
        } else {
            memmove(out, start, (size_t)(at - start));
            out += at - start;
        }
    }
    *out = '\0';
}

size_t import_text_fitting(const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most) {
        return length;
    }
    for (length = most; length > 0 && ((uint8_t)text[length] & 0xc0) == 0x80;) {
        length--;
    }
    return length;
}

size_t import_text_characters(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += ((uint8_t)text[i] & 0xc0) != 0x80;
    }
    return count;
}

bool import_text_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

size_t import_text_separator(const char *text)
{
    static const char *const separators[] = {" ",  ":", "：", "/", "／", "|",
                                             "｜", ",", "，", ";", "；", "·"};
    for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
        if (import_text_starts(text, separators[i])) {
            return strlen(separators[i]);
        }
    }
    return 0;
}

void import_text_trim(char *text)
{
    size_t skip = 0;
    for (size_t length; (length = import_text_separator(text + skip)) > 0;) {
        skip += length;
    }
    memmove(text, text + skip, strlen(text + skip) + 1);
    for (bool is_done = false; !is_done && text[0] != '\0';) {
        size_t last = strlen(text) - 1;
        while (last > 0 && ((unsigned char)text[last] & 0xc0) == 0x80) {
            last--;
        }
        is_done = import_text_separator(text + last) == 0;
        if (!is_done) {
            text[last] = '\0';
        }
    }
}
