/* SPDX-License-Identifier: MIT */
/*
 * ketang publish: the week for viewers and headends.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/zone.h"
#include "scheduler/publish/publish.h"
#include "scheduler/publish/publish_epg.h"
#include "tools/complaint.h"
#include "tools/text_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAMES_MOST = 64 };

struct publish_options {
    const char *station_path;
    const char *week;
    const char *time;
    const char *folder;
    const char *channels[NAMES_MOST];
    size_t channel_count;
    const char *grades[NAMES_MOST];
    size_t grade_count;
    unsigned formats;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang publish [--station FILE] [--week WEEK] [--channel NAME]...\n"
            "                      [--grade GRADE]... [--format FORMAT]... [-o FOLDER]\n"
            "\n"
            "Publishes a week: timetables per grade, the schedule of each channel, calendars\n"
            "for families, and programme guides for headends.  What has changed since the\n"
            "last edition of the week is marked; when nothing has, there is no new edition.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "  --week WEEK        this, next, the week of a date as 2026-11-23, or its number\n"
            "                     in the term; this week when it is left out\n"
            "  --channel NAME     documents of this channel alone; may be repeated\n"
            "  --grade GRADE      of this grade alone, as in the timetable; may be repeated\n"
            "  --format FORMAT    grid, list, ics, xmltv or eit; may be repeated (all)\n"
            "  --time TIME        of the edition, as in 2026-11-20T16:00:00 (now)\n"
            "  -o FOLDER          where to (STATE/published/DATE)\n"
            "\n"
            "Examples:\n"
            "  ketang publish --week next\n"
            "  ketang publish --week 2026-11-23 --format grid --grade 一年级\n"
            "  ketang publish --week next --format xmltv --format eit -o /srv/headend\n"),
          out);
}

/* --- The command line ------------------------------------------------------------------- */

static int add_name(const char *names[NAMES_MOST], size_t *count, const char *name)
{
    if (*count == NAMES_MOST) {
        fprintf(stderr, _("ketang publish: no more than %d of a kind can be named.\n"), NAMES_MOST);
        return -EINVAL;
    }
    names[(*count)++] = name;
    return 0;
}

static int add_format(struct publish_options *options, const char *name)
{
    static const char *const names[] = {"xmltv", "eit", "ics", "grid", "list", NULL};
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            options->formats |= 1u << i;
            return 0;
        }
    }
    fprintf(stderr,
            _("ketang publish: there is no format '%s'; there are xmltv, eit, ics, grid, list.\n"),
            name);
    return -EINVAL;
}

static int take_option(struct publish_options *options, int option)
{
    switch (option) {
    case 's':
        options->station_path = optarg;
        return 0;
    case 'w':
        options->week = optarg;
        return 0;
    case 't':
        options->time = optarg;
        return 0;
    case 'o':
        options->folder = optarg;
        return 0;
    case 'c':
        return add_name(options->channels, &options->channel_count, optarg);
    case 'g':
        return add_name(options->grades, &options->grade_count, optarg);
    case 'f':
        return add_format(options, optarg);
    default:
        return -EINVAL;
    }
}

