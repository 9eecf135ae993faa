/* SPDX-License-Identifier: MIT */
/*
 * Bytes in, packets out to meter_judge.c: at once, or after the first
 * seconds, once the rate and the programmes are known.
 */
#include "tools/meter/meter_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PENDING_MAX = 250000, FIRST_PENDING = 8192, SILENCE_MS = 1000 };

static const int64_t LEARN_TICKS = INT64_C(3) * METER_TICKS_PER_S;
static const int64_t LEARN_ARRIVAL_NS = INT64_C(5000000000); /* where no clock says enough */

struct meter *meter_create(const struct meter_options *options)
{
    const bool is_sound = options->rate_bps == 0 ||
                          (options->rate_bps >= RATE_MIN_BPS && options->rate_bps <= RATE_MAX_BPS);
    struct meter *meter = is_sound ? calloc(1, sizeof(*meter)) : NULL;
    if (meter == NULL) {
        return NULL;
    }
    meter->options = *options;
    memcpy(meter->board.is_ignored, options->is_ignored, sizeof(options->is_ignored));
    meter->is_learning = true;
    meter_listen(meter);
    meter->sync = sync_scan_create();
    meter->tables = table_watch_create(&meter->listener);
    meter->watch = pid_watch_create(&meter->listener);
    meter->services = service_view_create();
    meter->arrival = arrival_create();
    if (meter->sync == NULL || meter->tables == NULL || meter->watch == NULL ||
        meter->services == NULL || meter->arrival == NULL) {
        meter_destroy(meter);
        return NULL;
    }
    return meter;
}

void meter_destroy(struct meter *meter)
{
    if (meter != NULL) {
        ts_check_destroy(meter->check);
        ts_report_destroy(meter->report);
        sync_scan_destroy(meter->sync);
        table_watch_destroy(meter->tables);
        pid_watch_destroy(meter->watch);
        service_view_destroy(meter->services);
        arrival_destroy(meter->arrival);
        free(meter->pending);
        free(meter);
    }
}

/* Whether what is gathered reaches far enough. */
static bool knows_enough(struct meter *meter)
{
    const int64_t span = meter_span(meter, meter->packet.bytes);
    const int64_t waited_ns = meter->packet.arrival_ns - meter->pending[0].arrival_ns;
    return span >= LEARN_TICKS || meter->pending_count >= PENDING_MAX ||
           (meter->options.is_live && waited_ns >= LEARN_ARRIVAL_NS);
}

