/* SPDX-License-Identifier: MIT */
/*
 * ketang monitor: judges a transport stream, in a file or on the network.
 */
#include "tools/cmd_monitor.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "tools/commands.h"
#include "tools/complaint.h"
#include "tools/meter/live_input.h"
#include "tools/meter/rate_scan.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 188 * 64, DRAW_MS = 300, POLL_MS = 100, MOST_AT_ONCE = 2000 };
enum { STATUS_FAULTS = 1, STATUS_UNJUDGED = 2 };

static const double LEAST_S = 0.001;
static const double MOST_S = 1e9; /* nanoseconds of it are an int64_t */
static const int64_t SILENCE_NS = INT64_C(2000000000);

static volatile sig_atomic_t is_stopped;

struct monitor {
    struct meter_options options;
    const char *source;
    const char *station;   /* to hold it against; NULL: not wanted */
    const char *transport; /* of that station */
    bool is_json;
    bool is_plain;
    double seconds;  /* 0: until it ends */
    double interval; /* of --json; 0: once, at the end */
    struct meter *meter;
    struct monitor_against *against;
    struct live_input *input;
    struct live_counts since; /* those of the input when counting began */
    bool is_explained;        /* why nothing can be judged has been told */
    struct monitor_screen *screen;
    uint64_t shown;
    int64_t start_ns;
    int64_t next_draw_ns;
    int64_t next_json_ns;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang monitor [OPTION]... udp://ADDRESS:PORT | rtp://ADDRESS:PORT | FILE\n"
            "\n"
            "Judges a transport stream by TR 101 290, and measures it. A group is joined\n"
            "where ?localaddr=ADDRESS or ?interface=NAME says, behind its address; - reads\n"
            "standard input.\n"
            "\n"
            "  --seconds N        stop after so many seconds\n"
            "  --plain            no full screen: a line for every event, then a summary\n"
            "  --json             one JSON object at the end\n"
            "  --interval N       with --json: one every N seconds, each on a line\n"
            "  --ignore ID[,ID]   indicators that do not count, such as 3.6,3.8\n"
            "  --bitrate BPS      the bit rate, where the stream's clock should not say it\n"
            "  --against STATION --transport NAME\n"
            "                     compares every packet with what NAME of that station file\n"
            "                     should air, and names the first that differs\n"
            "\n"
            "Exit status: 0 nothing wrong, 1 something found, 2 it could not be judged.\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang monitor udp://127.0.0.1:5001\n"
          "  ketang monitor --plain --seconds 60 'udp://239.1.1.1:5000?interface=eth1'\n"
          "  ketang monitor --against schedules/station.cfg \\\n"
          "      --transport zhangdian udp://127.0.0.1:5001\n",
          out);
}

static void on_signal(int number)
{
    (void)number;
    is_stopped = 1;
}

static bool parse_number(const char *text, double least, double most, double *value)
{
    char *end = NULL;
    errno = 0;
    *value = strtod(text, &end);
    if (errno != 0 || end == text || *end != '\0' || !(*value >= least && *value <= most)) {
        fprintf(stderr, _("ketang monitor: '%s' is not a number from %g to %.0f.\n"), text, least,
                most);
        return false;
    }
    return true;
}

static bool parse_ignored(char *text, struct meter_options *options)
{
    for (char *id = strtok(text, ","); id != NULL; id = strtok(NULL, ",")) {
        const enum tr_indicator indicator = tr_find(id);
        if (indicator == TR_INDICATORS) {
            fprintf(stderr,
                    _("ketang monitor: there is no indicator '%s'; they are 1.1 to 1.6, 2.1 to 2.6 "
                      "and 3.1 to 3.10.\n"),
                    id);
            return false;
        }
        options->is_ignored[indicator] = true;
    }
    return true;
}

/* One option; false: wrong usage. */
static bool take_option(struct monitor *monitor, int option, char *argument)
{
    double value = 0;
    bool is_sound = true;
    switch (option) {
    case 's':
        return parse_number(argument, LEAST_S, MOST_S, &monitor->seconds);
    case 'i':
        return parse_number(argument, LEAST_S, MOST_S, &monitor->interval);
    case 'x':
        return parse_ignored(argument, &monitor->options);
    case 'b':
        is_sound = parse_number(argument, (double)RATE_MIN_BPS, (double)RATE_MAX_BPS, &value);
        monitor->options.rate_bps = (int64_t)value;
        return is_sound;
    case 'a':
        monitor->station = argument;
        return true;
    case 't':
        monitor->transport = argument;
        return true;
    case 'j':
        monitor->is_json = true;
        return true;
    case 'p':
        monitor->is_plain = true;
        return true;
    default:
        return false;
    }
}

