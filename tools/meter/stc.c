/* SPDX-License-Identifier: MIT */
#include "tools/meter/stc.h"

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

int64_t stc_scale(int64_t a, int64_t b, int64_t c)
{
    const int64_t whole = floor_divide(a, c);
    const int64_t rest = a - whole * c; /* 0 .. c - 1 */
    return whole * b + rest * b / c;
}

int64_t stc_ticks(const struct stc *stc, int64_t byte)
{
    return stc_scale(byte - stc->anchor_byte, STC_SCALE, stc->rate_bps);
}

int64_t stc_value(const struct stc *stc, int64_t byte)
{
    const int64_t value = (stc->anchor_pcr + stc_ticks(stc, byte)) % STC_WRAP;
    return value < 0 ? value + STC_WRAP : value;
}

int64_t stc_difference(int64_t a, int64_t b, int64_t wrap)
{
    int64_t difference = (a - b) % wrap;
    if (difference < -wrap / 2) {
        difference += wrap;
    } else if (difference >= wrap / 2) {
        difference -= wrap;
    }
    return difference;
}

int64_t stc_byte(const struct stc *stc, uint64_t stamp, int64_t near)
{
    const int64_t ahead = stc_difference((int64_t)stamp * 300, stc_value(stc, near), STC_WRAP);
    const int64_t ticks = stc_ticks(stc, near) + ahead;
    return stc->anchor_byte + stc_scale(ticks, stc->rate_bps, STC_SCALE);
}

int64_t stc_bytes_of_ms(int64_t rate_bps, int64_t ms)
{
    return stc_scale(ms, rate_bps, 8000);
}

double stc_ms(int64_t rate_bps, int64_t bytes)
{
    return (double)bytes * 8000.0 / (double)rate_bps;
}
