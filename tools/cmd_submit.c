/* SPDX-License-Identifier: MIT */
/* ketang submit: hands films in; ingest workers make them ready for the air. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station_names.h"
#include "scheduler/named_numbers.h"
#include "scheduler/planner.h"
#include "scheduler/planner_ready.h"
#include "scheduler/store/store_job.h"
#include "scheduler/submit.h"
#include "tools/author_name.h"
#include "tools/complaint.h"
#include "tools/screen_text.h"
#include "tools/store_command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { DAYS_AHEAD = 14, HOUSE_NUMBER_MOST = 64, NAME_COLUMNS = 120, NAME_SIZE = 512 };

#define DAY_MS 86400000LL

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
    const char *profile; /* NULL: those of the channels that plan it */
    const char *by;
    struct submit_film film; /* what is the same of all files */
    char author[AUTHOR_NAME_SIZE];
};

/* What is known of the coming days. */
struct desk {
    const struct request *request;
    const struct station *station;
    const char *media;
    struct store *store;
    struct named_numbers *named;
    struct ready_board board;
    struct due *dues; /* room for the station's profiles */
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang submit [OPTION]... FILE...\n"
            "\n"
            "Hands films in: each is copied into the media folder and queued for the ingest\n"
            "workers, those that air soonest first, for each house format that the timetables\n"
            "want it in.  `ketang jobs` tells what becomes of them.\n"
            "\n"
            "A file is for the house number that it is called by, KT-42.mp4, or for the only\n"
            "lesson whose title is its name.  A later film of the same number replaces one\n"
            "that has not been made ready yet.\n"
            "\n"
            "  --house-number N   of the lesson, where the name does not say it\n"
            "  --title TEXT       for people\n"
            "  --kind KIND        lesson, filler or card; those two may be cut anywhere\n"
            "  --profile NAME     house format, when another one than timetables want\n"
            "  --school TEXT      who made it\n"
            "  --teacher TEXT     likewise\n"
            "  --consent TEXT     who says that it may be shown, and by what right\n"
            "  --by NAME          who hands it in; the user's name when left out\n"
            "  --media FOLDER     where films are kept (the station's)\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang submit KT-42.mp4\n"
          "  ketang submit --house-number KT-42 --school 示例学校A lesson.mp4\n"
          "  ketang submit batch1/*.mp4\n",
          out);
}

