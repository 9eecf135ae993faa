/* SPDX-License-Identifier: MIT */
/* ketang inbox: takes in what schools put into their folders. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "tools/author_name.h"
#include "tools/complaint.h"
#include "tools/inbox.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STILL_S = 30, LOOK_S = 5, AGAIN_S = 60, STILL_MOST_S = 86400 };

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

struct request {
    const char *station_path;
    const char *by;
    long still_s;
    bool is_once;
    bool is_list;
    char author[AUTHOR_NAME_SIZE];
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang inbox [OPTION]... FOLDER\n"
            "\n"
            "Hands in what schools put into the folder, each school into one of its own:\n"
            "FOLDER/示例学校A/KT-42.mp4, with its subtitles and list (CSV, .xlsx), as\n"
            "`ketang submit` does, once nothing of it has changed for a while.  What was\n"
            "taken moves to `taken`; `receipts` tells what becomes of it; `match-list.txt`\n"
            "has what is not sure, and how to say which lesson it is.  It runs until it is\n"
            "stopped.\n"
            "\n"
            "  --once             look once, then end; a file's own time says how old it is\n"
            "  --settle SECONDS   so long a file must not have changed (30)\n"
            "  --list             print the match lists, and end\n"
            "  --by NAME          who hands in; the user's name when left out\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang inbox inbox\n"
          "  ketang inbox --list inbox\n",
          out);
}

static int read_still(const char *text, long *still_s)
{
    char *end = NULL;
    errno = 0;
    *still_s = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || errno != 0 || *still_s < 0 || *still_s > STILL_MOST_S) {
        fprintf(stderr, _("ketang inbox: --settle is a number of seconds, 0 to %d, not '%s'.\n"),
                STILL_MOST_S, text);
        return -EINVAL;
    }
    return 0;
}

static int take_option(int option, struct request *request)
{
    switch (option) {
    case 's':
        request->station_path = optarg;
        return 0;
    case 'b':
        request->by = optarg;
        return 0;
    case 'o':
        request->is_once = true;
        return 0;
    case 'l':
        request->is_list = true;
        return 0;
    case 't':
        return read_still(optarg, &request->still_s);
    case 'h':
        print_usage(stdout);
        return 1;
    default:
        return -EINVAL;
    }
}

static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option OPTIONS[] = {{"station", required_argument, NULL, 's'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"once", no_argument, NULL, 'o'},
                                            {"list", no_argument, NULL, 'l'},
                                            {"settle", required_argument, NULL, 't'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = options_next(argc, argv, "h", OPTIONS)) != -1;) {
        const int result = take_option(option, request);
        if (result != 0) {
            return result;
        }
    }
    if (optind == argc) {
        fputs(_("ketang inbox: name the folder.\n"), stderr);
        return -EINVAL;
    }
    const int result = complaint_stray("inbox", argc, argv, optind + 1);
    return result < 0 ? result : author_name_read("inbox", request->by, request->author);
}

static int complain(const char *path, int result)
{
    fprintf(stderr, _("ketang inbox: the folder %s cannot be read: %s.\n"), path,
            strerror(-result));
    return result;
}

/* The store is opened for each time that there is something to do: it may be away, and come back.
 */
static int work(struct inbox *inbox, const struct request *request, struct inbox_counts *counts)
{
    struct store_command command = {.name = "ketang inbox"};
    int result = store_command_open(&command, request->station_path, STORE_USE);
    if (result == 0) {
        result = inbox_work(inbox, &command, store_command_now_ms(), counts);
    }
    store_command_close(&command);
    return result;
}

static int look_once(struct inbox *inbox, const struct request *request, const char *path)
{
    struct inbox_counts counts = {0};
    int result = inbox_look(inbox, store_command_now_ms());
    if (result < 0) {
        return complain(path, result);
    }
    result = work(inbox, request, &counts);
    if (result == 0) {
        printf(_("%zu taken, %zu asked about, %zu not still yet\n"), counts.taken, counts.asked,
               counts.waiting);
    }
    return result;
}

/* A folder or a store that is away is waited for, and told of once. */
static void look_on(struct inbox *inbox, const struct request *request, const char *path)
{
    int64_t next_ms = 0;
    int last = 0;
    while (is_interrupted == 0) {
        const int64_t now_ms = store_command_now_ms();
        struct inbox_counts counts = {0};
        int result = inbox_look(inbox, now_ms);
        if (result < 0 && result != last) {
            complain(path, result);
        }
        if (result == 0 && (now_ms >= next_ms || (last == 0 && inbox_has_news(inbox)))) {
            result = work(inbox, request, &counts);
            next_ms = now_ms + AGAIN_S * 1000;
        }
        last = result;
        nanosleep(&(struct timespec){.tv_sec = LOOK_S}, NULL);
    }
}

int cmd_inbox(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION, .still_s = STILL_S};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        return parsed > 0 ? COMMAND_DONE : complaint_usage("inbox");
    }
    const char *path = argv[optind];
    if (request.is_list) {
        const int listed = inbox_list(path);
        return listed < 0 ? complain(path, listed), COMMAND_FAILED : COMMAND_DONE;
    }
    const struct inbox_settings settings = {.path = path,
                                            .author = request.author,
                                            .still_ms = request.still_s * 1000,
                                            .trusts_ctime = request.is_once};
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct inbox *inbox = inbox_create(&settings);
    int result = inbox != NULL ? 0 : -ENOMEM;
    if (result == 0 && request.is_once) {
        result = look_once(inbox, &request, path);
    } else if (result == 0) {
        look_on(inbox, &request, path);
    }
    inbox_destroy(inbox);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