/* 1 when the help was asked for. */
static int parse_options(int argc, char **argv, struct publish_options *options)
{
    static const struct option longs[] = {{"station", required_argument, NULL, 's'},
                                          {"week", required_argument, NULL, 'w'},
                                          {"channel", required_argument, NULL, 'c'},
                                          {"grade", required_argument, NULL, 'g'},
                                          {"format", required_argument, NULL, 'f'},
                                          {"time", required_argument, NULL, 't'},
                                          {"output", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    for (int option; (option = options_next(argc, argv, "ho:", longs)) != -1;) {
        if (option == 'h') {
            print_usage(stdout);
            return 1;
        }
        const int result = take_option(options, option);
        if (result < 0) {
            return result;
        }
    }
    options->formats = options->formats != 0 ? options->formats : PUBLISH_ALL;
    return complaint_stray("publish", argc, argv, optind);
}

/* --- What is meant ------------------------------------------------------------------------- */

static int time_of(const struct publish_options *options, const struct station *station,
                   int64_t *seconds)
{
    *seconds = (int64_t)time(NULL);
    if (options->time == NULL) {
        return 0;
    }
    return complaint_read_time("publish", station->time_zone, options->time, seconds);
}

/* The term that `date` is in, or the next one; NULL when there is neither. */
static const struct term *find_term(const struct publish_request *request, int64_t date)
{
    const struct term *found = NULL;
    for (size_t i = 0; i < station_service_count(request->station); i++) {
        const char *channel = station_service_at(request->station, i)->name;
        const struct timetable *timetable = planner_timetable(request->planner, channel);
        const struct calendar *calendar = timetable != NULL ? timetable->calendar : NULL;
        for (size_t k = 0; calendar != NULL && k < calendar->term_count; k++) {
            const struct term *term = &calendar->terms[k];
            if (date < term->week_1 + (int64_t)term->weeks * DAYS_PER_WEEK &&
                (found == NULL || term->week_1 < found->week_1)) {
                found = term;
            }
        }
    }
    return found;
}

static int week_by_number(const struct publish_request *request, const char *text, int64_t today,
                          int64_t *week)
{
    char *end = NULL;
    const long number = strtol(text, &end, 10);
    const struct term *term = find_term(request, today);
    if (*end != '\0' || number < 1 || number > WEEKS_MOST) {
        fprintf(stderr,
                _("ketang publish: '%s' is no week; write this, next, a day of it as 2026-11-23, "
                  "or its number in the term.\n"),
                text);
        return -EINVAL;
    }
    if (term == NULL || number > term->weeks) {
        fprintf(stderr,
                term == NULL ? _("ketang publish: no calendar says when week %ld is; write a date "
                                 "of it, as 2026-11-23.\n")
                             : _("ketang publish: the term has no week %ld; write a date of it, as "
                                 "2026-11-23.\n"),
                number);
        return -EINVAL;
    }
    *week = term->week_1 + (number - 1) * DAYS_PER_WEEK;
    return 0;
}

static int week_of(const struct publish_options *options, const struct publish_request *request,
                   int64_t *week)
{
    const int64_t today = zone_date(request->zone, request->time);
    const char *text = options->week != NULL ? options->week : "this";
    return when_week_said(text, today, week) == 0 ? 0 : week_by_number(request, text, today, week);
}

static int check_channels(const struct publish_options *options, const struct station *station)
{
    for (size_t i = 0; i < options->channel_count; i++) {
        if (!complaint_knows_channel("publish", station, options->channels[i])) {
            return -EINVAL;
        }
    }
    return 0;
}

/* --- The work --------------------------------------------------------------------------------- */

static void print_outcome(const struct publish_request *request,
                          const struct publish_outcome *outcome)
{
    char date[WHEN_TEXT_SIZE];
    when_date_text(request->week, date);
    if (!outcome->is_new) {
        printf(_("week of %s: nothing has changed, edition %d stands; %zu files written again in "
                 "%s\n"),
               date, outcome->edition, outcome->documents, request->folder);
    } else if (outcome->edition == 1) {
        printf(_("week of %s: edition 1, %zu files in %s\n"), date, outcome->documents,
               request->folder);
    } else {
        printf(_("week of %s: edition %d, %zu changes marked, %zu files in %s\n"), date,
               outcome->edition, outcome->marked, outcome->documents, request->folder);
    }
}

static void print_lacking_grades(const struct publish_request *request,
                                 const struct publish_outcome *outcome)
{
    if (outcome->lacks_grades && (request->formats & (PUBLISH_GRID | PUBLISH_ICAL)) != 0) {
        fputs(_("ketang publish: no lesson of this week names its grade, so there are no files of "
                "grades (grid/, ics/); write 'grade: 三年级' into each lesson, or once at the top "
                "of the timetable, and publish again.\n"),
              stderr);
    }
}

/* Which of the files is for whom. */
static void print_readers(const struct publish_request *request)
{
    static const struct {
        enum publish_format format;
        const char *file;
        const char *readers;
    } kinds[] = {
        {PUBLISH_LIST, N_("list/CHANNEL.html"),
         N_("viewers: what a channel airs, to print or for a web page")},
        {PUBLISH_GRID, N_("grid/GRADE.html"),
         N_("schools and classes: the timetable of a grade, to hang up")},
        {PUBLISH_ICAL, N_("ics/GRADE.ics"), N_("families: a calendar for the telephone")},
        {PUBLISH_XMLTV, "epg.xml", N_("headend, web players: the programme guide as XMLTV")},
        {PUBLISH_EIT, N_("eit/TRANSPORT/"),
         N_("headend: the programme guide for its multiplexer (EIT)")},
    };
    enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), COLUMNS = 2, WIDTH = 80 };
    const char *cells[(1 + KINDS) * COLUMNS] = {_("FILE"), _("FOR WHOM")};
    size_t rows = 1;
    for (size_t i = 0; i < KINDS; i++) {
        if ((request->formats & (unsigned)kinds[i].format) != 0) {
            cells[rows * COLUMNS] = _(kinds[i].file);
            cells[rows * COLUMNS + 1] = _(kinds[i].readers);
            rows++;
        }
    }
    text_table_print(stdout, cells, rows, COLUMNS, WIDTH);
}

static bool is_meant(const struct publish_request *request, const char *channel)
{
    bool is_meant = request->channel_count == 0;
    for (size_t i = 0; !is_meant && i < request->channel_count; i++) {
        is_meant = strcmp(request->channels[i], channel) == 0;
    }
    return is_meant;
}

