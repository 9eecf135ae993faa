/* SPDX-License-Identifier: MIT */
/*
 * ketang render: writes any stretch of a transport's tape to a file.
 *
 * The same function that airs, with the journal for the past and for what
 * is already decided of the future.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "tools/complaint.h"
#include "tools/rendering.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SLOTS = 4096 };

struct request {
    const char *station_path;
    const char *transport;
    const char *output;
    const char *from;
    int64_t first_s;
    int64_t seconds;
    int64_t first_slot; /* instead of times: slots */
    int64_t slots;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang render --transport NAME --from TIME --seconds N -o FILE\n"
            "\n"
            "Writes what NAME airs, or will air, from TIME on: N seconds of transport stream.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "  --transport NAME   of the station file, as in zhangdian\n"
            "  --from TIME        as in 2026-11-23T08:00:00+08:00; without an offset in the\n"
            "                     station's time zone\n"
            "  --seconds N        whole seconds\n"
            "  --first-slot N --slots M\n"
            "                     instead of --from and --seconds: packets since the epoch\n"
            "  -o FILE            where to; - is the standard output\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang render --transport zhangdian --from 2026-11-24T11:59:00 \\\n"
          "      --seconds 60 -o minute.ts\n",
          out);
}

static int64_t parse_count(const char *text)
{
    char *end = NULL;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    return errno != 0 || *end != '\0' || end == text || value < 0 ? -1 : value;
}

enum option_value { STATION = 256, TRANSPORT, FROM, SECONDS, FIRST_SLOT, SLOTS };

/* False: there is no such option. */
static bool take_option(struct request *request, int option, const char *argument)
{
    switch (option) {
    case STATION:
        request->station_path = argument;
        return true;
    case TRANSPORT:
        request->transport = argument;
        return true;
    case FROM:
        request->from = argument;
        return true;
    case SECONDS:
        request->seconds = parse_count(argument);
        return true;
    case FIRST_SLOT:
        request->first_slot = parse_count(argument);
        return true;
    case SLOTS:
        request->slots = parse_count(argument);
        return true;
    case 'o':
        request->output = argument;
        return true;
    default:
        return false;
    }
}

/* In words; NULL: nothing. */
static const char *what_is_missing(const struct request *request)
{
    const bool has_times = request->from != NULL && request->seconds > 0;
    const bool has_slots = request->first_slot > 0 && request->slots > 0;
    if (request->transport == NULL) {
        return _("which transport? --transport NAME");
    }
    if (has_times == has_slots) {
        return _("which stretch? --from TIME with --seconds N above 0, or --first-slot N with "
                 "--slots N");
    }
    return request->output == NULL ? _("where to? -o FILE") : NULL;
}

/* 1: help was asked for; -EINVAL: wrong usage. */
static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option OPTIONS[] = {
        {"station", required_argument, NULL, STATION},
        {"transport", required_argument, NULL, TRANSPORT},
        {"from", required_argument, NULL, FROM},
        {"seconds", required_argument, NULL, SECONDS},
        {"first-slot", required_argument, NULL, FIRST_SLOT},
        {"slots", required_argument, NULL, SLOTS},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = options_next(argc, argv, "o:h", OPTIONS)) != -1;) {
        if (option == 'h') {
            print_usage(stdout);
            return 1;
        }
        if (!take_option(request, option, optarg)) {
            return -EINVAL;
        }
    }
    const char *missing = what_is_missing(request);
    if (missing != NULL) {
        fprintf(stderr, "ketang render: %s\n", missing);
        return -EINVAL;
    }
    return complaint_stray("render", argc, argv, optind);
}

static int write_packets(struct rendering *rendering, uint64_t first, uint64_t count, FILE *file,
                         const char *name)
{
    uint8_t *packets = malloc((size_t)CHUNK_SLOTS * TS_PACKET_SIZE);
    int result = packets != NULL ? 0 : -ENOMEM;
    while (count > 0 && result == 0) {
        const size_t chunk = count < CHUNK_SLOTS ? (size_t)count : CHUNK_SLOTS;
        struct tape_fault fault;
        rendering_read(rendering, first, chunk, packets, &fault);
        if (fault.error != 0) {
            fprintf(stderr, _("ketang render: event %" PRId64 ": asset %s cannot be read: %s\n"),
                    fault.seq, fault.asset, strerror(-fault.error));
            result = fault.error;
        } else if (fwrite(packets, TS_PACKET_SIZE, chunk, file) != chunk) {
            result = -errno;
            fprintf(stderr, _("ketang render: %s cannot be written: %s\n"), name, strerror(errno));
        }
        first += chunk;
        count -= chunk;
    }
    free(packets);
    return result;
}

static int render(struct rendering *rendering, const struct request *request, uint64_t first,
                  uint64_t count)
{
    const bool is_stdout = strcmp(request->output, "-") == 0;
    FILE *file = is_stdout ? stdout : fopen(request->output, "wb");
    if (file == NULL) {
        fprintf(stderr, _("ketang render: %s cannot be written: %s\n"), request->output,
                strerror(errno));
        return -errno;
    }
    int result = write_packets(rendering, first, count, file, request->output);
    if ((is_stdout ? fflush(file) : fclose(file)) != 0 && result == 0) {
        result = -errno;
        fprintf(stderr, _("ketang render: %s cannot be written: %s\n"), request->output,
                strerror(errno));
    }
    return result;
}

static int find_stretch(const struct request *request, const struct rendering *rendering,
                        uint64_t *first, uint64_t *count)
{
    const struct tape_format *format = rendering_format(rendering);
    const uint64_t slots = (uint64_t)tape_transport(format)->slots_per_second;
    int64_t first_s = 0;
    if (request->from == NULL) {
        *first = (uint64_t)request->first_slot;
        *count = (uint64_t)request->slots;
        return 0;
    }
    const char *time_zone = rendering_station(rendering)->time_zone;
    if (complaint_read_time("render", time_zone, request->from, &first_s) < 0) {
        return -EINVAL;
    }
    *first = (uint64_t)first_s * slots;
    *count = (uint64_t)request->seconds * slots;
    return 0;
}

int cmd_render(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION};
    struct rendering *rendering = NULL;
    struct problems problems;
    problems_init(&problems);
    uint64_t first = 0;
    uint64_t count = 0;

    int result = parse_options(argc, argv, &request);
    if (result != 0) {
        if (result < 0) {
            complaint_usage("render");
        }
        return result > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    result = rendering_open(request.station_path, request.transport, &rendering, &problems);
    if (result == 0) {
        result = find_stretch(&request, rendering, &first, &count);
    }
    if (result == 0) {
        const struct tape_format *format = rendering_format(rendering);
        result = rendering_load(rendering, tape_frame_of_slot(format, first),
                                tape_frame_of_slot(format, first + count - 1), &problems);
    }
    problems_print(&problems, stderr);
    if (result == 0) {
        result = render(rendering, &request, first, count);
    }
    rendering_close(rendering);
    problems_finish(&problems);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
