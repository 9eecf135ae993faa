/* SPDX-License-Identifier: MIT */
/* ketang submit: hands films in; ingest workers make them ready for the air. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station_names.h"
#include "scheduler/submit_take.h"
#include "tools/author_name.h"
#include "tools/complaint.h"
#include "tools/receipt.h"
#include "tools/screen_text.h"
#include "tools/store_command.h"
#include "tools/submit_limits.h"
#include "tools/submit_list.h"
#include "tools/submit_text.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { HOUSE_NUMBER_MOST = 64, NAME_COLUMNS = 120 };

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

struct request {
    const char *station_path;
    const char *media; /* NULL: the station's */
    const char *house_number;
    const char *slot;     /* the house number's, in its place */
    const char *manifest; /* the list that was sent with the films */
    const char *profile;  /* NULL: those of the channels that plan it */
    const char *by;
    const char *receipt; /* where to write what was taken; NULL: nowhere */
    bool insists;
    bool is_limits;          /* the sheet for teachers, and nothing else */
    struct submit_film film; /* what is the same of all films */
    char author[AUTHOR_NAME_SIZE];
};

/* What handing in goes by, and what came of it. */
struct session {
    struct submit_desk *desk;
    const struct zone *zone;
    FILE *receipt; /* NULL: none is wanted */
    bool is_html;
    struct submit_request take;  /* what is the same of all films */
    char name[SUBMIT_NAME_SIZE]; /* of the film that is handed in */
    size_t number;               /* of it, from 1 */
    size_t count;                /* of all of them */
    size_t results[SUBMIT_FAILED + 1];
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang submit [OPTION]... FILE...\n"
            "       ketang submit [OPTION]... --manifest LIST [FOLDER]\n"
            "       ketang submit --limits [--profile NAME] [FILE]\n"
            "\n"
            "Hands films in: each is copied into the media folder and queued for the ingest\n"
            "workers, those that air soonest first, for each house format that the timetables\n"
            "want it in.  `ketang jobs` tells what becomes of them.\n"
            "\n"
            "Which lesson a film is, its name says: by house number, KT-42.mp4, by title, or\n"
            "by slot, 第2周_周一_第1节_一年级_语文.mp4.  Where that is not sure it is asked\n"
            "about, not taken.  Subtitles beside it, KT-42.srt or .ass, are taken along.  A\n"
            "later film of the same number replaces one that was not made ready yet.\n"
            "\n"
            "  --house-number N   of the lesson, where the name does not say it\n"
            "  --slot SLOT        \"CHANNEL DATE PERIOD\", or a time: the lesson there\n"
            "  --manifest LIST    the films that a list names (CSV, .xlsx), with columns 文件\n"
            "                     (file), 节目代码, 课题, 年级, 学科, 日期, 节次, 学校,\n"
            "                     教师, 版权 in any order, in FOLDER, or else beside it\n"
            "  --batch NAME       what they are handed in with: `ketang jobs --batch NAME`\n"
            "  --title TEXT       for people\n"
            "  --kind KIND        lesson, filler or card; those two may be cut anywhere\n"
            "  --profile NAME     house format, when another one than timetables want\n"
            "  --school TEXT      who made it\n"
            "  --teacher TEXT     likewise\n"
            "  --consent TEXT     who says that it may be shown, and by what right\n"
            "  --after-first-run  take another film of a lesson that has aired already\n"
            "  --receipt FILE     write a receipt of what was taken, text or .html\n"
            "  --limits           write a sheet for teachers, what to hand in and what is not\n"
            "                     taken, as text or as a page, FILE.html\n"
            "  --by NAME          who hands it in; the user's name when left out\n"
            "  --media FOLDER     where films are kept (the station's)\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang submit KT-42.mp4\n"
          "  ketang submit --house-number KT-42 --school 示例学校A lesson.mp4\n"
          "  ketang submit --slot \"zhangdian tomorrow 第一节\" lesson.mp4\n"
          "  ketang submit --batch 第2周 --manifest 第2周/清单.csv\n",
          out);
}

enum option_value {
    STATION = 256,
    MEDIA,
    HOUSE_NUMBER,
    SLOT,
    MANIFEST,
    BATCH,
    TITLE,
    KIND,
    PROFILE,
    SCHOOL,
    TEACHER,
    CONSENT,
    AFTER_FIRST_RUN,
    RECEIPT,
    LIMITS,
    BY
};

static int take_kind(const char *text, enum asset_kind *kind)
{
    if (asset_kind_parse(text, kind) < 0 || *kind == ASSET_SLATE) {
        fprintf(stderr, _("ketang submit: a kind is lesson, filler or card, not '%s'.\n"), text);
        return -EINVAL;
    }
    return 0;
}

