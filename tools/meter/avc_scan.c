/* SPDX-License-Identifier: MIT */
#include "tools/meter/avc_scan.h"

#include <string.h>

enum {
    NAL_SLICE = 1,
    NAL_PARTITION_A = 2,
    NAL_IDR = 5,
    NAL_SPS = 7,
    NAL_PPS = 8,
    NAL_DELIMITER = 9,
    ORDER_MAX = 8,
};

/* The NAL units of one access unit. */
struct census {
    int count;
    uint8_t order[ORDER_MAX]; /* types of the first */
    int delimiters;
    int slices;
    int idr_slices;
    int pictures; /* slices that begin one */
    bool is_broken;
};

/* The next start code prefix from `at` on, or `size`. */
static size_t find_prefix(const uint8_t *bytes, size_t at, size_t size)
{
    while (at + 3 <= size) {
        const uint8_t *one = memchr(bytes + at + 2, 1, size - at - 2);
        if (one == NULL) {
            return size;
        }
        const size_t prefix = (size_t)(one - bytes) - 2;
        if (bytes[prefix] == 0 && bytes[prefix + 1] == 0) {
            return prefix;
        }
        at = prefix + 1;
    }
    return size;
}

static void problem(const struct avc_scan *scan, enum ts_kind kind, int64_t packet,
                    const char *what, int value)
{
    ts_report_problem(scan->report, kind, packet, scan->pid, "%s (%d)", what, value);
}

static void compare(const struct avc_scan *scan, struct avc_parameters *known, const uint8_t *nal,
                    size_t size, int64_t packet)
{
    if (size > AVC_PARAMETERS_MAX) {
        problem(scan, TS_PARAMETER_SETS, packet, "parameter set too large", (int)size);
    } else if (known->size == 0) {
        known->size = size;
        memcpy(known->bytes, nal, size);
    } else if (known->size != size || memcmp(known->bytes, nal, size) != 0) {
        problem(scan, TS_PARAMETER_SETS, packet, "not the bytes of the first, NAL unit type",
                nal[0] & 0x1f);
    }
}

static void take_sps(struct avc_scan *scan, const uint8_t *nal, size_t size, int64_t packet)
{
    compare(scan, &scan->sps_bytes, nal, size, packet);
    if (!scan->has_sps) {
        scan->has_sps = avc_sps_parse(nal, size, &scan->sps) == 0;
        if (!scan->has_sps) {
            problem(scan, TS_ACCESS_UNIT, packet, "broken sequence parameter set", (int)size);
        }
    }
}

static void take_nal(struct avc_scan *scan, const uint8_t *nal, size_t size, int64_t packet,
                     struct census *census)
{
    const int type = nal[0] & 0x1f;
    if (census->count < ORDER_MAX) {
        census->order[census->count] = (uint8_t)type;
    }
    census->count++;
    census->is_broken = census->is_broken || (nal[0] & 0x80) != 0 || type == 0;
    if (type == NAL_DELIMITER) {
        census->delimiters++;
    } else if (type == NAL_SPS) {
        take_sps(scan, nal, size, packet);
    } else if (type == NAL_PPS) {
        compare(scan, &scan->pps_bytes, nal, size, packet);
    } else if (type == NAL_SLICE || type == NAL_PARTITION_A || type == NAL_IDR) {
        census->slices++;
        census->idr_slices += type == NAL_IDR;
        census->pictures += size > 1 && (nal[1] & 0x80) != 0; /* first_mb_in_slice 0 */
    }
}

/* Goes through the NAL units. */
static void count(struct avc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                  struct census *census)
{
    size_t at = find_prefix(bytes, 0, size);
    if (at > 1 || size < 5) {
        census->is_broken = true;
    }
    while (at < size) {
        const size_t nal = at + 3;
        at = find_prefix(bytes, nal, size);
        size_t end = at;
        while (end > nal && bytes[end - 1] == 0) {
            end--; /* zero_byte of the next start code, trailing zeros */
        }
        if (end == nal) {
            census->is_broken = true;
        } else {
            take_nal(scan, bytes + nal, end - nal, packet, census);
        }
    }
}

static void judge(const struct avc_scan *scan, const struct census *census, int64_t packet)
{
    if (census->is_broken) {
        problem(scan, TS_ACCESS_UNIT, packet, "broken NAL units, of", census->count);
    }
    if (census->count == 0 || census->order[0] != NAL_DELIMITER) {
        problem(scan, TS_ACCESS_UNIT, packet, "begins without access unit delimiter, but with",
                census->count > 0 ? census->order[0] : -1);
    }
    if (census->delimiters > 1) {
        problem(scan, TS_ACCESS_UNIT, packet, "several access units in one PES packet",
                census->delimiters);
    }
    if (census->slices == 0) {
        problem(scan, TS_ACCESS_UNIT, packet, "no slice in the access unit", 0);
    }
    if (census->idr_slices > 0 && census->idr_slices < census->slices) {
        problem(scan, TS_ACCESS_UNIT, packet, "IDR and other slices in one access unit",
                census->idr_slices);
    }
    const int most = !scan->has_sps || scan->sps.is_progressive ? 1 : 2;
    if (census->slices > 0 && (census->pictures < 1 || census->pictures > most)) {
        problem(scan, TS_ACCESS_UNIT, packet, "not one picture, but", census->pictures);
    }
    const bool has_parameters =
        census->count >= 3 && census->order[1] == NAL_SPS && census->order[2] == NAL_PPS;
    if (census->idr_slices > 0 && !has_parameters) {
        problem(scan, TS_ACCESS_UNIT, packet, "IDR without delimiter, SPS, PPS at its beginning",
                census->count > 1 ? census->order[1] : -1);
    }
}

void avc_scan_unit(struct avc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                   struct avc_unit *unit)
{
    struct census census = {0};
    count(scan, bytes, size, packet, &census);
    judge(scan, &census, packet);
    unit->is_idr = census.idr_slices > 0;
}
