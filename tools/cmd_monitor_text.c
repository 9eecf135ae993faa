/* SPDX-License-Identifier: MIT */
#include "tools/cmd_monitor.h"

#include "playout/intl.h"
#include "tools/summary.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* In the order of enum tr_indicator. */
static const char *const WORDS[TR_INDICATORS] = {
    N_("synchronisation"),
    N_("sync bytes"),
    N_("programme association table"),
    N_("continuity: lost, doubled or swapped packets"),
    N_("programme map tables"),
    N_("streams that stay away"),
    N_("packets marked as damaged"),
    N_("checksums of tables"),
    N_("clock references: too seldom, or jumps"),
    N_("clock references: accuracy"),
    N_("time stamps of sound and picture"),
    N_("scrambling without its table"),
    N_("network information table"),
    N_("repetition of other tables"),
    N_("decoder buffers"),
    N_("streams that no table names"),
    N_("service description table"),
    N_("event information tables"),
    N_("running status table"),
    N_("time and date table"),
    N_("decoder buffers that never empty"),
    N_("data that waits too long"),
};

const char *monitor_indicator(const char *id)
{
    const enum tr_indicator indicator = tr_find(id);
    return indicator < TR_INDICATORS ? _(WORDS[indicator]) : "";
}

void monitor_print_address_hint(FILE *out, const char *address)
{
    fprintf(out,
            _("ketang monitor: '%s' is no address of a stream. Write udp://ADDRESS:PORT or "
              "rtp://ADDRESS:PORT, and behind it ?localaddr=ADDRESS or ?interface=NAME where "
              "a group is to be joined there.\n"),
            address);
}

static void print_when(FILE *out, const struct tr_event *event)
{
    if (event->arrival_ns > 0) {
        const time_t seconds = (time_t)(event->arrival_ns / 1000000000);
        struct tm local;
        localtime_r(&seconds, &local);
        fprintf(out, "%02d:%02d:%02d.%03d", local.tm_hour, local.tm_min, local.tm_sec,
                (int)(event->arrival_ns / 1000000 % 1000));
    } else {
        fprintf(out, "%.3f s", event->stream_s);
    }
}

static void print_event(FILE *out, const struct tr_event *event)
{
    print_when(out, event);
    if (event->indicator < TR_INDICATORS) {
        fprintf(out, "  %s %s", tr_id(event->indicator), tr_name(event->indicator));
    }
    fprintf(out, _("  packet %" PRId64), event->packet);
    if (event->pid >= 0) {
        fprintf(out, "  PID 0x%04x", (unsigned)event->pid);
    }
    fprintf(out, "  %s\n", event->text);
}

void monitor_print_events(FILE *out, const struct tr_board *board, uint64_t *shown)
{
    if (*shown > board->recent_count) {
        *shown = 0; /* counting has begun anew */
    }
    if (board->recent_count - *shown > TR_RECENT_EVENTS) {
        const uint64_t missed = board->recent_count - TR_RECENT_EVENTS - *shown;
        fprintf(out,
                ngettext("... %" PRIu64 " event more\n", "... %" PRIu64 " events more\n",
                         (unsigned long)missed),
                missed);
        *shown += missed;
    }
    for (; *shown < board->recent_count; (*shown)++) {
        print_event(out, &board->recent[*shown % TR_RECENT_EVENTS]);
    }
    fflush(out);
}

static void print_rate(FILE *out, const json_t *summary)
{
    const json_t *rate = json_object_get(summary, "rate");
    fprintf(out, _("%" PRId64 " packets, %.3f s"), summary_integer(summary, "packets"),
            summary_number(summary, "seconds"));
    if (json_is_object(rate)) {
        fprintf(out,
                json_is_true(json_object_get(rate, "constant"))
                    ? _(", %.6f Mb/s")
                    : _(", about %.3f Mb/s, not constant"),
                summary_number(rate, "exact_bps") / 1e6);
    }
    fputc('\n', out);
}

static void print_services(FILE *out, const json_t *services)
{
    size_t i = 0;
    const json_t *service = NULL;
    json_array_foreach(services, i, service)
    {
        const json_t *now = json_object_get(service, "now");
        const json_t *next = json_object_get(service, "next");
        fprintf(out, _("service %" PRId64 " %s"), summary_integer(service, "service_id"),
                summary_text(service, "name"));
        if (json_is_object(now)) {
            fprintf(out, _(", now: %s"), summary_text(now, "name"));
        }
        if (json_is_object(next)) {
            fprintf(out, _(", next: %s"), summary_text(next, "name"));
        }
        fputc('\n', out);
    }
}