static int take_option(int option, struct request *request)
{
    const char **text = option == STATION        ? &request->station_path
                        : option == MEDIA        ? &request->media
                        : option == HOUSE_NUMBER ? &request->house_number
                        : option == SLOT         ? &request->slot
                        : option == MANIFEST     ? &request->manifest
                        : option == BATCH        ? &request->film.batch
                        : option == TITLE        ? &request->film.title
                        : option == PROFILE      ? &request->profile
                        : option == SCHOOL       ? &request->film.school
                        : option == TEACHER      ? &request->film.teacher
                        : option == CONSENT      ? &request->film.consent
                        : option == RECEIPT      ? &request->receipt
                        : option == BY           ? &request->by
                                                 : NULL;
    if (option == 'h') {
        print_usage(stdout);
        return 1;
    }
    if (option == AFTER_FIRST_RUN) {
        request->insists = true;
        return 0;
    }
    if (option == LIMITS) {
        request->is_limits = true;
        return 0;
    }
    if (option == KIND) {
        return take_kind(optarg, &request->film.kind);
    }
    if (text == NULL) {
        return -EINVAL;
    }
    *text = optarg;
    return 0;
}

/* A name that is shown as it is written: whole characters that can be seen. */
static bool is_plain(const char *text)
{
    wchar_t wide[NAME_COLUMNS + 1];
    char shown[SUBMIT_NAME_SIZE];
    const size_t length = strlen(text);
    const size_t count = screen_text(text, NAME_COLUMNS, wide, NAME_COLUMNS);
    wide[count] = L'\0';
    snprintf(shown, sizeof(shown), "%ls", wide);
    return length > 0 && length <= HOUSE_NUMBER_MOST && strcmp(text, shown) == 0 &&
           text[0] != ' ' && text[length - 1] != ' ';
}

static int check_request(const struct request *request, int files)
{
    const char *number = request->house_number;
    const char *sentence = NULL;
    if (request->is_limits) {
        sentence = files > 1 ? _("the sheet goes into one file") : NULL;
    } else if (request->manifest != NULL && (number != NULL || request->slot != NULL)) {
        sentence = _("a list says which lessons its films are: no --house-number or --slot "
                     "beside --manifest");
    } else if (request->manifest != NULL && files > 1) {
        sentence = _("a list has its films in one folder");
    } else if (request->manifest == NULL && files == 0) {
        sentence = _("name the files to hand in");
    } else if (number != NULL && request->slot != NULL) {
        sentence = _("say the house number or the slot, not both");
    } else if (number != NULL && files > 1) {
        sentence = _("one house number cannot name several files: hand them in one by one");
    } else if (request->slot != NULL && files > 1) {
        sentence = _("one slot is not that of several files: hand them in one by one");
    } else if (number != NULL && !is_plain(number)) {
        sentence = _("a house number has 1 to 64 bytes, no control characters, and no blank at "
                     "either end");
    } else if (request->film.batch[0] != '\0' && !is_plain(request->film.batch)) {
        sentence = _("a batch's name has 1 to 64 bytes, no control characters, and no blank at "
                     "either end");
    }
    if (sentence == NULL) {
        return 0;
    }
    fprintf(stderr, "ketang submit: %s.\n", sentence);
    return -EINVAL;
}

static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option OPTIONS[] = {
        {"station", required_argument, NULL, STATION},
        {"media", required_argument, NULL, MEDIA},
        {"house-number", required_argument, NULL, HOUSE_NUMBER},
        {"slot", required_argument, NULL, SLOT},
        {"manifest", required_argument, NULL, MANIFEST},
        {"batch", required_argument, NULL, BATCH},
        {"title", required_argument, NULL, TITLE},
        {"kind", required_argument, NULL, KIND},
        {"profile", required_argument, NULL, PROFILE},
        {"school", required_argument, NULL, SCHOOL},
        {"teacher", required_argument, NULL, TEACHER},
        {"consent", required_argument, NULL, CONSENT},
        {"after-first-run", no_argument, NULL, AFTER_FIRST_RUN},
        {"receipt", required_argument, NULL, RECEIPT},
        {"limits", no_argument, NULL, LIMITS},
        {"by", required_argument, NULL, BY},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    for (int option; (option = options_next(argc, argv, "h", OPTIONS)) != -1;) {
        const int result = take_option(option, request);
        if (result != 0) {
            return result;
        }
    }
    const int result = check_request(request, argc - optind);
    return result < 0 ? result : author_name_read("submit", request->by, request->author);
}