/* 1: help was asked for; -EINVAL: wrong usage. */
static int parse_options(int argc, char **argv, struct monitor *monitor)
{
    static const struct option options[] = {
        {"seconds", required_argument, NULL, 's'}, {"interval", required_argument, NULL, 'i'},
        {"ignore", required_argument, NULL, 'x'},  {"bitrate", required_argument, NULL, 'b'},
        {"against", required_argument, NULL, 'a'}, {"transport", required_argument, NULL, 't'},
        {"json", no_argument, NULL, 'j'},          {"plain", no_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},          {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        if (option == 'h') {
            print_usage(stdout);
            return 1;
        }
        if (!take_option(monitor, option, optarg)) {
            return -EINVAL;
        }
    }
    if ((monitor->station == NULL) != (monitor->transport == NULL)) {
        fputs(_("ketang monitor: --against STATION and --transport NAME go together.\n"), stderr);
        return -EINVAL;
    }
    if (optind + 1 != argc) {
        fputs(_("ketang monitor: name one stream, by its address or its file.\n"), stderr);
        return -EINVAL;
    }
    monitor->source = argv[optind];
    return 0;
}

/* What the network did since counting began; nothing for a file. */
static struct live_counts count_input(const struct monitor *monitor)
{
    const struct live_counts *since = &monitor->since;
    struct live_counts counts = {0};
    if (monitor->input != NULL) {
        live_input_counts(monitor->input, &counts);
    }
    counts.lost -= since->lost;
    counts.reordered -= since->reordered;
    counts.duplicates -= since->duplicates;
    counts.restarts -= since->restarts;
    counts.dropped -= since->dropped;
    counts.foreign -= since->foreign;
    return counts;
}

static json_t *input_json(const struct monitor *monitor)
{
    const struct live_counts counts = count_input(monitor);
    return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I}", "rtp", counts.is_rtp, "lost",
                     (json_int_t)counts.lost, "reordered", (json_int_t)counts.reordered,
                     "duplicates", (json_int_t)counts.duplicates, "restarts",
                     (json_int_t)counts.restarts, "dropped_here", (json_int_t)counts.dropped,
                     "foreign", (json_int_t)counts.foreign);
}

/* What the meter says, the network, and the tape. */
static json_t *summarise(const struct monitor *monitor, enum meter_parts parts)
{
    json_t *summary = meter_json(monitor->meter, parts);
    if (summary != NULL && monitor->input != NULL) {
        json_object_set_new(summary, "input", input_json(monitor));
    }
    if (summary != NULL && monitor->against != NULL) {
        json_object_set_new(summary, "against", monitor_against_json(monitor->against));
    }
    return summary;
}

static void print_json(const struct monitor *monitor, size_t flags)
{
    json_t *summary = summarise(monitor, METER_ALL);
    json_dumpf(summary, stdout, flags | JSON_REAL_PRECISION(12) | JSON_PRESERVE_ORDER);
    putchar('\n');
    fflush(stdout);
    json_decref(summary);
}

static void draw(struct monitor *monitor)
{
    struct monitor_against_lines lines;
    json_t *summary = summarise(monitor, METER_SCREEN);
    monitor_against_lines(monitor->against, &lines);
    monitor_screen_draw(monitor->screen, summary, &lines);
    json_decref(summary);
}

static void reset(struct monitor *monitor)
{
    meter_reset(monitor->meter);
    live_input_counts(monitor->input, &monitor->since);
    monitor_against_reset(monitor->against);
}

static void print_events(struct monitor *monitor)
{
    monitor_print_events(stdout, meter_board(monitor->meter), &monitor->shown);
    monitor_against_print_events(monitor->against, stdout);
    fflush(stdout);
    monitor_against_print_problems(monitor->against, stderr);
}