static void print_streams(FILE *out, const json_t *summary)
{
    size_t i = 0;
    const json_t *pid = NULL;
    json_array_foreach(json_object_get(summary, "pids"), i, pid)
    {
        fprintf(out, "  0x%04x  %-14s %9.3f kb/s  %5.2f %%\n",
                (unsigned)summary_integer(pid, "pid"), summary_text(pid, "what"),
                summary_number(pid, "mean_bps") / 1e3, summary_number(pid, "share") * 100);
    }
    const json_t *stream = NULL;
    json_array_foreach(json_object_get(summary, "streams"), i, stream)
    {
        if (json_object_get(stream, "tb_size") != NULL) {
            fprintf(out,
                    _("  0x%04x  buffers, most of their size: TB %" PRId64 "/%" PRId64
                      ", MB %" PRId64 "/%" PRId64 ", B %" PRId64 "/%" PRId64 "\n"),
                    (unsigned)summary_integer(stream, "pid"), summary_integer(stream, "tb_peak"),
                    summary_integer(stream, "tb_size"), summary_integer(stream, "mb_peak"),
                    summary_integer(stream, "mb_size"), summary_integer(stream, "b_peak"),
                    summary_integer(stream, "b_size"));
        }
    }
}

static void print_input(FILE *out, const json_t *summary)
{
    const int64_t dropped = summary_integer(json_object_get(summary, "input"), "dropped_here");
    const int64_t foreign = summary_integer(json_object_get(summary, "input"), "foreign");
    if (foreign > 0) {
        fprintf(out,
                ngettext("%" PRId64 " datagram of something else came too, and was left out.\n",
                         "%" PRId64 " datagrams of something else came too, and were left out.\n",
                         (unsigned long)foreign),
                foreign);
    }
    if (dropped > 0) {
        fprintf(out,
                ngettext("%" PRId64 " datagram found no room on this machine: what is missing may "
                         "have been lost here.\n",
                         "%" PRId64 " datagrams found no room on this machine: what is missing may "
                         "have been lost here.\n",
                         (unsigned long)dropped),
                dropped);
    }
}

static void print_wire(FILE *out, const json_t *summary)
{
    const json_t *arrival = json_object_get(summary, "arrival");
    const json_t *mdi = json_object_get(summary, "mdi");
    if (json_object_get(arrival, "jitter_p50_us") != NULL) {
        fprintf(out,
                _("clock against arrival: half within %.1f us, 99 %% within %.1f us, peak to peak "
                  "%.1f us, drift %.2f ppm\n"),
                summary_number(arrival, "jitter_p50_us"), summary_number(arrival, "jitter_p99_us"),
                summary_number(arrival, "jitter_peak_us"), summary_number(arrival, "drift_ppm"));
    }
    if (mdi != NULL) {
        fprintf(out, _("media delivery index, worst second: %.3f ms, %" PRId64 " packets lost\n"),
                summary_number(mdi, "worst_df_ms"), summary_integer(mdi, "worst_mlr"));
    }
}

static void print_counts(FILE *out, const json_t *summary)
{
    size_t i = 0;
    const json_t *indicator = NULL;
    json_array_foreach(json_object_get(summary, "indicators"), i, indicator)
    {
        const int64_t count = summary_integer(indicator, "count");
        if (count > 0) {
            const char *id = summary_text(indicator, "id");
            fprintf(out, "%4s %-24s %6" PRId64 "  %s\n", id, summary_text(indicator, "name"), count,
                    monitor_indicator(id));
        }
    }
    const json_t *gap = NULL;
    json_array_foreach(json_object_get(summary, "not_judged"), i, gap)
    {
        fprintf(out, _("not judged: %s\n"), summary_text(gap, "text"));
    }
}

void monitor_print_summary(FILE *out, const json_t *summary)
{
    const json_t *errors = json_object_get(summary, "errors");
    print_rate(out, summary);
    print_services(out, json_object_get(summary, "services"));
    print_streams(out, summary);
    print_wire(out, summary);
    print_input(out, summary);
    print_counts(out, summary);
    fprintf(out, _("errors of priority 1: %" PRId64 ", 2: %" PRId64 ", 3: %" PRId64 "\n"),
            (int64_t)json_integer_value(json_array_get(errors, 0)),
            (int64_t)json_integer_value(json_array_get(errors, 1)),
            (int64_t)json_integer_value(json_array_get(errors, 2)));
}
