/* SPDX-License-Identifier: MIT */
#include "tools/meter/pid_watch.h"

#include "tools/meter/stc.h"

#include <stdlib.h>
#include <string.h>

enum {
    TICKS_PER_MS = 27000,
    STAMPS_PER_MS = 90,
    ABSENT_MS = 5000,
    UNREFERENCED_MS = 500,
    PTS_MS = 700,
    DESCRIPTOR_CA = 0x09,
    PES_WITH_PTS = 14, /* bytes */
};

#define STAMP_WRAP (INT64_C(1) << 33)

struct pid_state {
    bool has_come;
    bool is_stream; /* sound or picture of a programme */
    bool is_access; /* named by a CA_descriptor */
    bool is_absent; /* and has been told so */
    bool is_unknown;
    bool is_told; /* that no table names it */
    int64_t last;
    int64_t unknown_since;
    int64_t unknown_packet;
    bool has_pts;
    bool has_step; /* the last PTS was not where the one before had led to expect it */
    int64_t pts;
    int64_t pts_time;
};

struct pid_watch {
    struct tr_listener *listener;
    bool has_cat;
    int64_t start;
    struct pid_state pids[TS_PIDS];
};

struct pid_watch *pid_watch_create(struct tr_listener *listener)
{
    struct pid_watch *watch = calloc(1, sizeof(*watch));
    if (watch != NULL) {
        watch->listener = listener;
    }
    return watch;
}

void pid_watch_destroy(struct pid_watch *watch)
{
    free(watch);
}

void pid_watch_start(struct pid_watch *watch, int64_t now)
{
    memset(watch->pids, 0, sizeof(watch->pids));
    watch->has_cat = false;
    watch->start = now;
}

bool pid_watch_has_cat(const struct pid_watch *watch)
{
    return watch->has_cat;
}

bool pid_watch_is_audio_video(int stream_type)
{
    static const uint8_t TYPES[] = {0x01, 0x02, 0x03, 0x04, 0x0f, 0x10, 0x11, 0x1b, 0x1c,
                                    0x24, 0x42, 0x80, 0x81, 0x87, 0xd2, 0xd3, 0xd4};
    return memchr(TYPES, stream_type, sizeof(TYPES)) != NULL;
}

/* The PTS in the header of the PES packet that starts here; -1: none. */
static int64_t pts_of(const struct ts_packet *packet)
{
    const uint8_t *p = packet->payload;
    if (!packet->starts_unit || packet->payload_size < PES_WITH_PTS || p[0] != 0 || p[1] != 0 ||
        p[2] != 1 || (p[6] & 0xc0) != 0x80 || (p[7] & 0x80) == 0) {
        return -1;
    }
    return (int64_t)(p[9] >> 1 & 7) << 30 | (int64_t)p[10] << 22 | (int64_t)(p[11] >> 1) << 15 |
           (int64_t)p[12] << 7 | p[13] >> 1;
}

static void judge_pts(struct pid_watch *watch, struct pid_state *pid, int64_t pts, int number,
                      int64_t now)
{
    const int64_t since = now - pid->pts_time;
    const int64_t step = stc_difference(pts, pid->pts, STAMP_WRAP);
    const int64_t most = (int64_t)PTS_MS * STAMPS_PER_MS;
    if (since > (int64_t)PTS_MS * TICKS_PER_MS) {
        tr_found(watch->listener, TR_PTS, -1, number, "%.0f ms without a PTS, limit %d",
                 (double)since / TICKS_PER_MS, PTS_MS);
        pid->has_step = false;
    } else if (step > most || step < -most) {
        if (!pid->has_step) {
            tr_found(watch->listener, TR_PTS, -1, number, "PTS jumps by %.0f ms",
                     (double)step / STAMPS_PER_MS);
        }
        pid->has_step = !pid->has_step;
    } else {
        pid->has_step = false;
    }
}

void pid_watch_packet(struct pid_watch *watch, const struct ts_packet *packet, int64_t index,
                      int64_t now)
{
    struct pid_state *pid = &watch->pids[packet->pid];
    if (!pid->has_come) {
        pid->unknown_since = now;
        pid->unknown_packet = index;
    }
    const int64_t pts = pid->is_stream ? pts_of(packet) : -1;
    if (pts >= 0) {
        if (pid->has_pts && !pid->is_absent) {
            judge_pts(watch, pid, pts, packet->pid, now);
        }
        pid->has_pts = true;
        pid->pts = pts;
        pid->pts_time = now;
    }
    pid->has_come = true;
    pid->is_absent = false;
    pid->last = now;
}

