/* SPDX-License-Identifier: MIT */
/*
 * ketang mute: silences a channel's output at once, and back.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "tools/complaint.h"
#include "tools/engine_client.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

struct mute_request {
    const char *station_path;
    const char *channel;
    bool is_off;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang mute [--station FILE] CHANNEL [--off]\n"
            "\n"
            "Stops sending a channel at once; the plan runs on unseen. It stays muted, also\n"
            "across a restart of the engine, until `ketang mute CHANNEL --off`.\n"
            "\n"
            "The engine does it by itself: it is no order, has no reason, and is not in\n"
            "`ketang orders`; `ketang status` shows it.  `ketang remark` gives its incident\n"
            "in the daily report a reason.\n"
            "\n"
            "  --off              sends it again\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang mute zhangdian\n"
          "  ketang mute zhangdian --off\n",
          out);
}

static int parse_options(int argc, char **argv, struct mute_request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"off", no_argument, NULL, 'o'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'o':
            request->is_off = true;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (optind + 1 != argc) {
        fprintf(stderr, _("ketang %s: name one channel.\n"), "mute");
        return -EINVAL;
    }
    request->channel = argv[optind];
    return 0;
}

int cmd_mute(int argc, char **argv)
{
    struct mute_request request = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed > 0) {
        return COMMAND_DONE;
    }
    if (parsed < 0) {
        return complaint_usage("mute");
    }
    json_t *answer = engine_client_ask(
        request.station_path, json_pack("{s:s, s:s}", "command", request.is_off ? "unmute" : "mute",
                                        "channel", request.channel));
    if (answer == NULL) {
        return COMMAND_FAILED;
    }
    if (request.is_off) {
        printf(_("%s is sent again.\n"), request.channel);
    } else {
        printf(_("%s is muted: nothing is sent, the plan runs on unseen.  `ketang mute %s --off` "
                 "sends it again.\n"),
               request.channel, request.channel);
    }
    json_decref(answer);
    return COMMAND_DONE;
}
