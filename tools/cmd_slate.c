/* SPDX-License-Identifier: MIT */
/*
 * ketang slate, ketang return: orders to the scheduler, which amends the plan.
 */
#include "tools/commands.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "playout/station.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MS = 10000 };

struct order {
    const char *command; /* "slate" or "return" */
    const char *station_path;
    const char *channel;
    const char *reason;
    const char *author;
};

static void print_slate_usage(FILE *out)
{
    fputs(_("Usage: ketang slate [--station FILE] CHANNEL --reason TEXT [--author NAME]\n"
            "\n"
            "Puts a channel on the slate, some five seconds from now, until `ketang return`.\n"
            "\n"
            "  --reason TEXT      why; it goes into the as-run log\n"
            "  --author NAME      who; the user's name when left out\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
}

static void print_return_usage(FILE *out)
{
    fputs(_("Usage: ketang return [--station FILE] CHANNEL\n"
            "\n"
            "Returns from the slate to what the timetable has, joined in progress.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
}

static int parse_options(int argc, char **argv, bool needs_reason, struct order *order)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"reason", required_argument, NULL, 'r'},
                                            {"author", required_argument, NULL, 'a'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 's':
            order->station_path = optarg;
            break;
        case 'r':
            order->reason = optarg;
            break;
        case 'a':
            order->author = optarg;
            break;
        case 'h':
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (optind + 1 != argc) {
        fprintf(stderr, _("ketang %s: name one channel.\n"), order->command);
        return -EINVAL;
    }
    if (needs_reason && (order->reason == NULL || *order->reason == '\0')) {
        fprintf(stderr, _("ketang %s: say why, by --reason TEXT.\n"), order->command);
        return -EINVAL;
    }
    order->channel = argv[optind];
    return 0;
}

static int print_answer(const struct order *order, const json_t *answer)
{
    const bool is_ok = json_is_true(json_object_get(answer, "ok"));
    const char *time_text = json_string_value(json_object_get(answer, "time"));
    const char *error = json_string_value(json_object_get(answer, "error"));
    if (is_ok && time_text != NULL) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        const double ahead =
            (double)json_integer_value(json_object_get(answer, "frame")) / FRAMES_PER_SECOND -
            (double)now.tv_sec - (double)now.tv_nsec / 1e9;
        printf(strcmp(order->command, "slate") == 0
                   ? _("%s goes to the slate at %s, in %.1f s (revision %lld).\n")
                   : _("%s returns at %s, in %.1f s (revision %lld).\n"),
               order->channel, time_text, ahead,
               (long long)json_integer_value(json_object_get(answer, "revision")));
    } else {
        fprintf(stderr, _("ketang: %s: %s\n"), order->channel,
                error != NULL ? error : _("the scheduler's answer cannot be understood."));
    }
    return is_ok ? COMMAND_DONE : COMMAND_FAILED;
}

static int send_order(const struct order *order, const struct station *station)
{
    int status = COMMAND_FAILED;
    char *path = NULL;
    json_t *answer = NULL;
    json_t *request = json_pack("{s:s, s:s, s:s*, s:s*}", "command", order->command, "channel",
                                order->channel, "reason", order->reason, "author", order->author);
    if (request == NULL || asprintf(&path, "%s/run/scheduler.sock", station->state) < 0) {
        fputs(_("ketang: the order must be UTF-8 text.\n"), stderr);
        goto cleanup;
    }
    const int result = control_socket_ask(path, request, ANSWER_MS, &answer);
    if (result < 0) {
        fprintf(stderr,
                _("ketang: the scheduler does not answer at %s: %s. Is ketang-scheduler "
                  "running?\n"),
                path, strerror(-result));
        goto cleanup;
    }
    status = print_answer(order, answer);

cleanup:
    json_decref(answer);
    free(path);
    json_decref(request);
    return status;
}

static int run_order(int argc, char **argv, struct order *order, bool needs_reason,
                     void (*print_usage)(FILE *out))
{
    const int parsed = parse_options(argc, argv, needs_reason, order);
    if (parsed != 0) {
        print_usage(parsed > 0 ? stdout : stderr);
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    int status = COMMAND_FAILED;
    problems_init(&problems);
    if (station_load(order->station_path, &station, &problems) == 0) {
        status = send_order(order, station);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    station_destroy(station);
    return status;
}

int cmd_slate(int argc, char **argv)
{
    const char *user = getenv("USER");
    struct order order = {.command = "slate",
                          .station_path = DEFAULT_STATION,
                          .author = user != NULL ? user : "root"};
    return run_order(argc, argv, &order, true, print_slate_usage);
}

int cmd_return(int argc, char **argv)
{
    struct order order = {.command = "return", .station_path = DEFAULT_STATION};
    return run_order(argc, argv, &order, false, print_return_usage);
}
