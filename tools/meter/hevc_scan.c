/* SPDX-License-Identifier: MIT */
#include "tools/meter/hevc_scan.h"

enum {
    NAL_HEADER = 2,
    NAL_VCL_END = 32, /* types below it are slices */
    NAL_IRAP = 16,
    NAL_IRAP_END = 24,
    NAL_IDR_W_RADL = 19,
    NAL_IDR_N_LP = 20,
    NAL_VPS = 32,
    NAL_SPS = 33,
    NAL_PPS = 34,
    NAL_DELIMITER = 35,
    SLICE_HEADER = 32, /* bytes that are enough for what is read of one */
};

/* The NAL units of one PES packet. */
struct census {
    int count;
    int first_type;
    int delimiters;
    int sets[3]; /* VPS, SPS, PPS */
    int slices;
    int pictures; /* slices that begin one */
    int type;     /* of the picture's slices */
    bool has_mixed_slices;
    bool is_broken;
    bool has_order;
    int order; /* slice_pic_order_cnt_lsb */
};

static void problem(const struct hevc_scan *scan, enum ts_kind kind, int64_t packet,
                    const char *what, int value)
{
    ts_report_problem(scan->report, kind, packet, scan->pid, "%s (%d)", what, value);
}

static void read_pps(struct hevc_scan *scan, const uint8_t *nal, size_t size)
{
    struct es_payload payload;
    es_strip(nal, size, NAL_HEADER, &payload);
    struct es_bits bits = {.bytes = payload.bytes, .size = payload.size};
    es_golomb(&bits); /* pps_pic_parameter_set_id */
    es_golomb(&bits);
    es_bit(&bits); /* dependent_slice_segments_enabled_flag */
    const bool has_output_flag = es_bit(&bits) != 0;
    const int extra_bits = (int)es_word(&bits, 3);
    if (!bits.is_at_end) {
        scan->has_pps = true;
        scan->pps = (struct hevc_pps){has_output_flag, extra_bits};
    }
}

static void take_set(struct hevc_scan *scan, int type, const uint8_t *nal, size_t size,
                     int64_t packet)
{
    struct es_parameters *known = type == NAL_VPS   ? &scan->vps_bytes
                                  : type == NAL_SPS ? &scan->sps_bytes
                                                    : &scan->pps_bytes;
    const bool is_first = known->size == 0;
    const char *wrong = es_compare(known, nal, size);
    if (wrong != NULL) {
        ts_report_problem(scan->report, TS_PARAMETER_SETS, packet, scan->pid,
                          "%s, NAL unit type %d", wrong, type);
    }
    if (!is_first) {
        return;
    }
    if (type == NAL_PPS) {
        read_pps(scan, nal, size);
    } else if (type == NAL_VPS) {
        hevc_vps_parse(nal, size, &scan->vps);
    } else if (!scan->has_sps) {
        scan->has_sps = hevc_sps_parse(nal, size, &scan->sps) == 0;
        if (!scan->has_sps) {
            problem(scan, TS_ACCESS_UNIT, packet, "broken sequence parameter set", (int)size);
        }
    }
}

/* The header of a picture's first slice, up to its place in the order. */
static void read_order(const struct hevc_scan *scan, const uint8_t *nal, size_t size,
                       struct census *census)
{
    struct es_payload payload;
    if (!scan->has_sps || !scan->has_pps) {
        return;
    }
    es_strip(nal, size < SLICE_HEADER ? size : SLICE_HEADER, NAL_HEADER, &payload);
    struct es_bits bits = {.bytes = payload.bytes, .size = payload.size};
    es_bit(&bits); /* first_slice_segment_in_pic_flag */
    if (census->type >= NAL_IRAP && census->type < NAL_IRAP_END) {
        es_bit(&bits);
    }
    es_golomb(&bits); /* slice_pic_parameter_set_id */
    es_skip(&bits, (size_t)scan->pps.extra_bits);
    es_golomb(&bits); /* slice_type */
    es_word(&bits, (scan->pps.has_output_flag ? 1 : 0) + (scan->sps.has_separate_planes ? 2 : 0));
    const bool is_idr = census->type == NAL_IDR_W_RADL || census->type == NAL_IDR_N_LP;
    census->order = is_idr ? 0 : (int)es_word(&bits, scan->sps.order_bits);
    census->has_order = !bits.is_at_end;
}

