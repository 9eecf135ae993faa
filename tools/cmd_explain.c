/* SPDX-License-Identifier: MIT */
/*
 * ketang explain: which line of which file made what airs at a time.
 *
 * Shows the day (whose timetable it runs, and why), the slot, the layers of
 * the grid with the one that won, the rules, and the event of the plan.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/compile.h"
#include "scheduler/day.h"
#include "scheduler/planner.h"
#include "scheduler/reasons_text.h"
#include "scheduler/text_width.h"
#include "tools/complaint.h"
#include "tools/order_words.h"
#include "tools/plan_behind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct explain_request {
    const char *station_path;
    const char *channel;
    const char *time; /* NULL: now */
};

/* The moment that is explained. */
struct moment {
    const struct planner *planner;
    const struct zone *zone;
    const char *channel;
    int64_t date;
    int seconds; /* of the day; beyond 24:00 when the slot belongs to the day before */
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang explain [--station FILE] CHANNEL [TIME]\n"
            "\n"
            "Says which line of which file made what airs on a channel at a time: the\n"
            "calendar, the cell and the layer that won, the rules, the event, and the order\n"
            "of an operator that put it there.\n"
            "\n"
            "TIME is said as in orders: 08:40 (today's), \"tomorrow 08:40\", \"2026-11-30\n"
            "08:40\", or the name of a period of the timetable, as \"tomorrow 第三节\".\n"
            "\n"
            "  ketang explain zhangdian                       what airs now\n"
            "  ketang explain zhangdian \"tomorrow 第三节\"\n"
            "  ketang explain zhangdian 2026-11-30T08:40\n"),
          out);
}

