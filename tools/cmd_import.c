/* SPDX-License-Identifier: MIT */
/* ketang import: a timetable that a district already has, as YAML. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/import/import_lines.h"
#include "scheduler/import/import_match.h"
#include "scheduler/import/import_sheet.h"
#include "scheduler/import/import_words.h"
#include "scheduler/import/import_write.h"
#include "scheduler/planner.h"
#include "tools/complaint.h"
#include "tools/import_history.h"
#include "tools/import_save.h"
#include "tools/import_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct command {
    struct import_request request;
    struct import_output output;
    const char *file;
    struct import_destination to; /* its path NULL: nothing is written */
    bool with_errors;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang import FILE [OPTION]...\n"
            "\n"
            "Reads a timetable of another program (.xlsx, CSV, WakeUp, FET, aSc XML, a list\n"
            "of holidays), shows what was understood and, cell by cell, what was not, and\n"
            "with -o writes it as a timetable of ours.  The exit status is 1 when there are\n"
            "errors; then nothing is written unless --with-errors.\n"
            "\n"
            "  -o FILE            where to; - is the standard output\n"
            "  --channel NAME     the channel of the timetable; written into it\n"
            "  --week N           the week of the term: makes an addition of that week alone,\n"
            "                     at the times of the channel's timetable, which names the\n"
            "                     calendar of the term; a row without a time is its period\n"
            "                     of that name or number\n"
            "  --station FILE     where that timetable is found (schedules/station.cfg)\n"
            "  --format NAME      grid, wakeup, fet, asc or holidays (found out if not said)\n"
            "  --sheet NAME       the sheet of a workbook (the first timetable in it)\n"
            "  --grade NAME       import one grade of several; where the sheet names none,\n"
            "                     it is of this one\n"
            "  --day DAY          the day of a sheet that is of one day\n"
            "  --subjects A,B     more subjects than those that are known\n"
            "  --lines A,B,C      what the lines of a cell are: subject, title, teacher,\n"
            "                     school, grade\n"
            "  --prefix P         of house numbers (the channel's name): P-W02-1-3 is week 2,\n"
            "                     Monday, third period\n"
            "  --with-errors      write although there are errors: doubtful lines are marked\n"
            "  --force            write over a file that is there: what the sheet does not\n"
            "                     say is taken over, and the old file is kept as FILE.old;\n"
            "                     where the new one would not air, it is put beside it, as\n"
            "                     FILE.new\n"
            "\n"
            "Examples:\n"
            "  ketang import 课表.xlsx\n"
            "  ketang import 第3周.csv --channel zhangdian --week 3 \\\n"
            "      -o schedules/zhangdian-w03.yaml\n"),
          out);
}

static bool read_format(const char *name, enum import_format *format)
{
    static const char *const names[] = {"grid", "wakeup", "fet", "asc", "holidays"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = (enum import_format)(IMPORT_FORMAT_GRID + i);
            return true;
        }
    }
    return false;
}

static bool is_prefix(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '-' || text[length] == '_') {
        length++;
    }
    return text[length] == '\0' && length > 0 && length <= IMPORT_PREFIX_BYTES_MOST &&
           text[0] != '-';
}

static int refuse(const char *option, const char *value, const char *would_be)
{
    fprintf(stderr, _("ketang import: %s cannot be '%s'; it is %s.\n"), option, value, would_be);
    return -EINVAL;
}

/* Options that are taken as they are said; false: it is none of them. */
static bool set_plain(struct command *command, int option, const char *value)
{
    switch (option) {
    case 'c':
        command->output.channel = value;
        return true;
    case 't':
        command->to.station = value;
        return true;
    case 's':
        command->request.sheet = value;
        return true;
    case 'g':
        command->request.grade = value;
        return true;
    case 'b':
        command->request.subjects = value;
        return true;
    case 'o':
        command->to.path = value;
        return true;
    case 'e':
        command->with_errors = true;
        return true;
    case 'F':
        command->to.is_forced = true;
        return true;
    default:
        return false;
    }
}

