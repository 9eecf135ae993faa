/* SPDX-License-Identifier: MIT */
#include "tools/meter/pcr_scan.h"

#include <stdlib.h>

enum { TICKS_PER_SECOND = 27000000, LINE_LIMIT_NS = 500 };

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
    if (!scan->stc.is_set) {
        scan->stc.is_set = true;
        scan->stc.anchor_byte = byte;
        scan->stc.anchor_pcr = (int64_t)packet->pcr;
    }
    judge_interval(scan, byte, packet->index, report);
    judge_line(scan, packet, byte, report);
    if (scan->slots_per_second > 0) {
        judge_slot(scan, packet, report);
    }
    scan->count++;
}

void pcr_scan_finish(struct pcr_scan *scan, int64_t end_byte, struct ts_report *report)
{
    judge_interval(scan, end_byte, end_byte / TS_SIZE, report);
}
