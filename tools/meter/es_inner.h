/* SPDX-License-Identifier: MIT */
/*
 * es_inner: what es_scan.c and the files for video and audio share.
 */
#ifndef TOOLS_METER_ES_INNER_H
#define TOOLS_METER_ES_INNER_H

#include "tools/meter/avc_scan.h"
#include "tools/meter/es_frame.h"
#include "tools/meter/es_scan.h"
#include "tools/meter/hevc_scan.h"
#include "tools/meter/mpeg2_scan.h"
#include "tools/meter/pes_header.h"

enum { ES_ORDER_FRAMES = 64 };

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
    /* The buffers, as far as the stream has said; -EAGAIN: not yet, -ENOTSUP: not known. */
    int (*model)(const struct es_scan *es, struct tstd_model *model);
    /* Video: judges the access unit in hand. */
    void (*scan)(struct es_scan *es, struct es_picture *picture);
    /* Video: from one frame to the next, at 90 kHz; 0: not said. */
    int64_t (*frame_ticks)(const struct es_scan *es);
    /* Audio: the header of a frame, and those of its bits that must not change. */
    bool (*frame)(const uint8_t *header, struct es_frame *frame);
    uint8_t fixed[ES_FRAME_HEADER];
    int b_size; /* of audio with up to two channels */
};

/* Every frame of the display has one picture: PTS against DTS. */
struct es_order {
    bool is_started;
    bool may_lead;   /* no picture after the first has been seen */
    int64_t origin;  /* PTS of the picture that all is counted from */
    int64_t checked; /* frames below it have been seen to */
    bool seen[ES_ORDER_FRAMES];
};

struct es_scan {
    const struct es_kind *kind;
    struct es_options options;
    struct ts_report *report;
    bool has_given_up; /* it is of a kind that is not judged */
    struct tstd *tstd; /* NULL until the stream says which */
    int64_t tstd_base; /* number of its first access unit */

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
    struct hevc_scan hevc;
    struct mpeg2_scan mpeg2;
    uint8_t *data;
    size_t data_size;
    size_t data_room;
    bool has_idr;
    int64_t last_idr;
    struct es_order order;
    bool has_order; /* it was started at least once */
    bool has_number;
    int number; /* the stream's own, of the picture before ... */
    int64_t number_pts;

    /* Audio. */
    uint8_t frame_header[ES_FRAME_HEADER];
    int frame_have; /* bytes of the frame so far; 0: between frames */
    int frame_size; /* 0: its header is not whole */
    int frames_in_pes;
    bool is_out_of_step; /* no frame found where one must start */
    bool has_first_header;
    uint8_t first_header[ES_FRAME_HEADER];
    struct es_frame frame; /* the last one; size 0: none yet */
    bool is_pts_used;

    struct es_summary summary;
};

extern const struct es_kind ES_MPEG2_VIDEO;
extern const struct es_kind ES_AVC;
extern const struct es_kind ES_HEVC;
extern const struct es_kind ES_MPEG1_AUDIO;
extern const struct es_kind ES_MPEG2_AUDIO;
extern const struct es_kind ES_ADTS;
extern const struct es_kind ES_AC3;
extern const struct es_kind ES_AC3_PRIVATE; /* stream_type 0x06 with an AC-3 descriptor */

/* Into the buffers, as far as they are known. */
void es_feed(struct es_scan *es, int64_t byte, int count, enum tstd_role role, int64_t unit);

/* Makes the buffers when the stream has said enough for that. */
void es_make_buffers(struct es_scan *es);

/* The stream cannot be judged any further: says why. */
void es_give_up(struct es_scan *es, const char *why);

/* es_video.c: PES packets of one frame each, whatever the codec. */
void es_video_start_pes(struct es_scan *es, int64_t byte);
void es_video_data(struct es_scan *es, const uint8_t *bytes, int count, int64_t byte);
void es_video_end_pes(struct es_scan *es, bool is_whole);
int64_t es_video_ticks(const struct es_scan *es);

/* es_order.c: the order of display. */
void es_judge_order(struct es_scan *es, const struct es_picture *picture);

/* Starts access unit number `units`, whose time is `stamp`, at `byte`. */
void es_start_unit(struct es_scan *es, int64_t stamp, int64_t byte);

/* The access unit in hand is whole: judges when it came. */
void es_end_unit(struct es_scan *es);

void es_problem(const struct es_scan *es, enum ts_kind kind, const char *what, int64_t value);

#endif
