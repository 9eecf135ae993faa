/* SPDX-License-Identifier: MIT */
#include "tools/meter/si_fields.h"

enum { MJD_OF_EPOCH = 40587 };

int si_be16(const uint8_t *bytes)
{
    return bytes[0] << 8 | bytes[1];
}

int si_be12(const uint8_t *bytes)
{
    return (bytes[0] & 0x0f) << 8 | bytes[1];
}

int64_t dvb_bcd(const uint8_t *bytes, int digits)
{
    int64_t value = 0;
    for (int i = 0; i < digits; i++) {
        const int digit = i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0x0f;
        if (digit > 9) {
            return -1;
        }
        value = value * 10 + digit;
    }
    return value;
}

int dvb_duration(const uint8_t *bytes)
{
    const int64_t hours = dvb_bcd(bytes, 2);
    const int64_t minutes = dvb_bcd(bytes + 1, 2);
    const int64_t seconds = dvb_bcd(bytes + 2, 2);
    if (hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
        return -1;
    }
    return (int)((hours * 60 + minutes) * 60 + seconds);
}

int64_t dvb_utc(const uint8_t *bytes)
{
    const int mjd = si_be16(bytes);
    const int seconds = dvb_duration(bytes + 2);
    return seconds < 0 || seconds >= SI_DAY_S ? -1
                                              : (int64_t)(mjd - MJD_OF_EPOCH) * SI_DAY_S + seconds;
}

uint64_t si_hash(uint64_t hash, const uint8_t *bytes, int size)
{
    for (int i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    }
    return hash;
}
