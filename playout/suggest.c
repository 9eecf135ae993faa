/* SPDX-License-Identifier: MIT */
#include "playout/suggest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    LONGEST_WORD = 48,
    FARTHEST = 3,
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A word by its characters, each the bytes of its UTF-8; what is no UTF-8 is told apart as well. */
struct word {
    size_t length;
    uint32_t characters[LONGEST_WORD];
};

static bool is_continued(const char *text)
{
    return ((unsigned char)*text & 0xc0) == 0x80;
}

/* False when it is too long. */
static bool read_word(const char *text, struct word *word)
{
    word->length = 0;
    while (*text != '\0') {
        if (word->length == LONGEST_WORD) {
            return false;
        }
        uint32_t character = (unsigned char)*text++;
        for (int more = 3; more > 0 && is_continued(text); more--) {
            character = character << 8 | (unsigned char)*text++;
        }
        word->characters[word->length++] = character;
    }
    return true;
}

static size_t distance(const struct word *left, const struct word *right)
{
    const uint32_t *a = left->characters;
    const uint32_t *b = right->characters;
    const size_t a_length = left->length;
    const size_t b_length = right->length;
    size_t d[LONGEST_WORD + 1][LONGEST_WORD + 1];

    for (size_t i = 0; i <= a_length; i++) {
        d[i][0] = i;
    }
    for (size_t j = 0; j <= b_length; j++) {
        d[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = smaller(replaced, smaller(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = smaller(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a_length][b_length];
}

const char *suggest(const char *word, const char *const *known)
{
    struct word typed;
    const char *nearest = NULL;

    if (!read_word(word, &typed)) {
        return NULL;
    }
    size_t nearest_distance = smaller((typed.length + 2) / 3, FARTHEST) + 1;
    for (; *known != NULL; known++) {
        struct word meant;
        if (!read_word(*known, &meant)) {
            continue;
        }
        size_t changes = distance(&typed, &meant);
        if (changes < nearest_distance) {
            nearest_distance = changes;
            nearest = *known;
        }
    }
    return nearest;
}
