/* SPDX-License-Identifier: MIT */
#include "tools/tape_place.h"

#include "playout/si.h"

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

enum {
    CLOCK_HZ = 27000000,
    TS_SYNC_BYTE = 0x47,
    PCR_FIELD = 7, /* bytes: flags and PCR */
    DAY_S = 86400, /* no stream of ours is from 1970 */
};

#define PCR_MODULUS ((UINT64_C(1) << 33) * 300)

static bool is_damaged(const uint8_t *packet)
{
    return packet[0] != TS_SYNC_BYTE || ts_get_transporterror(packet);
}

static bool is_pcr_pid(const struct transport *transport, int pid)
{
    for (size_t i = 0; i < transport->service_count; i++) {
        if (transport->services[i].video_pid == pid) {
            return true;
        }
    }
    return false;
}

bool tape_place_pcr(const struct transport *transport, const uint8_t *packet, uint64_t *pcr)
{
    if (is_damaged(packet) || !ts_has_adaptation(packet) || ts_get_adaptation(packet) < PCR_FIELD ||
        !tsaf_has_pcr(packet) || !is_pcr_pid(transport, ts_get_pid(packet))) {
        return false;
    }
    *pcr = tsaf_get_pcr(packet) * 300 + tsaf_get_pcrext(packet);
    return true;
}

int64_t tape_place_utc(const uint8_t *packet)
{
    const uint8_t *section = packet + TS_HEADER_SIZE + 1;
    if (is_damaged(packet) || ts_get_pid(packet) != PID_TDT || !ts_get_unitstart(packet) ||
        ts_has_adaptation(packet) || packet[TS_HEADER_SIZE] != 0) {
        return 0;
    }
    const int table_id = psi_get_tableid(section);
    if (table_id != TDT_TABLE_ID && table_id != TOT_TABLE_ID) {
        return 0;
    }
    const int64_t utc_s = (int64_t)dvb_time_decode_UTC(tdt_get_utc(section));
    return utc_s > DAY_S ? utc_s : 0;
}

bool tape_place_slot(uint64_t slots_per_second, uint64_t pcr, int64_t near_s, uint64_t *slot)
{
    const uint64_t near = (uint64_t)near_s * CLOCK_HZ;
    const uint64_t half = PCR_MODULUS / 2;
    /* The time with this PCR that lies within half a round of `near`. */
    const uint64_t ahead = (pcr + PCR_MODULUS - (near + half) % PCR_MODULUS) % PCR_MODULUS;
    const uint64_t ticks = near + half + ahead - PCR_MODULUS;
    const uint64_t second = ticks / CLOCK_HZ;
    const uint64_t rest = ticks % CLOCK_HZ;
    /* < 2^25 x 2^17 */
    *slot = second * slots_per_second + (rest * slots_per_second + CLOCK_HZ / 2) / CLOCK_HZ;
    return pcr < PCR_MODULUS && tape_pcr((int)slots_per_second, *slot) == pcr;
}
