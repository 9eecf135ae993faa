/* SPDX-License-Identifier: MIT */
/*
 * ketang ready: the readiness board: what the coming slots need, and whether
 * it is there.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/zone.h"
#include "scheduler/planner.h"
#include "scheduler/planner_ready.h"
#include "scheduler/ready_text.h"
#include "scheduler/when.h"
#include "tools/civil_time.h"
#include "tools/complaint.h"
#include "tools/ready_stages.h"
#include "tools/ready_table.h"
#include "tools/running_socket.h"
#include "tools/scheduler_status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAYS = 7, DAYS_MOST = 92, MISSING_SHOWN = 2 };

#define DAY_MS 86400000LL

struct ready_request {
    const char *station_path;
    const char *channel; /* NULL: all */
    const char *now;     /* NULL: now */
    int days;            /* 0: not said */
    bool is_missing_only;
    bool is_plain;
    bool is_json;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang ready [--station FILE] [CHANNEL] [--days N] [--missing]\n"
            "                    [--plain | --json] [--now TIME]\n"
            "\n"
            "The readiness board, of every channel or of one: what the coming slots need, and\n"
            "whether it is there, is approved, and came in time; what airs instead where it\n"
            "is not.\n"
            "\n"
            "  --days N           so many days ahead (7)\n"
            "  --channel CHANNEL  the same as CHANNEL alone\n"
            "  --missing          only what is not ready; the table shows today and tomorrow,\n"
            "                     unless --days says how many days\n"
            "  --plain            house numbers alone, one a line, the soonest first\n"
            "  --json             everything, for programs\n"
            "  --now TIME         as if it were that time: 2026-11-30T07:55\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "\n"
            "Late is a file that came after the cutoff; one that has not come is missing.\n"
            "A channel whose timetable cannot be read is named below the table, with the\n"
            "first mistake: nothing is known of it, and the others alone are counted.\n"
            "\n"
            "The exit status is 3 when something that airs now or begins within the hour is\n"
            "not ready; else 1 when nothing is known of a channel (on the board of all, one\n"
            "that never had a timetable does not count), or the media folder is gone or\n"
            "empty: that is said above the table, and all that was in it is missing.\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang ready --days 1\n"
          "  ketang ready --missing\n"
          "  ketang ready linzi --missing --days 14\n"
          "  ketang ready --missing --plain | wc -l\n",
          out);
}

static int read_days(const char *text, int *days)
{
    char *end = NULL;
    const long number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < 1 || number > DAYS_MOST) {
        fprintf(stderr, _("ketang ready: '%s' is no number of days from 1 to %d.\n"), text,
                DAYS_MOST);
        return -EINVAL;
    }
    *days = (int)number;
    return 0;
}

static int take_option(int option, struct ready_request *request)
{
    switch (option) {
    case 's':
        request->station_path = optarg;
        return 0;
    case 'd':
        return read_days(optarg, &request->days);
    case 'c':
        request->channel = optarg;
        return 0;
    case 'n':
        request->now = optarg;
        return 0;
    case 'm':
        request->is_missing_only = true;
        return 0;
    case 'p':
        request->is_plain = true;
        return 0;
    case 'j':
        request->is_json = true;
        return 0;
    case 'h':
        print_usage(stdout);
        return 1;
    default:
        return -EINVAL;
    }
}

static int parse_options(int argc, char **argv, struct ready_request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"days", required_argument, NULL, 'd'},
                                            {"channel", required_argument, NULL, 'c'},
                                            {"now", required_argument, NULL, 'n'},
                                            {"missing", no_argument, NULL, 'm'},
                                            {"plain", no_argument, NULL, 'p'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        const int result = take_option(option, request);
        if (result != 0) {
            return result;
        }
    }
    if (request->is_plain && request->is_json) {
        fputs(_("ketang ready: give one of --plain and --json.\n"), stderr);
        return -EINVAL;
    }
    if (optind < argc && request->channel == NULL) {
        request->channel = argv[optind++];
    }
    return complaint_stray("ready", argc, argv, optind);
}

