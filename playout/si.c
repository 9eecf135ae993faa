/* SPDX-License-Identifier: MIT */
/* What all tables share, and packets. */
#include "playout/si_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

enum {
    STUFFING_TABLE_ID = 0x72,
    PAYLOAD = TS_SIZE - TS_HEADER_SIZE,
    DAY_S = 86400,
    MJD_OF_EPOCH = 40587, /* 1970-01-01 */
    HD_LINES = 720,
};

/* --- Sections --------------------------------------------------------------- */

size_t si_section_size(const uint8_t *section)
{
    return (size_t)psi_get_length(section) + PSI_HEADER_SIZE;
}

void si_sections_finish(struct si_sections *sections)
{
    free(sections->sections);
    *sections = (struct si_sections){0};
}

uint8_t *si_table_add(struct si_table *table)
{
    struct si_sections *set = table->sections;
    uint8_t(*grown)[SI_SECTION_MAX] =
        realloc(set->sections, (set->count + 1) * sizeof(set->sections[0]));
    if (grown == NULL) {
        return NULL;
    }
    set->sections = grown;
    uint8_t *section = set->sections[set->count++];
    memset(section, 0, SI_SECTION_MAX);
    return section;
}

int si_table_finish(struct si_table *table)
{
    const struct si_sections *set = table->sections;
    uint32_t digest = 2166136261u; /* FNV-1a, folded to 5 bits */
    for (size_t i = table->first; i < set->count; i++) {
        uint8_t *section = set->sections[i];
        psi_set_section(section, (uint8_t)(i - table->first));
        psi_set_lastsection(section, (uint8_t)(set->count - 1 - table->first));
        psi_set_version(section, 0);
        const size_t size = si_section_size(section) - PSI_CRC_SIZE;
        for (size_t k = 0; k < size; k++) {
            digest = (digest ^ section[k]) * 16777619u;
        }
    }
    digest ^= digest >> 16;
    digest = (digest ^ digest >> 8) & 0x1f;
    for (size_t i = table->first; i < set->count; i++) {
        psi_set_version(set->sections[i], (uint8_t)digest);
        psi_set_current(set->sections[i]); /* psi_set_version() has cleared it */
        psi_set_crc(set->sections[i]);
    }
    return 0;
}

int si_table_abandon(struct si_table *table)
{
    table->sections->count = table->first;
    return -ENOMEM;
}

/* --- Values ----------------------------------------------------------------- */

bool si_is_hd(const struct video_profile *video)
{
    return video->height >= HD_LINES;
}

bool si_is_wide(const struct video_profile *video)
{
    /* Nearer to 16:9 than to 4:3, whatever is cut at the sides: 16/11 x 720/576 is 1.82. */
    return (int64_t)video->width * video->aspect_num * 9 * 2 >
           (int64_t)video->height * video->aspect_den * (16 + 12);
}

uint8_t si_service_type(const struct service *service)
{
    const struct video_profile *video = &service->profile->video;
    switch (video->codec) {
    case VIDEO_MPEG2:
        return si_is_hd(video) ? 0x11 : 0x01;
    case VIDEO_H264:
        return si_is_hd(video) ? 0x19 : 0x16;
    default:
        return 0x1f; /* 0x20 is of HDR or above 60 Hz */
    }
}

uint32_t si_bcd(uint32_t number)
{
    uint32_t bcd = 0;
    for (int shift = 0; shift < 32; shift += 4) {
        bcd |= number % 10 << shift;
        number /= 10;
    }
    return bcd;
}

uint32_t si_duration(int64_t seconds)
{
    const int64_t most = 99 * 3600 + 59 * 60 + 59;
    const uint32_t s = (uint32_t)(seconds < 0 ? 0 : seconds > most ? most : seconds);
    return si_bcd(s / 3600 * 10000 + s / 60 % 60 * 100 + s % 60);
}

uint64_t si_utc(int64_t utc_s)
{
    const int64_t mjd = utc_s / DAY_S + MJD_OF_EPOCH;
    return (uint64_t)(mjd & 0xffff) << 24 | si_duration(utc_s % DAY_S);
}

/* --- Packets ---------------------------------------------------------------- */

int si_packets(size_t size)
{
    return (int)((1 + size + PAYLOAD - 1) / PAYLOAD);
}

/* A stuffing section that fills the packet, EN 300 468, 5.2.8. */
static void fill_with_stuffing(uint8_t *packet)
{
    uint8_t *section = packet + TS_HEADER_SIZE + 1;
    ts_set_unitstart(packet);
    packet[TS_HEADER_SIZE] = 0;
    memset(section, 0xff, PAYLOAD - 1);
    section[1] = 0x70;
    psi_set_tableid(section, STUFFING_TABLE_ID);
    psi_set_length(section, PAYLOAD - 1 - PSI_HEADER_SIZE);
}

void si_packet(uint8_t *packet, int pid, uint8_t continuity_counter, const uint8_t *section,
               size_t size, int index)
{
    ts_init(packet);
    ts_set_pid(packet, (uint16_t)pid);
    ts_set_cc(packet, continuity_counter);
    ts_set_payload(packet);
    if (index >= si_packets(size)) {
        fill_with_stuffing(packet);
        return;
    }
    uint8_t *payload = packet + TS_HEADER_SIZE;
    size_t room = PAYLOAD;
    size_t offset = 0;
    if (index == 0) {
        ts_set_unitstart(packet);
        *payload++ = 0; /* pointer_field */
        room--;
    } else {
        offset = (size_t)index * PAYLOAD - 1;
    }
    const size_t rest = size - offset;
    const size_t used = rest < room ? rest : room;
    memcpy(payload, section + offset, used);
    memset(payload + used, 0xff, room - used);
}
