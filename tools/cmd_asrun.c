/* SPDX-License-Identifier: MIT */
/*
 * ketang asrun: what a channel aired on a day, for the headend.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/reasons_text.h"
#include "scheduler/report/report_document.h"
#include "scheduler/report/report_export.h"
#include "tools/complaint.h"
#include "tools/report_text.h"
#include "tools/station_library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_XML };

struct asrun_request {
    const char *station_path;
    const char *channel;
    const char *day; /* NULL: today */
    enum format format;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang asrun [--station FILE] CHANNEL [--day DATE]\n"
            "                    [--format text|csv|xml]\n"
            "\n"
            "What the channel aired on a day, event by event, to the frame. What stood in for\n"
            "missing or damaged media has a line of its own, below that of the lesson (in CSV\n"
            "and XML: other_frames).\n"
            "\n"
            "  --day DATE         which day (2026-11-23); today when left out\n"
            "  --format FORMAT    text (when nothing is said), csv, xml\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "\n"
            "Examples:\n"
            "  ketang asrun zhangdian\n"
            "  ketang asrun zhangdian --day 2026-11-23 --format xml >asrun.xml\n"),
          out);
}

static int parse_format(const char *name, enum format *format)
{
    static const char *const names[] = {"text", "csv", "xml"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = (enum format)i;
            return 0;
        }
    }
    fprintf(stderr, _("ketang asrun: there is no format '%s'; there are text, csv, xml.\n"), name);
    return -EINVAL;
}

