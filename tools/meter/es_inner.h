/* SPDX-License-Identifier: MIT */
/*
 * es_inner: what es_scan.c, es_video.c and es_audio.c share.
 */
#ifndef TOOLS_METER_ES_INNER_H
#define TOOLS_METER_ES_INNER_H

#include "tools/meter/es_scan.h"
#include "tools/meter/pes_header.h"

enum { ES_FRAME_HEADER = 4, ES_ORDER_FRAMES = 64 };

/* What differs from one kind of stream to the next. */
struct es_kind {
    int stream_type;
    const char *name;
    int id_mask; /* stream_id & id_mask == id */
    int id;
    bool may_omit_length; /* PES_packet_length 0 */
    int64_t delay_ms;     /* 2.4.2.6 */
    /* A PES header is whole; its payload comes. */
    void (*start_pes)(struct es_scan *es, int64_t byte);
    /* Payload of the PES packet; `byte` is its place in the file. */
    void (*data)(struct es_scan *es, const uint8_t *bytes, int count, int64_t byte);
    /* The PES packet has ended; `is_whole` unless bytes of it were lost. */
    void (*end_pes)(struct es_scan *es, bool is_whole);
};

/* Every frame of the display has one picture: PTS against DTS. */
struct es_order {
    bool is_started;
    int64_t origin;  /* PTS of the IDR that all is counted from */
    int64_t checked; /* frames below it have been seen to */
    bool seen[ES_ORDER_FRAMES];
};

struct es_scan {
    const struct es_kind *kind;
    struct es_options options;
    struct ts_report *report;
    struct tstd *tstd; /* NULL until the stream says which */

    /* The PES packet in hand. */
    bool is_in_pes;  /* after the first start, and sound so far */
    bool is_damaged; /* packets of it were lost */
    bool is_random_access;
    bool has_pending_random_access; /* of a packet before its start */
    int64_t pes_packet;             /* where it starts */
    int64_t pes_bytes;              /* so far, header included */
    int header_have;
    bool has_header;
    struct pes_header pes;
    uint8_t header[PES_HEADER_MAX];

    /* The access unit in hand; `units` is its number plus one. */
    int64_t units;
    int64_t unit_byte;    /* where it starts */
    int64_t unit_end;     /* end of what has come of it */
    int64_t unit_bytes;   /* of it, so far */
    int64_t unit_removal; /* in bytes of the stream */
    bool has_stamp;       /* `stamp` is of the unit before, or of this one */
    int64_t stamp;        /* DTS of video, PTS of audio */

    /* Video. */
    struct avc_scan avc;
    uint8_t *data;
    size_t data_size;
    size_t data_room;
    bool has_idr;
    int64_t last_idr;
    struct es_order order;

    /* Audio. */
    uint8_t frame_header[ES_FRAME_HEADER];
    int frame_have; /* bytes of the frame so far; 0: between frames */
    int frame_size; /* 0: its header is not whole */
    int frames_in_pes;
    bool is_out_of_step; /* no frame found where one must start */
    bool has_first_header;
    uint8_t first_header[ES_FRAME_HEADER];
    int sample_rate;
    bool is_pts_used;

    struct es_summary summary;
};

extern const struct es_kind ES_AVC;
extern const struct es_kind ES_MPEG1_AUDIO;
extern const struct es_kind ES_MPEG2_AUDIO;

/* Starts access unit number `units`, whose time is `stamp`, at `byte`. */
void es_start_unit(struct es_scan *es, int64_t stamp, int64_t byte);

/* The access unit in hand is whole: judges when it came. */
void es_end_unit(struct es_scan *es);

void es_problem(const struct es_scan *es, enum ts_kind kind, const char *what, int64_t value);

#endif