static int gather(struct meter *meter)
{
    if (meter->pending_count == meter->pending_room) {
        const size_t room = meter->pending_room > 0 ? 2 * meter->pending_room : FIRST_PENDING;
        struct meter_packet *grown = realloc(meter->pending, room * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        meter->pending = grown;
        meter->pending_room = room;
    }
    meter->pending[meter->pending_count++] = meter->packet;
    return knows_enough(meter) ? meter_begin(meter) : 0;
}

/* Packets, whole or damaged, in the bytes before this one. */
static int64_t sent_before(const struct meter *meter, int64_t offset)
{
    return meter->synced_number + (offset - meter->synced_offset) / meter->stride;
}

static int take(struct meter *meter, const uint8_t *bytes, int64_t arrival_ns)
{
    meter->packet.number = sent_before(meter, sync_scan_offset(meter->sync)) + meter->lost;
    meter->packet.arrival_ns = arrival_ns;
    meter->packet.is_resync = meter->has_lost_sync;
    meter->has_lost_sync = false;
    memcpy(meter->packet.bytes, bytes, TS_SIZE);
    meter->packets++;
    if (meter->is_learning) {
        return gather(meter);
    }
    meter_judge(meter);
    return 0;
}

/* Packets may have another size now. */
static void note_found(struct meter *meter)
{
    const int64_t offset = sync_scan_offset(meter->sync);
    if (meter->has_synced) {
        meter->synced_number = sent_before(meter, offset);
    } else {
        meter->has_synced = true;
        meter->origin = offset;
    }
    meter->synced_offset = offset;
    meter->stride = sync_scan_stride(meter->sync);
}

static int take_all(struct meter *meter, int64_t arrival_ns)
{
    const uint8_t *bytes = NULL;
    for (enum sync_event event; (event = sync_scan_next(meter->sync, &bytes)) != SYNC_MORE;) {
        if (event == SYNC_FOUND) {
            note_found(meter);
        } else if (event == SYNC_LOST) {
            meter->has_lost_sync = true;
            tr_found(&meter->listener, TR_SYNC_LOSS, meter->packet.number + 1, -1,
                     "two sync bytes in a row are wrong");
        } else {
            const int result = take(meter, bytes, arrival_ns);
            if (result < 0) {
                return result;
            }
        }
    }
    return 0;
}

/* Of the packets in so many bytes, without parity or time stamps. */
static int media_bytes(const struct meter *meter, size_t size)
{
    const size_t stride = meter->stride > 0 ? (size_t)meter->stride : TS_SIZE;
    return (int)(size % stride == 0 ? size / stride * TS_SIZE : size);
}

static void note_arrival(struct meter *meter, size_t size, int64_t arrival_ns)
{
    if (meter->first_arrival_ns == 0) {
        meter->first_arrival_ns = arrival_ns;
    }
    if (meter->is_silent) {
        meter->is_silent = false;
        const double pause_s = (double)(arrival_ns - meter->last_arrival_ns) * 1e-9;
        meter->packet.arrival_ns = arrival_ns;
        meter_note(meter, "packets come again after %.1f s", pause_s);
        meter->now += pause_s * METER_TICKS_PER_S;
    }
    meter->last_arrival_ns = arrival_ns;
    arrival_datagram(meter->arrival, arrival_ns);
    mdi_datagram(&meter->mdi, arrival_ns, media_bytes(meter, size));
}

int meter_push(struct meter *meter, const uint8_t *bytes, size_t size, int64_t arrival_ns)
{
    if (meter->options.is_live) {
        note_arrival(meter, size, arrival_ns);
    }
    const int result = sync_scan_push(meter->sync, bytes, size);
    return result < 0 ? result : take_all(meter, arrival_ns);
}

void meter_lost(struct meter *meter, int64_t packets)
{
    meter->has_sequence = true;
    meter->lost += packets;
    mdi_lost(&meter->mdi, packets);
}

/* All that has been gathered; where judging starts over meanwhile, that too. */
static int judge_gathered(struct meter *meter)
{
    int result = 0;
    while (result == 0 && meter->is_learning && meter->pending_count > 0) {
        result = meter_begin(meter);
    }
    if (result < 0) {
        meter_add_gap(meter, TR_SYNC_LOSS, "out of memory");
    }
    return result;
}

int meter_idle(struct meter *meter, int64_t now_ns)
{
    const int64_t silence = now_ns - meter->last_arrival_ns;
    if (meter->first_arrival_ns == 0 || meter->is_silent ||
        silence < (int64_t)SILENCE_MS * 1000000) {
        return 0;
    }
    meter->is_silent = true;
    const int result = judge_gathered(meter);
    meter->packet.arrival_ns = now_ns;
    tr_found(&meter->listener, TR_SYNC_LOSS, meter->packet.number + 1, -1, "no packets for %.1f s",
             (double)silence * 1e-9);
    meter_start_over(meter);
    return result;
}

int meter_finish(struct meter *meter)
{
    sync_scan_end(meter->sync);
    int result = take_all(meter, meter->last_arrival_ns);
    const int judged = judge_gathered(meter);
    result = result < 0 ? result : judged;
    meter->is_finished = true;
    if (!meter->has_synced) {
        meter_add_gap(meter, TR_SYNC_LOSS,
                      "no transport stream: nowhere five sync bytes 188, 192 or 204 bytes apart");
    } else if (meter->check != NULL) {
        meter_end(meter);
        if (sync_scan_left(meter->sync) > 0 && !meter->options.is_live) {
            meter_note(meter, "%zu bytes at the end are no whole packet",
                       sync_scan_left(meter->sync));
        }
    }
    return result;
}

/* What cannot be judged is told once: it stays as long as that holds. */
static void keep_gaps_in_force(struct meter *meter)
{
    int kept = 0;
    for (int i = 0; i < meter->gap_count; i++) {
        if (meter->gaps[i].is_in_force) {
            meter->gaps[kept++] = meter->gaps[i];
        }
    }
    meter->gap_count = kept;
}

void meter_reset(struct meter *meter)
{
    tr_board_reset(&meter->board);
    keep_gaps_in_force(meter);
    mdi_reset(&meter->mdi);
    arrival_reset(meter->arrival);
}

const struct tr_board *meter_board(const struct meter *meter)
{
    return &meter->board;
}

int64_t meter_packets(const struct meter *meter)
{
    return meter->packets;
}

double meter_seconds(const struct meter *meter)
{
    return meter->now / METER_TICKS_PER_S;
}

bool meter_is_learning(const struct meter *meter)
{
    return meter->is_learning;
}

/* A new one, or that of one which no longer holds; NULL: no room. */
static struct meter_gap *free_gap(struct meter *meter)
{
    if (meter->gap_count < METER_GAPS) {
        return &meter->gaps[meter->gap_count++];
    }
    int i = 0;
    while (i < METER_GAPS && meter->gaps[i].is_in_force) {
        i++;
    }
    return i < METER_GAPS ? &meter->gaps[i] : NULL;
}

void meter_add_gap(struct meter *meter, enum tr_indicator indicator, const char *text)
{
    for (int i = 0; i < meter->gap_count; i++) {
        if (strcmp(meter->gaps[i].text, text) == 0) {
            meter->gaps[i].is_in_force = true;
            return;
        }
    }
    struct meter_gap *gap = free_gap(meter);
    if (gap != NULL) {
        gap->indicator = indicator;
        gap->is_in_force = true;
        snprintf(gap->text, sizeof(gap->text), "%s", text);
    }
}

bool meter_has_gaps(const struct meter *meter)
{
    for (int i = 0; i < meter->gap_count; i++) {
        if (!meter->options.is_ignored[meter->gaps[i].indicator]) {
            return true;
        }
    }
    return false;
}
