/* SPDX-License-Identifier: MIT */
#include "tools/meter/mpeg2_scan.h"

#include <string.h>

enum {
    CODE_PICTURE = 0x00,
    CODE_SLICE_END = 0xb0, /* codes from 0x01 on and below it are slices */
    CODE_USER_DATA = 0xb2,
    CODE_SEQUENCE = 0xb3,
    CODE_ERROR = 0xb4,
    CODE_EXTENSION = 0xb5,
    CODE_END = 0xb7,
    CODE_GROUP = 0xb8,
    PICTURE_CODING_EXTENSION = 8,
    TYPE_I = 1,
    STRUCTURE_FRAME = 3,
    REFERENCES = 1024, /* temporal_reference counts modulo this */
};

/* One picture of the PES packet. */
struct picture {
    int reference; /* temporal_reference */
    int type;
    int structure; /* 1 top field, 2 bottom field, 3 frame; 0: no coding extension */
    bool is_top_first;
    bool is_repeated;
    bool is_progressive;
    int slices;
};

/* The start codes of one PES packet. */
struct census {
    int count;
    int first_code;
    bool has_sequence;
    bool has_extension; /* of the sequence */
    bool has_group;
    bool is_closed;
    bool is_broken;
    size_t sequence_at; /* where the sequence header starts, and its extensions end */
    size_t sequence_end;
    int pictures;
    struct picture first;
    struct picture last;
};

void mpeg2_scan_init(struct mpeg2_scan *scan, struct ts_report *report, int pid)
{
    *scan = (struct mpeg2_scan){.report = report, .pid = pid, .afd = -1};
}

static void problem(const struct mpeg2_scan *scan, enum ts_kind kind, int64_t packet,
                    const char *what, int value)
{
    ts_report_problem(scan->report, kind, packet, scan->pid, "%s (%d)", what, value);
}

/* afd_data(): "DTG1", a flag, four bits of active_format. */
static void take_user_data(struct mpeg2_scan *scan, const uint8_t *body, size_t size)
{
    if (size >= 5 && memcmp(body, "DTG1", 4) == 0) {
        const bool has_format = (body[4] & 0x40) != 0;
        scan->afd = has_format && size >= 6 ? body[5] & 0x0f : -1;
    }
}

static void take_picture(const uint8_t *body, size_t size, struct census *census)
{
    if (size < 4) {
        census->is_broken = true;
        return;
    }
    census->pictures++;
    census->last = (struct picture){
        .reference = body[0] << 2 | body[1] >> 6,
        .type = body[1] >> 3 & 7,
    };
}

static void take_extension(const uint8_t *body, size_t size, struct census *census)
{
    const int id = size > 0 ? body[0] >> 4 : 0;
    if (id == PICTURE_CODING_EXTENSION && census->pictures > 0 && size >= 5) {
        census->last.structure = body[2] & 3;
        census->last.is_top_first = (body[3] & 0x80) != 0;
        census->last.is_repeated = (body[3] & 0x02) != 0;
        census->last.is_progressive = (body[4] & 0x80) != 0;
    } else if (census->pictures == 0 && census->has_sequence) {
        census->has_extension = true;
    }
}

/* What stands between two start codes; `at` is the place of the first. */
static void take_code(struct mpeg2_scan *scan, const uint8_t *bytes, size_t at, size_t end,
                      struct census *census)
{
    const uint8_t *body = bytes + at + 4;
    const size_t size = end - at - 4;
    const int code = bytes[at + 3];
    census->first_code = census->count == 0 ? code : census->first_code;
    census->count++;
    if (code == CODE_SEQUENCE) {
        census->has_sequence = true;
        census->sequence_at = at;
        census->sequence_end = end;
    } else if (code == CODE_EXTENSION) {
        if (census->has_sequence && census->pictures == 0 && census->sequence_end == at) {
            census->sequence_end = end;
        }
        take_extension(body, size, census);
    } else if (code == CODE_GROUP && size >= 4) {
        census->has_group = true;
        census->is_closed = (body[3] & 0x40) != 0;
    } else if (code == CODE_USER_DATA) {
        take_user_data(scan, body, size);
    } else if (code == CODE_PICTURE) {
        take_picture(body, size, census);
    } else if (code > CODE_PICTURE && code < CODE_SLICE_END) {
        census->last.slices++;
    } else if (code != CODE_END) {
        census->is_broken = true;
    }
    if (census->pictures == 1) {
        census->first = census->last;
    }
}

