/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_options.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station.h"
#include "playout/version.h"
#include "tools/ingest/ingest.h"
#include "tools/ingest/ingest_codec.h"
#include "tools/ingest/ingest_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOST_S = 60, LOST_LEAST_S = 5, LOST_MOST_S = 3600 };

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang ingest [OPTION]... FILE...\n"
            "       ketang ingest --slate [OPTION]...\n"
            "       ketang ingest --worker [--once] [--lost-after S] [OPTION]...\n"
            "\n"
            "Makes films ready for the air: the house format, the right loudness, proven.\n"
            "\n"
            "  --station FILE       the station file (schedules/station.cfg)\n"
            "  --profile NAME       house format (the station's first)\n"
            "  --media FOLDER       where assets are kept (the station's)\n"
            "  --house-number N     of the lesson; else the file's name without ending\n"
            "  --title TEXT         for people\n"
            "  --kind KIND          lesson, filler or card; those two may be cut anywhere\n"
            "  --new                leave the film alone that has this house number already\n"
            "  --subtitles FILE     to be drawn into it (that of its name with .ass or .srt);\n"
            "                       none: leave them out\n"
            "  --preset NAME        of the encoder (medium): slower is better and slower\n"
            "  --threads N          decode with N threads (2); another one encodes\n"
            "  --progress json      tell programs on standard error how far it is\n"
            "  --slate              make the slate, which airs when nothing else can\n"
            "  --worker             make what was handed in by `ketang submit`, all day long,\n"
            "                       when this machine has nothing better to do\n"
            "  --once               end when there is nothing left to make\n"
            "  --lost-after S       take over from workers not heard of for S seconds (60)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang ingest --house-number KT-42 --title \"语文 荷花\" lesson.mp4\n"
          "  ketang ingest --kind filler --house-number FILL-02 film.mkv\n"
          "  ketang ingest --slate --profile hd\n",
          out);
}

/* What goes together, and what each may be; says what is wrong. */
static int check_options(const struct ingest_options *options, int files)
{
    const char *sentence = NULL;
    const bool names_film = files > 0 || options->makes_slate || options->is_new ||
                            options->house_number != NULL || options->title != NULL ||
                            options->profile != NULL || options->subtitles != NULL;
    if (options->is_worker && names_film) {
        sentence = _("a worker makes what was handed in, as it was handed in: leave out files, "
                     "--slate, --house-number, --title, --profile and --new");
    } else if (options->is_once && !options->is_worker) {
        sentence = _("--once is for --worker");
    } else if (options->makes_slate && files > 0) {
        sentence = _("a slate is made of no file: leave the file names out");
    } else if (!options->makes_slate && !options->is_worker && files == 0) {
        sentence = _("name the files to ingest, or say --slate");
    } else if (options->lost_s < LOST_LEAST_S || options->lost_s > LOST_MOST_S) {
        sentence = _("--lost-after takes 5 to 3600 seconds");
    } else if (options->subtitles != NULL && files != 1) {
        sentence = _("subtitles are those of one film: ingest films with --subtitles one by one");
    } else if (options->threads < 1 || options->threads > INGEST_THREADS_MOST) {
        sentence = _("--threads takes 1 to 16");
    } else if (options->is_worker && options->tells_programs) {
        sentence = _("how far workers are is in the store: leave --progress out, and ask "
                     "`ketang jobs --json`");
    } else if (options->house_number != NULL && files > 1) {
        sentence = _("one house number cannot name several files: ingest them one by one");
    } else if (options->house_number != NULL && options->makes_slate) {
        sentence = _("the slate has its own house number: leave --house-number out");
    } else if (options->house_number != NULL && !ingest_is_house_number(options->house_number)) {
        sentence = _("a house number has 1 to 64 bytes, no control characters, and no blank at "
                     "either end");
    } else if (!ingest_is_preset(options->preset)) {
        sentence = _("a preset is ultrafast, superfast, veryfast, faster, fast, medium, slow, "
                     "slower, veryslow or placebo");
    }
    if (sentence == NULL) {
        return 0;
    }
    fprintf(stderr, "ketang ingest: %s\n", sentence);
    return -EINVAL;
}