/* What the viewer sees or a program reads, when it is time. */
static void show(struct monitor *monitor, int64_t now_ns)
{
    if (monitor->screen != NULL) {
        const enum monitor_key key = monitor_screen_key(monitor->screen);
        if (key == MONITOR_QUIT) {
            is_stopped = 1;
        } else if (key == MONITOR_RESET) {
            reset(monitor);
        }
        if (key != MONITOR_NONE || now_ns >= monitor->next_draw_ns) {
            monitor->next_draw_ns = now_ns + (int64_t)DRAW_MS * 1000000;
            draw(monitor);
        }
    } else if (!monitor->is_json) {
        print_events(monitor);
    } else if (monitor->interval > 0 && now_ns >= monitor->next_json_ns) {
        if (monitor->next_json_ns > 0) {
            print_json(monitor, JSON_COMPACT);
        }
        monitor->next_json_ns = now_ns + (int64_t)(monitor->interval * 1e9);
    }
}

/* Why there is nothing to judge, if so. */
static void explain_silence(struct monitor *monitor)
{
    struct live_counts counts;
    if (monitor->is_explained) {
        return;
    }
    live_input_counts(monitor->input, &counts);
    monitor->is_explained = counts.foreign == counts.datagrams;
    if (counts.datagrams == 0) {
        fprintf(stderr,
                _("ketang monitor: nothing has come at %s. Is it sent there, and does no other "
                  "program here take it?\n"),
                monitor->source);
    } else if (monitor->is_explained) {
        fprintf(
            stderr,
            _("ketang monitor: %lld datagrams have come at %s, none with a transport stream%s.\n"),
            (long long)counts.datagrams, monitor->source,
            strncmp(monitor->source, "rtp:", 4) == 0
                ? _(" in RTP; udp:// takes it with RTP and without")
                : "");
    }
}

static bool is_over(const struct monitor *monitor, int64_t now_ns)
{
    return is_stopped != 0 || (monitor->seconds > 0 &&
                               now_ns - monitor->start_ns >= (int64_t)(monitor->seconds * 1e9));
}

