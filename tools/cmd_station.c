/* SPDX-License-Identifier: MIT */
/* ketang station: what the station file says, a line each, for scripts and completion. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station.h"
#include "tools/complaint.h"

#include <stdio.h>
#include <string.h>

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang station [--station FILE] WHAT...\n"
            "\n"
            "Prints what the station file says, for scripts, one a line.\n"
            "\n"
            "  file               which file that is\n"
            "  name               of the station\n"
            "  time_zone          as in Asia/Shanghai\n"
            "  media              the folder of air-ready lessons\n"
            "  state              the folder of plans, journals and the as-run record\n"
            "  timetables         the folder of the timetables\n"
            "  store              the file of the store, or the word server\n"
            "  channels           the names of all channels\n"
            "  transports         the names of all transports\n"
            "  profiles           the names of the house formats\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "\n"
            "Examples:\n"
            "  ketang station channels\n"
            "  du -sh \"$(ketang station media)\"\n"),
          out);
}

static void print_channels(const struct station *station)
{
    for (size_t i = 0; i < station->transport_count; i++) {
        const struct transport *transport = &station->transports[i];
        for (size_t j = 0; j < transport->service_count; j++) {
            puts(transport->services[j].name);
        }
    }
}

static void print_transports(const struct station *station)
{
    for (size_t i = 0; i < station->transport_count; i++) {
        puts(station->transports[i].name);
    }
}

static void print_profiles(const struct station *station)
{
    for (size_t i = 0; i < station->profile_count; i++) {
        puts(station->profiles[i].name);
    }
}

/* The words of a connection may hold a password: never shown. */
static void print_store(const struct station *station)
{
    const char *store = station->scheduler.store;
    if (store == NULL) {
        printf("%s/ketang.db\n", station->state);
    } else {
        puts(strchr(store, '=') != NULL || strstr(store, "://") != NULL ? "server" : store);
    }
}

static bool print_list(const struct station *station, const char *what)
{
    static const struct {
        const char *name;
        void (*print)(const struct station *station);
    } lists[] = {{"store", print_store},
                 {"channels", print_channels},
                 {"transports", print_transports},
                 {"profiles", print_profiles}};

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(what, lists[i].name) == 0) {
            lists[i].print(station);
            return true;
        }
    }
    return false;
}

static bool print_text(const struct station *station, const char *what)
{
    const struct {
        const char *name;
        const char *text;
    } texts[] = {{"name", station->name},   {"time_zone", station->time_zone},
                 {"media", station->media}, {"state", station->state},
                 {"file", station->path},   {"timetables", station->timetables}};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(what, texts[i].name) == 0) {
            puts(texts[i].text);
            return true;
        }
    }
    return false;
}

static int print_all(const struct station *station, char **words)
{
    for (; *words != NULL; words++) {
        if (!print_text(station, *words) && !print_list(station, *words)) {
            fprintf(stderr, _("ketang station: there is no '%s'; see --help.\n"), *words);
            return COMMAND_USAGE;
        }
    }
    return COMMAND_DONE;
}

int cmd_station(int argc, char **argv)
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
            return complaint_usage("station");
        }
    }
    if (optind == argc) {
        fprintf(stderr, _("ketang %s: name %s.\n"), "station", "WHAT...");
        return complaint_usage("station");
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int status = COMMAND_FAILED;
    if (station_load(path, &station, &problems) == 0) {
        status = print_all(station, argv + optind);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    station_destroy(station);
    return status;
}
