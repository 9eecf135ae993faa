/* SPDX-License-Identifier: MIT */
/*
 * ketang-scheduler: turns timetables into plans, all day long.
 *
 * Logs to the standard error, key=value.  SIGTERM and SIGINT end it, SIGHUP
 * makes it read the timetables again.
 */
#include "playout/intl.h"
#include "playout/options.h"
#include "playout/state_clock.h"
#include "playout/version.h"
#include "scheduler/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

static volatile sig_atomic_t signal_caught;

static void catch_signal(int number)
{
    signal_caught = number;
}

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang-scheduler [--station FILE]\n"
            "\n"
            "Watches the timetables and the media folder, and writes the plans that the\n"
            "engine airs.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "  --version\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang-scheduler --station schedules/station.cfg\n", out);
}

static void install_signals(void)
{
    struct sigaction action = {.sa_handler = catch_signal}; /* no SA_RESTART: poll() ends */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run(struct daemon *daemon)
{
    bool is_ready = false;
    for (;;) {
        if (signal_caught == SIGHUP) {
            daemon_reload(daemon);
        } else if (signal_caught != 0) {
            break;
        }
        signal_caught = 0;
        daemon_turn(daemon);
        sd_notify(0, is_ready ? "WATCHDOG=1" : "READY=1");
        is_ready = true;
    }
    sd_notify(0, "STOPPING=1");
}

static int start(const char *path)
{
    struct problems problems;
    struct station *station = NULL;
    struct daemon *daemon = NULL;
    struct log *log = log_create(stderr, getenv("JOURNAL_STREAM") != NULL);
    problems_init(&problems);
    int result = log != NULL ? station_load(path, &station, &problems) : -ENOMEM;
    if (result == 0) {
        result = state_clock_take(station->state, false, &problems);
    }
    problems_print(&problems, stderr);
    if (result == 0) {
        result = daemon_create(station, log, clock_ms, &daemon);
        if (result == -EADDRINUSE) {
            fprintf(stderr, _("ketang-scheduler: another one is running for this station.\n"));
        } else if (result < 0) {
            fprintf(stderr, _("ketang-scheduler: it cannot start in %s: %s.\n"), station->state,
                    strerror(-result));
        }
    }
    if (result == 0) {
        run(daemon);
    }
    daemon_destroy(daemon);
    log_destroy(log);
    station_destroy(station);
    problems_finish(&problems);
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* What is too much, if anything is, and where to read more; the exit status. */
static int complain(const char *stray)
{
    if (stray != NULL) {
        fprintf(stderr, _("ketang-scheduler: leave out '%s'.\n"), stray);
    }
    fputs(_("See: ketang-scheduler --help\n"), stderr);
    return 2;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"version", no_argument, NULL, 'v'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    const char *path = station_default_path();
    intl_init();
    intl_serve();
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            path = optarg;
            break;
        case 'v':
            printf("ketang-scheduler %s\n", version_text());
            return EXIT_SUCCESS;
        case 'h':
            print_usage(stdout);
            return EXIT_SUCCESS;
        default:
            return complain(NULL);
        }
    }
    if (optind < argc) {
        return complain(argv[optind]);
    }
    install_signals();
    return start(path);
}
