/* SPDX-License-Identifier: MIT */
/*
 * ketang-ingest: makes lesson files ready for the air.
 */
#include "playout/intl.h"
#include "playout/station_names.h"
#include "scheduler/card_file.h"
#include "scheduler/named_numbers.h"
#include "scheduler/text_width.h"
#include "tools/ingest/ingest.h"
#include "tools/ingest/ingest_bar.h"
#include "tools/ingest/ingest_loudness.h"
#include "tools/ingest/ingest_name.h"
#include "tools/ingest/ingest_options.h"
#include "tools/ingest/ingest_progress.h"
#include "tools/ingest/ingest_report.h"
#include "tools/ingest/ingest_worker.h"
#include "tools/ingest/qc_judge.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libavutil/log.h>

enum { TITLE_SIZE = 512 };

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

/* Whoever waits for a film. */
struct audience {
    struct ingest_bar bar;
    struct ingest_progress programs;
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool show_progress(void *context, double part, int64_t time_us)
{
    struct audience *audience = context;
    ingest_bar_show(&audience->bar, part, time_us, now_s());
    ingest_progress_show(&audience->programs, part, time_us, now_s());
    return is_interrupted == 0;
}

static void print_result(const struct asset_record *record)
{
    char sound[64];
    if (record->kind == ASSET_SLATE || card_file_is_path(record->source)) {
        snprintf(sound, sizeof(sound), "%s", _("silent"));
    } else if (record->loudness_lkfs < INGEST_SILENCE_LKFS + 1) {
        snprintf(sound, sizeof(sound), "%s", _("WITHOUT SOUND"));
    } else {
        snprintf(sound, sizeof(sound), "%.1f LKFS", record->loudness_lkfs);
    }
    printf(_("%s: ready, %lld.%02lld s, %s, asset %.12s\n"), record->house_number,
           (long long)(record->duration_frames / FRAMES_PER_SECOND),
           (long long)(record->duration_frames % FRAMES_PER_SECOND * 4), sound, record->sha256);
    fflush(stdout);
}

/* What whoever hands it in must know; the rest is in the report. */
static void print_findings(const struct profile *profile, const struct qc_sheet *sheet)
{
    for (int i = 0; qc_remark(sheet, i) != NULL; i++) {
        printf("  %s\n", qc_remark(sheet, i));
    }
    for (int i = 0; i < sheet->finding_count; i++) {
        const struct qc_finding *finding = &sheet->findings[i];
        char time[QC_TIME_SIZE];
        char sentence[QC_SENTENCE_SIZE];
        if (qc_judge(&profile->qc, finding) == QC_WARNING) {
            printf("  %s  %s: %s\n", qc_time_text(finding->from_us, time),
                   qc_severity_text(QC_WARNING), qc_sentence(finding, sentence));
        }
    }
    fflush(stdout);
}

/* The report of what was reviewed; that it cannot be kept stops nothing. */
static void report_review(const struct ingest_request *request,
                          const struct ingest_outcome *outcome)
{
    char *page = NULL;
    const int result = ingest_report(request, outcome, &page);
    if (result == 0) {
        printf(_("  review: %s\n"), page);
    } else {
        fprintf(stderr, _("ketang ingest: the review cannot be kept in %s/reports: %s\n"),
                request->media, strerror(-result));
    }
    free(page);
}

/* That of a card is made from its content; of one that cannot be read, from its name as of others.
 */
static char *card_number(const char *path)
{
    char number[CARD_HOUSE_NUMBER_SIZE];
    char why[CARD_WHY_SIZE];
    struct card_file card;
    const bool has_number =
        card_file_read(path, &card, why) == 0 && card_file_house_number(&card, number) == 0;
    card_file_finish(&card);
    return has_number ? strdup(number) : ingest_house_number(path);
}

/* Given, or made from the file's name, or that of the slate: allocated. */
static char *choose_house_number(const struct ingest_options *options,
                                 const struct profile *profile, const char *path)
{
    if (path != NULL && options->house_number != NULL) {
        return strdup(options->house_number);
    }
    if (path != NULL) {
        return card_file_is_path(path) ? card_number(path) : ingest_house_number(path);
    }
    char *house_number = NULL;
    return asprintf(&house_number, "SLATE-%s", profile->name) < 0 ? NULL : house_number;
}

/* Before hours go into a film that would never air. */
static void warn_of_number(const struct named_numbers *named, const char *house_number)
{
    const char *meant = named_numbers_suggest(named, house_number);
    if (meant != NULL) {
        fprintf(stderr,
                _("ketang ingest: no timetable names %s; is %s meant?  Then stop this (Ctrl-C) and "
                  "write --house-number %s\n"),
                house_number, meant, meant);
    }
}

/* The number may be that of another lesson, which this film would then air for. */
static void warn_of_title(const struct named_numbers *named, const char *house_number,
                          const char *title)
{
    const struct lesson *lesson =
        title != NULL ? named_numbers_other_lesson(named, house_number, title) : NULL;
    if (lesson == NULL) {
        return;
    }
    char planned[TITLE_SIZE];
    char said[TITLE_SIZE];
    const char *meant = named_numbers_titled(named, title);
    timetable_lesson_title(lesson, planned, sizeof(planned));
    (void)ingest_printable(title, said, sizeof(said));
    fprintf(stderr,
            _("ketang ingest: %s:%d has %s as '%s', but --title says '%s'.  Is the number that of "
              "another lesson?  Then stop this (Ctrl-C): this film would air in its place.  Is it "
              "only the title?  Let it run: viewers read the timetable's\n"),
            lesson->place.file->path, lesson->place.line, house_number, text_whole(planned), said);
    if (meant != NULL) {
        fprintf(stderr, _("ketang ingest: '%s' is %s in the timetables: --house-number %s\n"), said,
                meant, meant);
    }
}

/* Nothing is near that could be meant: it may well be planned later. */
static void note_number(const struct named_numbers *named, const char *house_number)
{
    if (!named_numbers_has(named, house_number) &&
        named_numbers_suggest(named, house_number) == NULL) {
        fprintf(stderr,
                _("ketang ingest: no timetable names %s yet (of those without mistakes, see "
                  "`ketang check`): it airs once one does, or by an order\n"),
                house_number);
    }
}

static int ingest_one(const struct ingest_options *options, struct ingest_request *request,
                      const struct named_numbers *named, const char *path)
{
    struct ingest_failure failure = {.text = ""};
    struct asset_record record = {0};
    struct qc_sheet *sheet = NULL;
    struct audience audience;
    char printable[512];
    const char *name =
        path != NULL ? ingest_printable(path, printable, sizeof(printable)) : _("slate");
    char *house_number = choose_house_number(options, request->profile, path);
    int result = -ENOMEM;
    ingest_bar_init(&audience.bar,
                    isatty(STDERR_FILENO) && !options->tells_programs ? stderr : NULL, name,
                    now_s());
    ingest_progress_init(&audience.programs, options->tells_programs ? stderr : NULL, name,
                         now_s());
    if (house_number != NULL) {
        request->path = path;
        request->house_number = house_number;
        request->room_s = named_numbers_room(named, request->profile, house_number);
        request->progress = show_progress;
        request->context = &audience;
        audience.programs.house_number = house_number;
        warn_of_number(named, house_number);
        warn_of_title(named, house_number, request->title);
        result = path != NULL ? ingest_file(request, &record, &sheet, &failure)
                              : ingest_slate(request, &record, &failure);
    }
    ingest_bar_clear(&audience.bar);
    ingest_progress_end(&audience.programs, result == 0 ? record.sha256 : NULL, failure.text);
    if (result == 0) {
        print_result(&record);
        if (path != NULL && !card_file_is_path(path)) { /* a card's number is only its content */
            note_number(named, house_number);
        }
    } else {
        fprintf(stderr, "%s: %s\n", name,
                failure.text[0] != '\0' ? failure.text : strerror(ENOMEM));
    }
    const struct ingest_outcome outcome = {sheet, result == 0 ? &record : NULL, failure.text};
    if (ingest_is_reviewed(request, &outcome)) {
        print_findings(request->profile, sheet);
        report_review(request, &outcome);
    }
    free(sheet);
    asset_record_finish(&record);
    free(house_number);
    return result;
}

static int work(const struct ingest_options *options, const struct station *station,
                struct problems *problems)
{
    char name[INGEST_WORKER_NAME_SIZE];
    struct store *store = NULL;
    struct log *log = log_create(stderr, getenv("JOURNAL_STREAM") != NULL);
    int result =
        log != NULL ? store_open(station->scheduler.store, STORE_USE, &store, problems) : -ENOMEM;
    ingest_worker_name(name);
    if (result == 0) {
        const struct ingest_worker worker = {
            .station = station,
            .store = store,
            .media = options->media != NULL ? options->media : station->media,
            .name = name,
            .preset = options->preset,
            .threads = options->threads,
            .log = log,
            .lost_s = options->lost_s,
            .is_once = options->is_once,
            .is_stopped = &is_interrupted,
        };
        result = ingest_worker_run(&worker);
    }
    store_close(store);
    log_destroy(log);
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run(const struct ingest_options *options, const struct station *station, int argc,
               char **argv)
{
    struct ingest_request request = {
        .station = station,
        .profile = options->profile != NULL ? station_profile(station, options->profile)
                                            : &station->profiles[0],
        .media = options->media != NULL ? options->media : station->media,
        .title = options->title,
        .kind = options->makes_slate ? ASSET_SLATE : options->kind,
        .is_new = options->is_new,
        .preset = options->preset,
        .subtitles = options->subtitles,
        .threads = options->threads,
    };
    if (request.profile == NULL) {
        char text[STATION_NAMES_SIZE];
        fprintf(stderr, "ketang ingest: %s\n",
                station_names_complain_profile(station, options->profile, text));
        return EXIT_FAILURE;
    }
    int failed = 0;
    if (options->makes_slate) {
        failed = ingest_one(options, &request, NULL, NULL) < 0;
    }
    struct named_numbers *named = optind < argc ? named_numbers_read(station) : NULL;
    for (int i = optind; i < argc && is_interrupted == 0; i++) {
        failed += ingest_one(options, &request, named, argv[i]) < 0;
    }
    named_numbers_destroy(named);
    return failed == 0 && is_interrupted == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct ingest_options options;
    struct problems problems;
    struct station *station = NULL;
    intl_init();
    av_log_set_level(AV_LOG_QUIET);

    const int parsed = ingest_options_parse(argc, argv, &options);
    if (parsed < 0) {
        fputs(_("Try 'ketang ingest --help'.\n"), stderr);
        return 2;
    }
    if (parsed > 0) {
        return EXIT_SUCCESS;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);

    problems_init(&problems);
    int status = EXIT_FAILURE;
    if (station_load(options.station, &station, &problems) == 0) {
        status = options.is_worker ? work(&options, station, &problems)
                                   : run(&options, station, argc, argv);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    station_destroy(station);
    return status;
}