/* --- Handing in --------------------------------------------------------------------------- */

static bool show_progress(void *context, double part)
{
    const struct session *session = context;
    if (isatty(STDERR_FILENO)) {
        if (session->count > 1) {
            fprintf(stderr, "\r%zu/%zu  ", session->number, session->count);
        }
        fprintf(stderr, "%s%s  %3d %%\033[K", session->count > 1 ? "" : "\r", session->name,
                (int)(part * 100));
    }
    return is_interrupted == 0;
}

static void clear_progress(void)
{
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
}

static void write_receipt(const struct session *session, int64_t id)
{
    struct store_rows rows;
    if (session->receipt == NULL) {
        return;
    }
    if (store_submission_find(session->take.store, id, &rows) == 0 && rows.count > 0) {
        const struct store_submission submission = store_submission_at(&rows, 0);
        receipt_write(session->receipt, session->is_html, &submission, session->desk,
                      session->zone);
        fputc('\n', session->receipt);
    }
    store_rows_finish(&rows);
}

static void hand_in(struct session *session, const struct submit_item *item)
{
    struct submit_taking *taking = calloc(1, sizeof(*taking));
    if (taking == NULL) {
        session->results[SUBMIT_FAILED]++;
        return;
    }
    session->number++;
    session->take.row = item->row;
    session->take.film.path = item->path;
    session->take.film.name = submit_name(item->path, session->name);
    session->take.film.now_ms = store_command_now_ms();
    session->take.film.progress = show_progress;
    session->take.film.progress_context = session;
    submit_take(session->desk, &session->take, taking);
    clear_progress();
    if (item->row != NULL) {
        FILE *out = taking->outcome <= SUBMIT_KNOWN ? stdout : stderr;
        fprintf(out, _("row %d: "), item->row->row);
    }
    if (taking->outcome == SUBMIT_FAILED) {
        submit_text_failed(stderr, taking);
    } else if (taking->outcome == SUBMIT_ASKED) {
        submit_text_asked(stderr, session->desk, taking, SUBMIT_COMMAND);
    } else {
        submit_text_taken(stdout, taking);
        write_receipt(session, taking->answer.id);
    }
    session->results[taking->outcome]++;
    free(taking);
}

static void print_results(const struct session *session)
{
    const size_t *results = session->results;
    if (session->count > 1) {
        printf(_("%zu films: %zu taken, %zu handed in before, %zu asked about, %zu not taken\n"),
               session->count, results[SUBMIT_TAKEN], results[SUBMIT_KNOWN], results[SUBMIT_ASKED],
               results[SUBMIT_FAILED] + session->count - session->number);
    }
}

/* 0, or -ECANCELED: not everything was taken, and why has been said. */
static int hand_in_all(struct session *session, const struct submit_items *items)
{
    session->count = items->count;
    for (size_t i = 0; i < items->count && is_interrupted == 0; i++) {
        hand_in(session, &items->items[i]);
    }
    print_results(session);
    return session->results[SUBMIT_ASKED] + session->results[SUBMIT_FAILED] + items->problems == 0
               ? 0
               : -ECANCELED;
}

static int hand_in_files(struct session *session, char **files, int count)
{
    struct submit_items items = {.items = calloc((size_t)count + 1, sizeof(items.items[0]))};
    if (items.items == NULL) {
        return -ENOMEM;
    }
    for (int i = 0; i < count; i++) {
        items.items[i].path = files[i];
    }
    items.count = (size_t)count;
    const int result = hand_in_all(session, &items);
    free(items.items);
    return result;
}

static int hand_in_list(struct session *session, const char *list, const char *folder)
{
    struct submit_items items;
    int result = submit_items_read(&items, list, folder);
    result = result < 0 ? result : hand_in_all(session, &items);
    submit_items_finish(&items);
    return result;
}

/* --- What is wanted -------------------------------------------------------------------------- */

/* Of timetables with mistakes nothing is known. */
static int open_desk(struct session *session, const struct store_command *command)
{
    struct problems problems;
    problems_init(&problems);
    const int result =
        submit_desk_create(command->station, store_command_now_ms(), &session->desk, &problems);
    if (result < 0) {
        problems_print(&problems, stderr);
        fprintf(stderr, _("ketang submit: it is not known what is planned: %s.\n"),
                strerror(-result));
    } else if (problems.errors > 0) {
        fputs(_("ketang submit: a timetable has mistakes (`ketang check` tells them): what it "
                "wants is not known.\n"),
              stderr);
    }
    problems_finish(&problems);
    return result;
}

