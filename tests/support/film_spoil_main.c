/* SPDX-License-Identifier: MIT */
/*
 * film-spoil: a damaged or hostile film, made of one that is not.
 *
 *   film-spoil SEED FILM OTHER >out
 *
 * The same seed and the same films always give the same bytes.  One to four
 * faults are put in: bits turned, numbers made extreme, the lengths of boxes
 * and chunks overwritten, parts swapped, doubled, filled or left out, the head
 * or the middle of OTHER put in place of its own, the end cut off.  Half of
 * all strike in the first 4 KiB, where containers keep their tables.
 */
#include "tests/support/dice.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILM_MOST = 8 << 20, ROOM = 2 * FILM_MOST, HEAD = 4096, FAULTS_MOST = 4 };

struct film {
    uint8_t *bytes; /* ROOM of them */
    size_t size;
};

static int film_read(struct film *film, const char *path)
{
    FILE *file = fopen(path, "rb");
    film->bytes = malloc(ROOM);
    if (file == NULL || film->bytes == NULL) {
        perror(path);
        return -1;
    }
    film->size = fread(film->bytes, 1, FILM_MOST, file);
    fclose(file);
    return film->size > 0 ? 0 : -1;
}

static size_t below(struct dice *dice, size_t most)
{
    return most > 0 ? (size_t)dice_between(dice, 0, (int64_t)most - 1) : 0;
}

static size_t somewhere(struct dice *dice, const struct film *film)
{
    return below(dice, dice_once_in(dice, 2) && film->size > HEAD ? HEAD : film->size);
}

/* Bytes from `at` that there are, of the number wanted. */
static size_t there(const struct film *film, size_t at, size_t wanted)
{
    return at >= film->size ? 0 : wanted < film->size - at ? wanted : film->size - at;
}

static void replace(struct film *film, size_t at, size_t old, const uint8_t *bytes, size_t size)
{
    old = there(film, at, old);
    if (film->size - old + size > ROOM) {
        return;
    }
    uint8_t *copy = malloc(size > 0 ? size : 1); /* it may lie in the film itself */
    if (copy == NULL) {
        return;
    }
    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    memmove(film->bytes + at + size, film->bytes + at + old, film->size - at - old);
    memcpy(film->bytes + at, copy, size);
    film->size += size - old;
    free(copy);
}

/* --- Faults ------------------------------------------------------------------------------ */

static void turn_bits(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    for (int64_t i = dice_between(dice, 1, 64); i > 0; i--) {
        film->bytes[somewhere(dice, film)] ^= (uint8_t)(1U << below(dice, 8));
    }
}

static void put_number(struct dice *dice, uint8_t *at, size_t size)
{
    static const uint32_t EXTREME[] = {0,          1,          7,          0x7fffffff,
                                       0x80000000, 0xffffffff, 0xfffffff7, 0x10000};
    const uint32_t number =
        dice_once_in(dice, 4) ? (uint32_t)dice_roll(dice) : EXTREME[below(dice, 8)];
    const bool is_little = dice_once_in(dice, 2);
    for (size_t i = 0; i < size && i < 4; i++) {
        at[i] = (uint8_t)(number >> 8 * (is_little ? i : 3 - i));
    }
}

static void make_extreme(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    const size_t at = somewhere(dice, film);
    put_number(dice, film->bytes + at, there(film, at, 4));
}

static bool is_name(const uint8_t *at)
{
    for (int i = 0; i < 4; i++) {
        const bool is_letter = (at[i] | 0x20) >= 'a' && (at[i] | 0x20) <= 'z';
        if (!is_letter && !(at[i] >= '0' && at[i] <= '9') && at[i] != ' ' && at[i] != '_') {
            return false;
        }
    }
    return true;
}

/* Boxes have their length before their name, chunks behind it. */
static void change_length(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    const size_t from = somewhere(dice, film);
    for (size_t at = from; at + 8 < film->size; at++) {
        if (at >= 4 && is_name(film->bytes + at)) {
            put_number(dice, film->bytes + (dice_once_in(dice, 3) ? at + 4 : at - 4), 4);
            return;
        }
    }
}

static void leave_out(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    const size_t most = dice_once_in(dice, 4) ? film->size / 4 : 64;
    replace(film, somewhere(dice, film), 1 + below(dice, most), NULL, 0);
}

static void fill(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    const size_t at = somewhere(dice, film);
    const size_t size = there(film, at, 1 + below(dice, dice_once_in(dice, 4) ? 16384 : 64));
    if (dice_once_in(dice, 2)) {
        memset(film->bytes + at, (int)below(dice, 256), size);
    } else {
        dice_fill(dice, film->bytes + at, size);
    }
}

static void double_part(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    const size_t from = somewhere(dice, film);
    const size_t size = there(film, from, 1 + below(dice, 4096));
    replace(film, somewhere(dice, film), 0, film->bytes + from, size);
}

static void swap_parts(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    const size_t a = somewhere(dice, film);
    const size_t b = somewhere(dice, film);
    const size_t gap = a < b ? b - a : a - b;
    size_t size = 1 + below(dice, 4096);
    size = size < gap ? size : gap;
    for (size_t i = 0; i < there(film, a, size) && i < there(film, b, size); i++) {
        const uint8_t byte = film->bytes[a + i];
        film->bytes[a + i] = film->bytes[b + i];
        film->bytes[b + i] = byte;
    }
}

static void take_head_of_other(struct dice *dice, struct film *film, const struct film *other)
{
    const size_t size = 1 + below(dice, dice_once_in(dice, 2) ? 64 : 2048);
    replace(film, 0, size, other->bytes, there(other, 0, size));
}

static void take_part_of_other(struct dice *dice, struct film *film, const struct film *other)
{
    const size_t from = somewhere(dice, other);
    const size_t size = there(other, from, 1 + below(dice, 8192));
    replace(film, somewhere(dice, film), dice_once_in(dice, 2) ? size : 0, other->bytes + from,
            size);
}

static void cut_end(struct dice *dice, struct film *film, const struct film *other)
{
    (void)other;
    film->size -= below(dice, dice_once_in(dice, 8) ? film->size : film->size / 8 + 1);
}

int main(int argc, char **argv)
{
    static void (*const FAULTS[])(struct dice *, struct film *, const struct film *) = {
        turn_bits, turn_bits,     make_extreme, make_extreme, change_length,
        leave_out, double_part,   fill,         swap_parts,   take_head_of_other,
        cut_end,   change_length, fill,         turn_bits,    take_part_of_other,
    };
    struct film film = {0};
    struct film other = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: film-spoil SEED FILM OTHER >out\n");
        return 2;
    }
    if (film_read(&film, argv[2]) < 0 || film_read(&other, argv[3]) < 0) {
        return 1;
    }
    struct dice dice = {strtoull(argv[1], NULL, 10)};
    for (int64_t i = dice_between(&dice, 1, FAULTS_MOST); i > 0 && film.size > 0; i--) {
        FAULTS[below(&dice, sizeof(FAULTS) / sizeof(FAULTS[0]))](&dice, &film, &other);
    }
    const bool is_out =
        fwrite(film.bytes, 1, film.size, stdout) == film.size && fflush(stdout) == 0;
    free(film.bytes);
    free(other.bytes);
    return is_out ? 0 : 1;
}
