/* SPDX-License-Identifier: MIT */
/*
 * ketang report: the report of a day or a week, to read, to print, to send.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/report/report_formats.h"
#include "scheduler/report/report_weekly.h"
#include "scheduler/when.h"
#include "tools/complaint.h"
#include "tools/report_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_XLSX, FORMAT_HTML };

enum { CHANNELS_MOST = 256 };

struct report_request {
    const char *station_path;
    const char *day;    /* NULL: yesterday */
    const char *week;   /* NULL: a day is reported */
    const char *output; /* NULL: standard output */
    enum format format;
    const char *channels[CHANNELS_MOST]; /* none: all */
    size_t channel_count;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang report [--station FILE] [--day DATE | --week WEEK]\n"
            "                     [--channel NAME]… [--format text|csv|xlsx|html] [-o FILE]\n"
            "\n"
            "The daily report: what was planned and what aired, off air (停播), wrong content\n"
            "(错播) and unplanned filler (垫播) in seconds, every incident; the nil report\n"
            "(零报告) when there was none. Or the counts of a week.\n"
            "\n"
            "  --day DATE         which day (2026-11-23, today); yesterday when left out\n"
            "  --week WEEK        this, last, or a day of it (2026-11-23)\n"
            "  --channel NAME     this channel alone; may be given several times\n"
            "  --format FORMAT    text (when nothing is said), csv, xlsx, html\n"
            "  -o, --output FILE  where to; .xlsx needs it\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "\n"
            "Examples:\n"
            "  ketang report --day 2026-11-23 --format html -o report.html\n"
            "  ketang report --week 2026-11-23 --channel zhangdian\n"),
          out);
}

static int parse_format(const char *name, enum format *format)
{
    static const char *const names[] = {"text", "csv", "xlsx", "html"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = (enum format)i;
            return 0;
        }
    }
    fprintf(stderr, _("ketang report: there is no format '%s'; there are text, csv, xlsx, html.\n"),
            name);
    return -EINVAL;
}

static int check_request(const struct report_request *request)
{
    if (request->day != NULL && request->week != NULL) {
        fputs(_("ketang report: give a day or a week, not both.\n"), stderr);
        return -EINVAL;
    }
    if (request->format == FORMAT_XLSX && request->output == NULL) {
        fputs(_("ketang report: say where the .xlsx goes, by -o FILE.\n"), stderr);
        return -EINVAL;
    }
    return 0;
}

static int add_channel(struct report_request *request, const char *name)
{
    if (request->channel_count == CHANNELS_MOST) {
        fputs(_("ketang report: these are too many channels.\n"), stderr);
        return -EINVAL;
    }
    request->channels[request->channel_count++] = name;
    return 0;
}

static int parse_options(int argc, char **argv, struct report_request *request)
{
    static const struct option options[] = {
        {"station", required_argument, NULL, 's'}, {"day", required_argument, NULL, 'd'},
        {"week", required_argument, NULL, 'w'},    {"channel", required_argument, NULL, 'c'},
        {"format", required_argument, NULL, 'f'},  {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},          {0}};
    int result = 0;
    for (int option; result == 0 && (option = options_next(argc, argv, "ho:", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'd':
            request->day = optarg;
            break;
        case 'w':
            request->week = optarg;
            break;
        case 'c':
            result = add_channel(request, optarg);
            break;
        case 'f':
            result = parse_format(optarg, &request->format);
            break;
        case 'o':
            request->output = optarg;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (result == 0) {
        result = complaint_stray("report", argc, argv, optind);
    }
    return result < 0 ? result : check_request(request);
}

/* --- Loading ------------------------------------------------------------------------ */

static bool is_wanted(const struct report_request *request, const char *name)
{
    for (size_t i = 0; i < request->channel_count; i++) {
        if (strcmp(request->channels[i], name) == 0) {
            return true;
        }
    }
    return request->channel_count == 0;
}

static int make_daily(const struct report_source *source, const struct report_request *request,
                      const struct report_day *day, struct report_document *document,
                      struct problems *problems)
{
    const size_t most = station_service_count(source->station);
    struct channel_day *channels = calloc(most + 1, sizeof(channels[0]));
    size_t count = 0;
    int result = channels != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; i < most && result == 0; i++) {
        const struct service *service = station_service_at(source->station, i);
        if (is_wanted(request, service->name)) {
            result = channel_day_load(source, service, day, &channels[count], problems);
            count += result == 0;
        }
    }
    if (result == 0) {
        const struct daily_report report = {channels, count};
        report_document_init(document, source->zone, day->number);
        result = report_daily(source, &report, document);
    }
    for (size_t i = 0; i < count; i++) {
        channel_day_finish(&channels[i]);
    }
    free(channels);
    return result;
}

static int add_to_week(const struct report_source *source, const struct service *service,
                       const struct report_day *day, struct weekly_report *weekly,
                       struct problems *problems)
{
    struct channel_day channel = {0};
    int result = channel_day_load(source, service, day, &channel, problems);
    if (result == 0) {
        result = weekly_add(weekly, source, &channel);
    }
    channel_day_finish(&channel);
    return result;
}

static int make_weekly(const struct report_source *source, const struct report_request *request,
                       int64_t monday, struct report_document *document, struct problems *problems)
{
    struct weekly_report weekly = {0};
    int result = 0;
    for (int64_t number = monday; number < monday + DAYS_PER_WEEK && result == 0; number++) {
        const struct report_day day = report_day_make(source->zone, number);
        for (size_t i = 0; i < station_service_count(source->station) && result == 0; i++) {
            const struct service *service = station_service_at(source->station, i);
            if (day.from < source->now && is_wanted(request, service->name)) {
                result = add_to_week(source, service, &day, &weekly, problems);
            }
        }
    }
    if (result == 0) {
        report_document_init(document, source->zone, monday);
        result = report_weekly(source, &weekly, monday, document);
    }
    weekly_finish(&weekly);
    return result;
}

/* --- Writing ------------------------------------------------------------------------ */

static int write_stream(FILE *out, enum format format, const struct report_document *document)
{
    int result = 0;
    if (format == FORMAT_CSV) {
        report_write_csv(out, document);
    } else if (format == FORMAT_HTML) {
        report_write_html(out, document);
    } else {
        result = report_write_text(out, document);
    }
    if (fflush(out) != 0 || ferror(out)) {
        result = result == 0 ? -EIO : result;
    }
    return result;
}

static int write_path(const char *path, enum format format, const struct report_document *document)
{
    if (format == FORMAT_XLSX) {
        return report_write_xlsx(path, document);
    }
    FILE *out = fopen(path, "we");
    if (out == NULL) {
        return -errno;
    }
    const int result = write_stream(out, format, document);
    return fclose(out) != 0 && result == 0 ? -EIO : result;
}

/* A file is whole or not there. */
static int write_file(const char *path, enum format format, const struct report_document *document)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.tmp", path) < 0) {
        return -ENOMEM;
    }
    int result = write_path(temporary, format, document);
    if (result == 0 && rename(temporary, path) < 0) {
        result = -errno;
    }
    if (result < 0) {
        unlink(temporary);
    }
    free(temporary);
    return result;
}

