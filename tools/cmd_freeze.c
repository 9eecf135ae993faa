/* SPDX-License-Identifier: MIT */
/* ketang freeze: closes the list of a day (定稿), and opens it again. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/plan.h"
#include "scheduler/store/store_freeze.h"
#include "scheduler/store/timetable_files.h"
#include "tools/store_command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *station_path;
    const char *channel; /* NULL: what is due */
    int64_t date;
    const char *author;
    const char *reason; /* NULL: none */
    bool is_off;
    bool is_due;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang freeze [--station FILE] CHANNEL DATE [--by NAME]\n"
            "       ketang freeze [--station FILE] CHANNEL DATE --off --reason TEXT [--by NAME]\n"
            "       ketang freeze [--station FILE] --due [--by NAME]\n"
            "\n"
            "Notes that the list of a day is closed, and keeps the timetables as they are now.\n"
            "Plans are still made from the files as they become.\n"
            "\n"
            "  --off              opens it again\n"
            "  --reason TEXT      why; it goes into the history\n"
            "  --due              tomorrow's list of all channels, if the hour of the station\n"
            "                     file (`freeze`) has passed; what is frozen stays as it is\n"
            "  --by NAME          who; the user's name when left out\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
}

/* 0, or -EINVAL when it has been said what is wrong. */
static int take_place(int argc, char **argv, struct request *request)
{
    if (argc != (request->is_due ? 0 : 2)) {
        fputs(_("ketang freeze: name one channel and one date, or --due.\n"), stderr);
        return -EINVAL;
    }
    if (request->is_off && (request->is_due || request->reason == NULL)) {
        fputs(_("ketang freeze: say why it is opened again, by --reason TEXT.\n"), stderr);
        return -EINVAL;
    }
    if (request->is_due) {
        return 0;
    }
    request->channel = argv[0];
    if (store_date_parse(argv[1], &request->date) < 0) {
        fprintf(stderr, _("ketang freeze: '%s' is no date, as in 2020-02-17.\n"), argv[1]);
        return -EINVAL;
    }
    return 0;
}

static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"reason", required_argument, NULL, 'r'},
                                            {"off", no_argument, NULL, 'o'},
                                            {"due", no_argument, NULL, 'd'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'b':
            request->author = optarg;
            break;
        case 'r':
            request->reason = optarg;
            break;
        case 'o':
            request->is_off = true;
            break;
        case 'd':
            request->is_due = true;
            break;
        case 'h':
            return 1;
        default:
            return -EINVAL;
        }
    }
    return take_place(argc - optind, argv + optind, request);
}

/* The plan revision that is frozen; 0 when there is no plan yet. */
static int64_t list_version(const struct station *station, const char *channel)
{
    char *folder = station_state_path(station, "plans", channel);
    const int64_t revision = folder != NULL ? plan_latest_revision(folder) : 0;
    free(folder);
    return revision > 0 ? revision : 0;
}

static int freeze(struct store_command *command, const struct store_day_edit *edit)
{
    char date[STORE_DATE_SIZE];
    struct timetable_files files = {0};
    struct problems problems;
    int64_t version = 0;
    const int64_t revision = list_version(command->station, edit->channel);
    problems_init(&problems);
    int result =
        timetable_files_read(command->station->timetables, edit->channel, &files, &problems);
    problems_print(&problems, stderr);
    if (result < 0 && problems.count == 0) {
        fprintf(stderr, "%s: %s: %s.\n", command->name, command->station->timetables,
                strerror(-result));
    }
    problems_finish(&problems);
    if (result < 0) {
        return result;
    }
    result = store_freeze_day(command->store, edit, revision, files.items, files.count, &version);
    if (result < 0) {
        store_command_complain(command, result);
    } else {
        printf(_("%s %s is frozen (plan %lld; files kept: %zu).\n"), edit->channel,
               store_date_text(edit->date, date), (long long)revision, files.count);
    }
    timetable_files_finish(&files);
    return result;
}

static int thaw(struct store_command *command, const struct store_day_edit *edit,
                const char *reason)
{
    char date[STORE_DATE_SIZE];
    int64_t version = 0;
    const int result = store_thaw_day(command->store, edit, reason, &version);
    if (result < 0) {
        return store_command_complain(command, result);
    }
    printf(_("%s %s is open again.\n"), edit->channel, store_date_text(edit->date, date));
    return 0;
}

static int freeze_due(struct store_command *command, struct store_day_edit edit)
{
    const struct station *station = command->station;
    const struct service *service = NULL;
    int result = 0;
    if (!station->scheduler.has_freeze) {
        fprintf(stderr, _("ketang freeze: %s does not say at which time of day ('freeze').\n"),
                station->path);
        return -EINVAL;
    }
    edit.date = store_freeze_due(command->zone, station->scheduler.freeze_minute, edit.now_ms);
    for (size_t i = 0; (service = station_service_at(station, i)) != NULL; i++) {
        bool is_frozen = false;
        edit.channel = service->name;
        int step = store_frozen(command->store, edit.channel, edit.date, &is_frozen);
        if (step < 0) {
            return store_command_complain(command, step);
        }
        step = is_frozen ? 0 : freeze(command, &edit);
        result = result == 0 ? step : result;
    }
    return result;
}

static int act(struct store_command *command, const struct request *request)
{
    const struct store_day_edit edit = {.channel = request->channel,
                                        .date = request->date,
                                        .based_on = STORE_DAY_WHATEVER,
                                        .author = request->author,
                                        .now_ms = store_command_now_ms()};
    if (request->is_due) {
        return freeze_due(command, edit);
    }
    if (station_service(command->station, request->channel) == NULL) {
        fprintf(stderr, _("ketang freeze: the station has no channel '%s'.\n"), request->channel);
        return -EINVAL;
    }
    return request->is_off ? thaw(command, &edit, request->reason) : freeze(command, &edit);
}

int cmd_freeze(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION, .author = store_command_author()};
    struct store_command command = {.name = "ketang freeze"};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        print_usage(parsed > 0 ? stdout : stderr);
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    int result = store_command_open(&command, request.station_path, STORE_USE);
    if (result == 0) {
        result = act(&command, &request);
    }
    store_command_close(&command);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
