/* SPDX-License-Identifier: MIT */
#include "tools/meter/ts_report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 256 };

struct ts_report {
    FILE *out;
    unsigned limit;
    struct ts_listener *listener; /* or NULL */
    uint64_t ungraded;
    uint64_t counts[TS_KIND_COUNT];
    bool ignored[TS_KIND_COUNT];
};

static const char *const NAMES[TS_KIND_COUNT] = {
    [TS_SYNC] = "sync",
    [TS_TRANSPORT_ERROR] = "transport_error",
    [TS_SCRAMBLED] = "scrambled",
    [TS_RESERVED] = "reserved",
    [TS_ADAPTATION] = "adaptation",
    [TS_CONTINUITY] = "continuity",
    [TS_NULL] = "null",
    [TS_DISCONTINUITY] = "discontinuity",
    [TS_RANDOM_ACCESS] = "random_access",
    [TS_UNREFERENCED_PID] = "unreferenced_pid",
    [TS_MISSING_PID] = "missing_pid",
    [TS_SECTION_SYNTAX] = "section_syntax",
    [TS_SECTION_CRC] = "section_crc",
    [TS_SECTION_RESERVED] = "section_reserved",
    [TS_SECTION_TABLE_ID] = "section_table_id",
    [TS_SECTION_INTERVAL] = "section_interval",
    [TS_SECTION_GAP] = "section_gap",
    [TS_SECTION_VERSION] = "section_version",
    [TS_SI_CONTENT] = "si_content",
    [TS_EIT_PF] = "eit_pf",
    [TS_TDT_TIME] = "tdt_time",
    [TS_PCR_INTERVAL] = "pcr_interval",
    [TS_PCR_VALUE] = "pcr_value",
    [TS_PCR_JUMP] = "pcr_jump",
    [TS_PES_SYNTAX] = "pes_syntax",
    [TS_PES_LENGTH] = "pes_length",
    [TS_PES_TIMES] = "pes_times",
    [TS_DTS_STEP] = "dts_step",
    [TS_PTS_STEP] = "pts_step",
    [TS_PTS_ORDER] = "pts_order",
    [TS_ACCESS_UNIT] = "access_unit",
    [TS_PARAMETER_SETS] = "parameter_sets",
    [TS_HOUSE] = "house",
    [TS_LATE] = "late",
    [TS_TB] = "tb_overflow",
    [TS_NOT_EMPTY] = "not_empty",
    [TS_MB] = "mb_overflow",
    [TS_B] = "b_overflow",
    [TS_UNDERFLOW] = "underflow",
    [TS_DELAY] = "delay",
    [TS_SECTION_IDLE] = "section_idle",
    [TS_EIT_SCHEDULE] = "eit_schedule",
    [TS_EIT_EVENT] = "eit_event",
    [TS_PROGRAMMES] = "programmes",
};

struct ts_report *ts_report_create(FILE *out, unsigned limit)
{
    struct ts_report *report = calloc(1, sizeof(*report));
    if (report != NULL) {
        report->out = out;
        report->limit = limit;
    }
    return report;
}

void ts_report_destroy(struct ts_report *report)
{
    free(report);
}

const char *ts_report_name(enum ts_kind kind)
{
    return NAMES[kind];
}

enum ts_kind ts_report_kind(const char *name)
{
    for (int kind = 0; kind < TS_KIND_COUNT; kind++) {
        if (strcmp(name, NAMES[kind]) == 0) {
            return (enum ts_kind)kind;
        }
    }
    return TS_KIND_COUNT;
}

bool ts_report_is_advice(enum ts_kind kind)
{
    return kind == TS_SECTION_IDLE;
}

void ts_report_ignore(struct ts_report *report, enum ts_kind kind)
{
    report->ignored[kind] = true;
}

void ts_report_listen(struct ts_report *report, struct ts_listener *listener)
{
    report->listener = listener;
}

void ts_report_problem(struct ts_report *report, enum ts_kind kind, int64_t packet, int pid,
                       const char *format, ...)
{
    char text[TEXT_SIZE];
    if (report->ignored[kind]) {
        return;
    }
    report->counts[kind]++;
    const bool is_written = report->out != NULL && report->counts[kind] <= report->limit;
    if (!is_written && report->listener == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (report->listener != NULL) {
        const struct ts_problem problem = {kind, packet, pid, text};
        report->listener->problem(report->listener, &problem);
    }
    if (is_written) {
        fprintf(report->out, "packet %" PRId64, packet);
        if (pid >= 0) {
            fprintf(report->out, " pid 0x%04x", (unsigned)pid);
        }
        fprintf(report->out, " %s: %s\n", NAMES[kind], text);
    }
}

static void tell_ungraded(struct ts_report *report, enum ts_kind kind, const char *format,
                          va_list args) __attribute__((format(printf, 3, 0)));

static void tell_ungraded(struct ts_report *report, enum ts_kind kind, const char *format,
                          va_list args)
{
    char text[TEXT_SIZE];
    report->ungraded++;
    vsnprintf(text, sizeof(text), format, args);
    if (report->listener != NULL) {
        report->listener->ungraded(report->listener, kind, text);
    }
    if (report->out != NULL) {
        fprintf(report->out, "cannot be judged: %s\n", text);
    }
}

void ts_report_ungraded(struct ts_report *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell_ungraded(report, TS_B, format, args);
    va_end(args);
}

void ts_report_ungraded_kind(struct ts_report *report, enum ts_kind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell_ungraded(report, kind, format, args);
    va_end(args);
}

uint64_t ts_report_count(const struct ts_report *report, enum ts_kind kind)
{
    return report->counts[kind];
}

uint64_t ts_report_total(const struct ts_report *report)
{
    uint64_t total = 0;
    for (int kind = 0; kind < TS_KIND_COUNT; kind++) {
        total += ts_report_is_advice((enum ts_kind)kind) ? 0 : report->counts[kind];
    }
    return total;
}

uint64_t ts_report_ungraded_count(const struct ts_report *report)
{
    return report->ungraded;
}
