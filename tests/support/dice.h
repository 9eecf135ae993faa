/* SPDX-License-Identifier: MIT */
/*
 * dice: random numbers that are the same everywhere (splitmix64).
 */
#ifndef TESTS_SUPPORT_DICE_H
#define TESTS_SUPPORT_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state; /* the seed, at first */
};

/* By KETANG_SEED, or another one each second; printed. */
struct dice dice_seeded(void);

uint64_t dice_roll(struct dice *dice);
/* A number from least to most, both included. */
int64_t dice_between(struct dice *dice, int64_t least, int64_t most);
/* True once in `n` times. */
bool dice_once_in(struct dice *dice, int64_t n);
/* Bytes none of which is zero, so that no start code is among them. */
void dice_fill(struct dice *dice, uint8_t *bytes, size_t size);

#endif