void pid_watch_restamp(struct pid_watch *watch, int pid)
{
    watch->pids[pid].has_pts = false;
}

static void take_descriptors(struct pid_watch *watch, const uint8_t *bytes, int size)
{
    for (int at = 0; at + 2 <= size && at + 2 + bytes[at + 1] <= size; at += 2 + bytes[at + 1]) {
        if (bytes[at] == DESCRIPTOR_CA && bytes[at + 1] >= 4) {
            watch->pids[(bytes[at + 4] & 0x1f) << 8 | bytes[at + 5]].is_access = true;
        }
    }
}

static void take_pmt(struct pid_watch *watch, const struct section *section)
{
    const uint8_t *bytes = section->bytes;
    const int end = section->size - SECTION_CRC;
    int at = SECTION_HEADER + 4;
    if (at > end) {
        return;
    }
    int size = (bytes[10] & 0x0f) << 8 | bytes[11];
    while (at + size <= end) {
        take_descriptors(watch, bytes + at, size);
        at += size + 5;
        if (at > end) {
            return;
        }
        size = (bytes[at - 2] & 0x0f) << 8 | bytes[at - 1];
    }
}

void pid_watch_section(struct pid_watch *watch, const struct section *section)
{
    const int table_id = section_table_id(section);
    if (table_id == TABLE_CAT) {
        watch->has_cat = true;
        take_descriptors(watch, section->bytes + SECTION_HEADER,
                         section->size - SECTION_CRC - SECTION_HEADER);
    } else if (table_id == TABLE_PMT) {
        take_pmt(watch, section);
    }
}

static void judge_absent(struct pid_watch *watch, int number, int64_t now)
{
    struct pid_state *pid = &watch->pids[number];
    const int64_t since = now - (pid->has_come ? pid->last : watch->start);
    if (!pid->is_absent && since > (int64_t)ABSENT_MS * TICKS_PER_MS) {
        pid->is_absent = true;
        tr_found(watch->listener, TR_PID, -1, number, "no packets for %.1f s, limit %.1f",
                 (double)since / TICKS_PER_MS / 1000, (double)ABSENT_MS / 1000);
    }
}

static void judge_unknown(struct pid_watch *watch, const struct psi *psi, int number, int64_t now)
{
    struct pid_state *pid = &watch->pids[number];
    const bool is_unknown = !pid->is_access && !psi_names(psi, number);
    if (is_unknown && !pid->is_unknown && pid->is_told) {
        pid->unknown_since = now;
    }
    pid->is_told = pid->is_told && is_unknown;
    pid->is_unknown = is_unknown;
    if (is_unknown && !pid->is_told &&
        now - pid->unknown_since > (int64_t)UNREFERENCED_MS * TICKS_PER_MS) {
        pid->is_told = true;
        tr_found(watch->listener, TR_UNREFERENCED_PID, pid->unknown_packet, number,
                 "no table names it, for %d ms", UNREFERENCED_MS);
    }
}

/* Without them one cannot know what belongs to the stream. */
static bool has_all_pmts(const struct psi *psi)
{
    bool all = psi->has_pat;
    for (int i = 0; i < psi->programme_count; i++) {
        all = all && psi->programmes[i].has_pmt;
    }
    return all;
}

void pid_watch_sweep(struct pid_watch *watch, const struct psi *psi, int64_t now)
{
    const bool knows_all = has_all_pmts(psi);
    for (int i = 0; i < psi->programme_count; i++) {
        const struct psi_programme *programme = &psi->programmes[i];
        for (int k = 0; programme->has_pmt && k < programme->stream_count; k++) {
            if (pid_watch_is_audio_video(programme->streams[k].stream_type)) {
                watch->pids[programme->streams[k].pid].is_stream = true;
                judge_absent(watch, programme->streams[k].pid, now);
            }
        }
    }
    for (int number = 0; knows_all && number < TS_PIDS; number++) {
        if (watch->pids[number].has_come) {
            judge_unknown(watch, psi, number, now);
        }
    }
}
