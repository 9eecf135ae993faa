/* SPDX-License-Identifier: MIT */
/*
 * tr101290: the indicators of TR 101 290, what each has counted, and where.
 *
 * What the standard has no indicator for is a remark: it is kept and shown,
 * and does not make a stream faulty.
 *
 * Normative reference: ETSI TR 101 290 v1.4.1, 5.2.1 to 5.2.3.
 */
#ifndef TOOLS_METER_TR101290_H
#define TOOLS_METER_TR101290_H

#include "tools/meter/ts_report.h"

#include <stddef.h>

enum tr_indicator {
    TR_SYNC_LOSS,        /* 1.1 */
    TR_SYNC_BYTE,        /* 1.2 */
    TR_PAT,              /* 1.3 */
    TR_CONTINUITY,       /* 1.4 */
    TR_PMT,              /* 1.5 */
    TR_PID,              /* 1.6 */
    TR_TRANSPORT,        /* 2.1 */
    TR_CRC,              /* 2.2 */
    TR_PCR,              /* 2.3 */
    TR_PCR_ACCURACY,     /* 2.4 */
    TR_PTS,              /* 2.5 */
    TR_CAT,              /* 2.6 */
    TR_NIT,              /* 3.1 */
    TR_SI_REPETITION,    /* 3.2 */
    TR_BUFFER,           /* 3.3 */
    TR_UNREFERENCED_PID, /* 3.4 */
    TR_SDT,              /* 3.5 */
    TR_EIT,              /* 3.6 */
    TR_RST,              /* 3.7 */
    TR_TDT,              /* 3.8 */
    TR_EMPTY_BUFFER,     /* 3.9 */
    TR_DATA_DELAY,       /* 3.10 */
    TR_INDICATORS,
    TR_REMARK = TR_INDICATORS, /* none of them: counted apart */
    TR_NOTE,                   /* nothing wrong: told, not counted */
};

enum { TR_PRIORITIES = 3, TR_FIRST_EVENTS = 8, TR_RECENT_EVENTS = 64, TR_TEXT = 160 };

struct tr_event {
    enum tr_indicator indicator;
    enum ts_kind remark; /* of a TR_REMARK */
    int64_t packet;      /* from the beginning, counting from 0 */
    int pid;             /* -1: none */
    double stream_s;     /* since the beginning, by the stream's clock */
    int64_t arrival_ns;  /* since the Unix epoch; 0: not live */
    uint64_t repeats;    /* that followed within a second on the same PID, not kept one by one */
    char text[TR_TEXT];
};

struct tr_count {
    uint64_t count;
    int kept; /* of `first` */
    struct tr_event first[TR_FIRST_EVENTS];
    struct tr_event last;
};

struct tr_board {
    bool is_ignored[TR_INDICATORS];
    struct tr_count indicators[TR_INDICATORS];
    struct tr_count remarks[TS_KIND_COUNT];
    /* The latest, event number n at n % TR_RECENT_EVENTS. */
    uint64_t recent_count;
    struct tr_event recent[TR_RECENT_EVENTS];
};

/* Whoever takes what the watches find; embed it in a structure of your own. */
struct tr_listener {
    void (*found)(struct tr_listener *listener, enum tr_indicator indicator, int64_t packet,
                  int pid, const char *text);
};

/* `packet` -1: the one in hand. */
void tr_found(struct tr_listener *listener, enum tr_indicator indicator, int64_t packet, int pid,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

/* "1.4", "Continuity_count_error", and 1. */
const char *tr_id(enum tr_indicator indicator);
const char *tr_name(enum tr_indicator indicator);
int tr_priority(enum tr_indicator indicator);

/* The indicator called "1.4"; TR_INDICATORS: there is none. */
enum tr_indicator tr_find(const char *id);

/*
 * Counts an event, unless its indicator is ignored; notes are kept only.  True when it is kept as
 * a new one among the recent, false when it repeats the last of its PID.
 */
bool tr_board_add(struct tr_board *board, const struct tr_event *event);

/* Of one priority, 1 to 3; 0: of all. */
uint64_t tr_board_count(const struct tr_board *board, int priority);

/* All counts become zero; what is ignored stays so. */
void tr_board_reset(struct tr_board *board);

#endif