static int parse_options(int argc, char **argv, struct asrun_request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"day", required_argument, NULL, 'd'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    int result = 0;
    for (int option; result == 0 && (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'd':
            request->day = optarg;
            break;
        case 'f':
            result = parse_format(optarg, &request->format);
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (result < 0) {
        return result;
    }
    if (optind + 1 < argc) {
        return complaint_option("asrun", argv[optind + 1], "day");
    }
    if (optind == argc) {
        fprintf(stderr, _("ketang %s: name one channel.\n"), "asrun");
        return -EINVAL;
    }
    request->channel = argv[optind];
    return 0;
}

/* A live source that was not there: the slate was seen, as planned. */
static bool is_live_slate(const struct as_run_record *record)
{
    return record->kind == EVENT_LIVE && record->asset[0] == '\0';
}

static void add_line(struct report_document *document, const struct as_run_line *line)
{
    const struct as_run_record *record = &line->record;
    const char *number = record->house_number != NULL ? record->house_number : "";
    const int64_t sent =
        line->is_interruption ? 0 : as_run_sent_frames(record) - as_run_other_frames(record);
    document_time(document, record->start);
    document_time(document, record->end);
    document_seconds(document, (double)sent / FRAMES_PER_SECOND);
    document_text(document, "%s%s%s",
                  line->is_interruption ? _("interruption") : _(event_kind_name(record->kind)),
                  is_live_slate(record) ? _(", ") : "", is_live_slate(record) ? _("slate") : "");
    document_text(document, "%s", number);
    document_text(document, "%s", record->title != NULL ? record->title : "");
    char reasons[REASONS_TEXT_SIZE];
    reasons_text(record->reason, reasons, sizeof(reasons));
    document_text(document, "%s", reasons);
}

/* What went out in the place of what was planned: filler or slate. */
static void add_other(struct report_document *document, const struct as_run_export *export,
                      const struct as_run_record *record, size_t part)
{
    const char *sha256 = record->parts[part].asset;
    const bool is_slate = sha256[0] == '\0';
    const struct library_asset *asset =
        is_slate || export->library == NULL ? NULL : library_get(export->library, sha256);
    document_time(document, record->parts[part].from);
    document_time(document, as_run_part_end(record, part));
    document_seconds(document, (double)as_run_part_frames(record, part) / FRAMES_PER_SECOND);
    document_text(document, "%s", is_slate ? _("slate") : _("filler"));
    document_text(document, "%s", asset != NULL ? asset->house_number : "");
    document_text(document, "%s", asset != NULL && asset->title != NULL ? asset->title : "");
    document_text(document, _("aired in the line above, instead of %s"),
                  record->house_number != NULL ? record->house_number
                                               : _(event_kind_name(record->kind)));
}

static void add_lines(struct report_document *document, const struct as_run_export *export)
{
    for (size_t i = 0; i < export->lines->count; i++) {
        const struct as_run_line *line = &export->lines->lines[i];
        add_line(document, line);
        for (size_t k = 0; !line->is_interruption && k < line->record.part_count; k++) {
            if (as_run_part_is_other(&line->record, k)) {
                add_other(document, export, &line->record, k);
            }
        }
    }
}

static int print_text(const struct as_run_export *export)
{
    struct report_document document;
    report_document_init(&document, export->zone, export->day->number);
    document_title(&document, _("%s: as-run of %s"), export->channel, export->day->date);
    document_verdict(&document, true, ngettext("%zu record", "%zu records", export->lines->count),
                     export->lines->count);
    document_table(&document, TABLE_SUMMARY, _("Records"));
    document_column(&document, _("From"), 24);
    document_column(&document, _("Until"), 24);
    document_column(&document, _("Sent, s"), 12);
    document_column(&document, _("Kind"), 10);
    document_column(&document, _("House number"), 16);
    document_column(&document, _("Title"), 36);
    document_column(&document, _("Reason"), 36);
    add_lines(&document, export);
    int result = report_document_error(&document);
    if (result == 0) {
        result = report_write_text(stdout, &document);
    }
    report_document_finish(&document);
    return result;
}

static int print_lines(const struct as_run_export *export, enum format format)
{
    int result = 0;
    if (export->lines->damaged > 0) {
        fprintf(stderr,
                ngettext("ketang asrun: %lld damaged line was left out; see ketang verify %s.\n",
                         "ketang asrun: %lld damaged lines were left out; see ketang verify %s.\n",
                         (unsigned long)export->lines->damaged),
                (long long)export->lines->damaged, export->channel);
    }
    if (format == FORMAT_CSV) {
        as_run_export_csv(stdout, export);
    } else if (format == FORMAT_XML) {
        as_run_export_xml(stdout, export);
    } else {
        result = print_text(export);
    }
    return fflush(stdout) != 0 && result == 0 ? -EIO : result;
}

static int export_channel(const struct station *station, const struct asrun_request *request,
                          struct problems *problems)
{
    struct as_run_lines lines = {0};
    struct zone *zone = NULL;
    struct planner *planner = NULL;
    char *folder = station_state_path(station, "asrun", request->channel);
    int result = folder != NULL ? zone_open(station->time_zone, &zone) : -ENOMEM;
    int64_t number = 0;
    if (result == 0) {
        result = complaint_read_date("asrun", zone, request->day, &number);
    }
    if (result == 0 && number > zone_date(zone, time(NULL))) {
        fputs(_("ketang asrun: that day is still to come.\n"), stderr);
        result = -EINVAL;
    }
    if (result == 0) {
        /* Without it stand-ins have no number: the rest of the record holds all the same. */
        (void)station_library_open("ketang asrun", station, &planner);
        const struct report_day day = report_day_make(zone, number);
        const struct as_run_export export = {.channel = request->channel,
                                             .time_zone = station->time_zone,
                                             .zone = zone,
                                             .day = &day,
                                             .lines = &lines,
                                             .library =
                                                 planner != NULL ? planner_library(planner) : NULL};
        result = as_run_lines_load(folder, &day, &lines, problems);
        if (result == 0) {
            result = print_lines(&export, request->format);
        }
    }
    if (result < 0 && result != -EINVAL && problems->errors == 0) {
        fprintf(stderr, _("ketang asrun: %s.\n"), strerror(-result));
    }
    as_run_lines_finish(&lines);
    planner_destroy(planner);
    zone_close(zone);
    free(folder);
    return result;
}

int cmd_asrun(int argc, char **argv)
{
    struct asrun_request request = {.station_path = DEFAULT_STATION, .day = "today"};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("asrun");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int result = station_load(request.station_path, &station, &problems);
    if (result < 0 || !complaint_knows_channel("asrun", station, request.channel)) {
        result = -ENOENT; /* no fault of the command's */
    } else {
        result = export_channel(station, &request, &problems);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    station_destroy(station);
    return result == 0 ? COMMAND_DONE : result == -EINVAL ? COMMAND_USAGE : COMMAND_FAILED;
}