static int parse_options(int argc, char **argv, struct explain_request *request)
{
    static const struct option options[] = {
        {"station", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        if (option == 'h') {
            print_usage(stdout);
            return 1;
        }
        if (option != 's') {
            return -EINVAL;
        }
        request->station_path = optarg;
    }
    if (optind >= argc || argc - optind > 2) {
        fprintf(stderr, _("ketang %s: name %s.\n"), "explain", _("CHANNEL [TIME]"));
        return -EINVAL;
    }
    request->channel = argv[optind];
    request->time = argc - optind == 2 ? argv[optind + 1] : NULL;
    return 0;
}

static void print_line(const char *what, const struct place *place, const char *text)
{
    char where[128] = "";
    if (place != NULL && place->file != NULL) {
        snprintf(where, sizeof(where), "%s:%d", place->file->name, place->line);
    }
    printf("  %s%*s %-28s %s\n", what, text_width(what) < 10 ? 10 - text_width(what) : 0, "", where,
           text);
}

static const char *kind_text(enum day_kind kind)
{
    switch (kind) {
    case DAY_SCHOOL:
        return _("school day");
    case DAY_HOLIDAY:
        return _("holiday");
    case DAY_SUSPENDED:
        return _("lessons suspended");
    case DAY_VACATION:
        return _("outside of the terms");
    }
    return "";
}

static void print_day(const struct day *day)
{
    char text[256];
    char date[WHEN_TEXT_SIZE];
    int length = snprintf(text, sizeof(text), "%s", kind_text(day->kind));
    if (day->source != day->date) {
        length += snprintf(text + length, sizeof(text) - (size_t)length, _(", runs %s %s"),
                           when_day_chinese(civil_weekday(day->source)),
                           when_date_text(day->source, date));
    }
    if (day->week > 0) {
        length += snprintf(text + length, sizeof(text) - (size_t)length, _(", week %d"), day->week);
    }
    if (day->rule != NULL && day->rule->reason[0] != '\0') {
        snprintf(text + length, sizeof(text) - (size_t)length, "%s%s", _(": "), day->rule->reason);
    }
    print_line(_("day"), day->rule != NULL ? &day->rule->place : NULL, text);
}

/* All that the layers say of a cell, the highest first. */
static void print_layers(const struct timetable *timetable, const struct day *day, size_t period)
{
    bool is_won = false;
    for (size_t i = timetable->layer_count; i > 0; i--) {
        const struct grid_layer *layer = &timetable->layers[i - 1];
        const struct grid_cell *cell =
            &layer->cells[period * DAYS_PER_WEEK + (size_t)civil_weekday(day->source)];
        const bool holds = layer->is_term || (layer->weeks.weeks >> day->week & 1u) != 0;
        if (!holds || cell->kind == CELL_ABSENT) {
            continue;
        }
        char text[256];
        snprintf(text, sizeof(text), "%s%s%s",
                 layer->is_term             ? _("term: ")
                 : layer->weeks.is_numbered ? _("week: ")
                                            : _("odd or even weeks: "),
                 cell->kind == CELL_LESSON ? cell->lesson->house_number : "~",
                 is_won ? _(" (a higher layer goes over it)") : "");
        print_line(_("layer"), &cell->place, text);
        is_won = true;
    }
}

/* Adds a word behind those before it; NULL and "" are none. */
static void add_word(char *text, size_t size, const char *word)
{
    const size_t length = strlen(text);
    if (word != NULL && word[0] != '\0') {
        snprintf(text + length, size - length, "%s%s", length > 0 ? " " : "", word);
    }
}

static void print_lesson(const struct lesson *lesson)
{
    char text[512] = "";
    add_word(text, sizeof(text), lesson->house_number);
    add_word(text, sizeof(text), lesson->grade);
    add_word(text, sizeof(text), lesson->subject);
    add_word(text, sizeof(text), lesson->title);
    add_word(text, sizeof(text), lesson->live);
    print_line(_("lesson"), &lesson->place, text);
}

static void print_period(const struct timetable *timetable, size_t index)
{
    static const char *const rests[] = {"filler", "whole", "loop", "countdown"};
    static const char *const overruns[] = {"cut", "trim", "ripple"};
    const struct period *period = &timetable->periods[index];
    char text[256];
    snprintf(text, sizeof(text), "rest: %s, overrun: %s%s", rests[period->fit.rest],
             overruns[period->fit.overrun], period->is_fixed ? ", fixed" : "");
    print_line(_("period"), &period->place, text);
}

enum { SLOT_TEXT_SIZE = 256 };

/*
 * When a slot is on.  Small hours are counted on from 24:00, as in the files; repeats go on until
 * the next day that has lessons, and beyond what a file can say the dates are named.
 */
static const char *hours_text(const struct day *day, const struct day_slot *slot,
                              char text[SLOT_TEXT_SIZE])
{
    char clocks[2][WHEN_TEXT_SIZE];
    char dates[2][WHEN_TEXT_SIZE];
    if (slot->end <= CLOCK_MOST) {
        snprintf(text, SLOT_TEXT_SIZE, _("%s, %s to %s"), slot->name,
                 when_clock_text(slot->start, clocks[0]), when_clock_text(slot->end, clocks[1]));
    } else {
        snprintf(text, SLOT_TEXT_SIZE, _("%s, %s %s to %s %s"), slot->name,
                 when_date_text(day->date + slot->start / DAY_SECONDS, dates[0]),
                 when_clock_text(slot->start % DAY_SECONDS, clocks[0]),
                 when_date_text(day->date + slot->end / DAY_SECONDS, dates[1]),
                 when_clock_text(slot->end % DAY_SECONDS, clocks[1]));
    }
    return text;
}

static void print_slot(const struct timetable *timetable, const struct day *day,
                       const struct day_slot *slot)
{
    char text[SLOT_TEXT_SIZE];
    print_line(_("made by"), &slot->place, hours_text(day, slot, text));
    if (slot->reason != NULL) {
        print_line(_("change"), &slot->moved, slot->reason);
    }
    if (slot->period < timetable->period_count) {
        print_layers(timetable, day, slot->period);
        print_period(timetable, slot->period);
    }
    if (slot->lesson != NULL) {
        print_lesson(slot->lesson);
    }
}

/* The timetable of the moment's date, or the day before's. */
static const struct timetable *timetable_on(const struct moment *moment, int64_t date)
{
    return planner_timetable_on(moment->planner, moment->channel, date);
}

/* The lines that are named are of the files as they were then. */
static void print_closing(const struct moment *moment, const struct frozen_day *closed)
{
    char text[512];
    char time[ZONE_TEXT_SIZE];
    zone_frame_text(moment->zone, closed->closed_ms / (1000 / FRAMES_PER_SECOND), time);
    snprintf(
        text, sizeof(text),
        _("%.16s, by %s: the copy kept then airs, the lines named here are its; `ketang freeze "
          "… --off` opens the list"),
        time, closed->author);
    print_line(_("closed"), NULL, text);
}

static void print_timed_day(const struct moment *moment, const struct day *day)
{
    const struct frozen_day *closed =
        planner_closed_day(moment->planner, moment->channel, day->date);
    print_day(day);
    if (closed != NULL) {
        print_closing(moment, closed);
    }
}

/* True when a slot of the day is on then. */
static bool explain_day(const struct moment *moment, const struct day *day)
{
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (moment->seconds >= slot->start && moment->seconds < slot->end) {
            print_timed_day(moment, day);
            print_slot(timetable_on(moment, day->date), day, slot);
            return true;
        }
    }
    return false;
}

