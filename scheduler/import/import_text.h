/* SPDX-License-Identifier: MIT */
/*
 * import_text: the bytes of a district's file as clean UTF-8.
 *
 * Chinese Excel writes CSV in GBK, WPS in UTF-8 with a byte order mark, some
 * tools in UTF-16.  What is valid UTF-8 is UTF-8, what is not is tried as
 * GB18030, of which GBK is a part; nothing is ever replaced by a question mark.
 */
#ifndef SCHEDULER_IMPORT_TEXT_H
#define SCHEDULER_IMPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum import_encoding {
    IMPORT_UTF8,
    IMPORT_UTF8_BOM,
    IMPORT_UTF16LE,
    IMPORT_UTF16BE,
    IMPORT_GB18030,
};

/* The usual name, for people. */
const char *import_encoding_name(enum import_encoding encoding);

struct import_text {
    char *text; /* ends with NUL, and holds no other; the caller frees it */
    size_t size;
    enum import_encoding encoding;
};

/*
 * 0, -EILSEQ when the bytes are text in none of the encodings (or hold NUL
 * characters), -ENOMEM.
 */
int import_text_decode(const void *bytes, size_t size, struct import_text *text);

/*
 * Cleans UTF-8 in place: invisible characters (zero-width, bidirectional
 * controls, soft hyphens, other controls) go, line ends become \n, every
 * kind of space one of ASCII, and none is left at the ends of lines.
 * Returns how many invisible characters went.
 */
size_t import_text_clean(char *text);

/*
 * Folds UTF-8 in place to what is easy to read for a machine: full-width
 * letters, digits and signs become ASCII, all dashes and waves '-'.  Never
 * longer than before.  For reading times, days and labels; titles stay as
 * their author wrote them.
 */
void import_text_fold(char *text);

/* As many whole characters of `text` as fit into `most` bytes. */
size_t import_text_fitting(const char *text, size_t most);

/* The number of characters of `size` bytes of UTF-8. */
size_t import_text_characters(const char *text, size_t size);

/* True when `text` begins with `start`. */
bool import_text_starts(const char *text, const char *start);

/* The bytes of the separator of a line's parts that `text` begins with, full-width ones too, or 0.
 */
size_t import_text_separator(const char *text);

/* Takes separators off both ends, in place. */
void import_text_trim(char *text);

#endif
