/* SPDX-License-Identifier: MIT */
#include "tools/meter/pcr_scan.h"

#include <math.h>
#include <stdlib.h>

enum {
    TICKS_PER_SECOND = 27000000,
    TICKS_PER_MS = 27000,
    LINE_LIMIT_NS = 500,
    JUMP_MS = 100, /* between two without discontinuity_indicator: TR 101 290, 2.3b */
};

/* The follower: a loop of second order, its time constant some 40 references. */
static const double FOLLOW_PHASE = 0.05;
static const double FOLLOW_PACE = 0.000625;
/* No single reference moves it by more. */
static const double FOLLOW_CLIP_TICKS = 13.5;
/* What is farther off is not jitter but perhaps a new line. */
static const double STEP_TICKS = 270;
/* Two references agree on a line. */
static const double STEP_AGREE_TICKS = 27;
/* Rounding alone does not move the clock that the buffers go by. */
static const int64_t CLOCK_SLACK_TICKS = 2;

static const double NS_PER_TICK = 1000.0 / 27.0;

void pcr_scan_init(struct pcr_scan *scan, int pid, const struct stc *stc, int interval_ms)
{
    *scan = (struct pcr_scan){.stc = *stc, .pid = pid, .interval_ms = interval_ms};
}

static void judge_interval(struct pcr_scan *scan, int64_t byte, int64_t packet,
                           struct ts_report *report)
{
    const int64_t since = byte - scan->last_byte;
    scan->longest_bytes = since > scan->longest_bytes ? since : scan->longest_bytes;
    if (since > stc_bytes_of_ms(scan->stc.rate_bps, scan->interval_ms)) {
        ts_report_problem(report, TS_PCR_INTERVAL, packet, scan->pid,
                          "%.2f ms without a PCR, limit %d", stc_ms(scan->stc.rate_bps, since),
                          scan->interval_ms);
    }
    scan->last_byte = byte;
}

/* Against the line through the first one. */
static void judge_line(struct pcr_scan *scan, const struct ts_packet *packet, int64_t byte,
                       struct ts_report *report)
{
    const int64_t off = stc_difference((int64_t)packet->pcr, stc_value(&scan->stc, byte), STC_WRAP);
    const double off_ns = (double)off * NS_PER_TICK;
    if (off_ns * off_ns > scan->worst_line_ns * scan->worst_line_ns) {
        scan->worst_line_ns = off_ns;
    }
    if (off_ns > LINE_LIMIT_NS || off_ns < -LINE_LIMIT_NS) {
        ts_report_problem(report, TS_PCR_VALUE, packet->index, scan->pid,
                          "%.0f ns off the line of the bit rate, limit %d", off_ns, LINE_LIMIT_NS);
    }
}

/* Against 27 MHz x slot / slots a second, rounded to nearest. */
static void judge_slot(struct pcr_scan *scan, const struct ts_packet *packet,
                       struct ts_report *report)
{
    const uint64_t slot = scan->first_slot + (uint64_t)packet->index;
    const uint64_t rate = (uint64_t)scan->slots_per_second;
    /* slot / rate is below 2^34 for centuries, the rest below 27e6 x rate. */
    const uint64_t rest = slot % rate * TICKS_PER_SECOND;
    const uint64_t whole = slot / rate * TICKS_PER_SECOND + rest / rate;
    const int64_t expected = (int64_t)(whole % (uint64_t)STC_WRAP);
    const int64_t ticks = stc_difference((int64_t)packet->pcr, expected, STC_WRAP);
    const double off_ns = ((double)ticks - (double)(rest % rate) / (double)rate) * NS_PER_TICK;
    if (off_ns * off_ns > scan->worst_slot_ns * scan->worst_slot_ns) {
        scan->worst_slot_ns = off_ns;
    }
    if (off_ns > NS_PER_TICK || off_ns < -NS_PER_TICK) {
        ts_report_problem(report, TS_PCR_VALUE, packet->index, scan->pid,
                          "%.0f ns off the time of its slot, limit 37", off_ns);
    }
}