static int explain_timetable(const struct moment *moment)
{
    struct day day;
    struct day before;
    int result = day_resolve(timetable_on(moment, moment->date), moment->date, NULL, &day);
    const int result_before =
        day_resolve(timetable_on(moment, moment->date - 1), moment->date - 1, NULL, &before);
    if (result == 0 && result_before == 0 && !explain_day(moment, &day)) {
        struct moment night = *moment;
        night.seconds += DAY_SECONDS;
        if (!explain_day(&night, &before)) {
            print_timed_day(moment, &day);
            print_line(_("slot"), NULL, _("nothing is planned: fillers, or the slate"));
        }
    }
    day_finish(&day);
    day_finish(&before);
    return result < 0 ? result : result_before;
}

static const char *text_or_none(const char *text)
{
    return text != NULL ? text : "";
}

enum { WHAT_SIZE = 192 };

/* The operator's order that put the event there, or moved it: which, who, when, why. */
static void print_order(const struct plan *plan, const struct plan_event *event,
                        const struct zone *zone)
{
    for (size_t i = 0; event->amendment != 0 && i < plan->amendment_count; i++) {
        const struct plan_amendment *order = &plan->amendments[i];
        char what[WHAT_SIZE];
        char from[ZONE_TEXT_SIZE];
        char text[1024];
        if (order->id != event->amendment) {
            continue;
        }
        order_words_kind(order->kind, text_or_none(order->mode), what, sizeof(what));
        add_word(what, sizeof(what), order->house_number);
        add_word(what, sizeof(what), order->live);
        snprintf(text, sizeof(text), _("number %lld: %s, by %s, from %.19s on: %s"),
                 (long long)order->id, what, text_or_none(order->author),
                 zone_frame_text(zone, order->from, from), text_or_none(order->reason));
        print_line(_("order"), NULL, text);
    }
}

/* Plans say what comes: of what has gone by the record tells. */
static void tell_record(const char *channel, int64_t frame, const struct zone *zone)
{
    char day[ZONE_TEXT_SIZE];
    char text[256];
    snprintf(text, sizeof(text), _("has gone by; what aired: ketang asrun %s --day %.10s"), channel,
             zone_frame_text(zone, frame, day));
    print_line(_("event"), NULL, text);
}

/* A change has not come into the plan yet: above and below, two truths are told. */
static void tell_behind(const struct moment *moment, const struct plan_event *event, int64_t frame)
{
    if (event->start + event->duration > (int64_t)time(NULL) * FRAMES_PER_SECOND &&
        plan_behind(moment->planner, moment->channel, moment->zone, event, frame)) {
        print_line(_("note"), NULL,
                   _("the plan has not caught up with the timetable yet: it does so in a few "
                     "seconds, or `ketang status` says what keeps it"));
    }
}