enum option_value {
    STATION = 256,
    MEDIA,
    HOUSE_NUMBER,
    TITLE,
    KIND,
    PROFILE,
    SCHOOL,
    TEACHER,
    CONSENT,
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
                        : option == TITLE        ? &request->film.title
                        : option == PROFILE      ? &request->profile
                        : option == SCHOOL       ? &request->film.school
                        : option == TEACHER      ? &request->film.teacher
                        : option == CONSENT      ? &request->film.consent
                        : option == BY           ? &request->by
                                                 : NULL;
    if (option == 'h') {
        print_usage(stdout);
        return 1;
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
    char shown[NAME_SIZE];
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
    if (files == 0) {
        sentence = _("name the files to hand in");
    } else if (number != NULL && files > 1) {
        sentence = _("one house number cannot name several files: hand them in one by one");
    } else if (number != NULL && !is_plain(number)) {
        sentence = _("a house number has 1 to 64 bytes, no control characters, and no blank at "
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
        {"title", required_argument, NULL, TITLE},
        {"kind", required_argument, NULL, KIND},
        {"profile", required_argument, NULL, PROFILE},
        {"school", required_argument, NULL, SCHOOL},
        {"teacher", required_argument, NULL, TEACHER},
        {"consent", required_argument, NULL, CONSENT},
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

/* The name of a file that somebody else has given it, fit to print.  Returns `text`. */
static const char *plain(const char *path, char text[NAME_SIZE])
{
    wchar_t wide[NAME_COLUMNS + 1];
    const char *slash = strrchr(path, '/');
    const size_t count =
        screen_text(slash != NULL ? slash + 1 : path, NAME_COLUMNS, wide, NAME_COLUMNS);
    wide[count] = L'\0';
    snprintf(text, NAME_SIZE, "%ls", wide);
    return text;
}

/* --- Which lesson ------------------------------------------------------------------------ */

/* The file's name without folder and ending: allocated. */
static char *stem_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot > name ? strndup(name, (size_t)(dot - name)) : strdup(name);
}

static int complain_of_name(const struct desk *desk, const char *path, const char *stem)
{
    char name[NAME_SIZE];
    const char *meant = named_numbers_suggest(desk->named, stem);
    if (meant != NULL) {
        fprintf(stderr, _("%s: no timetable names it; is it %s?  Then say --house-number %s.\n"),
                plain(path, name), meant, meant);
    } else {
        fprintf(stderr,
                _("%s: which lesson is it?  No timetable names a house number or a title like "
                  "that: say --house-number N.\n"),
                plain(path, name));
    }
    return -ENOENT;
}

/* The house number that a file is for; allocated. */
static int find_number(const struct desk *desk, const char *path, char **number)
{
    const char *said = desk->request->house_number;
    char *stem = said != NULL ? strdup(said) : stem_of(path);
    if (stem == NULL) {
        return -ENOMEM;
    }
    if (said == NULL && !named_numbers_has(desk->named, stem)) {
        const char *titled = named_numbers_titled(desk->named, stem);
        if (titled == NULL) {
            const int result = complain_of_name(desk, path, stem);
            free(stem);
            return result;
        }
        free(stem);
        stem = strdup(titled);
    }
    *number = stem;
    return stem != NULL ? 0 : -ENOMEM;
}

/* In which formats and by when it is wanted; the number of them, or negative. */
static int find_dues(const struct desk *desk, const char *number)
{
    const char *said = desk->request->profile;
    size_t count = due_find(desk->station, desk->named, &desk->board, number, desk->dues);
    if (said != NULL) {
        const struct profile *profile = station_profile(desk->station, said);
        int64_t due_ms = JOB_NOT_PLANNED;
        for (size_t i = 0; i < count; i++) {
            due_ms = desk->dues[i].profile == profile ? desk->dues[i].due_ms : due_ms;
        }
        desk->dues[0] = (struct due){profile, due_ms};
        count = 1;
    } else if (count == 0) {
        desk->dues[0] = (struct due){&desk->station->profiles[0], JOB_NOT_PLANNED};
        count = 1;
    }
    return (int)count;
}

/* --- Handing in --------------------------------------------------------------------------- */

static bool show_progress(void *context, double part)
{
    const char *name = context;
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r%s  %3d %%\033[K", name, (int)(part * 100));
    }
    return is_interrupted == 0;
}

static void clear_progress(void)
{
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
}

static void print_answer(const struct submit_film *film, const struct submit_answer *answer)
{
    if (answer->is_known) {
        printf(_("%s: handed in before, as number %lld for %s: nothing to do\n"), film->name,
               (long long)answer->id, film->house_number);
        return;
    }
    printf(_("%s: number %lld, for %s, in"), film->name, (long long)answer->id, film->house_number);
    for (size_t i = 0; i < film->due_count; i++) {
        printf(" %s", film->dues[i].profile->name);
    }
    putchar('\n');
    if (answer->replaced > 0) {
        printf(_("  it replaces number %lld, which was not ready yet\n"),
               (long long)answer->replaced);
    }
}

static int submit_one(const struct desk *desk, const char *path)
{
    struct submit_film film = desk->request->film;
    struct submit_answer answer;
    char name[NAME_SIZE];
    char *number = NULL;
    int result = find_number(desk, path, &number);
    if (result < 0) {
        return result;
    }
    film.path = path;
    film.name = plain(path, name);
    film.house_number = number;
    film.author = desk->request->author;
    film.dues = desk->dues;
    film.due_count = (size_t)find_dues(desk, number);
    film.now_ms = store_command_now_ms();
    film.reserve_bytes = desk->station->keeping.reserve_bytes;
    film.progress = show_progress;
    film.progress_context = name;
    result = submit_film(desk->store, desk->media, &film, &answer);
    clear_progress();
    if (result == 0) {
        print_answer(&film, &answer);
    } else {
        fprintf(stderr, "%s: %s.\n", name,
                answer.text[0] != '\0' ? answer.text : strerror(-result));
    }
    free(number);
    return result;
}

/* --- What is wanted -------------------------------------------------------------------------- */

/* The board of the coming days; of timetables with mistakes nothing is known. */
static int read_board(struct desk *desk)
{
    struct planner *planner = NULL;
    struct problems problems;
    const int64_t now_ms = store_command_now_ms();
    problems_init(&problems);
    int result = planner_create(desk->station, &planner);
    if (result == 0) {
        result = planner_load_timetables(planner, &problems);
    }
    for (size_t i = 0; result == 0 && i < station_service_count(desk->station); i++) {
        result = planner_ready(planner, station_service_at(desk->station, i), now_ms,
                               now_ms + DAYS_AHEAD * DAY_MS, &desk->board);
    }
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
    planner_destroy(planner);
    return result;
}

static int open_desk(struct desk *desk, const struct request *request,
                     const struct store_command *command)
{
    const struct station *station = command->station;
    *desk = (struct desk){.request = request,
                          .station = station,
                          .media = request->media != NULL ? request->media : station->media,
                          .store = command->store};
    if (request->profile != NULL && station_profile(station, request->profile) == NULL) {
        char text[STATION_NAMES_SIZE];
        fprintf(stderr, "ketang submit: %s.\n",
                station_names_complain_profile(station, request->profile, text));
        return -ENOENT;
    }
    desk->named = named_numbers_read(station);
    desk->dues = calloc(station->profile_count + 1, sizeof(desk->dues[0]));
    return desk->named != NULL && desk->dues != NULL ? read_board(desk) : -ENOMEM;
}

static void close_desk(struct desk *desk)
{
    named_numbers_destroy(desk->named);
    ready_finish(&desk->board);
    free(desk->dues);
}

int cmd_submit(int argc, char **argv)
{
    struct request request = {
        .station_path = DEFAULT_STATION,
        .film = {.kind = ASSET_LESSON, .title = "", .school = "", .teacher = "", .consent = ""},
    };
    struct store_command command = {.name = "ketang submit"};
    struct desk desk = {0};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        return parsed > 0 ? COMMAND_DONE : complaint_usage("submit");
    }
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    int result = store_command_open(&command, request.station_path, STORE_USE);
    if (result == 0) {
        result = open_desk(&desk, &request, &command);
    }
    int failed = result < 0;
    for (int i = optind; result == 0 && i < argc && is_interrupted == 0; i++) {
        failed += submit_one(&desk, argv[i]) < 0;
    }
    close_desk(&desk);
    store_command_close(&command);
    return failed == 0 && is_interrupted == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
