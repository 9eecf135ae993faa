/* SPDX-License-Identifier: MIT */
/*
 * The packet in hand: through ts_check, whose problems become indicators of
 * TR 101 290, and past the watches, which know the stream's time.
 */
#include "tools/meter/meter_inner.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

enum {
    SWEEP_MS = 100,
    WINDOW_MS = 1000,
    MUTE_MS = 2000, /* buffers after a jump of the clock or of time stamps */
    UNSTEADY = 24,  /* references off the line, less those on it */
    LATE_REFERENCES = 8,
};

static void add(struct meter *meter, const struct tr_event *event)
{
    tr_board_add(&meter->board, event);
}

static struct tr_event event_of(const struct meter *meter, enum tr_indicator indicator,
                                int64_t packet, int pid, const char *text)
{
    struct tr_event event = {
        .indicator = indicator,
        .packet = packet,
        .pid = pid,
        .stream_s = meter->now / METER_TICKS_PER_S,
        .arrival_ns = meter->packet.arrival_ns,
    };
    snprintf(event.text, sizeof(event.text), "%s", text);
    return event;
}

static void mute(struct meter *meter, int pid, double ms)
{
    const double until = meter->now + ms * METER_TICKS_PER_MS;
    if (until > meter->muted_until[pid]) {
        meter->muted_until[pid] = until;
    }
}

/* The streams that go by a clock; all of them where it is not known which. */
static void mute_programme(struct meter *meter, int pcr_pid)
{
    const struct psi *psi = ts_check_psi(meter->check);
    for (int i = 0; i < psi->programme_count; i++) {
        const struct psi_programme *programme = &psi->programmes[i];
        if (pcr_pid >= 0 && programme->pcr_pid != pcr_pid) {
            continue;
        }
        mute(meter, programme->pmt_pid, MUTE_MS);
        for (int k = 0; k < programme->stream_count; k++) {
            mute(meter, programme->streams[k].pid, MUTE_MS);
        }
    }
}

/* A jump of the clock explains what time stamps and buffers do next. */
static void change_time_line(struct meter *meter, int pcr_pid)
{
    const struct psi *psi = ts_check_psi(meter->check);
    mute_programme(meter, pcr_pid);
    for (int i = 0; i < psi->programme_count; i++) {
        const struct psi_programme *programme = &psi->programmes[i];
        for (int k = 0; programme->pcr_pid == pcr_pid && k < programme->stream_count; k++) {
            pid_watch_restamp(meter->watch, programme->streams[k].pid);
        }
    }
}

static void on_found(struct tr_listener *listener, enum tr_indicator indicator, int64_t packet,
                     int pid, const char *text)
{
    struct meter *meter = (struct meter *)((char *)listener - offsetof(struct meter, listener));
    const int64_t where = packet >= 0 ? packet : meter->packet.number;
    const struct tr_event event = event_of(meter, indicator, where, pid, text);
    if (indicator == TR_PTS && pid >= 0) {
        mute(meter, pid, MUTE_MS);
    }
    add(meter, &event);
}

