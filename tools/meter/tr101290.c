/* SPDX-License-Identifier: MIT */
#include "tools/meter/tr101290.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *id;
    const char *name;
} NAMES[TR_INDICATORS] = {
    [TR_SYNC_LOSS] = {"1.1", "TS_sync_loss"},
    [TR_SYNC_BYTE] = {"1.2", "Sync_byte_error"},
    [TR_PAT] = {"1.3", "PAT_error"},
    [TR_CONTINUITY] = {"1.4", "Continuity_count_error"},
    [TR_PMT] = {"1.5", "PMT_error"},
    [TR_PID] = {"1.6", "PID_error"},
    [TR_TRANSPORT] = {"2.1", "Transport_error"},
    [TR_CRC] = {"2.2", "CRC_error"},
    [TR_PCR] = {"2.3", "PCR_error"},
    [TR_PCR_ACCURACY] = {"2.4", "PCR_accuracy_error"},
    [TR_PTS] = {"2.5", "PTS_error"},
    [TR_CAT] = {"2.6", "CAT_error"},
    [TR_NIT] = {"3.1", "NIT_error"},
    [TR_SI_REPETITION] = {"3.2", "SI_repetition_error"},
    [TR_BUFFER] = {"3.3", "Buffer_error"},
    [TR_UNREFERENCED_PID] = {"3.4", "Unreferenced_PID"},
    [TR_SDT] = {"3.5", "SDT_error"},
    [TR_EIT] = {"3.6", "EIT_error"},
    [TR_RST] = {"3.7", "RST_error"},
    [TR_TDT] = {"3.8", "TDT_error"},
    [TR_EMPTY_BUFFER] = {"3.9", "Empty_buffer_error"},
    [TR_DATA_DELAY] = {"3.10", "Data_delay_error"},
};

/* How long an event may count as one more of the last. */
static const double REPEAT_S = 1.0;

const char *tr_id(enum tr_indicator indicator)
{
    return NAMES[indicator].id;
}

const char *tr_name(enum tr_indicator indicator)
{
    return NAMES[indicator].name;
}

int tr_priority(enum tr_indicator indicator)
{
    return NAMES[indicator].id[0] - '0';
}

enum tr_indicator tr_find(const char *id)
{
    int found = 0;
    while (found < TR_INDICATORS && strcmp(NAMES[found].id, id) != 0) {
        found++;
    }
    return (enum tr_indicator)found;
}

static void count(struct tr_count *count, const struct tr_event *event)
{
    count->count++;
    if (count->kept < TR_FIRST_EVENTS) {
        count->first[count->kept++] = *event;
    }
    count->last = *event;
}

/* The one among the recent that this event repeats, or NULL. */
static struct tr_event *repeated(struct tr_board *board, const struct tr_event *event)
{
    const uint64_t kept =
        board->recent_count < TR_RECENT_EVENTS ? board->recent_count : TR_RECENT_EVENTS;
    for (uint64_t i = 1; i <= kept; i++) {
        struct tr_event *recent = &board->recent[(board->recent_count - i) % TR_RECENT_EVENTS];
        if (recent->indicator == event->indicator && recent->pid == event->pid &&
            recent->remark == event->remark) {
            const double since = event->stream_s - recent->stream_s;
            return since >= 0 && since < REPEAT_S ? recent : NULL;
        }
    }
    return NULL;
}

bool tr_board_add(struct tr_board *board, const struct tr_event *event)
{
    if (event->indicator == TR_REMARK) {
        count(&board->remarks[event->remark], event);
        return false;
    }
    if (event->indicator == TR_NOTE) {
        board->recent[board->recent_count++ % TR_RECENT_EVENTS] = *event;
        return true;
    }
    if (board->is_ignored[event->indicator]) {
        return false;
    }
    count(&board->indicators[event->indicator], event);
    struct tr_event *before = repeated(board, event);
    if (before != NULL) {
        before->repeats++;
        return false;
    }
    board->recent[board->recent_count++ % TR_RECENT_EVENTS] = *event;
    return true;
}

uint64_t tr_board_count(const struct tr_board *board, int priority)
{
    uint64_t total = 0;
    for (int i = 0; i < TR_INDICATORS; i++) {
        if (priority == 0 || tr_priority((enum tr_indicator)i) == priority) {
            total += board->indicators[i].count;
        }
    }
    return total;
}

void tr_board_reset(struct tr_board *board)
{
    memset(board->indicators, 0, sizeof(board->indicators));
    memset(board->remarks, 0, sizeof(board->remarks));
    board->recent_count = 0;
}

void tr_found(struct tr_listener *listener, enum tr_indicator indicator, int64_t packet, int pid,
              const char *format, ...)
{
    char text[TR_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    listener->found(listener, indicator, packet, pid, text);
}
