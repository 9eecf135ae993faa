/* SPDX-License-Identifier: MIT */
/*
 * ketang ready: which lessons air soonest, and which of them have no media.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/compile.h"
#include "scheduler/planner.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    AHEAD_DAYS = 7,
    GUESS_FRAMES = 4800, /* how long a lesson is taken to be that is not there yet */
    LESSONS_MOST = 5000,
};

struct ready_request {
    const char *station_path;
    bool is_missing_only;
    bool is_plain;
};

/* The first airing of a lesson. */
struct first_airing {
    int64_t frame;
    const char *channel;
    char *house_number;
    char *title;
    bool is_ready;
};

struct board {
    struct first_airing *airings;
    size_t count;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang ready [--station FILE] [--missing] [--plain]\n"
            "\n"
            "Lists the lessons of the coming week, the soonest first, and whether their\n"
            "media is there.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "  --missing          only those without media\n"
            "  --plain            house numbers alone, one a line\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang ready --missing\n"
          "  ketang ready --missing --plain | wc -l\n",
          out);
}

static int parse_options(int argc, char **argv, struct ready_request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"missing", no_argument, NULL, 'm'},
                                            {"plain", no_argument, NULL, 'p'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'm':
            request->is_missing_only = true;
            break;
        case 'p':
            request->is_plain = true;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    return optind == argc ? 0 : -EINVAL;
}

static void finish_board(struct board *board)
{
    for (size_t i = 0; i < board->count; i++) {
        free(board->airings[i].house_number);
        free(board->airings[i].title);
    }
    free(board->airings);
}

static int put(struct board *board, int64_t frame, const char *channel, const char *house_number,
               const char *title, bool is_ready)
{
    for (size_t i = 0; i < board->count; i++) {
        struct first_airing *known = &board->airings[i];
        if (strcmp(known->house_number, house_number) == 0) {
            if (frame < known->frame) {
                known->frame = frame;
                known->channel = channel;
            }
            return 0;
        }
    }
    if (board->count == LESSONS_MOST) {
        return 0;
    }
    struct first_airing *grown = realloc(board->airings, (board->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    board->airings = grown;
    struct first_airing airing = {frame, channel, strdup(house_number), strdup(title), is_ready};
    if (airing.house_number == NULL || airing.title == NULL) {
        free(airing.house_number);
        free(airing.title);
        return -ENOMEM;
    }
    grown[board->count++] = airing;
    return 0;
}

/* A library in which every lesson of the timetable has media: the plan as it is meant. */
static struct library *guess_library(const struct timetable *timetable,
                                     const struct library *library, const char *profile)
{
    struct library *guess = library_create();
    for (size_t i = 0; guess != NULL && i < timetable->lesson_count; i++) {
        const struct lesson *lesson = &timetable->lessons[i];
        const struct library_asset *real = library_find(library, profile, lesson->house_number);
        char *number = strdup(lesson->house_number);
        char *name = strdup(profile);
        struct library_asset asset = {.house_number = number,
                                      .profile = name,
                                      .duration = real != NULL ? real->duration : GUESS_FRAMES};
        snprintf(asset.sha256, sizeof(asset.sha256), "%064zx", i);
        const int result = number != NULL && name != NULL ? library_add(guess, &asset) : -ENOMEM;
        free(number);
        free(name);
        if (result < 0) {
            library_destroy(guess);
            return NULL;
        }
    }
    return guess;
}

static int put_channel(struct board *board, const struct planner *planner,
                       const struct service *service, const struct zone *zone, int64_t now)
{
    const struct timetable *timetable = planner_timetable(planner, service->name);
    const struct library *library = planner_library(planner);
    const char *profile = service->profile->name;
    struct plan *plan = NULL;
    if (timetable == NULL) {
        return 0;
    }
    struct library *guess = guess_library(timetable, library, profile);
    if (guess == NULL) {
        return -ENOMEM;
    }
    const int64_t end = now + (int64_t)AHEAD_DAYS * 86400 * FRAMES_PER_SECOND;
    const struct compile_input input = {.timetable = timetable,
                                        .library = guess,
                                        .profile = service->profile,
                                        .zone = zone,
                                        .from = now,
                                        .to = end};
    int result = compile(&input, &plan);
    for (size_t i = 0; result == 0 && i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->house_number != NULL) {
            result = put(board, event->start, service->name, event->house_number,
                         event->title != NULL ? event->title : "",
                         library_find(library, profile, event->house_number) != NULL);
        }
    }
    for (size_t i = 0; result == 0 && i < timetable->filler_count; i++) {
        const struct filler *filler = &timetable->fillers[i];
        result = put(board, end, service->name, filler->house_number,
                     filler->title != NULL ? filler->title : _("filler"),
                     library_find(library, profile, filler->house_number) != NULL);
    }
    plan_destroy(plan);
    library_destroy(guess);
    return result;
}

static int compare_airings(const void *left, const void *right)
{
    const struct first_airing *a = left;
    const struct first_airing *b = right;
    if (a->frame != b->frame) {
        return a->frame < b->frame ? -1 : 1;
    }
    return strcmp(a->house_number, b->house_number);
}

static void print_board(struct board *board, const struct ready_request *request,
                        const struct zone *zone)
{
    char text[ZONE_TEXT_SIZE];
    if (board->count > 0) {
        qsort(board->airings, board->count, sizeof(board->airings[0]), compare_airings);
    }
    for (size_t i = 0; i < board->count; i++) {
        const struct first_airing *airing = &board->airings[i];
        if (request->is_missing_only && airing->is_ready) {
            continue;
        }
        if (request->is_plain) {
            puts(airing->house_number);
        } else {
            printf("%.16s  %-10s  %-12s  %-7s  %s\n", zone_frame_text(zone, airing->frame, text),
                   airing->channel, airing->house_number,
                   airing->is_ready ? _("ready") : _("MISSING"), airing->title);
        }
    }
}

static int show_board(const struct station *station, const struct ready_request *request,
                      struct problems *problems)
{
    struct planner *planner = NULL;
    struct zone *zone = NULL;
    struct board board = {0};
    const int64_t now = (int64_t)time(NULL) * FRAMES_PER_SECOND;
    int result = planner_create(station, &planner);
    if (result == 0) {
        result = zone_open(station->time_zone, &zone);
    }
    if (result == 0) {
        result = planner_load_timetables(planner, problems);
    }
    if (result == 0) {
        result = planner_load_library(planner);
    }
    for (size_t i = 0; result == 0 && i < station_service_count(station); i++) {
        result = put_channel(&board, planner, station_service_at(station, i), zone, now);
    }
    if (result == 0) {
        print_board(&board, request, zone);
    } else {
        fprintf(stderr, _("ketang ready: %s.\n"), strerror(-result));
    }
    finish_board(&board);
    zone_close(zone);
    planner_destroy(planner);
    return result;
}

int cmd_ready(int argc, char **argv)
{
    struct ready_request request = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        if (parsed < 0) {
            print_usage(stderr);
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int result = station_load(request.station_path, &station, &problems);
    if (result == 0) {
        result = show_board(station, &request, &problems);
    }
    if (problems.errors > 0) {
        problems_print(&problems, stderr);
    }
    problems_finish(&problems);
    station_destroy(station);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