void meter_note(struct meter *meter, const char *format, ...)
{
    char text[TR_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const struct tr_event event = event_of(meter, TR_NOTE, meter->packet.number, -1, text);
    add(meter, &event);
}

/* Problems that have an indicator whatever the PID is. */
static enum tr_indicator indicator_of(enum ts_kind kind)
{
    switch (kind) {
    case TS_SYNC:
        return TR_SYNC_BYTE;
    case TS_TRANSPORT_ERROR:
        return TR_TRANSPORT;
    case TS_CONTINUITY:
        return TR_CONTINUITY;
    case TS_SECTION_CRC:
        return TR_CRC;
    case TS_PCR_INTERVAL:
    case TS_PCR_JUMP:
        return TR_PCR;
    case TS_PCR_VALUE:
        return TR_PCR_ACCURACY;
    case TS_LATE:
    case TS_TB:
    case TS_MB:
    case TS_B:
    case TS_UNDERFLOW:
        return TR_BUFFER;
    case TS_NOT_EMPTY:
        return TR_EMPTY_BUFFER;
    case TS_DELAY:
        return TR_DATA_DELAY;
    default:
        return TR_REMARK;
    }
}

static enum tr_indicator classify(const struct meter *meter, const struct ts_problem *problem)
{
    const bool is_pmt =
        problem->pid >= 0 && psi_is_pmt_pid(ts_check_psi(meter->check), problem->pid);
    if (problem->kind == TS_SECTION_TABLE_ID) {
        return table_watch_indicator(problem->pid, is_pmt);
    }
    if (problem->kind == TS_SCRAMBLED) {
        return problem->pid == 0                 ? TR_PAT
               : is_pmt                          ? TR_PMT
               : pid_watch_has_cat(meter->watch) ? TR_REMARK
                                                 : TR_CAT;
    }
    return indicator_of(problem->kind);
}

static bool is_about_buffers(enum tr_indicator indicator)
{
    return indicator == TR_BUFFER || indicator == TR_EMPTY_BUFFER || indicator == TR_DATA_DELAY;
}

static bool is_muted(const struct meter *meter, enum tr_indicator indicator, int pid)
{
    if (!is_about_buffers(indicator)) {
        return indicator == TR_PCR_ACCURACY && !meter->rate.is_constant;
    }
    return !meter->rate.is_constant || (pid >= 0 && meter->now < meter->muted_until[pid]);
}

/* The watches see to these, with the limits of TR 101 290. */
static bool is_watched(enum ts_kind kind)
{
    return kind == TS_SECTION_INTERVAL || kind == TS_SECTION_GAP || kind == TS_UNREFERENCED_PID ||
           kind == TS_MISSING_PID;
}

static void on_problem(struct ts_listener *listener, const struct ts_problem *problem)
{
    struct meter *meter =
        (struct meter *)((char *)listener - offsetof(struct meter, report_listener));
    if (is_watched(problem->kind)) {
        return;
    }
    const enum tr_indicator indicator = classify(meter, problem);
    if (is_muted(meter, indicator, problem->pid)) {
        return;
    }
    if (problem->kind == TS_PCR_JUMP) {
        change_time_line(meter, problem->pid);
    }
    struct tr_event event = event_of(meter, indicator, meter->first_number + problem->packet,
                                     problem->pid, problem->text);
    event.remark = indicator == TR_REMARK ? problem->kind : TS_SYNC;
    add(meter, &event);
    if (problem->kind == TS_PCR_VALUE && problem->pid == meter->reference_pid &&
        meter->unsteady <= UNSTEADY) {
        meter->unsteady += 2;
    }
}

/* What is not judged for that reason would have counted there. */
static enum tr_indicator gap_of(enum ts_kind kind)
{
    switch (kind) {
    case TS_PROGRAMMES:
        return TR_PMT;
    case TS_SECTION_INTERVAL:
        return TR_SI_REPETITION;
    case TS_SI_CONTENT:
        return TR_SDT;
    case TS_EIT_SCHEDULE:
        return TR_EIT;
    case TS_PCR_INTERVAL:
        return TR_PCR;
    default:
        return TR_BUFFER;
    }
}

static void on_ungraded(struct ts_listener *listener, enum ts_kind kind, const char *text)
{
    struct meter *meter =
        (struct meter *)((char *)listener - offsetof(struct meter, report_listener));
    meter_add_gap(meter, gap_of(kind), text);
}

/* Without a constant rate, time is what the references say, and in between their pace. */
static void keep_time(struct meter *meter, int64_t pcr)
{
    if (meter->has_reference) {
        const int64_t since = stc_difference(pcr, meter->last_reference, STC_WRAP);
        const double said = meter->reference_time + (double)since;
        if (since > 0 && since < METER_TICKS_PER_S) {
            meter->now = fmax(said, meter->now);
        }
    }
    meter->has_reference = true;
    meter->last_reference = pcr;
    meter->reference_time = meter->now;
}

/* A clock that begins when judging without one has begun. */
static void take_late(struct meter *meter, const struct ts_packet *packet)
{
    struct meter_late *late = &meter->late;
    const int64_t since = stc_difference((int64_t)packet->pcr, late->pcr, STC_WRAP);
    const bool goes_on =
        late->count > 0 && late->pid == packet->pid && since > 0 && since < METER_TICKS_PER_S;
    const int next = late->count < LATE_REFERENCES ? late->count + 1 : LATE_REFERENCES;
    *late = (struct meter_late){packet->pid, (int64_t)packet->pcr, goes_on ? next : 1};
}

static void on_packet(struct ts_tap *tap, const struct ts_packet *packet)
{
    struct meter *meter = (struct meter *)((char *)tap - offsetof(struct meter, tap));
    if (packet->pid == TS_NULL_PID) {
        return;
    }
    if (!meter->has_sequence) {
        mdi_lost(&meter->mdi, packet->missing);
    }
    if (packet->has_pcr && !meter->has_rate) {
        take_late(meter, packet);
    }
    if (packet->has_pcr && packet->has_discontinuity) {
        change_time_line(meter, packet->pid);
    }
    if (packet->has_pcr && packet->pid == meter->reference_pid) {
        if (!meter->rate.is_constant) {
            keep_time(meter, (int64_t)packet->pcr);
        }
        if (meter->options.is_live) {
            arrival_pcr(meter->arrival, (int64_t)packet->pcr, meter->packet.arrival_ns);
        }
        meter->unsteady -= meter->unsteady > 0 ? 1 : 0;
    }
    if (packet->has_pcr) {
        /* Whether its clock jumps must be known before its time stamp is judged. */
        meter->postponed = *packet;
        meter->has_postponed = true;
    } else {
        pid_watch_packet(meter->watch, packet, meter->packet.number, (int64_t)meter->now);
    }
}

static void on_section(struct ts_tap *tap, const struct section *section)
{
    struct meter *meter = (struct meter *)((char *)tap - offsetof(struct meter, tap));
    struct section located = *section;
    const double per_byte = meter->ticks_per_packet / TS_SIZE;
    const int64_t base = (meter->packet.number - meter->first_number) * TS_SIZE;
    const double start = meter->now + (double)(section->first_byte - base) * per_byte;
    const double end = meter->now + (double)(section->end_byte - base) * per_byte;
    located.packet = meter->packet.number;
    table_watch_section(meter->tables, &located, (int64_t)start, (int64_t)end);
    pid_watch_section(meter->watch, section);
    service_view_take(meter->services, section);
}

void meter_listen(struct meter *meter)
{
    meter->report_listener = (struct ts_listener){on_problem, on_ungraded};
    meter->tap = (struct ts_tap){on_packet, on_section};
    meter->listener = (struct tr_listener){on_found};
}

static void count_packet(struct meter *meter)
{
    const uint8_t *bytes = meter->packet.bytes;
    struct meter_pid *pid = &meter->pids[(bytes[1] & 0x1f) << 8 | bytes[2]];
    pid->packets++;
    pid->window++;
    if (meter->now < meter->next_window) {
        return;
    }
    const double seconds = (meter->now - meter->window_start) / METER_TICKS_PER_S;
    for (int i = 0; i < TS_PIDS; i++) {
        meter->pids[i].bps = seconds > 0 ? (double)meter->pids[i].window * 1504 / seconds : 0;
        meter->pids[i].window = 0;
    }
    meter->window_start = meter->now;
    meter->next_window = meter->now + (double)WINDOW_MS * METER_TICKS_PER_MS;
}

/* Some times a second. */
static void sweep(struct meter *meter)
{
    const struct psi *psi = ts_check_psi(meter->check);
    meter->next_sweep = meter->now + (double)SWEEP_MS * METER_TICKS_PER_MS;
    if (!meter->has_rate) {
        return; /* there is no time to judge by */
    }
    table_watch_sweep(meter->tables, psi, (int64_t)meter->now);
    pid_watch_sweep(meter->watch, psi, (int64_t)meter->now);
}

static void skip_missing(struct meter *meter)
{
    const int64_t missing = meter->packet.number - meter->next_number;
    meter->now += (double)missing * meter->ticks_per_packet;
    if (meter->packet.is_resync) {
        ts_check_resync(meter->check, missing);
        mute_programme(meter, -1);
    } else if (missing > 0) {
        ts_check_skip(meter->check, missing);
        mute_programme(meter, -1);
    }
}

/* Starting over reads all ahead that waits: only now and then, or it would never end. */
static bool may_start_over(const struct meter *meter)
{
    return !meter->has_started_over ||
           (meter->now >= meter->calm_from && meter->judged >= (int64_t)meter->learned);
}

static void follow_changes(struct meter *meter)
{
    const bool has_changed = ts_check_has_changed(meter->check);
    const bool is_unsteady = meter->unsteady > UNSTEADY && meter->options.rate_bps == 0;
    const bool has_clock = meter->late.count == LATE_REFERENCES;
    if (!has_changed && !is_unsteady && !has_clock) {
        return;
    }
    if (may_start_over(meter)) {
        meter_note(meter, "%s",
                   has_changed   ? "the programmes have changed"
                   : is_unsteady ? "the rate has changed"
                                 : "clock references have come");
        meter_start_over(meter);
        meter->has_started_over = true;
    } else if (has_changed && !meter->is_restless) {
        meter->is_restless = true;
        tr_found(&meter->listener, TR_PMT, -1, -1,
                 "the programmes have changed again within a few seconds");
    }
}

void meter_judge(struct meter *meter)
{
    meter->judged++;
    skip_missing(meter);
    meter->next_number = meter->packet.number + 1;
    ts_check_packet(meter->check, meter->packet.bytes);
    if (meter->has_postponed) {
        meter->has_postponed = false;
        pid_watch_packet(meter->watch, &meter->postponed, meter->packet.number,
                         (int64_t)meter->now);
    }
    meter->now += meter->ticks_per_packet;
    count_packet(meter);
    if (meter->now < meter->next_sweep) {
        return;
    }
    sweep(meter);
    follow_changes(meter);
}