static int take_live(struct monitor *monitor)
{
    struct rtp_payload payload;
    for (int i = 0; i < MOST_AT_ONCE && live_input_next(monitor->input, &payload); i++) {
        if (payload.lost > 0) {
            meter_lost(monitor->meter, payload.lost);
        }
        monitor_against_feed(monitor->against, payload.bytes, payload.size);
        const int result =
            meter_push(monitor->meter, payload.bytes, payload.size, payload.arrival_ns);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

static int run_live(struct monitor *monitor)
{
    struct pollfd wait[2] = {{.fd = live_input_fd(monitor->input), .events = POLLIN},
                             {.fd = STDIN_FILENO, .events = POLLIN}};
    int64_t now_ns = live_input_now();
    monitor->start_ns = now_ns;
    while (!is_over(monitor, now_ns)) {
        poll(wait, monitor->screen != NULL ? 2 : 1, POLL_MS);
        const int result = take_live(monitor);
        if (result < 0) {
            return result;
        }
        now_ns = live_input_now();
        meter_idle(monitor->meter, now_ns);
        if (monitor->screen == NULL && now_ns - monitor->start_ns >= SILENCE_NS) {
            explain_silence(monitor);
        }
        show(monitor, now_ns);
    }
    live_input_end(monitor->input);
    return take_live(monitor);
}

static int run_file(struct monitor *monitor, FILE *file)
{
    uint8_t bytes[CHUNK];
    size_t got = 0;
    while (is_stopped == 0 && (got = fread(bytes, 1, sizeof(bytes), file)) > 0) {
        monitor_against_feed(monitor->against, bytes, got);
        const int result = meter_push(monitor->meter, bytes, got, 0);
        if (result < 0) {
            return result;
        }
        if (!monitor->is_json) {
            print_events(monitor);
        }
        if (monitor->seconds > 0 && meter_seconds(monitor->meter) >= monitor->seconds) {
            break;
        }
    }
    /* A signal may have ended the last read. */
    return !ferror(file) || is_stopped != 0 ? 0 : errno != 0 ? -errno : -EIO;
}

static int open_and_run_file(struct monitor *monitor)
{
    FILE *file = strcmp(monitor->source, "-") == 0 ? stdin : fopen(monitor->source, "rb");
    if (file == NULL) {
        return -errno;
    }
    const int result = run_file(monitor, file);
    if (file != stdin) {
        fclose(file);
    }
    return result;
}

static void report(struct monitor *monitor)
{
    if (monitor->is_json) {
        print_json(monitor, monitor->interval > 0 ? JSON_COMPACT : JSON_INDENT(1));
        monitor_against_print_problems(monitor->against, stderr);
        return;
    }
    json_t *summary = summarise(monitor, METER_SCREEN);
    print_events(monitor);
    monitor_print_summary(stdout, summary);
    if (monitor->against != NULL) {
        monitor_against_print(monitor->against, stdout);
    }
    json_decref(summary);
}

static int open_live(struct monitor *monitor)
{
    char error[256];
    monitor->options.is_live = true;
    monitor->input = live_input_open(monitor->source, error, sizeof(error));
    if (monitor->input != NULL) {
        return 0;
    }
    if (error[0] != '\0') {
        fprintf(stderr, _("ketang monitor: %s cannot be received: %s.\n"), monitor->source, error);
    } else {
        monitor_print_address_hint(stderr, monitor->source);
    }
    return -EINVAL;
}

/* Meant as one, by the looks of it. */
static bool is_like_url(const char *source)
{
    return strstr(source, "://") != NULL || strncmp(source, "udp:", 4) == 0 ||
           strncmp(source, "rtp:", 4) == 0;
}

/* The screen last: what else cannot be opened is told before it. */
static int open_all(struct monitor *monitor)
{
    const bool is_live = live_input_is_url(monitor->source);
    if (!is_live && is_like_url(monitor->source)) {
        monitor_print_address_hint(stderr, monitor->source);
        return -EINVAL;
    }
    if (monitor->station != NULL) {
        monitor->against = monitor_against_open(monitor->station, monitor->transport);
        if (monitor->against == NULL) {
            return -EINVAL;
        }
    }
    if (is_live && open_live(monitor) < 0) {
        return -EINVAL;
    }
    monitor->meter = meter_create(&monitor->options);
    if (monitor->meter == NULL) {
        fprintf(stderr, "ketang monitor: %s\n", strerror(ENOMEM));
        return -ENOMEM;
    }
    if (is_live && !monitor->is_json && !monitor->is_plain && isatty(STDOUT_FILENO) &&
        isatty(STDIN_FILENO)) {
        monitor->screen = monitor_screen_open(monitor->source);
    }
    return 0;
}

static int judge(const struct monitor *monitor)
{
    if (tr_board_count(meter_board(monitor->meter), 0) > 0 ||
        monitor_against_differs(monitor->against)) {
        return STATUS_FAULTS;
    }
    return meter_has_gaps(monitor->meter) || !monitor_against_is_judged(monitor->against) ||
                   count_input(monitor).dropped > 0
               ? STATUS_UNJUDGED
               : COMMAND_DONE;
}

static int run(struct monitor *monitor)
{
    if (open_all(monitor) < 0) {
        return STATUS_UNJUDGED;
    }
    const int result = monitor->input != NULL ? run_live(monitor) : open_and_run_file(monitor);
    monitor_screen_close(monitor->screen);
    monitor->screen = NULL;
    if (result < 0) {
        fprintf(stderr, _("ketang monitor: %s cannot be read: %s.\n"), monitor->source,
                strerror(-result));
        return STATUS_UNJUDGED;
    }
    meter_finish(monitor->meter);
    monitor_against_finish(monitor->against);
    report(monitor);
    if (monitor->input != NULL) {
        explain_silence(monitor);
    }
    return judge(monitor);
}

int cmd_monitor(int argc, char **argv)
{
    struct monitor monitor = {0};
    const int parsed = parse_options(argc, argv, &monitor);
    if (parsed != 0) {
        return parsed < 0 ? complaint_usage("monitor") : COMMAND_DONE;
    }
    const struct sigaction action = {.sa_handler = on_signal};
    is_stopped = 0;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    const int status = run(&monitor);
    monitor_screen_close(monitor.screen);
    monitor_against_close(monitor.against);
    meter_destroy(monitor.meter);
    live_input_close(monitor.input);
    return status;
}
