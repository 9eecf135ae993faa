/* SPDX-License-Identifier: MIT */
/*
 * What the first seconds say: rate and clocks; and how judging begins and ends.
 */
#include "tools/meter/meter_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCKS = 64, BITS = TS_SIZE * 8, CALM_S = 5 };

/* Where nothing says what the rate is, packets still have an order. */
static const int64_t NO_RATE_BPS = 10000000;

struct clock_samples {
    int pid;
    size_t count;
    struct rate_sample *samples;
    struct rate_estimate estimate;
    bool has_estimate;
};

static int pid_of(const uint8_t *p)
{
    return (p[1] & 0x1f) << 8 | p[2];
}

int64_t meter_pcr_of(const uint8_t *p)
{
    if (p[0] != 0x47 || (p[1] & 0x80) != 0 || (p[3] & 0x20) == 0 || p[4] < 7 ||
        (p[5] & 0x10) == 0) {
        return -1;
    }
    return ((int64_t)p[6] << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7) * 300 +
           ((p[10] & 1) << 8 | p[11]);
}

int64_t meter_span(struct meter *meter, const uint8_t *packet)
{
    const int64_t pcr = meter_pcr_of(packet);
    const int pid = pid_of(packet);
    if (pcr < 0 || (meter->has_pcr && pid != meter->pcr_pid)) {
        return -1;
    }
    const int64_t span = stc_difference(pcr, meter->first_pcr, STC_WRAP);
    if (!meter->has_pcr || span < 0) { /* the first, or its clock has jumped back */
        meter->has_pcr = true;
        meter->pcr_pid = pid;
        meter->first_pcr = pcr;
        return 0;
    }
    return span;
}

static void drop_check(struct meter *meter)
{
    ts_check_destroy(meter->check);
    ts_report_destroy(meter->report);
    meter->check = NULL;
    meter->report = NULL;
}

void meter_start_over(struct meter *meter)
{
    drop_check(meter);
    meter->is_learning = true;
    meter->pending_count = 0;
    meter->has_pcr = false;
    meter->has_reference = false;
    meter->has_postponed = false;
    arrival_start(meter->arrival);
}

static struct clock_samples *clock_of(struct clock_samples *clocks, int *count, int pid,
                                      size_t room)
{
    for (int i = 0; i < *count; i++) {
        if (clocks[i].pid == pid) {
            return &clocks[i];
        }
    }
    if (*count == CLOCKS) {
        return NULL;
    }
    struct clock_samples *clock = &clocks[*count];
    clock->samples = calloc(room, sizeof(*clock->samples));
    if (clock->samples == NULL) {
        return NULL;
    }
    clock->pid = pid;
    (*count)++;
    return clock;
}

/* The references of every PID in what has been gathered. */
static int collect_clocks(const struct meter *meter, struct clock_samples *clocks)
{
    int count = 0;
    size_t references = 0;
    for (size_t i = 0; i < meter->pending_count; i++) {
        references += meter_pcr_of(meter->pending[i].bytes) >= 0;
    }
    for (size_t i = 0; i < meter->pending_count; i++) {
        const struct meter_packet *packet = &meter->pending[i];
        const int64_t pcr = meter_pcr_of(packet->bytes);
        if (pcr < 0) {
            continue;
        }
        struct clock_samples *clock = clock_of(clocks, &count, pid_of(packet->bytes), references);
        if (clock != NULL) {
            clock->samples[clock->count++] =
                (struct rate_sample){packet->number * TS_SIZE + TS_PCR_BYTES, pcr};
        }
    }
    for (int i = 0; i < count; i++) {
        clocks[i].has_estimate =
            rate_scan(clocks[i].samples, clocks[i].count, &clocks[i].estimate) == 0;
        free(clocks[i].samples);
    }
    return count;
}

/* The clock with the most references is the stream's. */
static void choose_rate(struct meter *meter, const struct clock_samples *clocks, int count)
{
    size_t most = 0;
    meter->has_rate = false;
    meter->reference_pid = -1;
    meter->rate = (struct rate_estimate){.rate_bps = NO_RATE_BPS, .exact_bps = 0};
    for (int i = 0; i < count; i++) {
        if (clocks[i].has_estimate && clocks[i].count > most) {
            most = clocks[i].count;
            meter->has_rate = true;
            meter->reference_pid = clocks[i].pid;
            meter->rate = clocks[i].estimate;
        }
    }
    if (meter->options.rate_bps > 0) {
        meter->has_rate = true;
        meter->rate.is_constant = true;
        meter->rate.rate_bps = meter->options.rate_bps;
        meter->rate.exact_bps = (double)meter->options.rate_bps;
    }
}

