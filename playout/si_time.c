/* SPDX-License-Identifier: MIT */
/* TDT, and TOT with the local time offset. */
#include "playout/si_inner.h"

#include <stdlib.h>
#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum { DAY_S = 86400, LOOK_AHEAD_DAYS = 366, STEP_DAYS = 6 };

size_t si_tdt(int64_t utc_s, uint8_t *section)
{
    tdt_init(section);
    tdt_set_utc(section, si_utc(utc_s));
    return TDT_HEADER_SIZE;
}

static int offset_at(const struct zone *zone, int64_t utc_s)
{
    struct civil civil;
    zone_to_civil(zone, utc_s, &civil);
    return civil.offset;
}

/* When the offset changes next, in `utc_s`..; without a change the start of the next year. */
static int64_t next_change(const struct zone *zone, int64_t utc_s)
{
    const int offset = offset_at(zone, utc_s);
    int64_t before = utc_s;
    int64_t after = utc_s;
    do {
        before = after;
        after += (int64_t)STEP_DAYS * DAY_S;
    } while (offset_at(zone, after) == offset && after < utc_s + (int64_t)LOOK_AHEAD_DAYS * DAY_S);
    if (offset_at(zone, after) == offset) {
        struct civil civil;
        civil_date(utc_s / DAY_S, &civil);
        return civil_days(civil.year + 1, 1, 1) * DAY_S;
    }
    while (after - before > 1) {
        const int64_t middle = before + (after - before) / 2;
        if (offset_at(zone, middle) == offset) {
            before = middle;
        } else {
            after = middle;
        }
    }
    return after;
}

static uint16_t offset_bcd(int offset_s)
{
    const uint32_t minutes = (uint32_t)abs(offset_s) / 60;
    return (uint16_t)si_bcd(minutes / 60 * 100 + minutes % 60);
}

size_t si_tot(const struct station *station, const struct zone *zone, int64_t utc_s,
              uint8_t *section)
{
    enum { DESCRIPTOR_SIZE = DESC58_HEADER_SIZE + DESC58_LTO_SIZE };
    const int64_t change_s = next_change(zone, utc_s);
    const int offset = offset_at(zone, utc_s);
    memset(section, 0, SI_TIME_MAX);
    tot_init(section);
    tot_set_utc(section, si_utc(utc_s));
    uint8_t *descriptor = section + TOT_HEADER_SIZE;
    desc58_init(descriptor);
    desc_set_length(descriptor, DESC58_LTO_SIZE);
    uint8_t *entry = descriptor + DESC58_HEADER_SIZE;
    desc58n_set_country_code(entry, (const uint8_t *)station->network.country);
    desc58n_set_country_region_id(entry, 0);
    desc58n_set_lto_polarity(entry, offset < 0 ? 1 : 0);
    desc58n_set_lt_offset(entry, offset_bcd(offset));
    desc58n_set_time_of_change(entry, si_utc(change_s));
    desc58n_set_next_offset(entry, offset_bcd(offset_at(zone, change_s)));
    tot_set_desclength(section, DESCRIPTOR_SIZE);
    tot_set_length(section, DESCRIPTOR_SIZE);
    psi_set_crc(section);
    return TOT_HEADER_SIZE + DESCRIPTOR_SIZE + SI_CRC_SIZE;
}
