/* SPDX-License-Identifier: MIT */
/* ketang freeze: closes the list of a day (定稿), and opens it again. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/zone.h"
#include "scheduler/freezing.h"
#include "scheduler/planner.h"
#include "scheduler/when.h"
#include "tools/author_name.h"
#include "tools/complaint.h"
#include "tools/reason_text.h"
#include "tools/store_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *station_path;
    const char *channel; /* or "all"; NULL: what is due */
    const char *date;    /* as it was said */
    const char *reason;  /* NULL: none */
    char author[AUTHOR_NAME_SIZE];
    bool is_off;
    bool is_due;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang freeze [--station FILE] CHANNEL|all DATE [--by NAME]\n"
            "       ketang freeze [--station FILE] CHANNEL|all DATE --off --reason TEXT\n"
            "                     [--by NAME]\n"
            "       ketang freeze [--station FILE] --due [--by NAME]\n"
            "\n"
            "Closes the list of a day: from then on the day airs as the timetables are now,\n"
            "whatever becomes of the files.  Orders (`ketang replace` and others) still\n"
            "change it.\n"
            "\n"
            "  ketang freeze zhangdian 2026-11-30 --by 王\n"
            "  ketang freeze all 2026-11-30\n"
            "  ketang freeze zhangdian 2026-11-30 --off --reason 教师调课\n"
            "\n"
            "  --off              opens it again\n"
            "  --reason TEXT      why; it goes into the history\n"
            "  --due              tomorrow's list of all channels, if the hour of the station\n"
            "                     file (`freeze`) has passed, as the scheduler does by\n"
            "                     itself; what was frozen, or opened again, stays as it is\n"
            "  --by NAME          who; the user's name when left out\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
}

/* 0, or -EINVAL when it has been said what is wrong. */
static int take_place(int argc, char **argv, struct request *request)
{
    if (argc != (request->is_due ? 0 : 2)) {
        fputs(_("ketang freeze: name one channel (or all) and one date, or --due.\n"), stderr);
        return -EINVAL;
    }
    if (request->is_off &&
        (request->is_due || request->reason == NULL || request->reason[0] == '\0')) {
        fputs(_("ketang freeze: say why it is opened again, by --reason TEXT.\n"), stderr);
        return -EINVAL;
    }
    if (request->is_due) {
        return 0;
    }
    request->channel = argv[0];
    request->date = argv[1];
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
    const char *by = NULL;
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'b':
            by = optarg;
            break;
        case 'r':
            request->reason = reason_text(optarg);
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
    const int result = take_place(argc - optind, argv + optind, request);
    return result == 0 ? author_name_read("freeze", by, request->author) : result;
}

static int freeze(struct store_command *command, const struct store_day_edit *edit)
{
    char date[STORE_DATE_SIZE];
    struct frozen_list list;
    struct problems problems;
    struct timetable_files files = {0};
    problems_init(&problems);
    int result = freezing_read(command->station, edit->channel, &files, &problems);
    if (result < 0) {
        problems_print(&problems, stderr);
        fprintf(stderr, _("%s: %s %s is not closed: mend the files first.\n"), command->name,
                edit->channel, store_date_text(edit->date, date));
    } else {
        result = freezing_keep(command->store, command->station, edit, &files, &list);
        if (result < 0) {
            store_command_complain(command, result);
        } else {
            printf(_("%s %s is frozen (plan %lld; files kept: %zu).\n"), edit->channel,
                   store_date_text(edit->date, date), (long long)list.revision, list.files);
        }
    }
    timetable_files_finish(&files);
    problems_finish(&problems);
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

static int freeze_or_thaw(struct store_command *command, const struct request *request,
                          const struct store_day_edit *edit)
{
    return request->is_off ? thaw(command, edit, request->reason) : freeze(command, edit);
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
    const int minute = station->scheduler.freeze_minute;
    if (!store_freeze_due(command->zone, minute, edit.now_ms, &edit.date)) {
        printf(_("Nothing is due before %02d:%02d.\n"), minute / 60, minute % 60);
        return 0;
    }
    for (size_t i = 0; (service = station_service_at(station, i)) != NULL; i++) {
        bool is_due = false;
        edit.channel = service->name;
        int step = freezing_is_due(command->store, edit.channel, edit.date, &is_due);
        if (step < 0) {
            return store_command_complain(command, step);
        }
        step = is_due ? freeze(command, &edit) : 0;
        result = result == 0 ? step : result;
    }
    return result;
}

static int read_date(const struct store_command *command, const struct request *request,
                     struct store_day_edit *edit)
{
    const int result = complaint_read_date("freeze", command->zone, request->date, &edit->date);
    return result < 0 ? result : store_command_check_date(command, edit->date, edit->now_ms);
}

/* 0, or -EINVAL: a day that the scheduler does not plan yet is likely a slip, as of the year. */
static int check_planned(const struct store_command *command, const struct store_day_edit *edit)
{
    char date[WHEN_TEXT_SIZE];
    char last[WHEN_TEXT_SIZE];
    const int64_t last_date = zone_date(command->zone, edit->now_ms / 1000) + PLANNER_DAYS;
    if (edit->date <= last_date) {
        return 0;
    }
    fprintf(stderr,
            _("%s: %s is too far ahead: the scheduler plans %d days ahead, to %s.  If the date is "
              "right, close it when it is planned.\n"),
            command->name, when_date_text(edit->date, date), PLANNER_DAYS,
            when_date_text(last_date, last));
    return -EINVAL;
}

/* Each channel by itself: one that cannot be closed, as its complaint says, stops no other. */
static int act_on_all(struct store_command *command, const struct request *request,
                      struct store_day_edit edit)
{
    const struct service *service = NULL;
    int result = 0;
    for (size_t i = 0; (service = station_service_at(command->station, i)) != NULL; i++) {
        edit.channel = service->name;
        const int step = freeze_or_thaw(command, request, &edit);
        result = result == 0 ? step : result;
    }
    return result;
}

static int act(struct store_command *command, const struct request *request)
{
    struct store_day_edit edit = {.channel = request->channel,
                                  .based_on = STORE_DAY_WHATEVER,
                                  .author = request->author,
                                  .now_ms = store_command_now_ms()};
    if (request->is_due) {
        return freeze_due(command, edit);
    }
    const bool is_all = strcmp(request->channel, "all") == 0;
    if (!is_all &&
        (complaint_swapped("freeze", command->station, request->channel, request->date) ||
         !complaint_knows_channel("freeze", command->station, request->channel))) {
        return -EINVAL;
    }
    int result = read_date(command, request, &edit);
    if (result == 0 && !request->is_off) {
        result = check_planned(command, &edit);
    }
    if (result < 0 || is_all) {
        return result < 0 ? result : act_on_all(command, request, edit);
    }
    return freeze_or_thaw(command, request, &edit);
}

int cmd_freeze(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION};
    struct store_command command = {.name = "ketang freeze"};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed < 0) {
        return complaint_usage("freeze");
    }
    if (parsed > 0) {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    int result = store_command_open(&command, request.station_path, STORE_USE);
    if (result == 0) {
        result = act(&command, &request);
    }
    store_command_close(&command);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
