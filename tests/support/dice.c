/* SPDX-License-Identifier: MIT */
#include "tests/support/dice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct dice dice_seeded(void)
{
    const char *text = getenv("KETANG_SEED");
    const struct dice dice = {text != NULL ? strtoull(text, NULL, 10) : (uint64_t)time(NULL)};
    printf("# KETANG_SEED=%" PRIu64 "\n", dice.state);
    return dice;
}

uint64_t dice_roll(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t dice_between(struct dice *dice, int64_t least, int64_t most)
{
    return least + (int64_t)(dice_roll(dice) % (uint64_t)(most - least + 1));
}

bool dice_once_in(struct dice *dice, int64_t n)
{
    return dice_between(dice, 1, n) == 1;
}

void dice_fill(struct dice *dice, uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const uint64_t word = dice_roll(dice) | UINT64_C(0x8080808080808080);
        const size_t part = size < sizeof(word) ? size : sizeof(word);
        memcpy(bytes, &word, part);
        bytes += part;
        size -= part;
    }
}
