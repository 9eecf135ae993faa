/* SPDX-License-Identifier: MIT */
/*
 * ketang-demo: make lessons to try the station with.
 *
 * What it writes is what a teacher would hand in: an mp4 file that still has
 * to be ingested.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libavutil/error.h>
#include <libavutil/log.h>

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/version.h"
#include "tools/demo_lesson.h"

enum { EXIT_USAGE = 2, NUMBER_BASE = 10 };

struct options {
    struct demo_lesson lesson;
    const char *output;
    bool wants_list;
    bool wants_help;
    bool wants_version;
};

enum option_code {
    OPTION_LESSON = 256,
    OPTION_FILLER,
    OPTION_TITLE,
    OPTION_GRADE,
    OPTION_SUBJECT,
    OPTION_TEACHER,
    OPTION_SECONDS,
    OPTION_LIST,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"lesson", required_argument, NULL, OPTION_LESSON},
    {"filler", no_argument, NULL, OPTION_FILLER},
    {"title", required_argument, NULL, OPTION_TITLE},
    {"grade", required_argument, NULL, OPTION_GRADE},
    {"subject", required_argument, NULL, OPTION_SUBJECT},
    {"teacher", required_argument, NULL, OPTION_TEACHER},
    {"seconds", required_argument, NULL, OPTION_SECONDS},
    {"output", required_argument, NULL, 'o'},
    {"list", no_argument, NULL, OPTION_LIST},
    {"version", no_argument, NULL, OPTION_VERSION},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static void print_help(void)
{
    fputs(_("Usage: ketang demo --lesson HOUSE-NUMBER -o FILE.mp4 [OPTION]...\n"
            "       ketang demo --filler -o FILE.mp4\n"
            "       ketang demo --list\n"
            "\n"
            "Makes a lesson file to try the station with.\n\n"
            "  --lesson NUMBER   its house number; a number from the list has texts\n"
            "  --filler          the filler for the gaps between lessons\n"
            "  --title TEXT      another title\n"
            "  --grade TEXT      another grade\n"
            "  --subject TEXT    another subject\n"
            "  --teacher TEXT    another teacher\n"
            "  --seconds N       another length, 10 to 3600\n"
            "  -o, --output FILE where to write it\n"
            "  --list            house numbers, seconds, grades, subjects and titles\n"),
          stdout);
    fputs(_("\nExamples:\n"), stdout);
    fputs("  ketang demo --lesson KT-01 -o lesson.mp4\n"
          "  ketang demo --filler --seconds 20 -o filler.mp4\n",
          stdout);
}

static void print_lesson(const struct demo_lesson *lesson)
{
    printf("%s\t%d\t%s\t%s\t%s\n", lesson->house_number, lesson->seconds, lesson->grade,
           lesson->subject, lesson->title);
}

static void print_list(void)
{
    for (size_t i = 0; i < demo_lessons_count(); i++) {
        print_lesson(demo_lessons_at(i));
    }
    print_lesson(demo_lessons_filler());
}

static void choose_lesson(struct options *options, const char *house_number)
{
    const struct demo_lesson *known = demo_lessons_find(house_number);

    if (known != NULL) {
        options->lesson = *known;
        return;
    }
    options->lesson = (struct demo_lesson){
        .house_number = house_number,
        .grade = "全体",
        .subject = "综合",
        .title = house_number,
        .teacher = "示例教师",
        .seconds = 90,
        .has_practice = true,
    };
    memcpy(options->lesson.slides, demo_lessons_any_slides(), sizeof options->lesson.slides);
}

static bool read_seconds(struct options *options, const char *text)
{
    char *end = NULL;

    errno = 0;
    long seconds = strtol(text, &end, NUMBER_BASE);
    if (errno != 0 || end == text || *end != '\0' || seconds < DEMO_SECONDS_MIN ||
        seconds > DEMO_SECONDS_MAX) {
        fprintf(stderr, _("ketang-demo: --seconds %s: a number from %d to %d is wanted.\n"), text,
                DEMO_SECONDS_MIN, DEMO_SECONDS_MAX);
        return false;
    }
    options->lesson.seconds = (int)seconds;
    return true;
}

/* Returns false when the option is wrong, which it has said. */
static bool take_option(struct options *options, int option, const char *value)
{
    switch (option) {
    case OPTION_LESSON:
    case OPTION_FILLER:
        return true; /* chosen before the others */
    case OPTION_TITLE:
        options->lesson.title = value;
        return true;
    case OPTION_GRADE:
        options->lesson.grade = value;
        return true;
    case OPTION_SUBJECT:
        options->lesson.subject = value;
        return true;
    case OPTION_TEACHER:
        options->lesson.teacher = value;
        return true;
    case OPTION_SECONDS:
        return read_seconds(options, value);
    case 'o':
        options->output = value;
        return true;
    case OPTION_LIST:
        options->wants_list = true;
        return true;
    case OPTION_VERSION:
        options->wants_version = true;
        return true;
    case 'h':
        options->wants_help = true;
        return true;
    default:
        return false;
    }
}