/* The PCR in ticks ahead of the line. */
static double off_line(const struct pcr_scan *scan, int64_t pcr, int64_t byte)
{
    const double ticks = scan->line_rest + (double)(byte - scan->line_byte) * scan->ticks_per_byte;
    const int64_t whole = llround(ticks);
    const int64_t difference = stc_difference(pcr, scan->line_ticks, STC_WRAP) - whole;
    return (double)stc_difference(difference, 0, STC_WRAP) + ((double)whole - ticks);
}

/* Moves the line by a part of what this reference is off it. */
static void follow(struct pcr_scan *scan, double off, int64_t byte)
{
    const double bytes = (double)(byte - scan->line_byte);
    const double clipped = fmax(-FOLLOW_CLIP_TICKS, fmin(FOLLOW_CLIP_TICKS, off));
    const double ticks = scan->line_rest + bytes * scan->ticks_per_byte + FOLLOW_PHASE * clipped;
    const int64_t whole = llround(ticks);
    if (bytes > 0) {
        scan->ticks_per_byte += FOLLOW_PACE * clipped / bytes;
    }
    scan->line_ticks = (scan->line_ticks + whole) % STC_WRAP;
    scan->line_rest = ticks - (double)whole;
    scan->line_byte = byte;
}

static void set_line(struct pcr_scan *scan, int64_t pcr, int64_t byte)
{
    scan->line_byte = byte;
    scan->line_ticks = pcr;
    scan->line_rest = 0;
    scan->has_step = false;
}

/* The clock of the buffers keeps to the line. */
static void move_clock(struct pcr_scan *scan)
{
    const int64_t off =
        stc_difference(scan->line_ticks, stc_value(&scan->stc, scan->line_byte), STC_WRAP);
    if (off > CLOCK_SLACK_TICKS || off < -CLOCK_SLACK_TICKS) {
        scan->stc.anchor_byte = scan->line_byte;
        scan->stc.anchor_pcr = scan->line_ticks;
    }
}

static bool is_jump(const struct pcr_scan *scan, int64_t pcr)
{
    const int64_t since = scan->has_last ? stc_difference(pcr, scan->last_pcr, STC_WRAP) : 0;
    return since < 0 || since > (int64_t)JUMP_MS * TICKS_PER_MS;
}

/* One that is far off the line: a fault, unless the one before was as far off. */
static void judge_step(struct pcr_scan *scan, const struct ts_packet *packet, int64_t byte,
                       double off, struct ts_report *report)
{
    const int64_t pcr = (int64_t)packet->pcr;
    if (scan->has_step && fabs(off - scan->step) < STEP_AGREE_TICKS) {
        set_line(scan, pcr, byte);
        return;
    }
    if (is_jump(scan, pcr)) {
        ts_report_problem(report, TS_PCR_JUMP, packet->index, scan->pid,
                          "PCR jumps by %.3f ms, no discontinuity_indicator", off / TICKS_PER_MS);
    } else {
        ts_report_problem(report, TS_PCR_VALUE, packet->index, scan->pid,
                          "%.0f ns off its line, limit %d", off * NS_PER_TICK, LINE_LIMIT_NS);
    }
    scan->has_step = true;
    scan->step = off;
}

static void judge_followed(struct pcr_scan *scan, const struct ts_packet *packet, int64_t byte,
                           struct ts_report *report)
{
    const int64_t pcr = (int64_t)packet->pcr;
    const double off = off_line(scan, pcr, byte);
    const bool is_far = fabs(off) > STEP_TICKS;
    if (packet->has_discontinuity ||
        (is_far && scan->is_place_lost && fabs(off) < (double)JUMP_MS * TICKS_PER_MS)) {
        set_line(scan, pcr, byte);
    } else if (is_far) {
        judge_step(scan, packet, byte, off, report);
    } else {
        scan->has_step = false;
        if (fabs(off * NS_PER_TICK) > fabs(scan->worst_line_ns)) {
            scan->worst_line_ns = off * NS_PER_TICK;
        }
        if (fabs(off * NS_PER_TICK) > LINE_LIMIT_NS) {
            ts_report_problem(report, TS_PCR_VALUE, packet->index, scan->pid,
                              "%.0f ns off its line, limit %d", off * NS_PER_TICK, LINE_LIMIT_NS);
        }
        follow(scan, off, byte);
    }
    move_clock(scan);
}