static void take_nal(struct hevc_scan *scan, const uint8_t *nal, size_t size, int64_t packet,
                     struct census *census)
{
    const int type = nal[0] >> 1 & 0x3f;
    census->first_type = census->count == 0 ? type : census->first_type;
    census->count++;
    census->is_broken = census->is_broken || size <= NAL_HEADER || (nal[0] & 0x80) != 0;
    if (size <= NAL_HEADER) {
        return;
    }
    if (type == NAL_DELIMITER) {
        census->delimiters++;
    } else if (type >= NAL_VPS && type <= NAL_PPS) {
        census->sets[type - NAL_VPS]++;
        take_set(scan, type, nal, size, packet);
    } else if (type < NAL_VCL_END && ((nal[0] & 1) | nal[1] >> 3) == 0) { /* nuh_layer_id 0 */
        const bool begins = (nal[2] & 0x80) != 0;
        if (census->slices++ == 0) {
            census->type = type;
            read_order(scan, nal, size, census);
        }
        census->pictures += begins;
        census->has_mixed_slices =
            census->has_mixed_slices || (census->pictures == 1 && type != census->type);
    }
}

/* Goes through the NAL units. */
static void count(struct hevc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                  struct census *census)
{
    size_t at = es_find_prefix(bytes, 0, size);
    census->is_broken = at > 1 || size < 6;
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

static void judge(const struct hevc_scan *scan, const struct census *census, int64_t packet,
                  struct es_picture *picture)
{
    const bool is_irap = census->type >= NAL_IRAP && census->type < NAL_IRAP_END;
    if (census->is_broken) {
        problem(scan, TS_ACCESS_UNIT, packet, "broken NAL units, of", census->count);
    }
    if (census->count == 0 || census->first_type != NAL_DELIMITER) {
        problem(scan, TS_ACCESS_UNIT, packet, "begins without access unit delimiter, but with",
                census->count > 0 ? census->first_type : -1);
    }
    if (census->slices == 0 || census->pictures == 0) {
        problem(scan, TS_ACCESS_UNIT, packet, "no picture in the access unit", census->slices);
    } else if (census->pictures > 1 && census->delimiters == census->pictures) {
        picture->ungraded = "several access units in a PES packet";
    } else if (census->pictures > 1 || census->delimiters > 1) {
        problem(scan, TS_ACCESS_UNIT, packet, "not one delimiter a picture; pictures",
                census->pictures);
    } else if (scan->has_sps && scan->sps.has_fields) {
        picture->ungraded = "fields as pictures of their own";
    }
    if (census->has_mixed_slices) {
        problem(scan, TS_ACCESS_UNIT, packet, "slices of several types in one picture",
                census->type);
    }
    for (int i = 0; census->slices > 0 && is_irap && i < 3; i++) {
        if (census->sets[i] == 0) {
            problem(scan, TS_ACCESS_UNIT, packet, "IRAP without parameter set, NAL unit type",
                    NAL_VPS + i);
        }
    }
}

void hevc_scan_unit(struct hevc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                    struct es_picture *picture)
{
    struct census census = {0};
    count(scan, bytes, size, packet, &census);
    judge(scan, &census, packet, picture);
    picture->is_random_access =
        census.slices > 0 && census.type >= NAL_IRAP && census.type < NAL_IRAP_END;
    picture->may_lead = census.type != NAL_IDR_N_LP;
    picture->has_order = census.has_order;
    picture->order = census.order;
    picture->order_wrap = scan->has_sps ? 1 << scan->sps.order_bits : 1;
    picture->starts_order = picture->is_random_access;
}