/* Options whose values are judged. */
static int set_value(struct command *command, int option, const char *value)
{
    struct import_request *request = &command->request;
    struct import_lines lines;
    int day = 0;
    switch (option) {
    case 'w':
        command->output.is_addition = true;
        return import_numeral(value, &request->week) == strlen(value) && request->week >= 1 &&
                       request->week <= IMPORT_WEEKS_MOST
                   ? 0
                   : refuse("--week", value, _("a week of the term, from 1 to 60"));
    case 'f':
        return read_format(value, &request->format)
                   ? 0
                   : refuse("--format", value, _("grid, wakeup, fet, asc or holidays"));
    case 'd':
        request->day = value;
        return import_day_read(value, &day) ? 0 : refuse("--day", value, _("a day, such as 周一"));
    case 'l':
        request->lines = value;
        return import_lines_read(value, &lines)
                   ? 0
                   : refuse("--lines", value,
                            _("a list of subject, title, teacher, school and grade, such as "
                              "subject,title,teacher"));
    case 'p':
        request->prefix = value;
        return is_prefix(value) ? 0
                                : refuse("--prefix", value, _("up to 20 letters, digits, - and _"));
    default:
        return -EINVAL;
    }
}

static int parse_options(int argc, char **argv, struct command *command)
{
    static const struct option options[] = {{"channel", required_argument, NULL, 'c'},
                                            {"week", required_argument, NULL, 'w'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"sheet", required_argument, NULL, 's'},
                                            {"grade", required_argument, NULL, 'g'},
                                            {"day", required_argument, NULL, 'd'},
                                            {"subjects", required_argument, NULL, 'b'},
                                            {"lines", required_argument, NULL, 'l'},
                                            {"prefix", required_argument, NULL, 'p'},
                                            {"output", required_argument, NULL, 'o'},
                                            {"with-errors", no_argument, NULL, 'e'},
                                            {"force", no_argument, NULL, 'F'},
                                            {"station", required_argument, NULL, 't'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = options_next(argc, argv, "o:h", options)) != -1;) {
        if (option == 'h') {
            print_usage(stdout);
            return 1;
        }
        if (!set_plain(command, option, optarg) && set_value(command, option, optarg) < 0) {
            return -EINVAL;
        }
    }
    if (optind + 1 != argc) {
        fputs(_("ketang import: name one file.\n"), stderr);
        return -EINVAL;
    }
    command->file = argv[optind];
    return 0;
}

/* The week must fit the timetable that it is added to; what that has wrong itself, `check` tells.
 */
static int match_channel(const struct command *command, struct import *import)
{
    struct station *station = NULL;
    struct planner *planner = NULL;
    const struct timetable *timetable = NULL;
    struct problems problems;
    int result = 0;
    problems_init(&problems);
    if (station_load(command->to.station, &station, &problems) == 0 &&
        planner_create(station, &planner) == 0 &&
        station_service(station, command->output.channel) != NULL &&
        planner_load_timetables(planner, &problems) == 0) {
        timetable = planner_timetable(planner, command->output.channel);
    }
    if (timetable != NULL) {
        import_match_week(import, timetable);
        result = import_match_periods(import, timetable);
    } else {
        import_report(import, PROBLEM_WARNING, NULL,
                      _("the times are not compared with those of channel '%s': it has no good "
                        "timetable at the station of %s; see 'ketang check', or say --station"),
                      command->output.channel, command->to.station);
    }
    import_match_rules(import);
    planner_destroy(planner);
    station_destroy(station);
    problems_finish(&problems);
    return result;
}

/* Numbers are given once for all: what was given before counts, unless nothing is written. */
static int read_file(const struct command *command, struct import *import, const char *bytes,
                     size_t size)
{
    struct import_request request = command->request;
    struct import_known known = {0};
    int result = 0;
    if (command->to.path != NULL) {
        result = import_history_load(command->to.path, command->to.station,
                                     command->output.is_addition ? command->output.channel : NULL,
                                     &known);
        request.known = &known;
    }
    if (result == 0) {
        result = import_read(import, &request, bytes, size);
    }
    import_known_finish(&known);
    return result;
}