/* The event of the last plan that was written. */
static void explain_plan(const struct station *station, const struct moment *moment, int64_t frame)
{
    const struct zone *zone = moment->zone;
    const char *channel = moment->channel;
    char *folder = station_state_path(station, "plans", channel);
    const int64_t revision = folder != NULL ? plan_latest_revision(folder) : 0;
    struct plan *plan = NULL;
    struct problems problems;
    char *path = NULL;
    problems_init(&problems);
    if (revision > 0 && asprintf(&path, "%s/%lld.yaml", folder, (long long)revision) >= 0 &&
        plan_load(path, &plan, &problems) == 0) {
        const ptrdiff_t index = plan_find(plan, frame);
        const struct plan_event *event = index >= 0 ? &plan->events[index] : NULL;
        char start[ZONE_TEXT_SIZE];
        char reasons[REASONS_TEXT_SIZE] = "";
        char what[WHAT_SIZE];
        if (event != NULL) {
            snprintf(what, sizeof(what), "%s", _(event_kind_name(event->kind)));
            add_word(what, sizeof(what), event->house_number);
            add_word(what, sizeof(what), event->live);
            reasons_text(event->reason, reasons, sizeof(reasons));
            printf(_("  event      %lld of revision %lld: %s, from %s%s%s%s%s\n"),
                   (long long)event->seq, (long long)revision, what,
                   zone_frame_text(zone, event->start, start),
                   event->instead_of != NULL ? _(", instead of ") : "",
                   event->instead_of != NULL ? event->instead_of : "",
                   event->reason != NULL ? _(": ") : "", reasons);
            print_order(plan, event, zone);
            tell_behind(moment, event, frame);
        } else if (plan->event_count > 0 && frame < plan->events[0].start) {
            tell_record(channel, frame, zone);
        }
    }
    problems_finish(&problems);
    plan_destroy(plan);
    free(path);
    free(folder);
}

/* The time that was asked for, as orders say it; now, when none was. */
static int read_time(const struct planner *planner, const struct zone *zone,
                     const struct explain_request *request, int64_t *seconds)
{
    const int64_t now_s = time(NULL);
    const struct order_periods periods = planner_periods(planner, request->channel);
    int64_t frame = now_s * FRAMES_PER_SECOND;
    const int result = request->time == NULL
                           ? 0
                           : order_when_look(request->time, &periods, zone, now_s * 1000, &frame);
    if (result < 0) {
        char complaint[ORDER_WHEN_TEXT_SIZE];
        fprintf(stderr, _("ketang explain: '%s': %s\n"), request->time,
                order_when_complain(request->time, &periods, zone_date(zone, now_s), result,
                                    complaint));
    }
    *seconds = frame / FRAMES_PER_SECOND;
    return result;
}

/* The timetables, with the days that are closed. */
static int load(struct planner *planner, const char *channel, struct problems *problems)
{
    int result = planner_load_timetables(planner, problems);
    if (result == 0) {
        result = planner_open_signoff(planner, (int64_t)time(NULL) * 1000, problems);
    }
    if (result == 0 && planner_timetable(planner, channel) == NULL) {
        fprintf(stderr, _("ketang explain: channel '%s' has no good timetable.\n"), channel);
        result = -ENODATA;
    }
    return result;
}

static int explain_moment(const struct planner *planner, const struct station *station,
                          const struct zone *zone, const char *channel, int64_t seconds)
{
    struct civil civil;
    char text[ZONE_TEXT_SIZE];
    zone_to_civil(zone, seconds, &civil);
    printf("%s %.19s\n", channel, zone_frame_text(zone, seconds * FRAMES_PER_SECOND, text));
    const struct moment moment = {planner, zone, channel,
                                  civil_days(civil.year, civil.month, civil.day),
                                  civil.hour * 3600 + civil.minute * 60 + civil.second};
    const int result = explain_timetable(&moment);
    explain_plan(station, &moment, seconds * FRAMES_PER_SECOND);
    return result;
}

static int explain(const struct station *station, const struct explain_request *request,
                   struct problems *problems)
{
    struct planner *planner = NULL;
    struct zone *zone = NULL;
    int64_t seconds = 0;
    int result = planner_create(station, &planner);
    if (result == 0) {
        result = zone_open(station->time_zone, &zone);
    }
    if (result == 0) {
        result = load(planner, request->channel, problems);
    }
    if (result == 0) {
        result = read_time(planner, zone, request, &seconds);
    }
    if (result == 0) {
        result = explain_moment(planner, station, zone, request->channel, seconds);
    }
    zone_close(zone);
    planner_destroy(planner);
    return result;
}

int cmd_explain(int argc, char **argv)
{
    struct explain_request request = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("explain");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int result = station_load(request.station_path, &station, &problems);
    if (result == 0 && (complaint_swapped("explain", station, request.channel, request.time) ||
                        !complaint_knows_channel("explain", station, request.channel))) {
        result = -ENOENT;
    }
    if (result == 0) {
        result = explain(station, &request, &problems);
    }
    if (problems.errors > 0) {
        problems_print(&problems, stderr);
    }
    problems_finish(&problems);
    station_destroy(station);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
