/* SPDX-License-Identifier: MIT */
/* ketang check: says what is wrong with the station file and the timetables. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/media.h"
#include "playout/options.h"
#include "playout/tape.h"
#include "scheduler/planner.h"
#include "tools/check_store.h"
#include "tools/complaint.h"
#include "tools/scheduler_status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang check [--station FILE] [TIMETABLE]...\n"
            "\n"
            "Reads the station file and its timetables, or those named, and reports every\n"
            "problem by file, line and column.  The exit status is 1 when there are errors;\n"
            "warnings do no harm.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang check\n"
          "  ketang check schedules/zhangdian.yaml\n",
          out);
}

/* Once for each profile that is on air. */
static void warn_of_slates(const struct station *station, struct problems *problems)
{
    for (size_t i = 0; i < station_service_count(station); i++) {
        const struct profile *profile = station_service_at(station, i)->profile;
        struct asset *slate = NULL;
        bool is_known = false;
        for (size_t k = 0; k < i; k++) {
            is_known = is_known || station_service_at(station, k)->profile == profile;
        }
        if (!is_known && media_open_slate(station->media, profile->name, &slate) < 0) {
            problems_add(problems, PROBLEM_WARNING, station->path, 0, 0,
                         _("there is no slate of profile '%s' in %s: its channels stay off the air "
                           "until there is; make one with 'ketang ingest --slate --profile %s'"),
                         profile->name, station->media, profile->name);
        }
        asset_unref(slate);
    }
}

static void check_transports(const struct station *station, struct problems *problems)
{
    for (size_t i = 0; i < station->transport_count; i++) {
        (void)tape_format_check(station, &station->transports[i], problems);
    }
}

/* All timetables of the station, and what belongs to them. */
static void check_timetables(struct planner *planner, struct problems *problems)
{
    const size_t errors = problems->errors;
    if (planner_load_timetables(planner, problems) < 0) {
        return; /* without the folder the channels have none, which needs no saying */
    }
    if (problems->errors == errors) {
        planner_check_calendars(planner, problems);
    }
    planner_check_channels(planner, problems);
}

/* What is wrong with the media goes into a list of its own: it comes first. */
static int check_station(const struct station *station, const char *const *files, size_t file_count,
                         struct problems *media, struct problems *problems)
{
    struct planner *planner = NULL;
    const int result = planner_create(station, &planner);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     result == -ENOENT ? _("there is no time zone '%s'; write one as Asia/Shanghai")
                                       : "%s",
                     result == -ENOENT ? station->time_zone : strerror(-result));
        return result;
    }
    const bool has_media = planner_read_media(planner, media) == 0;
    (void)planner_load_files(planner, files, file_count, problems);
    check_transports(station, problems);
    if (file_count == 0) {
        if (has_media) {
            warn_of_slates(station, problems);
        }
        check_timetables(planner, problems);
    }
    planner_warn(planner, problems);
    check_store(station, planner, file_count == 0, problems);
    planner_destroy(planner);
    return 0;
}

/* A warning that is right as it is can be switched off; who reads its name may not know. */
static void print_accept(const struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].name != NULL) {
            printf(_("A warning that is meant so is switched off by its name, with the reason, in "
                     "the timetable: accept: {%s: …}\n"),
                   problems->items[i].name);
            return;
        }
    }
}

/* Writes the places of the warnings after `index` that say the same, and drops those. */
static void gather_places(struct problems *problems, size_t index, FILE *out)
{
    const struct problem *first = &problems->items[index];
    size_t kept = index + 1;
    bool has_place = false;
    for (size_t i = index + 1; i < problems->count; i++) {
        struct problem *other = &problems->items[i];
        if (other->name == NULL || strcmp(other->name, first->name) != 0 ||
            strcmp(other->text, first->text) != 0) {
            problems->items[kept++] = *other;
            continue;
        }
        fprintf(out, "%s%s", has_place ? _(", ") : "", other->file);
        if (other->line > 0) {
            fprintf(out, ":%d", other->line);
        }
        has_place = true;
        free(other->file);
        free(other->text);
    }
    problems->count = kept;
}

/* Channels have much in common: what holds for several is one warning with all its places. */
static void join_warnings(struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        struct problem *problem = &problems->items[i];
        char *places = NULL;
        char *text = NULL;
        size_t size = 0;
        FILE *out = problem->name != NULL ? open_memstream(&places, &size) : NULL;
        if (out == NULL) {
            continue;
        }
        gather_places(problems, i, out);
        if (fclose(out) == 0 && size > 0 &&
            asprintf(&text, _("%s; the same holds for %s"), problem->text, places) >= 0) {
            free(problem->text);
            problem->text = text;
        }
        free(places);
    }
}

static void print_result(struct problems *media, struct problems *problems)
{
    join_warnings(problems);
    const size_t errors = media->errors + problems->errors;
    const size_t warnings = media->count + problems->count - errors;
    problems_print(media, stdout);
    problems_print(problems, stdout);
    if (errors > 0) {
        printf(ngettext("%zu error.\n", "%zu errors.\n", errors), errors);
    } else if (warnings > 0) {
        print_accept(problems);
        printf(ngettext("No errors, %zu warning.\n", "No errors, %zu warnings.\n", warnings),
               warnings);
    } else {
        puts(_("No errors."));
    }
}

int cmd_check(int argc, char **argv)
{
    static const struct option options[] = {
        {"station", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};
    const char *path = DEFAULT_STATION;
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            path = optarg;
            break;
        case 'h':
            print_usage(stdout);
            return COMMAND_DONE;
        default:
            return complaint_usage("check");
        }
    }
    struct problems media;
    struct problems problems;
    struct station *station = NULL;
    problems_init(&media);
    problems_init(&problems);
    int result = station_load(path, &station, &problems);
    if (result == 0) {
        result = check_station(station, (const char *const *)argv + optind, (size_t)(argc - optind),
                               &media, &problems);
    }
    print_result(&media, &problems);
    if (result == 0) {
        (void)scheduler_status_tell_station(stdout, station);
    }
    const bool is_clean = result == 0 && media.errors + problems.errors == 0;
    problems_finish(&media);
    problems_finish(&problems);
    station_destroy(station);
    return is_clean ? COMMAND_DONE : COMMAND_FAILED;
}
