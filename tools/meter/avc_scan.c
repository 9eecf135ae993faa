/* SPDX-License-Identifier: MIT */
#include "tools/meter/avc_scan.h"

#include <string.h>

enum {
    NAL_SLICE = 1,
    NAL_PARTITION_A = 2,
    NAL_IDR = 5,
    NAL_SEI = 6,
    NAL_SPS = 7,
    NAL_PPS = 8,
    NAL_DELIMITER = 9,
    SEI_RECOVERY_POINT = 6,
    ORDER_MAX = 8,
    SLICE_HEADER = 32, /* bytes that are enough for what is read of one */
};

/* What the header of a picture's first slice says. */
struct slice {
    bool is_idr;
    bool is_field;
    bool is_bottom;
    uint32_t frame_num;
};

/* The NAL units of one PES packet. */
struct census {
    int count;
    uint8_t order[ORDER_MAX]; /* types of the first */
    int delimiters;
    int sps;
    int pps;
    int slices;
    int pictures; /* slices that begin one */
    struct slice first;
    struct slice last;
    bool has_mixed_slices; /* IDR and others in one picture */
    bool has_recovery_point;
    bool is_broken;
};

static void problem(const struct avc_scan *scan, enum ts_kind kind, int64_t packet,
                    const char *what, int value)
{
    ts_report_problem(scan->report, kind, packet, scan->pid, "%s (%d)", what, value);
}

static void compare(const struct avc_scan *scan, struct es_parameters *known, const uint8_t *nal,
                    size_t size, int64_t packet)
{
    const char *wrong = es_compare(known, nal, size);
    if (wrong != NULL) {
        ts_report_problem(scan->report, TS_PARAMETER_SETS, packet, scan->pid,
                          "%s, NAL unit type %d", wrong, nal[0] & 0x1f);
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

static bool has_recovery_point(const uint8_t *nal, size_t size)
{
    size_t at = 1;
    while (at + 2 < size) {
        unsigned type = 0;
        unsigned length = 0;
        while (at < size && nal[at] == 0xff) {
            type += nal[at++];
        }
        type += at < size ? nal[at++] : 0;
        while (at < size && nal[at] == 0xff) {
            length += nal[at++];
        }
        length += at < size ? nal[at++] : 0;
        if (type == SEI_RECOVERY_POINT) {
            return true;
        }
        at += length;
    }
    return false;
}

/* Frame or field, as far as the sequence parameter set is known. */
static struct slice read_slice(const struct avc_scan *scan, const uint8_t *nal, size_t size)
{
    struct slice slice = {.is_idr = (nal[0] & 0x1f) == NAL_IDR};
    if (!scan->has_sps || scan->sps.is_progressive) {
        return slice;
    }
    struct es_payload payload;
    es_strip(nal, size < SLICE_HEADER ? size : SLICE_HEADER, 1, &payload);
    struct es_bits bits = {.bytes = payload.bytes, .size = payload.size};
    es_golomb(&bits); /* first_mb_in_slice */
    es_golomb(&bits); /* slice_type */
    es_golomb(&bits); /* pic_parameter_set_id */
    es_word(&bits, scan->sps.has_separate_planes ? 2 : 0);
    slice.frame_num = es_word(&bits, scan->sps.frame_num_bits);
    slice.is_field = es_bit(&bits) != 0;
    slice.is_bottom = slice.is_field && es_bit(&bits) != 0;
    return slice;
}

static void take_slice(const struct avc_scan *scan, const uint8_t *nal, size_t size,
                       struct census *census)
{
    const bool begins = size > 1 && (nal[1] & 0x80) != 0; /* first_mb_in_slice 0 */
    census->slices++;
    if (begins || census->slices == 1) {
        census->last = read_slice(scan, nal, size);
        census->pictures += begins;
        if (census->slices == 1) {
            census->first = census->last;
        }
    }
    census->has_mixed_slices =
        census->has_mixed_slices || census->last.is_idr != ((nal[0] & 0x1f) == NAL_IDR);
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
        census->sps++;
        take_sps(scan, nal, size, packet);
    } else if (type == NAL_PPS) {
        census->pps++;
        compare(scan, &scan->pps_bytes, nal, size, packet);
    } else if (type == NAL_SEI) {
        census->has_recovery_point = census->has_recovery_point || has_recovery_point(nal, size);
    } else if (type == NAL_SLICE || type == NAL_PARTITION_A || type == NAL_IDR) {
        take_slice(scan, nal, size, census);
    }
}

/* Goes through the NAL units. */
static void count(struct avc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                  struct census *census)
{
    size_t at = es_find_prefix(bytes, 0, size);
    if (at > 1 || size < 5) {
        census->is_broken = true;
    }
    while (at < size) {
        const size_t nal = at + 3;
        at = es_find_prefix(bytes, nal, size);
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

static bool is_field_pair(const struct census *census)
{
    const struct slice *a = &census->first;
    const struct slice *b = &census->last;
    return census->pictures == 2 && a->is_field && b->is_field && a->is_bottom != b->is_bottom &&
           a->frame_num == b->frame_num;
}

static void judge_pictures(struct avc_scan *scan, const struct census *census, int64_t packet,
                           struct es_picture *picture)
{
    const bool is_pair = is_field_pair(census);
    scan->field_pairs += is_pair;
    if (census->slices == 0) {
        problem(scan, TS_ACCESS_UNIT, packet, "no slice in the access unit", 0);
    } else if (census->pictures == 0) {
        problem(scan, TS_ACCESS_UNIT, packet, "not one picture, but", 0);
    } else if (census->delimiters < census->pictures && census->pictures > 1) {
        problem(scan, TS_ACCESS_UNIT, packet, "a picture without delimiter; pictures",
                census->pictures);
    } else if (census->delimiters > census->pictures) {
        problem(scan, TS_ACCESS_UNIT, packet, "more delimiters than pictures", census->delimiters);
    } else if (census->pictures > 1 && !is_pair) {
        picture->ungraded = "several access units in a PES packet";
    } else if (census->pictures == 1 && census->first.is_field) {
        picture->ungraded = "fields in PES packets of their own";
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
    if (census->has_mixed_slices) {
        problem(scan, TS_ACCESS_UNIT, packet, "IDR and other slices in one picture, slices",
                census->slices);
    }
    const bool is_first =
        census->count >= 3 && census->order[1] == NAL_SPS && census->order[2] == NAL_PPS;
    if (census->first.is_idr && (census->sps == 0 || census->pps == 0)) {
        problem(scan, TS_ACCESS_UNIT, packet, "IDR without parameter sets; SPS", census->sps);
    } else if (census->first.is_idr && census->order[0] == NAL_DELIMITER && !is_first) {
        problem(scan, TS_HOUSE, packet, "IDR without delimiter, SPS, PPS at its beginning",
                census->count > 1 ? census->order[1] : -1);
    }
}

void avc_scan_unit(struct avc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                   struct es_picture *picture)
{
    struct census census = {0};
    count(scan, bytes, size, packet, &census);
    judge(scan, &census, packet);
    judge_pictures(scan, &census, packet, picture);
    picture->is_random_access = census.first.is_idr || census.has_recovery_point;
    picture->may_lead = !census.first.is_idr;
}
