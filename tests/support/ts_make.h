/* SPDX-License-Identifier: MIT */
/*
 * ts_make: small transport streams made for the reader's own tests.
 *
 * A clean stream of one programme: H.264 (never to be decoded: its slices
 * are filler), MPEG-1 Layer II, all tables, 1000 slots a second.  One fault
 * can be planted, some of them in video or audio of another kind; faults of
 * single packets are planted by the test itself.
 */
#ifndef TESTS_SUPPORT_TS_MAKE_H
#define TESTS_SUPPORT_TS_MAKE_H

#include <stddef.h>
#include <stdint.h>

enum {
    MAKE_SLOTS = 1000, /* a second */
    MAKE_SECONDS = 12,
    MAKE_PACKETS = MAKE_SLOTS * MAKE_SECONDS,
    MAKE_PMT_PID = 0x100,
    MAKE_VIDEO_PID = 0x101,
    MAKE_AUDIO_PID = 0x102,
    MAKE_SERVICE = 101,
};

/* Slot of the first packet; 2026-11-24 03:00:00 UTC. */
#define MAKE_FIRST_SLOT (UINT64_C(1795489200) * MAKE_SLOTS)

enum make_fault {
    MAKE_CLEAN,
    /* sections */
    MAKE_BAD_CRC,
    MAKE_BAD_RESERVED_BITS,
    MAKE_BAD_SECTION_STUFFING,
    MAKE_BAD_POINTER,
    MAKE_BAD_DESCRIPTOR,
    MAKE_BAD_TEXT,
    MAKE_NEXT_PAT, /* current_next_indicator 0 */
    MAKE_SELDOM_PAT,
    MAKE_NO_SDT,
    MAKE_NO_TDT,
    MAKE_SELDOM_EIT,
    MAKE_CLOSE_EIT,     /* sections 0 and 1 at once */
    MAKE_VERSION_STUCK, /* new content, old version */
    MAKE_VERSION_JUMP,
    MAKE_VERSION_IDLE, /* new version, old content */
    MAKE_TABLE_ON_WRONG_PID,
    MAKE_STUFFING_TABLE, /* legal: table_id 0x72 on PID 0x11 */
    MAKE_THREE_EIT_SECTIONS,
    MAKE_FOLLOWING_RUNS, /* running_status 4 in section 1 */
    MAKE_PRESENT_OVER,   /* its times are long gone */
    MAKE_LATE_TDT,
    MAKE_OTHER_SERVICE, /* SDT of a service that the PAT lacks */
    MAKE_NO_PF_FLAG,
    MAKE_UNKNOWN_PID,
    MAKE_ABSENT_PID,   /* PMT names a PID without packets */
    MAKE_UNKNOWN_TYPE, /* stream_type that nobody can judge */
    MAKE_NO_PAT,
    /* clock */
    MAKE_SELDOM_PCR,
    MAKE_PCR_OFF_SLOT, /* all of them 3 ticks late */
    MAKE_PCR_JITTER,   /* one of them 100 ticks late */
    MAKE_NO_PCR,
    /* PES packets and access units */
    MAKE_DTS_JUMP,
    MAKE_PTS_BEFORE_DTS,
    MAKE_DTS_EQUAL, /* given though it equals the PTS */
    MAKE_NO_PTS,
    MAKE_PTS_TWICE, /* two pictures for one frame, none for the next */
    MAKE_BAD_START_CODE,
    MAKE_BAD_MARKER,
    MAKE_NOT_ALIGNED,
    MAKE_BAD_STREAM_ID,
    MAKE_NO_DELIMITER,
    MAKE_NO_PPS,
    MAKE_SEI_BEFORE_SPS,
    MAKE_OTHER_PPS,
    MAKE_TWO_PICTURES,
    MAKE_IDR_WITHOUT_RAI,
    MAKE_RAI_WITHOUT_IDR,
    MAKE_RAI_WITHOUT_PCR,
    MAKE_AUDIO_JUMP,
    MAKE_AUDIO_LENGTH,     /* PES_packet_length one too much */
    MAKE_AUDIO_TWO_FRAMES, /* in one PES packet */
    MAKE_AUDIO_NO_HEADER,
    MAKE_AUDIO_OTHER_RATE,
    /* buffers */
    MAKE_VIDEO_LATE,
    MAKE_VIDEO_EARLY, /* 11 s before its time */
    MAKE_AUDIO_LATE,
    MAKE_AUDIO_EARLY, /* eight frames at once in B */
    MAKE_PSI_BURST,   /* twelve tables at once: TBsys */
    /* MPEG-2 video and AC-3 instead */
    MAKE_MPEG2_CLEAN,
    MAKE_MPEG2_LATE,
    MAKE_MPEG2_EARLY, /* more than the second that MPEG-2 may stay */
    MAKE_MPEG2_OTHER_SEQUENCE,
    MAKE_MPEG2_WRONG_REFERENCE, /* temporal_reference */
    MAKE_MPEG2_FIELD_PAIRS,     /* legal: two field pictures in a PES packet */
    MAKE_MPEG2_FIELDS,          /* legal, but not judged: one of them */
    MAKE_AC3_WRONG_SIZE,
    /* H.265 and AAC instead */
    MAKE_HEVC_CLEAN,
    MAKE_HEVC_LATE,
    MAKE_HEVC_OTHER_PPS,
    MAKE_HEVC_WRONG_ORDER, /* slice_pic_order_cnt_lsb */
    MAKE_AAC_DAMAGED,      /* the header of a frame */
    MAKE_AAC_TWO_FRAMES,   /* legal, but not ours: in one PES packet */
    MAKE_FAULTS,
};

/*
 * Fills MAKE_PACKETS packets of 188 bytes.  The stream begins as if cut out
 * of a longer one.  Returns 0 or -ENOMEM.
 */
int ts_make(enum make_fault fault, uint8_t *packets);

#endif