/* Without a constant rate: the stream's time goes from one reference to the next. */
static void judge_unsteady(struct pcr_scan *scan, const struct ts_packet *packet, int64_t byte,
                           struct ts_report *report)
{
    const int64_t pcr = (int64_t)packet->pcr;
    const int64_t since = scan->has_last ? stc_difference(pcr, scan->last_pcr, STC_WRAP) : 0;
    const int64_t limit = (int64_t)scan->interval_ms * TICKS_PER_MS;
    const double expected = (double)(byte - scan->line_byte) * scan->ticks_per_byte;
    if (packet->has_discontinuity || !scan->has_last) {
        scan->has_step = false;
    } else if (scan->has_step && since >= -limit && since <= limit) {
        scan->has_step = false; /* the line that the last one began, or the old one again */
    } else if (since < 0 || (since > 2 * limit && (double)since > 4 * expected)) {
        if (!scan->has_step) {
            ts_report_problem(report, TS_PCR_JUMP, packet->index, scan->pid,
                              "PCR jumps by %.3f ms, no discontinuity_indicator",
                              (double)since / TICKS_PER_MS);
        }
        scan->has_step = !scan->has_step;
    } else if (since > limit) {
        ts_report_problem(report, TS_PCR_INTERVAL, packet->index, scan->pid,
                          "%.2f ms without a PCR, limit %d", (double)since / TICKS_PER_MS,
                          scan->interval_ms);
    }
    set_line(scan, pcr, byte);
    scan->stc.anchor_byte = byte;
    scan->stc.anchor_pcr = pcr;
}

void pcr_scan_lose_place(struct pcr_scan *scan)
{
    scan->is_place_lost = true;
}

static void start_line(struct pcr_scan *scan, int64_t pcr, int64_t byte)
{
    scan->ticks_per_byte = (double)STC_SCALE / (double)scan->stc.rate_bps;
    if (!scan->stc.is_set) {
        scan->stc.is_set = true;
        scan->stc.anchor_byte = byte;
        scan->stc.anchor_pcr = pcr;
    }
    scan->first_stc = scan->stc;
    set_line(scan, pcr, byte);
}

void pcr_scan_packet(struct pcr_scan *scan, const struct ts_packet *packet,
                     struct ts_report *report)
{
    if (packet->is_random_access && !packet->has_pcr) {
        ts_report_problem(report, TS_RANDOM_ACCESS, packet->index, packet->pid,
                          "random_access_indicator on the PCR PID in a packet without PCR");
    }
    if (!packet->has_pcr) {
        return;
    }
    const int64_t byte = packet->first_byte + TS_PCR_BYTES;
    if (scan->count == 0) {
        start_line(scan, (int64_t)packet->pcr, byte);
    }
    if (scan->line == PCR_LINE_NONE) {
        judge_unsteady(scan, packet, byte, report);
        scan->last_byte = byte;
    } else {
        judge_interval(scan, byte, packet->index, report);
    }
    if (scan->line == PCR_LINE_FOLLOW) {
        judge_followed(scan, packet, byte, report);
    } else if (scan->line == PCR_LINE_FIXED) {
        judge_line(scan, packet, byte, report);
    }
    if (scan->slots_per_second > 0) {
        judge_slot(scan, packet, report);
    }
    scan->is_place_lost = false;
    scan->has_last = true;
    scan->last_pcr = (int64_t)packet->pcr;
    scan->count++;
}

void pcr_scan_finish(struct pcr_scan *scan, int64_t end_byte, struct ts_report *report)
{
    if (scan->line != PCR_LINE_NONE) {
        judge_interval(scan, end_byte, end_byte / TS_SIZE, report);
    }
}
