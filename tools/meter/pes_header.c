/* SPDX-License-Identifier: MIT */
#include "tools/meter/pes_header.h"

enum {
    FLAGS_PTS = 2,
    FLAGS_PTS_DTS = 3,
    STAMP_SIZE = 5,
};

struct place {
    struct ts_report *report;
    int64_t packet;
    int pid;
};

static void problem(const struct place *place, enum ts_kind kind, const char *what, int value)
{
    ts_report_problem(place->report, kind, place->packet, place->pid, "%s (%d)", what, value);
}

static int64_t read_stamp(const uint8_t *bytes, int prefix, const struct place *place)
{
    if ((bytes[0] >> 4) != prefix || (bytes[0] & bytes[2] & bytes[4] & 1) == 0) {
        problem(place, TS_PES_SYNTAX, "marker bits of PTS or DTS", bytes[0]);
    }
    return (int64_t)(bytes[0] >> 1 & 7) << 30 | (int64_t)bytes[1] << 22 |
           (int64_t)(bytes[2] >> 1) << 15 | (int64_t)bytes[3] << 7 | bytes[4] >> 1;
}

static void judge_flags(const uint8_t *bytes, const struct pes_header *header,
                        const struct place *place)
{
    if (bytes[6] & 0x30) {
        problem(place, TS_SCRAMBLED, "PES_scrambling_control", bytes[6] >> 4 & 3);
    }
    if (!header->is_aligned) {
        problem(place, TS_HOUSE, "data_alignment_indicator is not set", bytes[6]);
    }
    if (bytes[7] & 0x3f) {
        problem(place, TS_HOUSE, "fields that no decoder needs: flags", bytes[7]);
    }
}

static void read_stamps(const uint8_t *bytes, struct pes_header *header, const struct place *place)
{
    const int flags = bytes[7] >> 6;
    const int needed = flags == FLAGS_PTS_DTS ? 2 * STAMP_SIZE
                       : flags == FLAGS_PTS   ? STAMP_SIZE
                                              : 0;
    if (flags == 1 || header->size - PES_FIXED < needed) {
        problem(place, TS_PES_TIMES, "PTS_DTS_flags against PES_header_data_length", flags);
        return;
    }
    if (flags == 0) {
        problem(place, TS_PES_TIMES, "no PTS", flags);
        return;
    }
    header->has_pts = true;
    header->has_dts = flags == FLAGS_PTS_DTS;
    header->pts = read_stamp(bytes + PES_FIXED, flags, place);
    header->dts = header->pts;
    if (header->has_dts) {
        header->dts = read_stamp(bytes + PES_FIXED + STAMP_SIZE, 1, place);
        if (header->dts == header->pts) {
            problem(place, TS_PES_TIMES, "DTS is given though it equals the PTS", flags);
        }
    }
    if ((bytes[7] & 0x3f) == 0) {
        for (int at = PES_FIXED + needed; at < header->size; at++) {
            if (bytes[at] != 0xff) {
                problem(place, TS_PES_SYNTAX, "stuffing of the header is not 0xff", bytes[at]);
                break;
            }
        }
    }
}

bool pes_header_parse(const uint8_t *bytes, int have, struct pes_header *header,
                      struct ts_report *report, int64_t packet, int pid)
{
    const struct place place = {.report = report, .packet = packet, .pid = pid};
    if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 1 || (bytes[6] & 0xc0) != 0x80) {
        problem(&place, TS_PES_SYNTAX, "no start of a PES packet", bytes[2]);
        return false;
    }
    *header = (struct pes_header){
        .stream_id = bytes[3],
        .packet_length = bytes[4] << 8 | bytes[5],
        .size = PES_FIXED + bytes[8],
        .is_aligned = (bytes[6] & 0x04) != 0,
    };
    if (have >= header->size) {
        judge_flags(bytes, header, &place);
        read_stamps(bytes, header, &place);
    }
    return true;
}