/* -1: it is no number. */
static int read_count(const char *text)
{
    char *end = NULL;
    const long number = strtol(text, &end, 10);
    return *text != '\0' && *end == '\0' && number >= 0 && number <= LOST_MOST_S ? (int)number : -1;
}

static bool parse_kind(const char *text, enum asset_kind *kind)
{
    if (asset_kind_parse(text, kind) < 0 || *kind == ASSET_SLATE) {
        fprintf(stderr, _("ketang ingest: a kind is lesson, filler or card, not '%s'\n"), text);
        return false;
    }
    return true;
}

static bool parse_progress(const char *text)
{
    const bool is_known = strcmp(text, "json") == 0;
    if (!is_known) {
        fprintf(stderr, _("ketang ingest: --progress takes json, not '%s'\n"), text);
    }
    return is_known;
}

enum option_value {
    STATION = 256,
    PROFILE,
    MEDIA,
    HOUSE_NUMBER,
    TITLE,
    KIND,
    PRESET,
    SUBTITLES,
    SLATE,
    NEW,
    WORKER,
    ONCE,
    LOST,
    THREADS,
    PROGRESS
};

/* False: there is no such option, or it cannot have this argument. */
static bool take_option(struct ingest_options *options, int option, const char *argument)
{
    switch (option) {
    case STATION:
        options->station = argument;
        return true;
    case PROFILE:
        options->profile = argument;
        return true;
    case MEDIA:
        options->media = argument;
        return true;
    case HOUSE_NUMBER:
        options->house_number = argument;
        return true;
    case TITLE:
        options->title = argument;
        return true;
    case KIND:
        return parse_kind(argument, &options->kind);
    case PRESET:
        options->preset = argument;
        return true;
    case SUBTITLES:
        options->subtitles = strcmp(argument, "none") == 0 ? "" : argument;
        return true;
    case SLATE:
        options->makes_slate = true;
        return true;
    case NEW:
        options->is_new = true;
        return true;
    case WORKER:
        options->is_worker = true;
        return true;
    case ONCE:
        options->is_once = true;
        return true;
    case LOST:
        options->lost_s = read_count(argument);
        return true;
    case THREADS:
        options->threads = read_count(argument);
        return true;
    case PROGRESS:
        options->tells_programs = true;
        return parse_progress(argument);
    default:
        return false;
    }
}

int ingest_options_parse(int argc, char **argv, struct ingest_options *options)
{
    static const struct option OPTIONS[] = {
        {"station", required_argument, NULL, STATION},
        {"profile", required_argument, NULL, PROFILE},
        {"media", required_argument, NULL, MEDIA},
        {"house-number", required_argument, NULL, HOUSE_NUMBER},
        {"title", required_argument, NULL, TITLE},
        {"kind", required_argument, NULL, KIND},
        {"preset", required_argument, NULL, PRESET},
        {"subtitles", required_argument, NULL, SUBTITLES},
        {"slate", no_argument, NULL, SLATE},
        {"new", no_argument, NULL, NEW},
        {"worker", no_argument, NULL, WORKER},
        {"once", no_argument, NULL, ONCE},
        {"lost-after", required_argument, NULL, LOST},
        {"threads", required_argument, NULL, THREADS},
        {"progress", required_argument, NULL, PROGRESS},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    *options = (struct ingest_options){.station = station_default_path(),
                                       .preset = "medium",
                                       .kind = ASSET_LESSON,
                                       .lost_s = LOST_S,
                                       .threads = INGEST_THREADS};
    for (int option; (option = options_next(argc, argv, "h", OPTIONS)) != -1;) {
        if (option == 'h') {
            print_usage(stdout);
            return 1;
        }
        if (option == 'V') {
            printf("ketang-ingest %s\n", version_text());
            return 1;
        }
        if (!take_option(options, option, optarg)) {
            return -EINVAL;
        }
    }
    return check_options(options, argc - optind);
}
