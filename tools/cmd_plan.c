/* SPDX-License-Identifier: MIT */
/*
 * ketang plan: writes the plans of channels, as the scheduler does.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/engine_status.h"
#include "scheduler/planner.h"
#include "scheduler/planner_failure.h"
#include "scheduler/reasons_text.h"
#include "scheduler/text_width.h"
#include "tools/complaint.h"
#include "tools/scheduler_status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAYS_MOST = 366 };

struct plan_request {
    const char *station_path;
    const char *from;
    char **channels; /* named; none: all */
    int channel_count;
    int days;
    bool is_shown;
    bool is_ahead; /* --from lies in the future */
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang plan [--station FILE] [CHANNEL]... [--from TIME] [--days N]\n"
            "                   [--show]\n"
            "\n"
            "Writes the plan of every channel, or of those named, whose timetable or media\n"
            "have changed.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "  --from TIME        plan as if it were that time, as in 2026-11-23T08:00:00;\n"
            "                     what has a plan already is only shown from a later time on\n"
            "  --days N           how many days ahead (9)\n"
            "  --show             also print the next events; CHANNEL and --from say of what\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang plan zhangdian --show\n"
          "  ketang plan zhangdian --show --from \"tomorrow 08:00\"\n"
          "  ketang plan --from 2026-11-30T08:00:00 --days 2 --show\n",
          out);
}

