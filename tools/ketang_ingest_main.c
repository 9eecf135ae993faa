/* SPDX-License-Identifier: MIT */
/*
 * ketang-ingest: makes lesson files ready for the air.
 */
#include "playout/intl.h"
#include "playout/version.h"
#include "tools/ingest.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libavutil/log.h>

enum { BAR_WIDTH = 30 };

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

struct options {
    const char *station;
    const char *profile;
    const char *media;
    const char *house_number;
    const char *title;
    const char *preset;
    enum asset_kind kind;
    bool makes_slate;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang ingest [OPTION]... FILE...\n"
            "       ketang ingest --slate [OPTION]...\n"
            "\n"
            "Makes films ready for the air: the house format, the right loudness, proven.\n"
            "\n"
            "  --station FILE       the station file (schedules/station.cfg)\n"
            "  --profile NAME       house format (the station's first)\n"
            "  --media FOLDER       where assets are kept (the station's)\n"
            "  --house-number N     of the lesson; else the name of the file without its ending\n"
            "  --title TEXT         for people\n"
            "  --kind KIND          lesson, filler or card; fillers and cards may be cut anywhere\n"
            "  --preset NAME        of x264 (medium): slower is better and slower\n"
            "  --slate              make the slate, which airs when nothing else can\n"),
          out);
}

/* A bar on a terminal: 张 ██████░░░░ 60 %, 0:12 left. */
struct bar {
    const char *name;
    bool is_shown;
    struct timespec started;
    int last_percent;
};

static bool show_progress(void *context, double part)
{
    struct bar *bar = context;
    const int percent = (int)(part * 100);
    if (is_interrupted != 0) {
        return false;
    }
    if (!bar->is_shown || percent == bar->last_percent) {
        return true;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const double spent = (double)(now.tv_sec - bar->started.tv_sec) +
                         (double)(now.tv_nsec - bar->started.tv_nsec) / 1e9;
    const int left = part > 0.02 ? (int)(spent / part * (1 - part)) : 0;
    fprintf(stderr, "\r%.30s [", bar->name);
    for (int i = 0; i < BAR_WIDTH; i++) {
        fputs(i * 100 < percent * BAR_WIDTH ? "#" : ".", stderr);
    }
    fprintf(stderr, _("] %3d %%, %d:%02d left "), percent, left / 60, left % 60);
    bar->last_percent = percent;
    return true;
}

static void clear_bar(const struct bar *bar)
{
    if (bar->is_shown) {
        fputs("\r\033[K", stderr);
    }
}

static void print_result(const struct asset_record *record)
{
    printf(_("%s: ready, %lld.%02lld s, %.1f LKFS, asset %.12s\n"), record->house_number,
           (long long)(record->duration_frames / FRAMES_PER_SECOND),
           (long long)(record->duration_frames % FRAMES_PER_SECOND * 4), record->loudness_lkfs,
           record->sha256);
    fflush(stdout);
}

static int ingest_one(const struct options *options, struct ingest_request *request,
                      const char *path)
{
    struct ingest_failure failure = {""};
    struct asset_record record = {0};
    char printable[512];
    const char *name =
        path != NULL ? ingest_printable(path, printable, sizeof(printable)) : _("slate");
    struct bar bar = {.name = name, .is_shown = isatty(STDERR_FILENO) != 0, .last_percent = -1};
    clock_gettime(CLOCK_MONOTONIC, &bar.started);
    char *house_number = NULL;
    if (options->house_number == NULL && path != NULL) {
        house_number = ingest_house_number(path);
    } else if (path == NULL) {
        house_number = malloc(strlen("SLATE-") + strlen(request->profile->name) + 1);
        if (house_number != NULL) {
            sprintf(house_number, "SLATE-%s", request->profile->name);
        }
    }
    request->path = path;
    request->house_number = house_number != NULL ? house_number : options->house_number;
    request->progress = show_progress;
    request->progress_context = &bar;
    const int result = path != NULL ? ingest_file(request, &record, &failure)
                                    : ingest_slate(request, &record, &failure);
    clear_bar(&bar);
    if (result == 0) {
        print_result(&record);
    } else {
        fprintf(stderr, "%s: %s\n", name,
                failure.text[0] != '\0' ? failure.text : strerror(ENOMEM));
    }
    asset_record_finish(&record);
    free(house_number);
    return result;
}

static int parse_options(int argc, char **argv, struct options *options)
{
    enum { STATION = 256, PROFILE, MEDIA, HOUSE_NUMBER, TITLE, KIND, PRESET, SLATE };
    static const struct option OPTIONS[] = {
        {"station", required_argument, NULL, STATION},
        {"profile", required_argument, NULL, PROFILE},
        {"media", required_argument, NULL, MEDIA},
        {"house-number", required_argument, NULL, HOUSE_NUMBER},
        {"title", required_argument, NULL, TITLE},
        {"kind", required_argument, NULL, KIND},
        {"preset", required_argument, NULL, PRESET},
        {"slate", no_argument, NULL, SLATE},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "h", OPTIONS, NULL)) != -1;) {
        switch (option) {
        case STATION:
            options->station = optarg;
            break;
        case PROFILE:
            options->profile = optarg;
            break;
        case MEDIA:
            options->media = optarg;
            break;
        case HOUSE_NUMBER:
            options->house_number = optarg;
            break;
        case TITLE:
            options->title = optarg;
            break;
        case KIND:
            if (asset_kind_parse(optarg, &options->kind) < 0 || options->kind == ASSET_SLATE) {
                fprintf(stderr, _("ketang ingest: a kind is lesson, filler or card, not '%s'\n"),
                        optarg);
                return -EINVAL;
            }
            break;
        case PRESET:
            options->preset = optarg;
            break;
        case SLATE:
            options->makes_slate = true;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        case 'V':
            printf("ketang-ingest %s\n", version_text());
            return 1;
        default:
            return -EINVAL;
        }
    }
    const int files = argc - optind;
    const bool is_sound = options->makes_slate ? files == 0 : files > 0;
    const bool is_one = options->house_number == NULL || files <= 1;
    return is_sound && is_one ? 0 : -EINVAL;
}