static void say_gaps(struct meter *meter)
{
    if (!meter->has_rate) {
        meter_add_gap(meter, TR_PCR,
                      "no rate: fewer than three clock references; "
                      "nothing that needs time is judged");
    } else if (!meter->rate.is_constant) {
        meter_add_gap(meter, TR_PCR_ACCURACY, "PCR accuracy: the bit rate is not constant");
        meter_add_gap(meter, TR_BUFFER, "buffers and delays: the bit rate is not constant");
    }
}

static void set_options(const struct meter *meter, const struct clock_samples *clocks, int count,
                        struct ts_check_options *options)
{
    *options = (struct ts_check_options){
        .rate_bps = meter->rate.rate_bps,
        .pcr_interval_ms = 100,
        .psi_interval_ms = 500,
        .si_interval_ms = 2000,
        .tdt_interval_ms = 30000,
        .nit_interval_ms = 10000,
        .section_gap_ms = 25,
        .follows_clocks = true,
        .is_unsteady = !meter->rate.is_constant,
    };
    for (int i = 0; i < count && meter->options.rate_bps == 0; i++) {
        if (clocks[i].has_estimate && clocks[i].estimate.is_constant) {
            options->clocks[options->clock_count++] =
                (struct ts_clock_rate){clocks[i].pid, clocks[i].estimate.rate_bps};
        }
    }
}

/* The packets that wait, behind each other, for reading ahead. */
static int learn(struct meter *meter)
{
    const size_t count = meter->pending_count;
    uint8_t *bytes = malloc(count * TS_SIZE);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(bytes + i * TS_SIZE, meter->pending[i].bytes, TS_SIZE);
    }
    const int result = ts_check_learn(meter->check, bytes, count);
    free(bytes);
    return result;
}

static int create_check(struct meter *meter)
{
    struct clock_samples clocks[CLOCKS] = {0};
    struct ts_check_options options;
    const int count = collect_clocks(meter, clocks);
    choose_rate(meter, clocks, count);
    set_options(meter, clocks, count, &options);
    meter->report = ts_report_create(NULL, 0);
    if (meter->report == NULL) {
        return -ENOMEM;
    }
    options.tap = &meter->tap;
    meter->check = ts_check_create(&options, meter->report);
    if (meter->check == NULL) {
        return -ENOMEM;
    }
    ts_report_listen(meter->report, &meter->report_listener);
    return learn(meter);
}

/* Judges what has waited; where that ends judging, the rest waits on. */
static void replay(struct meter *meter)
{
    const size_t count = meter->pending_count;
    size_t i = 0;
    for (; i < count && !meter->is_learning; i++) {
        meter->packet = meter->pending[i];
        meter_judge(meter);
    }
    if (meter->is_learning) {
        meter->pending_count = count - i;
        memmove(meter->pending, meter->pending + i, (count - i) * sizeof(*meter->pending));
        for (size_t k = 0; k < meter->pending_count; k++) {
            meter_span(meter, meter->pending[k].bytes); /* their clock goes on */
        }
        return;
    }
    free(meter->pending);
    meter->pending = NULL;
    meter->pending_count = 0;
    meter->pending_room = 0;
}

int meter_begin(struct meter *meter)
{
    const int result = meter->pending_count > 0 ? create_check(meter) : 0;
    if (result < 0) {
        drop_check(meter);
    }
    if (result < 0 || meter->pending_count == 0) {
        return result;
    }
    const double bps = meter->rate.exact_bps > 0 ? meter->rate.exact_bps : (double)NO_RATE_BPS;
    for (int i = 0; i < meter->gap_count; i++) {
        meter->gaps[i].is_in_force = false;
    }
    meter->is_learning = false;
    meter->unsteady = 0;
    meter->late.count = 0;
    meter->is_restless = false;
    meter->judged = 0;
    meter->learned = meter->pending_count;
    meter->calm_from = meter->now + (double)CALM_S * METER_TICKS_PER_S;
    meter->ticks_per_packet = (double)BITS * METER_TICKS_PER_S / bps;
    meter->first_number = meter->pending[0].number;
    meter->next_number = meter->first_number;
    meter->next_sweep = meter->now;
    mdi_start(&meter->mdi, meter->rate.exact_bps);
    table_watch_start(meter->tables, (int64_t)meter->now);
    pid_watch_start(meter->watch, (int64_t)meter->now);
    say_gaps(meter);
    replay(meter);
    return 0;
}

void meter_end(struct meter *meter)
{
    ts_check_finish(meter->check);
}