static void count(struct mpeg2_scan *scan, const uint8_t *bytes, size_t size, struct census *census)
{
    size_t at = es_find_prefix(bytes, 0, size);
    census->is_broken = at > 0 || size < 8;
    while (at + 4 <= size) {
        const size_t next = es_find_prefix(bytes, at + 3, size);
        take_code(scan, bytes, at, next, census);
        at = next;
    }
}

/* A sequence header with its extensions. */
static void take_sequence(struct mpeg2_scan *scan, const uint8_t *bytes, size_t size,
                          int64_t packet)
{
    const char *wrong = es_compare(&scan->sequence_bytes, bytes, size);
    if (wrong != NULL) {
        problem(scan, TS_PARAMETER_SETS, packet, wrong, CODE_SEQUENCE);
    }
    if (!scan->has_sequence) {
        scan->has_sequence = mpeg2_sequence_parse(bytes, size, &scan->sequence) == 0;
        if (!scan->has_sequence) {
            problem(scan, TS_ACCESS_UNIT, packet, "broken sequence header", (int)size);
        }
    }
}

static void judge_sequence(struct mpeg2_scan *scan, const struct census *census,
                           const uint8_t *bytes, int64_t packet, struct es_picture *picture)
{
    if (census->has_sequence && !census->has_extension) {
        picture->ungraded = "MPEG-1 video";
    } else if (census->has_sequence) {
        take_sequence(scan, bytes + census->sequence_at, census->sequence_end - census->sequence_at,
                      packet);
    }
    if (census->pictures > 0 && census->first.type == TYPE_I && !census->has_sequence) {
        problem(scan, TS_HOUSE, packet, "I picture without sequence header; temporal_reference",
                census->first.reference);
    }
    if (census->pictures > 0 && census->has_group && census->first.type != TYPE_I) {
        problem(scan, TS_ACCESS_UNIT, packet, "GOP header without I picture, but type",
                census->first.type);
    }
}

static bool is_field_pair(const struct census *census)
{
    return census->pictures == 2 && census->first.reference == census->last.reference &&
           census->first.structure + census->last.structure == STRUCTURE_FRAME &&
           census->first.structure != 0 && census->last.structure != 0;
}

static void judge_pictures(struct mpeg2_scan *scan, const struct census *census, int64_t packet,
                           struct es_picture *picture)
{
    const struct picture *first = &census->first;
    const bool is_pair = is_field_pair(census);
    if (census->is_broken) {
        problem(scan, TS_ACCESS_UNIT, packet, "broken start codes, of", census->count);
    }
    if (census->pictures == 0) {
        problem(scan, TS_ACCESS_UNIT, packet, "no picture, but start code", census->first_code);
        return;
    }
    if (first->slices == 0 || census->last.slices == 0) {
        problem(scan, TS_ACCESS_UNIT, packet, "no slice in picture of type", first->type);
    }
    if (first->type < TYPE_I || first->type > 3) {
        problem(scan, TS_ACCESS_UNIT, packet, "picture_coding_type", first->type);
    }
    if (picture->ungraded != NULL) {
        return;
    }
    if (first->structure == 0) {
        problem(scan, TS_ACCESS_UNIT, packet, "picture without coding extension", first->type);
    } else if (census->pictures > 1 && !is_pair) {
        picture->ungraded = "several frames in a PES packet";
    } else if (census->pictures == 1 && first->structure != STRUCTURE_FRAME) {
        picture->ungraded = "fields in PES packets of their own";
    } else if (first->is_repeated) {
        picture->ungraded = "repeat_first_field";
    }
    scan->field_pairs += is_pair;
    scan->interlaced += first->structure == STRUCTURE_FRAME && !first->is_progressive;
    scan->top_first += is_pair ? first->structure == 1 : first->is_top_first;
    scan->closed_gops += census->has_group && census->is_closed;
}

void mpeg2_scan_unit(struct mpeg2_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                     struct es_picture *picture)
{
    struct census census = {0};
    count(scan, bytes, size, &census);
    judge_sequence(scan, &census, bytes, packet, picture);
    judge_pictures(scan, &census, packet, picture);
    picture->is_random_access = census.has_sequence && census.first.type == TYPE_I;
    picture->may_lead = true;
    picture->has_order = census.pictures > 0;
    picture->counts_frames = true;
    picture->order = census.first.reference;
    picture->order_wrap = REFERENCES;
    picture->starts_order = census.has_group;
}
