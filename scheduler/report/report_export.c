/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_export.h"

#include "playout/station.h"
#include "scheduler/markup.h"
#include "scheduler/report/report_formats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *iso_time(const struct zone *zone, int64_t frame, char text[ISO_TIME_SIZE])
{
    struct civil civil;
    zone_to_civil(zone, frame / FRAMES_PER_SECOND, &civil);
    const int minutes = abs(civil.offset) / 60;
    snprintf(text, ISO_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d", civil.year,
             civil.month, civil.day, civil.hour, civil.minute, civil.second,
             (int)(frame % FRAMES_PER_SECOND) * (1000 / FRAMES_PER_SECOND),
             civil.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text;
}

static int64_t lower(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t higher(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Frames of [from, to) that two lists have in common. */
static int64_t common_frames(const struct frame_spans *a, const struct frame_spans *b, int64_t from,
                             int64_t to)
{
    int64_t total = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        const struct frame_span *x = &a->items[i];
        const struct frame_span *y = &b->items[k];
        const int64_t begin = higher(from, higher(x->from, y->from));
        const int64_t end = lower(to, lower(x->to, y->to));
        total += end > begin ? end - begin : 0;
        if (x->to <= y->to) {
            i++;
        } else {
            k++;
        }
    }
    return total;
}

static int64_t sent_frames(const struct as_run_record *record, int64_t from, int64_t to)
{
    const struct frame_spans *off = &record->interrupted;
    const struct frame_spans *muted = &record->muted;
    return to - from - common_frames(off, off, from, to) - common_frames(muted, muted, from, to) +
           common_frames(off, muted, from, to);
}

int64_t as_run_sent_frames(const struct as_run_record *record)
{
    return sent_frames(record, record->start, record->end);
}

int64_t as_run_part_end(const struct as_run_record *record, size_t part)
{
    return part + 1 < record->part_count ? record->parts[part + 1].from : record->end;
}

int64_t as_run_part_frames(const struct as_run_record *record, size_t part)
{
    return sent_frames(record, record->parts[part].from, as_run_part_end(record, part));
}

bool as_run_part_is_other(const struct as_run_record *record, size_t part)
{
    return strcmp(record->parts[part].asset, record->asset) != 0;
}

int64_t as_run_other_frames(const struct as_run_record *record)
{
    int64_t total = 0;
    for (size_t i = 0; i < record->part_count; i++) {
        total += as_run_part_is_other(record, i) ? as_run_part_frames(record, i) : 0;
    }
    return total;
}

static const char *number_of(const struct as_run_export *export, const char *asset)
{
    const struct library_asset *found =
        export->library != NULL && asset[0] != '\0' ? library_get(export->library, asset) : NULL;
    return found != NULL ? found->house_number : NULL;
}

/* What stood in, each once in a row: "FILL-01 slate". */
static void name_others(const struct as_run_export *export, const struct as_run_record *record,
                        char *text, size_t size)
{
    const char *last = NULL;
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < record->part_count && length < size; i++) {
        const char *asset = record->parts[i].asset;
        if (as_run_part_is_other(record, i) && (last == NULL || strcmp(last, asset) != 0)) {
            const char *number = number_of(export, asset);
            length += (size_t)snprintf(text + length, size - length, "%s%s", length > 0 ? " " : "",
                                       number != NULL     ? number
                                       : asset[0] == '\0' ? "slate"
                                                          : asset);
            last = asset;
        }
    }
}

/* --- CSV ------------------------------------------------------------------------------ */

static void write_field(FILE *out, const char *text)
{
    report_write_csv_field(out, text != NULL ? text : "");
    fputc(',', out);
}

static void write_time(FILE *out, const struct as_run_export *export, int64_t frame)
{
    char text[ISO_TIME_SIZE];
    fprintf(out, "%s,", iso_time(export->zone, frame, text));
}

static void write_csv_line(FILE *out, const struct as_run_export *export,
                           const struct as_run_line *line)
{
    const struct as_run_record *record = &line->record;
    char others[512];
    if (line->is_interruption) {
        fputs("0,interruption,,,,,,", out);
        write_time(out, export, record->start);
        write_time(out, export, record->end);
        fprintf(out, "0,%" PRId64 ",0,,,0,\r\n", record->end - record->start);
        return;
    }
    fprintf(out, "%" PRId64 ",%s,", record->seq, event_kind_name(record->kind));
    write_field(out, record->house_number);
    write_field(out, record->title);
    write_field(out, record->instead_of);
    write_time(out, export, record->planned_start);
    fprintf(out, "%" PRId64 ",", record->planned_duration);
    write_time(out, export, record->start);
    write_time(out, export, record->end);
    fprintf(out, "%" PRId64 ",%" PRId64 ",%" PRId64 ",", as_run_sent_frames(record),
            frame_spans_total(&record->interrupted), frame_spans_total(&record->muted));
    fprintf(out, "%s,", record->asset);
    write_field(out, record->reason);
    fprintf(out, "%" PRId64 ",", as_run_other_frames(record));
    name_others(export, record, others, sizeof(others));
    report_write_csv_field(out, others);
    fputs("\r\n", out);
}

void as_run_export_csv(FILE *out, const struct as_run_export *export)
{
    fputs("\xef\xbb\xbfseq,kind,house_number,title,instead_of,planned_start,planned_frames,start,"
          "end,sent_frames,off_air_frames,muted_frames,asset,reason,other_frames,others\r\n",
          out);
    for (size_t i = 0; i < export->lines->count; i++) {
        write_csv_line(out, export, &export->lines->lines[i]);
    }
}

/* --- XML ------------------------------------------------------------------------------ */

static void write_attribute(FILE *out, const char *name, const char *text)
{
    if (text != NULL) {
        fprintf(out, " %s=\"", name);
        markup_text(out, text);
        fputc('"', out);
    }
}

static void write_moment(FILE *out, const struct as_run_export *export, const char *name,
                         int64_t frame)
{
    char text[ISO_TIME_SIZE];
    write_attribute(out, name, iso_time(export->zone, frame, text));
}

static void write_span(FILE *out, const struct as_run_export *export, const char *element,
                       const struct frame_span *span)
{
    fprintf(out, "%s", element);
    write_moment(out, export, "from", span->from);
    write_moment(out, export, "to", span->to);
    fputs("/>\n", out);
}

static void write_parts(FILE *out, const struct as_run_export *export,
                        const struct as_run_record *record)
{
    for (size_t i = 0; i < record->part_count; i++) {
        fputs("    <aired", out);
        write_attribute(out, "asset", record->parts[i].asset);
        write_attribute(out, "house_number", number_of(export, record->parts[i].asset));
        write_moment(out, export, "from", record->parts[i].from);
        fputs("/>\n", out);
    }
    for (size_t i = 0; i < record->interrupted.count; i++) {
        write_span(out, export, "    <off_air", &record->interrupted.items[i]);
    }
    for (size_t i = 0; i < record->muted.count; i++) {
        write_span(out, export, "    <muted", &record->muted.items[i]);
    }
}

static void write_event(FILE *out, const struct as_run_export *export,
                        const struct as_run_record *record)
{
    fputs("  <event", out);
    if (record->seq != 0) {
        fprintf(out, " seq=\"%" PRId64 "\"", record->seq);
    }
    write_attribute(out, "kind", event_kind_name(record->kind));
    write_attribute(out, "house_number", record->house_number);
    write_attribute(out, "title", record->title);
    write_attribute(out, "instead_of", record->instead_of);
    write_moment(out, export, "planned_start", record->planned_start);
    fprintf(out, " planned_frames=\"%" PRId64 "\"", record->planned_duration);
    write_moment(out, export, "start", record->start);
    write_moment(out, export, "end", record->end);
    fprintf(out, " frames=\"%" PRId64 "\"", as_run_sent_frames(record));
    fprintf(out, " other_frames=\"%" PRId64 "\"", as_run_other_frames(record));
    write_attribute(out, "asset", record->asset);
    write_attribute(out, "reason", record->reason);
    fputs(">\n", out);
    write_parts(out, export, record);
    fputs("  </event>\n", out);
}

void as_run_export_xml(FILE *out, const struct as_run_export *export)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<asrun", out);
    write_attribute(out, "channel", export->channel);
    write_attribute(out, "date", export->day->date);
    write_attribute(out, "zone", export->time_zone);
    fputs(">\n", out);
    for (size_t i = 0; i < export->lines->count; i++) {
        const struct as_run_record *record = &export->lines->lines[i].record;
        if (export->lines->lines[i].is_interruption) {
            const struct frame_span span = {record->start, record->end};
            write_span(out, export, "  <interruption", &span);
        } else {
            write_event(out, export, record);
        }
    }
    fputs("</asrun>\n", out);
}