static int parse_options(int argc, char **argv, struct plan_request *request)
{
    static const struct option options[] = {
        {"station", required_argument, NULL, 's'}, {"from", required_argument, NULL, 'f'},
        {"days", required_argument, NULL, 'd'},    {"show", no_argument, NULL, 'w'},
        {"help", no_argument, NULL, 'h'},          {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'f':
            request->from = optarg;
            break;
        case 'd':
            request->days = atoi(optarg);
            break;
        case 'w':
            request->is_shown = true;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (request->days < 1 || request->days > DAYS_MOST) {
        fprintf(stderr, _("ketang plan: --days is a number from 1 to %d.\n"), DAYS_MOST);
        return -EINVAL;
    }
    request->channels = argv + optind;
    request->channel_count = argc - optind;
    return 0;
}

static int now_of(struct plan_request *request, const struct station *station, int64_t *now_ms)
{
    enum { SOON_MS = 60000 };
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (request->from == NULL) {
        return 0;
    }
    int64_t seconds = 0;
    const int result = complaint_read_time("plan", station->time_zone, request->from, &seconds);
    if (result < 0) {
        return result;
    }
    request->is_ahead = seconds * 1000 > *now_ms + SOON_MS;
    *now_ms = seconds * 1000;
    return 0;
}

static struct plan *load_plan(const struct station *station, const char *channel, int64_t revision)
{
    struct problems problems;
    struct plan *plan = NULL;
    char name[96];
    snprintf(name, sizeof(name), "%s/%" PRId64 ".yaml", channel, revision);
    char *path = station_state_path(station, "plans", name);
    problems_init(&problems);
    if (path == NULL || plan_load(path, &plan, &problems) < 0) {
        problems_print(&problems, stderr);
        plan = NULL;
    }
    problems_finish(&problems);
    free(path);
    return plan;
}

static void print_event(const struct zone *zone, const struct plan_event *event)
{
    char text[ZONE_TEXT_SIZE];
    const char *kind = _(event_kind_name(event->kind));
    char reasons[REASONS_TEXT_SIZE];
    const int width = text_width(kind);
    reasons_text(event->reason, reasons, sizeof(reasons));
    printf("    %.23s  %9.3f s  %s%*s  %-10s  %s%s%s\n", zone_frame_text(zone, event->start, text),
           (double)event->duration / FRAMES_PER_SECOND, kind, width < 7 ? 7 - width : 0, "",
           event->house_number != NULL ? event->house_number : "-",
           event->title != NULL ? event->title : "", reasons[0] != '\0' ? "  # " : "", reasons);
}

static void print_events(const struct station *station, const struct plan *plan, int64_t now_ms)
{
    enum { SHOWN = 20 };
    struct zone *zone = NULL;
    char text[ZONE_TEXT_SIZE];
    const int64_t now = now_ms * FRAMES_PER_SECOND / 1000;
    size_t first = 0;
    if (zone_open(station->time_zone, &zone) < 0) {
        return;
    }
    while (first < plan->event_count &&
           plan->events[first].start + plan->events[first].duration <= now) {
        first++;
    }
    const size_t left = plan->event_count - first;
    const size_t end = first + (left < SHOWN ? left : SHOWN);
    for (size_t i = first; i < end; i++) {
        print_event(zone, &plan->events[i]);
    }
    if (end < plan->event_count) {
        printf(
            _("    … and %zu more; those from then on: ketang plan %s --show --from \"%.19s\"\n"),
            plan->event_count - end, plan->channel,
            zone_frame_text(zone, plan->events[end].start, text));
    }
    zone_close(zone);
}

static void print_plan(const struct station *station, const struct service *service,
                       const struct planner_outcome *outcome, int64_t now_ms, bool is_shown)
{
    struct plan *plan = load_plan(station, service->name, outcome->revision);
    struct zone *zone = NULL;
    char text[ZONE_TEXT_SIZE] = "";
    if (plan != NULL && plan->event_count > 0 && zone_open(station->time_zone, &zone) == 0) {
        const struct plan_event *last = &plan->events[plan->event_count - 1];
        zone_frame_text(zone, last->start + last->duration, text);
        zone_close(zone);
    }
    text[16] = '\0';
    printf(outcome->is_written ? _("%-12s revision %lld written, until %s, %s\n")
                               : _("%-12s revision %lld is up to date, until %s, %s\n"),
           service->name, (long long)outcome->revision, text, service->title);
    if (is_shown && plan != NULL) {
        print_events(station, plan, now_ms);
    }
    plan_destroy(plan);
}

/* A revision that takes effect tomorrow would hold up every order of today. */
static bool look_ahead(struct planner *planner, const struct station *station,
                       const struct service *service, int64_t now_ms,
                       const struct plan_request *request, bool *is_planned)
{
    struct plan *plan = NULL;
    *is_planned = planner_latest(planner, service, &plan) == 0;
    if (!*is_planned) {
        return false;
    }
    if (!request->is_shown) {
        fprintf(stderr,
                _("ketang plan: %s has revision %lld; nothing is written for a later time: "
                  "--show shows it from then on.\n"),
                service->name, (long long)plan->revision);
    } else {
        printf(_("%-12s revision %lld, %s: shown only, nothing is written\n"), service->name,
               (long long)plan->revision, service->title);
        print_events(station, plan, now_ms);
    }
    plan_destroy(plan);
    return request->is_shown;
}

static bool plan_channel(struct planner *planner, const struct station *station,
                         const struct service *service, const struct engine_status *status,
                         int64_t now_ms, const struct plan_request *request)
{
    struct planner_outcome outcome;
    char failure[PLANNER_FAILURE_SIZE];
    bool is_planned = false;
    if (request->is_ahead) {
        const bool is_done = look_ahead(planner, station, service, now_ms, request, &is_planned);
        if (is_planned) {
            return is_done;
        }
    }
    const struct engine_channel engine = engine_status_channel(status, service->name);
    const int result =
        planner_update(planner, service, &engine, now_ms, request->days, true, &outcome);
    if (result == 0) {
        print_plan(station, service, &outcome, now_ms, request->is_shown);
        return true;
    }
    fprintf(stderr, _("ketang plan: %s: %s.\n"), service->name,
            planner_failure_text(result, station, service->name, failure));
    return false;
}

static bool is_meant(const struct plan_request *request, const char *channel)
{
    for (int i = 0; i < request->channel_count; i++) {
        if (strcmp(request->channels[i], channel) == 0) {
            return true;
        }
    }
    return request->channel_count == 0;
}

/* All that are named must be there before anything is written. */
static int check_channels(const struct plan_request *request, const struct station *station)
{
    for (int i = 0; i < request->channel_count; i++) {
        if (!complaint_knows_channel("plan", station, request->channels[i])) {
            return -ENOENT;
        }
    }
    return 0;
}

/* What is written by other settings than those of the scheduler does not last. */
static void tell_station(const struct station *station, const struct plan_request *request)
{
    if (scheduler_status_tell_station(stderr, station) && !request->is_ahead) {
        fprintf(stderr, "! %s\n",
                _("the plan that is written here goes by the new one: the scheduler will replace "
                  "it by one of its own"));
    }
}

/* The channels that are meant, one by one; false when one could not be planned. */
static bool plan_channels(struct planner *planner, const struct station *station, int64_t now_ms,
                          const struct plan_request *request)
{
    struct engine_status *status = engine_status_ask(station->state);
    bool is_done = true;
    for (size_t i = 0; i < station_service_count(station); i++) {
        const struct service *service = station_service_at(station, i);
        if (is_meant(request, service->name)) {
            is_done &= plan_channel(planner, station, service, status, now_ms, request);
        }
    }
    engine_status_destroy(status);
    return is_done;
}

static int plan_station(const struct station *station, struct plan_request *request,
                        struct problems *problems)
{
    struct planner *planner = NULL;
    int64_t now_ms = 0;
    bool is_done = true;
    int result = check_channels(request, station);
    if (result == 0) {
        result = now_of(request, station, &now_ms);
    }
    if (result == 0) {
        result = planner_create(station, &planner);
    }
    if (result == 0) {
        result = planner_load_timetables(planner, problems);
    }
    if (result == 0) {
        result = planner_read_media(planner, problems);
    }
    if (result == 0) {
        result = planner_open_signoff(planner, now_ms, problems);
    }
    if (result == 0) {
        tell_station(station, request);
        is_done = plan_channels(planner, station, now_ms, request);
    }
    planner_destroy(planner);
    return result < 0 ? result : is_done && problems->errors == 0 ? 0 : -EINVAL;
}

int cmd_plan(int argc, char **argv)
{
    struct plan_request request = {.station_path = DEFAULT_STATION, .days = PLANNER_DAYS};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("plan");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int result = station_load(request.station_path, &station, &problems);
    if (result == 0) {
        result = plan_station(station, &request, &problems);
    }
    for (size_t i = 0; i < problems.count; i++) {
        if (problems.items[i].severity == PROBLEM_ERROR) {
            problems_print(&problems, stderr);
            break;
        }
    }
    problems_finish(&problems);
    station_destroy(station);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