static int find_profile(struct session *session, const struct request *request,
                        const struct store_command *command)
{
    const struct station *station = command->station;
    if (request->profile == NULL) {
        return 0;
    }
    session->take.only = station_profile(station, request->profile);
    if (session->take.only == NULL) {
        char text[STATION_NAMES_SIZE];
        fprintf(stderr, "ketang submit: %s.\n",
                station_names_complain_profile(station, request->profile, text));
        return -ENOENT;
    }
    return 0;
}

static int find_slot(struct session *session, const struct request *request)
{
    char complaint[ORDER_WHEN_TEXT_SIZE];
    session->take.house_number = request->house_number;
    if (request->slot == NULL) {
        return 0;
    }
    session->take.house_number = submit_desk_slot(session->desk, request->slot, complaint);
    if (session->take.house_number == NULL) {
        fprintf(stderr, "ketang submit: --slot: %s.\n", complaint);
        return -ENOENT;
    }
    return 0;
}

static int open_receipt(struct session *session, const char *path)
{
    const char *dot = path != NULL ? strrchr(path, '.') : NULL;
    session->is_html = dot != NULL && strcmp(dot, ".html") == 0;
    session->receipt = path != NULL ? fopen(path, "we") : NULL;
    if (path != NULL && session->receipt == NULL) {
        const int result = -errno;
        fprintf(stderr, _("ketang submit: the receipt %s cannot be written: %s.\n"), path,
                strerror(-result));
        return result;
    }
    return 0;
}

static int open_session(struct session *session, const struct request *request,
                        const struct store_command *command)
{
    session->take = (struct submit_request){
        .store = command->store,
        .media = request->media != NULL ? request->media : command->station->media,
        .insists = request->insists,
        .film = request->film,
    };
    session->zone = command->zone;
    session->take.film.author = request->author;
    int result = find_profile(session, request, command);
    result = result < 0 ? result : open_desk(session, command);
    result = result < 0 ? result : find_slot(session, request);
    return result < 0 ? result : open_receipt(session, request->receipt);
}

static int close_receipt(struct session *session, const char *path)
{
    if (session->receipt == NULL || fclose(session->receipt) == 0) {
        return 0;
    }
    fprintf(stderr, _("ketang submit: the receipt %s cannot be written: %s.\n"), path,
            strerror(errno));
    return -EIO;
}

/* --- The sheet for teachers --------------------------------------------------------------------
 */

static int write_limits(const struct request *request, const char *path)
{
    struct store_command command = {.name = "ketang submit"};
    struct session session = {.number = 0};
    int result = store_command_station(&command, request->station_path);
    result = result < 0 ? result : find_profile(&session, request, &command);
    if (result == 0) {
        const char *dot = path != NULL ? strrchr(path, '.') : NULL;
        const struct profile *profile =
            session.take.only != NULL ? session.take.only : &command.station->profiles[0];
        FILE *out = path != NULL ? fopen(path, "we") : stdout;
        if (out != NULL) {
            submit_limits_write(out, dot != NULL && strcmp(dot, ".html") == 0, command.station,
                                profile);
        }
        if (out == NULL || (out != stdout ? fclose(out) : fflush(out)) != 0) {
            result = -errno;
            fprintf(stderr, _("ketang submit: the sheet cannot be written: %s.\n"),
                    strerror(-result));
        }
    }
    store_command_close(&command);
    return result;
}

int cmd_submit(int argc, char **argv)
{
    struct request request = {
        .station_path = DEFAULT_STATION,
        .film = {.kind = ASSET_LESSON,
                 .title = "",
                 .school = "",
                 .teacher = "",
                 .consent = "",
                 .batch = ""},
    };
    struct store_command command = {.name = "ketang submit"};
    struct session session = {.number = 0};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        return parsed > 0 ? COMMAND_DONE : complaint_usage("submit");
    }
    if (request.is_limits) {
        return write_limits(&request, optind < argc ? argv[optind] : NULL) == 0 ? COMMAND_DONE
                                                                                : COMMAND_FAILED;
    }
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    int result = store_command_open(&command, request.station_path, STORE_USE);
    if (result == 0) {
        result = open_session(&session, &request, &command);
    }
    if (result == 0) {
        result = request.manifest != NULL
                     ? hand_in_list(&session, request.manifest, optind < argc ? argv[optind] : NULL)
                     : hand_in_files(&session, argv + optind, argc - optind);
    }
    const int written = close_receipt(&session, request.receipt);
    result = result < 0 ? result : written;
    submit_desk_destroy(session.desk);
    store_command_close(&command);
    return result == 0 && is_interrupted == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
