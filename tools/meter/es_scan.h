/* SPDX-License-Identifier: MIT */
/*
 * es_scan: one elementary stream, from packets to access units.
 *
 * Judges PES packets, the time stamps from one access unit to the next
 * through every join, what the access units are made of, whether they arrive
 * in time, and the buffers they pass through.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.2, 2.4.3.6, 2.7.4;
 * ISO/IEC 11172-3, 2.4.1.3 (audio frames); ITU-T H.264.
 */
#ifndef TOOLS_METER_ES_SCAN_H
#define TOOLS_METER_ES_SCAN_H

#include "tools/meter/avc_scan.h"
#include "tools/meter/stc.h"
#include "tools/meter/ts_scan.h"

struct es_scan;

struct es_options {
    int pid;
    int stream_type;
    const struct stc *stc;  /* of its programme; borrowed */
    int64_t frame_ticks;    /* of video, 90 kHz; 0: as the stream says */
    int64_t video_delay_ms; /* 0: as the standard says */
    int64_t audio_delay_ms;
    const struct avc_sps *sps; /* found by reading ahead; NULL: none */
};

/* "video" or "audio", or NULL when streams of this type cannot be judged. */
const char *es_scan_kind(int stream_type);

/* Borrows the report.  NULL: out of memory. */
struct es_scan *es_scan_create(const struct es_options *options, struct ts_report *report);
void es_scan_destroy(struct es_scan *es); /* accepts NULL */

/* The next packet of its PID. */
void es_scan_packet(struct es_scan *es, const struct ts_packet *packet);

/* At the end of the file; what it cuts off is not judged. */
void es_scan_finish(struct es_scan *es);

/* The sequence parameter set found so far, or NULL. */
const struct avc_sps *es_scan_sps(const struct es_scan *es);

struct es_summary {
    int pid;
    int stream_type;
    int64_t units; /* judged */
    int64_t idrs;
    int64_t shortest_gop; /* access units from one IDR to the next; 0: no two */
    int64_t longest_gop;
    int64_t bytes; /* of the access units judged */
    bool has_leads;
    double least_lead_ms;     /* from an access unit's last byte to its time */
    double greatest_delay_ms; /* from its first byte to its time */
    bool has_buffers;
    struct tstd_model model;
    struct tstd_peaks peaks;
};

void es_scan_summary(const struct es_scan *es, struct es_summary *summary);

#endif