/* Channels without a good timetable; true when that is a failure. */
static bool print_lacking_channels(const struct publish_request *request,
                                   const struct publish_outcome *outcome)
{
    const struct service *service = NULL;
    bool has_failed = false;
    for (size_t i = 0; (service = station_service_at(request->station, i)) != NULL; i++) {
        char text[PLANNER_LACK_SIZE];
        const enum planner_lack lack = planner_lack(request->planner, service->name, text);
        if (lack == PLANNER_LACKS_NOTHING || !is_meant(request, service->name)) {
            continue;
        }
        fprintf(stderr,
                outcome->is_kept != NULL && outcome->is_kept[i]
                    ? _("ketang publish: %s stays as it was published last: %s\n")
                    : _("ketang publish: %s is not published: %s\n"),
                service->name, text);
        has_failed = has_failed || lack > PLANNER_NEVER_HAD;
    }
    return has_failed;
}

static void print_failure(const struct publish_request *request,
                          const struct publish_outcome *outcome, int result)
{
    switch (result) {
    case -ENODATA:
        fputs(_("ketang publish: nothing is published: no channel that is meant has a good "
                "timetable.\n"),
              stderr);
        break;
    case -ENXIO:
        fprintf(stderr,
                _("ketang publish: there are no lessons for '%s' in this week; write the "
                  "grade as in the timetable.\n"),
                outcome->missing_grade);
        break;
    case -EBADMSG:
        fprintf(stderr,
                _("ketang publish: %s/edition.json is damaged, or of another week; move "
                  "it away, and the next edition is the first again.\n"),
                request->folder);
        break;
    case -EBUSY:
        fprintf(stderr, _("ketang publish: another run is at work in %s; try again.\n"),
                request->folder);
        break;
    default:
        fprintf(stderr, _("ketang publish: %s cannot be written: %s.\n"), request->folder,
                strerror(-result));
    }
}

static int publish_week(struct publish_request *request, const struct publish_options *options)
{
    struct publish_outcome outcome = {0};
    char date[WHEN_TEXT_SIZE];
    char *folder = NULL;
    int result = 0;
    if (options->folder == NULL) {
        folder =
            station_state_path(request->station, "published", when_date_text(request->week, date));
    }
    request->folder = options->folder != NULL ? options->folder : folder;
    result = request->folder != NULL ? publish(request, &outcome) : -ENOMEM;
    if (result == 0) {
        if (options->week == NULL) {
            puts(
                _("This week is published, as --week is left out; the next: `ketang publish --week "
                  "next`."));
        }
        print_outcome(request, &outcome);
        print_lacking_grades(request, &outcome);
        print_readers(request);
    } else {
        print_failure(request, &outcome, result);
    }
    if ((result == 0 || result == -ENODATA) && print_lacking_channels(request, &outcome)) {
        result = -ENODATA;
    }
    free(outcome.is_kept);
    free(folder);
    return result;
}

/* Closed days of the week air as they were closed; what the store has to say is told. */
static int load_closed_days(struct planner *planner, const struct publish_request *request)
{
    struct problems problems;
    problems_init(&problems);
    const int64_t monday = publish_time(request->zone, request->week, 0);
    const int result = planner_open_signoff(planner, monday * 1000, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    return result;
}

static int load_and_publish(struct planner *planner, struct publish_request *request,
                            const struct publish_options *options, struct problems *problems)
{
    int result = planner_load_timetables(planner, problems);
    if (result == 0) {
        result = planner_read_media(planner, problems);
    }
    if (result < 0) {
        if (problems->errors == 0) {
            fprintf(stderr, _("ketang publish: %s.\n"), strerror(-result));
        }
        return result;
    }
    result = week_of(options, request, &request->week);
    if (result == 0) {
        result = load_closed_days(planner, request);
    }
    return result == 0 ? publish_week(request, options) : result;
}

static int run(const struct station *station, const struct publish_options *options,
               struct problems *problems)
{
    struct planner *planner = NULL;
    struct zone *zone = NULL;
    struct publish_request request = {.station = station,
                                      .channels = options->channels,
                                      .channel_count = options->channel_count,
                                      .grades = options->grades,
                                      .grade_count = options->grade_count,
                                      .formats = options->formats};
    int result = check_channels(options, station);
    if (result == 0) {
        result = time_of(options, station, &request.time);
    }
    if (result < 0) {
        return result;
    }
    result = planner_create(station, &planner);
    if (result == 0) {
        result = zone_open(station->time_zone, &zone);
    }
    if (result < 0) {
        fprintf(stderr, _("ketang publish: %s.\n"), strerror(-result));
    } else {
        request.planner = planner;
        request.zone = zone;
        result = load_and_publish(planner, &request, options, problems);
    }
    zone_close(zone);
    planner_destroy(planner);
    return result;
}

int cmd_publish(int argc, char **argv)
{
    struct publish_options options = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &options);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("publish");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int result = station_load(options.station_path, &station, &problems);
    if (result == 0) {
        result = run(station, &options, &problems);
    }
    const bool has_errors = problems.errors > 0;
    if (has_errors) {
        problems_print(&problems, stderr);
    }
    problems_finish(&problems);
    station_destroy(station);
    return result == 0 && !has_errors ? COMMAND_DONE : COMMAND_FAILED;
}
