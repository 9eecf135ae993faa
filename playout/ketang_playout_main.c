/* SPDX-License-Identifier: MIT */
/*
 * ketang-playout: puts the channels of a station on the air.
 */
#include "playout/engine.h"
#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station.h"
#include "playout/version.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

static void print_help(void)
{
    fputs(_("Usage: ketang-playout [--station FILE] [OPTION]...\n"
            "\n"
            "Airs all channels of a station until it is told to stop (Ctrl-C, SIGTERM).\n"
            "\n"
            "  --station FILE   the station file (schedules/station.cfg)\n"
            "  --trust-clock    air the plan even when the kernel does not call the clock\n"
            "                   synchronised; without it the slate is shown until it does\n"
            "  --clock-ahead SECONDS\n"
            "                   a rehearsal: air what will be due so many seconds from now\n"
            "                   (or was, when negative); give it a station file with a state\n"
            "                   folder and outputs of its own\n"
            "  --help           this text\n"
            "  --version        which version this is\n"
            "\n"
            "SIGHUP reads the station file again; outputs may change while on air.\n"),
          stdout);
    fputs(_("\nExamples:\n"), stdout);
    fputs("  ketang-playout --station schedules/station.cfg --trust-clock\n", stdout);
}

static bool parse_seconds(const char *text, int64_t *seconds)
{
    enum { MOST_S = 50 * 365 * 86400 };
    char *end = NULL;
    errno = 0;
    *seconds = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *seconds >= -MOST_S && *seconds <= MOST_S;
}

/* 0 to go on, else the exit status plus one. */
static int parse_options(int argc, char **argv, struct engine_options *options)
{
    static const struct option known[] = {
        {"station", required_argument, NULL, 's'},     {"trust-clock", no_argument, NULL, 't'},
        {"clock-ahead", required_argument, NULL, 'a'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},           {NULL, 0, NULL, 0},
    };
    int option = 0;
    while ((option = options_next(argc, argv, "s:h", known)) != -1) {
        switch (option) {
        case 's':
            options->station = optarg;
            break;
        case 't':
            options->trust_clock = true;
            break;
        case 'a':
            if (!parse_seconds(optarg, &options->ahead_s)) {
                fprintf(stderr,
                        _("ketang-playout: --clock-ahead %s: that is no number of seconds within "
                          "fifty years\n"),
                        optarg);
                return STATUS_USAGE + 1;
            }
            break;
        case 'h':
            print_help();
            return STATUS_DONE + 1;
        case 'v':
            printf("ketang-playout %s\n", version_text());
            return STATUS_DONE + 1;
        default:
            return STATUS_USAGE + 1;
        }
    }
    if (optind < argc) {
        fprintf(stderr, _("ketang-playout: leave out '%s'.\n"), argv[optind]);
        return STATUS_USAGE + 1;
    }
    return 0;
}

static void tell_ready(struct engine_host *host)
{
    (void)host;
    sd_notify(0, "READY=1");
}

static void tell_alive(struct engine_host *host)
{
    (void)host;
    sd_notify(0, "WATCHDOG=1");
}

static void tell_stopping(struct engine_host *host)
{
    (void)host;
    sd_notify(0, "STOPPING=1");
}

/* Blocked in every thread, read by the control thread. */
static int open_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0) {
        return -errno;
    }
    const int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

static int air(const struct engine_options *options, struct problems *problems)
{
    struct engine_host host = {.ready = tell_ready, .alive = tell_alive, .stopping = tell_stopping};
    struct engine *engine = NULL;
    const int signal_fd = open_signals();
    int result = signal_fd < 0 ? signal_fd : engine_create(options, &engine, problems);
    const bool has_said = problems->errors > 0;
    problems_print(problems, stderr);
    problems_finish(problems);
    if (result == 0) {
        result = engine_run(engine, signal_fd, &host);
    }
    engine_destroy(engine);
    if (result < 0 && !has_said) {
        fprintf(stderr, _("ketang-playout: %s\n"), strerror(-result));
    }
    if (signal_fd >= 0) {
        close(signal_fd);
    }
    return result < 0 ? STATUS_FAILED : STATUS_DONE;
}

enum { MMAP_THRESHOLD = 64 << 10 };

int main(int argc, char **argv)
{
    struct engine_options options = {.station = station_default_path(), .version = version_text()};
    struct problems problems;
    intl_init();
    intl_serve();
    const int verdict = parse_options(argc, argv, &options);
    if (verdict != 0) {
        return verdict - 1;
    }
    /* Few threads allocate, and seldom: memory counts more.  The plan that a new
     * one replaces goes back to the system, whatever was allocated meanwhile. */
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD);
    signal(SIGPIPE, SIG_IGN); /* whoever reads the log may die, the channels go on */
    options.log = log_create(stderr, getenv("JOURNAL_STREAM") != NULL);
    if (options.log == NULL) {
        return STATUS_FAILED;
    }
    problems_init(&problems);
    const int status = air(&options, &problems);
    log_destroy(options.log);
    return status;
}