static int run(const struct options *options, const struct station *station, int argc, char **argv)
{
    struct ingest_request request = {
        .station = station,
        .profile = options->profile != NULL ? station_profile(station, options->profile)
                                            : &station->profiles[0],
        .media = options->media != NULL ? options->media : station->media,
        .title = options->title,
        .kind = options->makes_slate ? ASSET_SLATE : options->kind,
        .preset = options->preset,
    };
    if (request.profile == NULL) {
        fprintf(stderr, _("ketang ingest: %s has no profile '%s'\n"), options->station,
                options->profile);
        return EXIT_FAILURE;
    }
    int failed = 0;
    if (options->makes_slate) {
        failed = ingest_one(options, &request, NULL) < 0;
    }
    for (int i = optind; i < argc && is_interrupted == 0; i++) {
        failed += ingest_one(options, &request, argv[i]) < 0;
    }
    return failed == 0 && is_interrupted == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct options options = {
        .station = "schedules/station.cfg", .preset = "medium", .kind = ASSET_LESSON};
    struct problems problems;
    struct station *station = NULL;
    intl_init();
    av_log_set_level(AV_LOG_QUIET);

    const int parsed = parse_options(argc, argv, &options);
    if (parsed != 0) {
        if (parsed < 0) {
            print_usage(stderr);
        }
        return parsed > 0 ? EXIT_SUCCESS : 2;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);

    problems_init(&problems);
    int status = EXIT_FAILURE;
    if (station_load(options.station, &station, &problems) == 0) {
        status = run(&options, station, argc, argv);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    station_destroy(station);
    return status;
}
