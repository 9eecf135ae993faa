/* SPDX-License-Identifier: MIT */
#include "playout/suggest.h"

#include <stddef.h>
#include <string.h>

enum {
    LONGEST_WORD = 48,
    FARTHEST = 3,
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Both lengths are at most LONGEST_WORD. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
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
    size_t length = strlen(word);
    const char *nearest = NULL;
    size_t nearest_distance = smaller((length + 2) / 3, FARTHEST) + 1;

    if (length > LONGEST_WORD) {
        return NULL;
    }
    for (; *known != NULL; known++) {
        size_t known_length = strlen(*known);
        if (known_length > LONGEST_WORD) {
            continue;
        }
        size_t changes = distance(word, length, *known, known_length);
        if (changes < nearest_distance) {
            nearest_distance = changes;
            nearest = *known;
        }
    }
    return nearest;
}