static int run(const struct command *command, struct import *import)
{
    char *bytes = NULL;
    size_t size = 0;
    int result = import_load(command->file, IMPORT_FILE_BYTES_MOST, &bytes, &size);
    if (result < 0) {
        fprintf(stderr, _("ketang import: %s cannot be read: %s.\n"), command->file,
                strerror(-result));
        return result;
    }
    FILE *shown = command->to.path != NULL && strcmp(command->to.path, "-") == 0 ? stderr : stdout;
    result = read_file(command, import, bytes, size);
    free(bytes);
    if (result == 0 && command->output.is_addition && command->output.channel != NULL) {
        result = match_channel(command, import);
    }
    if (result == 0) {
        result = import_table_print(import, shown);
    }
    import_table_print_problems(import, shown);
    if (result == 0 && command->to.path == NULL && import->lesson_count > 0) {
        fputs(_("ketang import: looked at without -o: house numbers are not compared with those "
                "of a timetable that is there already.\n"),
              stderr);
    }
    if (result < 0 || command->to.path == NULL) {
        return result;
    }
    result = import_save_may(&command->to); /* told with the mistakes, not after them */
    if (import->problems.errors > 0 && !command->with_errors) {
        fprintf(stderr, _("ketang import: nothing is written, for there are errors; correct them, "
                          "or say --with-errors to have the doubtful lines marked.\n"));
        return -EBADMSG;
    }
    return result == 0 ? import_save(import, &command->output, &command->to) : result;
}

/* The channel's name in capitals, where that makes a good prefix. */
static const char *default_prefix(const char *channel, char prefix[IMPORT_PREFIX_BYTES_MOST + 1])
{
    if (channel == NULL || !is_prefix(channel)) {
        return "KT";
    }
    size_t length = 0;
    for (; channel[length] != '\0'; length++) {
        prefix[length] = (char)toupper((unsigned char)channel[length]);
    }
    prefix[length] = '\0';
    return prefix;
}

/* Where there is a station, the channel must be one of its own; says which there are. */
static bool knows_channel(const struct command *command)
{
    struct station *station = NULL;
    struct problems problems;
    const char *channel = command->output.channel;
    problems_init(&problems);
    const bool is_known = channel == NULL ||
                          station_load(command->to.station, &station, &problems) < 0 ||
                          complaint_knows_channel("import", station, channel);
    station_destroy(station);
    problems_finish(&problems);
    return is_known;
}

/* What is of one week, and was not said to be. */
static void tell_every_week(const struct import *import)
{
    if (import->is_calendar) {
        return;
    }
    if (import->week > 0) {
        fprintf(
            stderr,
            _("ketang import: the sheet is of week %d, and is written as the timetable of every "
              "week; for that week alone say --week %d.\n"),
            import->week, import->week);
    } else if (import->has_dates) {
        fputs(_("ketang import: the sheet has dates, which are left out: it is written as the "
                "timetable of every week; if it is of one week alone, say --week N, the number of "
                "that week in the term.\n"),
              stderr);
    }
}

int cmd_import(int argc, char **argv)
{
    struct command command = {.to.station = DEFAULT_STATION};
    struct import import;
    char prefix[IMPORT_PREFIX_BYTES_MOST + 1];
    const int parsed = parse_options(argc, argv, &command);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("import");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    if (command.request.prefix == NULL) {
        command.request.prefix = default_prefix(command.output.channel, prefix);
    }
    if (!knows_channel(&command) || import_init(&import, command.file) < 0) {
        return COMMAND_FAILED;
    }
    int result = run(&command, &import);
    if (result == 0 && command.to.path != NULL && command.output.channel == NULL &&
        !import.is_calendar) {
        fputs(_("ketang import: no --channel was said; fill it in at the top.\n"), stderr);
    }
    if (result == 0 && command.to.path != NULL && !command.output.is_addition) {
        tell_every_week(&import);
    }
    const bool is_clean = result == 0 && import.problems.errors == 0;
    import_finish(&import);
    return is_clean ? COMMAND_DONE : COMMAND_FAILED;
}
