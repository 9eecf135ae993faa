/* SPDX-License-Identifier: MIT */
/*
 * es_scan: one elementary stream, from packets to access units.
 *
 * Judges PES packets, the time stamps from one access unit to the next
 * through every join, what the access units are made of, whether they arrive
 * in time, and the buffers they pass through.
 *
 * Video is MPEG-2, H.264 or H.265, audio MPEG-1/2 Layer II, AAC in ADTS or
 * AC-3.  What the standards allow but is not judged here is told as such,
 * once, and the stream is left at that.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.2, 2.4.3.6, 2.7.4.
 */
#ifndef TOOLS_METER_ES_SCAN_H
#define TOOLS_METER_ES_SCAN_H

#include "tools/meter/stc.h"
#include "tools/meter/ts_scan.h"
#include "tools/meter/tstd.h"

struct es_scan;

struct es_options {
    int pid;
    int stream_type;
    bool is_ac3;            /* stream_type 0x06, and an AC-3 descriptor in the PMT */
    const struct stc *stc;  /* of its programme; borrowed */
    int64_t frame_ticks;    /* of video, 90 kHz; 0: as the stream says */
    int64_t video_delay_ms; /* 0: as the standard says */
    int64_t audio_delay_ms;
    const struct es_scan *ahead; /* what reading ahead has learnt, for creation only; or NULL */
};

/* "video" or "audio", or NULL when streams of this type cannot be judged. */
const char *es_scan_kind(int stream_type, bool is_ac3);

/*
 * Borrows the report.  NULL: out of memory.  Without reading ahead, buffers
 * are judged from where the stream has said what they are.
 */
struct es_scan *es_scan_create(const struct es_options *options, struct ts_report *report);
void es_scan_destroy(struct es_scan *es); /* accepts NULL */

/* The next packet of its PID. */
void es_scan_packet(struct es_scan *es, const struct ts_packet *packet);

/* At the end of the file; what it cuts off is not judged. */
void es_scan_finish(struct es_scan *es);

struct es_summary {
    int pid;
    int stream_type;
    const char *kind;     /* "video" or "audio" */
    int64_t units;        /* judged */
    int64_t idrs;         /* random access points: IDR, IRAP, I picture behind a sequence header */
    int64_t shortest_gop; /* access units from one of them to the next; 0: no two */
    int64_t longest_gop;
    int64_t bytes; /* of the access units judged */
    /* Video. */
    int width; /* 0: not known */
    int height;
    int64_t frame_ticks; /* of 90 kHz; 0: not known */
    int64_t field_pairs; /* frames of two field pictures */
    int64_t closed_gops; /* MPEG-2 */
    int64_t top_first;   /* MPEG-2: frames with the top field first */
    int afd;             /* MPEG-2: active_format seen last; -1: none */
    /* Audio. */
    int sample_rate; /* 0: not known */
    int channels;
    int64_t frames_in_pes; /* at most */
    bool has_leads;
    double least_lead_ms;     /* from an access unit's last byte to its time */
    double greatest_delay_ms; /* from its first byte to its time */
    bool has_buffers;
    struct tstd_model model;
    struct tstd_peaks peaks;
};

void es_scan_summary(const struct es_scan *es, struct es_summary *summary);

#endif