/* --- Output -------------------------------------------------------------------------- */

static const struct ready_row *row_at(const struct ready_view *view, size_t index)
{
    const struct ready_row *row = &view->board->rows[index];
    return view->is_missing_only && !ready_is_wanting(row) ? NULL : row;
}

/* The house number that somebody has to see to. */
static const char *number_of(const struct ready_row *row)
{
    return row->state == MEDIA_LIVE && ready_is_wanting(row) ? row->substitute : row->house_number;
}

static int compare_numbers(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Each house number once. */
static int print_plain(const struct ready_view *view)
{
    const char **known = calloc(view->board->count + 1, sizeof(known[0])); /* in their order */
    size_t count = 0;
    if (known == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < view->board->count; i++) {
        const struct ready_row *row = row_at(view, i);
        const char *number = row != NULL ? number_of(row) : NULL;
        if (number == NULL ||
            bsearch(&number, known, count, sizeof(known[0]), compare_numbers) != NULL) {
            continue;
        }
        puts(number);
        size_t at = count++;
        for (; at > 0 && strcmp(known[at - 1], number) > 0; at--) {
            known[at] = known[at - 1];
        }
        known[at] = number;
    }
    free(known);
    return 0;
}

/* Channels of which nothing is known, and why. */
static json_t *json_of_unknown(const struct ready_view *view)
{
    const struct service *service = NULL;
    json_t *list = json_array();
    for (size_t i = 0; (service = station_service_at(view->station, i)) != NULL; i++) {
        char text[PLANNER_LACK_SIZE];
        if (ready_lack(view, service, text) != PLANNER_LACKS_NOTHING) {
            json_array_append_new(list,
                                  json_pack("{s:s, s:s}", "channel", service->name, "text", text));
        }
    }
    return list;
}

static int print_json(const struct ready_view *view)
{
    static const char *const urgencies[] = {"calm", "due", "decided"};
    const struct ready_counts counts = ready_count(view);
    json_t *rows = json_array();
    json_t *json = json_pack(
        "{s:I, s:I, s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}}", "now_ms",
        (json_int_t)view->now_ms, "cutoff_ms", (json_int_t)view->cutoff_ms, "counts", "ready",
        (json_int_t)counts.states[MEDIA_READY], "missing", (json_int_t)counts.states[MEDIA_MISSING],
        "damaged", (json_int_t)counts.states[MEDIA_DAMAGED], "unapproved",
        (json_int_t)counts.states[MEDIA_UNAPPROVED], "late", (json_int_t)counts.states[MEDIA_LATE],
        "unfit", (json_int_t)counts.states[MEDIA_UNFIT], "live",
        (json_int_t)counts.states[MEDIA_LIVE], "not_ready_within_the_hour",
        (json_int_t)counts.soon);
    for (size_t i = 0; json != NULL && i < view->board->count; i++) {
        const struct ready_row *row = row_at(view, i);
        json_t *item = row != NULL ? ready_json(row, view->zone) : NULL;
        if (item != NULL) {
            const enum ready_urgency urgency = ready_urgency(row, view->now_ms, view->cutoff_ms);
            json_object_set_new(item, "urgency", json_string(urgencies[urgency]));
            const struct service *service = station_service(view->station, row->channel);
            json_object_set_new(item, "list_closed",
                                json_boolean(ready_is_closed(view, service, row->date)));
            if (view->stages[i].next > 0) {
                json_object_set_new(item, "next_stage", json_integer(view->stages[i].next));
            }
            if (view->stages[i].rejected > 0) {
                json_object_set_new(item, "rejected_stage", json_integer(view->stages[i].rejected));
            }
            json_array_append_new(rows, item);
        }
    }
    if (json == NULL || json_object_set(json, "rows", rows) < 0 ||
        json_object_set_new(json, "unknown", json_of_unknown(view)) < 0 ||
        json_dumpf(json, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER) < 0) {
        json_decref(rows);
        json_decref(json);
        return -ENOMEM;
    }
    putchar('\n');
    json_decref(rows);
    json_decref(json);
    return 0;
}

/* What makes the first file that is not there, in the format of its channel. */
static void print_hint(const struct station *station, const struct ready_view *view)
{
    for (size_t i = 0; i < view->board->count; i++) {
        const struct ready_row *row = &view->board->rows[i];
        const struct service *service = station_service(station, row->channel);
        if ((row->state != MEDIA_MISSING && row->state != MEDIA_DAMAGED) || service == NULL) {
            continue;
        }
        printf(_("What is missing or damaged is made by ingesting it, the first one by\n"
                 "  ketang ingest --profile %s%s --house-number %s FILE\n"),
               service->profile->name,
               row->run == READY_FILLER ? " --kind filler"
               : row->run == READY_CARD ? " --kind card"
                                        : "",
               row->house_number);
        return;
    }
}

/* Where a scheduler is at work, and no engine airs what it plans. */
static bool is_off_air(const struct station *station)
{
    char *path = running_socket_in(station->state, "scheduler");
    const bool is = path != NULL && !running_engine(path) && running_program(path);
    free(path);
    return is;
}

/* What airs is planned by the scheduler, maybe with other settings than the board is made with. */
static void tell_running(const struct station *station, const struct ready_request *request)
{
    FILE *out = request->is_json || request->is_plain ? stderr : stdout;
    if (scheduler_status_tell_station(out, station)) {
        fprintf(out, "! %s\n",
                _("this board goes by the new one, and what airs until then may differ from it"));
    }
    if (is_off_air(station)) {
        fprintf(out, "! %s\n",
                _("no engine is on the air: nothing airs until ketang-playout is started, whatever "
                  "is on the air by this board"));
    }
}

static int print_board(const struct station *station, const struct ready_view *view,
                       const struct ready_request *request)
{
    tell_running(station, request);
    if (request->is_json) {
        return print_json(view);
    }
    if (request->is_plain) {
        ready_print_unknown(stderr, view);
        return print_plain(view);
    }
    const int result = ready_table_print(stdout, view);
    print_hint(station, view);
    return result;
}

/* What is approved, and the store does not know, is ready: somebody has to see to the store. */
static void tell_lost(const struct station *station, const struct signoff *signoff)
{
    char text[SIGNOFF_LOST_SIZE];
    if (signoff_lost_text(signoff, station, text)[0] != '\0') {
        fprintf(stderr, _("ketang ready: %s.\n"), text);
    }
}

/* --- What there is ----------------------------------------------------------------------- */

/* An empty folder is warned of first; what is missing then is just the question. */
static int read_media(struct planner *planner, struct problems *problems)
{
    struct problems media;
    problems_init(&media);
    int result = planner_read_media(planner, &media);
    if (result == -ENOENT) {
        problems_print(&media, stderr);
        result = 0;
    } else {
        problems_add_new(problems, &media);
    }
    problems_finish(&media);
    return result;
}

static int read_station(struct planner *planner, int64_t now_ms, struct problems *problems)
{
    int result = read_media(planner, problems);
    if (result == 0) {
        result = planner_load_timetables(planner, problems);
    }
    return result == 0 ? planner_open_signoff(planner, now_ms, problems) : result;
}

static int survey(const struct planner *planner, const struct station *station,
                  const struct ready_request *request, int64_t now_ms, struct ready_board *board)
{
    const int64_t days = request->days > 0 ? request->days : DAYS;
    int result = 0;
    for (size_t i = 0; result == 0 && i < station_service_count(station); i++) {
        const struct service *service = station_service_at(station, i);
        if (request->channel == NULL || strcmp(request->channel, service->name) == 0) {
            result = planner_ready_ordered(planner, service, now_ms, now_ms + days * DAY_MS, board);
        }
    }
    ready_sort(board);
    return result;
}

static int find_now(const struct ready_request *request, const struct station *station,
                    int64_t *now_ms)
{
    int64_t seconds = time(NULL);
    if (request->now != NULL &&
        complaint_read_time("ready", station->time_zone, request->now, &seconds) < 0) {
        return -EINVAL;
    }
    *now_ms = seconds * 1000;
    return 0;
}

/*
 * That a channel never had a timetable is no failure, unless the board is of it; that the media
 * folder is away is one.
 */
static int status_of(const struct ready_view *view)
{
    const enum planner_lack least =
        view->channel != NULL ? PLANNER_LACKS_NOTHING : PLANNER_NEVER_HAD;
    const struct service *service = NULL;
    int status = planner_lacks_library(view->planner) ? COMMAND_FAILED : COMMAND_DONE;
    for (size_t i = 0; (service = station_service_at(view->station, i)) != NULL; i++) {
        char text[PLANNER_LACK_SIZE];
        status = ready_lack(view, service, text) > least ? COMMAND_FAILED : status;
    }
    return ready_count(view).soon > 0 ? COMMAND_NOT_READY : status;
}

static int show_board(const struct station *station, const struct ready_request *request,
                      int64_t now_ms, int *status, struct problems *problems)
{
    struct planner *planner = NULL;
    struct zone *zone = NULL;
    struct ready_board board = {0};
    struct ready_stage *stages = NULL;
    int result = planner_create(station, &planner);
    if (result == 0) {
        result = zone_open(station->time_zone, &zone);
    }
    if (result == 0) {
        result = read_station(planner, now_ms, problems);
    }
    if (result == 0) {
        result = survey(planner, station, request, now_ms, &board);
    }
    if (result == 0) {
        stages = ready_stages(station, planner_signoff(planner), &board);
        result = stages != NULL ? 0 : -ENOMEM;
    }
    if (result == 0) {
        const struct ready_view view = {
            .board = &board,
            .zone = zone,
            .now_ms = now_ms,
            .cutoff_ms = (int64_t)station->scheduler.cutoff_minutes * 60000,
            .station = station,
            .planner = planner,
            .channel = request->channel,
            .stages = stages,
            .shown_days = request->days == 0 && request->is_missing_only ? MISSING_SHOWN : 0,
            .is_missing_only = request->is_missing_only,
            .has_colours = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL};
        result = print_board(station, &view, request);
        tell_lost(station, planner_signoff(planner));
        *status = status_of(&view);
    }
    if (result < 0 && problems->errors == 0) {
        fprintf(stderr, _("ketang ready: %s.\n"), strerror(-result));
    }
    free(stages);
    ready_finish(&board);
    zone_close(zone);
    planner_destroy(planner);
    return result;
}

/* A day or a time stands where the channel does. */
static bool is_time(const struct station *station, const char *name)
{
    int64_t value = 0;
    return station_service(station, name) == NULL &&
           (civil_time_parse(name, station->time_zone, &value) == 0 ||
            when_date_said(name, 0, &value) == 0);
}

static int find_channel(const struct station *station, const char *name)
{
    if (name != NULL && is_time(station, name)) {
        fprintf(stderr,
                _("ketang ready: '%s' is no channel; the time is given by --now, as in --now "
                  "2026-11-30T07:55, how many days by --days.\n"),
                name);
        return -EINVAL;
    }
    return name == NULL || complaint_knows_channel("ready", station, name) ? 0 : -ENOENT;
}

int cmd_ready(int argc, char **argv)
{
    struct ready_request request = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("ready");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    int64_t now_ms = 0;
    int status = COMMAND_FAILED;
    problems_init(&problems);
    int result = station_load(request.station_path, &station, &problems);
    if (result == 0) {
        result = find_channel(station, request.channel);
    }
    if (result == 0) {
        result = find_now(&request, station, &now_ms);
    }
    if (result == 0) {
        result = show_board(station, &request, now_ms, &status, &problems);
    }
    if (problems.errors > 0) {
        problems_print(&problems, stderr);
    }
    problems_finish(&problems);
    station_destroy(station);
    return result < 0 ? COMMAND_FAILED : status;
}