/* In two passes, so that --title may stand before --lesson. */
static bool read_options(struct options *options, int argc, char **argv)
{
    int option = 0;

    opterr = 0;
    while ((option = options_next(argc, argv, "ho:", long_options)) != -1) {
        if (option == OPTION_LESSON) {
            choose_lesson(options, optarg);
        } else if (option == OPTION_FILLER) {
            options->lesson = *demo_lessons_filler();
        }
    }
    opterr = 1;
    optind = 0; /* GNU: start anew */
    while ((option = options_next(argc, argv, "ho:", long_options)) != -1) {
        if (!take_option(options, option, optarg)) {
            return false;
        }
    }
    if (options->wants_list || options->wants_help || options->wants_version) {
        return true;
    }
    if (optind < argc) {
        fprintf(stderr, _("ketang-demo: %s: an option was expected.\n"), argv[optind]);
        return false;
    }
    if (options->lesson.house_number == NULL || options->output == NULL) {
        fputs(_("ketang-demo: --lesson or --filler, and -o FILE are needed.\n"), stderr);
        return false;
    }
    return true;
}

static int write_lesson(const struct options *options)
{
    const char *parent = getenv("TMPDIR");
    char folder[PATH_MAX];
    char reason[AV_ERROR_MAX_STRING_SIZE];
    bool is_silent = false;

    snprintf(folder, sizeof folder, "%s/ketang-demo-XXXXXX",
             parent != NULL && parent[0] != '\0' ? parent : "/tmp");
    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, _("ketang-demo: the temporary folder %s cannot be made: %s.\n"), folder,
                strerror(errno));
        return EXIT_FAILURE;
    }
    int error = demo_lesson_write(&options->lesson, options->output, folder, &is_silent);
    rmdir(folder);
    if (error < 0) {
        av_strerror(error, reason, sizeof reason);
        fprintf(stderr, _("ketang-demo: %s cannot be made: %s.\n"), options->output, reason);
        unlink(options->output);
        return EXIT_FAILURE;
    }
    if (is_silent) {
        fputs(_("ketang-demo: espeak-ng is not installed; the lesson is silent.\n"), stderr);
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct options options = {0};

    intl_init();
    av_log_set_level(AV_LOG_ERROR);
    if (!read_options(&options, argc, argv)) {
        fputs(_("`ketang demo --help` tells more.\n"), stderr);
        return EXIT_USAGE;
    }
    if (options.wants_help) {
        print_help();
        return EXIT_SUCCESS;
    }
    if (options.wants_version) {
        printf("ketang-demo %s\n", version_text());
        return EXIT_SUCCESS;
    }
    if (options.wants_list) {
        print_list();
        return EXIT_SUCCESS;
    }
    return write_lesson(&options);
}