static int write_report(const struct report_request *request, int64_t number,
                        const struct report_document *document)
{
    const char *path = request->output != NULL ? request->output : _("standard output");
    const int result = request->output != NULL
                           ? write_file(request->output, request->format, document)
                           : write_stream(stdout, request->format, document);
    if (result < 0) {
        fprintf(stderr, _("ketang report: %s cannot be written: %s.\n"), path, strerror(-result));
    } else if (request->output != NULL) {
        char date[WHEN_TEXT_SIZE];
        printf(request->week != NULL ? _("The weekly report from %s on is in %s.\n")
                                     : _("The daily report of %s is in %s.\n"),
               when_date_text(number, date), path);
    }
    return result;
}

/* --- The command ---------------------------------------------------------------------- */

static bool knows_channels(const struct station *station, const struct report_request *request)
{
    for (size_t i = 0; i < request->channel_count; i++) {
        if (!complaint_knows_channel("report", station, request->channels[i])) {
            return false;
        }
    }
    return true;
}

/* The day that is asked for, of a week its Monday; false: it cannot be, which has been said. */
static bool read_day(const struct report_source *source, const struct report_request *request,
                     int64_t *number)
{
    const struct report_day today = report_day_at(source->zone, source->now);
    *number = today.number - 1;
    if (request->week != NULL) {
        if (when_week_said(request->week, today.number, number) < 0) {
            fprintf(stderr,
                    _("ketang report: '%s' is no week; write this, last, or a day of it as "
                      "2026-11-23.\n"),
                    request->week);
            return false;
        }
        return true;
    }
    return request->day == NULL ||
           complaint_read_date("report", source->zone, request->day, number) == 0;
}

static int make_report(const struct report_source *source, const struct report_request *request,
                       int64_t number, struct report_document *document, struct problems *problems)
{
    const struct report_day day = report_day_make(source->zone, number);
    return request->week != NULL ? make_weekly(source, request, number, document, problems)
                                 : make_daily(source, request, &day, document, problems);
}

/* Makes it and writes it, or says why not.  A status of the command. */
static int report_day_or_week(const struct report_source *source,
                              const struct report_request *request, struct problems *problems)
{
    struct report_document document = {0};
    int64_t number = 0;
    if (!read_day(source, request, &number)) {
        return COMMAND_USAGE;
    }
    if (number > report_day_at(source->zone, source->now).number) {
        fputs(request->week != NULL
                  ? _("ketang report: that week is still to come; write this, last, or a day of "
                      "it.\n")
                  : _("ketang report: that day is still to come.\n"),
              stderr);
        return COMMAND_FAILED;
    }
    int result = make_report(source, request, number, &document, problems);
    if (result == 0) {
        result = write_report(request, number, &document);
    } else if (problems->errors == 0) {
        fprintf(stderr, _("ketang report: %s.\n"), strerror(-result));
    }
    report_document_finish(&document);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}

static int report_station(const struct station *station, const struct report_request *request,
                          struct problems *problems)
{
    struct report_catalogue catalogue = {0};
    struct zone *zone = NULL;
    int status = COMMAND_FAILED;
    int result = zone_open(station->time_zone, &zone);
    if (result == 0) {
        result = report_catalogue_load(&catalogue, station);
    }
    if (result == 0) {
        const struct report_source source = {.station = station,
                                             .zone = zone,
                                             .catalogue = &catalogue,
                                             .now = (int64_t)time(NULL) * FRAMES_PER_SECOND};
        status = report_day_or_week(&source, request, problems);
    } else {
        fprintf(stderr, _("ketang report: %s.\n"), strerror(-result));
    }
    report_catalogue_finish(&catalogue);
    zone_close(zone);
    return status;
}

int cmd_report(int argc, char **argv)
{
    struct report_request request = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("report");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int status = COMMAND_FAILED;
    if (station_load(request.station_path, &station, &problems) == 0 &&
        knows_channels(station, &request)) {
        status = report_station(station, &request, &problems);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    station_destroy(station);
    return status;
}
