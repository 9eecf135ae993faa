/* SPDX-License-Identifier: MIT */
/*
 * ketang rehearse: a whole week on a simulated clock, before it airs; and
 * afterwards, what aired against what was rehearsed.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/rehearse/rehearse.h"
#include "scheduler/rehearse/rehearse_folders.h"
#include "tools/complaint.h"
#include "tools/rehearse_judge.h"
#include "tools/rehearse_rule.h"
#include "tools/rehearse_stretch.h"
#include "tools/rehearse_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FAULTS_MOST = 64 };

struct rehearse_command {
    const char *station_path;
    const char *week;
    const char *day;
    const char *channel;
    const char *out;
    const char *compare;
    const char *faults[FAULTS_MOST];
    size_t fault_count;
    bool is_silent; /* nothing is rendered */
    bool has_all;   /* is listed */
    bool has_all_ticks;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang rehearse --week next|this|DATE | --day DATE [OPTION]...\n"
            "       ketang rehearse --compare FOLDER\n"
            "\n"
            "Runs scheduler and engine through a week on a simulated clock, without touching\n"
            "what is on the air: prints what will have aired otherwise than planned, and at\n"
            "the end the verdict; renders the signal around every join and reads it back.\n"
            "Exit status 0: as planned, and nothing is wrong.\n"
            "\n"
            "  --week WEEK        next, this, or the week that holds a date (2026-11-23)\n"
            "  --day DATE         that day alone\n"
            "  --channel NAME     this channel alone\n"
            "  --fault FAULT      what shall go wrong; may be given several times:\n"
            "     missing:NUMBER              the file of a house number never comes\n"
            "     late:NUMBER@DATE HH:MM      or only then\n"
            "     overrun:CHANNEL@DATE HH:MM+MINUTES   what airs then goes on longer\n"
            "     change:FILE@DATE HH:MM      a timetable is replaced by that of this name\n"
            "     order:CHANNEL@DATE HH:MM=JSON        an order of an operator; its keys are\n"
            "                                 in the manual, ketang(1)\n"
            "  --no-render        as-run only, without the signal\n"
            "  --all-ticks        skip nothing between joins: slow, and the same\n"
            "  --list             list everything that airs, also what airs as planned\n"
            "  --out FOLDER       keep plans, journals and as-run there\n"
            "  --compare FOLDER   compare what has really aired with a rehearsal kept there\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "\n"
            "Examples:\n"
            "  ketang rehearse --week next --out rehearsal\n"
            "  ketang rehearse --week next --fault 'missing:KT-05'\n"
            "  ketang rehearse --day 2026-11-24 --fault 'late:KT-05@2026-11-24 10:30'\n"
            "  ketang rehearse --day 2026-11-24 --fault \\\n"
            "    'order:linzi@2026-11-24 10:10={\"command\":\"slate\",\"reason\":\"drill\"}'\n"
            "  ketang rehearse --compare rehearsal\n"),
          out);
}

enum option_value {
    STATION = 256,
    WEEK,
    DAY,
    CHANNEL,
    FAULT,
    RENDER,
    NO_RENDER,
    LIST,
    ALL_TICKS,
    OUT,
    COMPARE,
};

static bool take_fault(struct rehearse_command *command, const char *text)
{
    if (command->fault_count == FAULTS_MOST) {
        fprintf(stderr, _("ketang rehearse: more than %d faults are too many.\n"), FAULTS_MOST);
        return false;
    }
    command->faults[command->fault_count++] = text;
    return true;
}

static bool take_channel(struct rehearse_command *command, const char *name)
{
    if (command->channel != NULL && strcmp(command->channel, name) != 0) {
        fprintf(
            stderr,
            _("ketang rehearse: --channel is given for %s and for %s; rehearse one of them at a "
              "time, or all: without --channel.\n"),
            command->channel, name);
        return false;
    }
    command->channel = name;
    return true;
}

static bool take_option(struct rehearse_command *command, int option, const char *argument)
{
    switch (option) {
    case STATION:
        command->station_path = argument;
        return true;
    case WEEK:
        command->week = argument;
        return true;
    case DAY:
        command->day = argument;
        return true;
    case CHANNEL:
        return take_channel(command, argument);
    case FAULT:
        return take_fault(command, argument);
    case RENDER:
    case NO_RENDER:
        command->is_silent = option == NO_RENDER;
        return true;
    case LIST:
        command->has_all = true;
        return true;
    case ALL_TICKS:
        command->has_all_ticks = true;
        return true;
    case OUT:
        command->out = argument;
        return true;
    case COMPARE:
        command->compare = argument;
        return true;
    default:
        return false;
    }
}

/* 1: help was asked for; -EINVAL: wrong usage. */
static int parse_options(int argc, char **argv, struct rehearse_command *command)
{
    static const struct option OPTIONS[] = {
        {"station", required_argument, NULL, STATION},
        {"week", required_argument, NULL, WEEK},
        {"day", required_argument, NULL, DAY},
        {"channel", required_argument, NULL, CHANNEL},
        {"fault", required_argument, NULL, FAULT},
        {"render", no_argument, NULL, RENDER},
        {"no-render", no_argument, NULL, NO_RENDER},
        {"list", no_argument, NULL, LIST},
        {"out", required_argument, NULL, OUT},
        {"compare", required_argument, NULL, COMPARE},
        {"all-ticks", no_argument, NULL, ALL_TICKS},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = options_next(argc, argv, "h", OPTIONS)) != -1;) {
        if (option == 'h') {
            print_usage(stdout);
            return 1;
        }
        if (!take_option(command, option, optarg)) {
            return -EINVAL;
        }
    }
    const int asked = (command->week != NULL) + (command->day != NULL) + (command->compare != NULL);
    if (asked != 1) {
        fputs(_("ketang rehearse: give one of --week, --day and --compare.\n"), stderr);
        return -EINVAL;
    }
    return complaint_stray("rehearse", argc, argv, optind);
}

/* --- Time --------------------------------------------------------------------- */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- Faults ------------------------------------------------------------------------------ */

static int check_fault(const struct station *station, const struct rehearse_stretch *stretch,
                       const struct rehearse_fault *fault)
{
    const bool is_of_channel = fault->kind == FAULT_OVERRUN || fault->kind == FAULT_ORDER;
    if (is_of_channel && !complaint_knows_channel("rehearse", station, fault->what)) {
        return -EINVAL;
    }
    if (fault->kind != FAULT_MISSING &&
        (fault->at_s < stretch->from_s || fault->at_s >= stretch->to_s)) {
        fprintf(stderr, _("ketang rehearse: '%s': this time is not rehearsed.\n"), fault->text);
        return -EINVAL;
    }
    return 0;
}

static int parse_faults(const struct rehearse_command *command, const struct station *station,
                        const struct zone *zone, const struct rehearse_stretch *stretch,
                        struct rehearse_fault *faults)
{
    char why[REHEARSE_FAULT_TEXT];
    int result = 0;
    for (size_t i = 0; i < command->fault_count && result == 0; i++) {
        result = rehearse_fault_parse(command->faults[i], zone, &faults[i], why);
        if (result == -EINVAL) {
            fprintf(stderr, _("ketang rehearse: '%s': %s.\n"), command->faults[i], why);
        }
        if (result == 0) {
            result = check_fault(station, stretch, &faults[i]);
        }
    }
    return result;
}

/* --- The rehearsal ------------------------------------------------------------------------- */

struct progress {
    struct rehearse_watcher watcher; /* first */
    struct rehearse_bar bar;
};

static void show_progress(struct rehearse_watcher *watcher, double part)
{
    struct progress *progress = (struct progress *)watcher;
    rehearse_bar_show(&progress->bar, part, now_s());
}

static int print_outcome(const struct rehearse_page *page, const struct rehearse_outcome *outcome,
                         const struct rehearse_notes *notes)
{
    int result = rehearse_text_as_run(page, outcome);
    if (result == 0) {
        result = rehearse_text_notes(page, notes, NOTE_FAULT);
    }
    if (result == 0) {
        result = rehearse_text_rules(page, outcome);
    }
    if (result == 0) {
        result = rehearse_text_notes(page, notes, NOTE_PROBLEM);
    }
    return result == 0 ? rehearse_text_differences(page, &outcome->differences) : result;
}

static void tell_left_out(const struct rehearse_command *command, const struct rehearse_page *page)
{
    if (command->out != NULL) {
        fprintf(
            page->out,
            _("\nWhat airs as planned is not listed, and what recurs has one line: --list lists "
              "everything, and the as-run record is in %s/asrun.\n"),
            command->out);
    } else {
        fputs(_("\nWhat airs as planned is not listed, and what recurs has one line: --list lists "
                "everything.\n"),
              page->out);
    }
}

static void print_verdict(const struct rehearse_page *page, const struct rehearse_notes *notes,
                          const struct rehearse_differences *differences, int64_t stretches,
                          double took_s)
{
    const double hours = (double)differences->compared / FRAMES_PER_SECOND / 3600;
    fprintf(page->out,
            _("\n%.1f hours of channels, %lld plan revisions, %lld changes of plan adopted;\n"
              "%lld joins rendered: %lld stretches, %lld packets read; it took %.1f s.\n"),
            hours, (long long)notes->revisions, (long long)notes->adoptions,
            (long long)notes->joins, (long long)stretches, (long long)notes->packets, took_s);
    fprintf(page->out, _("%zu differences between plan and as-run, %lld problems.\n"),
            differences->count, (long long)notes->problems);
    if (differences->count == 0 && notes->problems == 0) {
        fputs(_("As-run equals the plan.\n"), page->out);
    }
}

/* The station's folders are those of the rehearsal here. */
static int judge_outcome(const struct rehearse_command *command, const struct station *station,
                         const struct rehearse_page *page, const struct rehearse_stretch *stretch,
                         struct rehearse_notes *notes, int64_t stretches, double started_s,
                         struct problems *problems)
{
    struct rehearse_outcome outcome = {0};
    int result = rehearse_outcome_load(station, page->zone, stretch, &outcome, problems);
    if (result == 0 && command->out != NULL) {
        result =
            rehearse_stretch_save(station->state, stretch, command->faults, command->fault_count);
    }
    if (result == 0) {
        rehearse_outcome_note_slate(&outcome, notes);
        result = print_outcome(page, &outcome, notes);
    }
    if (result == 0 && !page->has_all) {
        tell_left_out(command, page);
    }
    if (result == 0) {
        print_verdict(page, notes, &outcome.differences, stretches, now_s() - started_s);
        rehearse_tell_filled(page->out, &outcome);
        result = outcome.differences.count == 0 && notes->problems == 0 ? 0 : 1;
    }
    rehearse_outcome_finish(&outcome);
    return result;
}

/* 0; 1: not as planned; or -errno with the cause in *problems. */
static int run(const struct rehearse_command *command, struct station *station,
               const struct rehearse_page *page, const struct rehearse_stretch *stretch,
               const struct rehearse_fault *faults, const char *state, struct problems *problems)
{
    struct progress progress = {
        .watcher = {show_progress},
        .bar = {stderr, isatty(STDERR_FILENO) == 1, -1, now_s()},
    };
    struct rehearse_notes notes = {0};
    int64_t stretches = 0;
    struct rehearse_judge *judge = command->is_silent ? NULL : rehearse_judge_create(station);
    if (!command->is_silent && judge == NULL) {
        return -ENOMEM;
    }
    const struct rehearse_request request = {
        .station = station,
        .state = state,
        .from_s = stretch->from_s,
        .to_s = stretch->to_s,
        .channel = stretch->channel,
        .has_all_ticks = command->has_all_ticks,
        .faults = faults,
        .fault_count = command->fault_count,
        .sink = judge != NULL ? rehearse_judge_sink(judge) : NULL,
        .watcher = &progress.watcher,
    };
    int result = rehearse(&request, &notes, problems);
    if (judge != NULL) {
        stretches = rehearse_judge_finish(judge, &notes);
    }
    rehearse_bar_clear(&progress.bar);
    if (result == 0) {
        result = judge_outcome(command, station, page, stretch, &notes, stretches,
                               progress.bar.started_s, problems);
    }
    rehearse_judge_destroy(judge);
    rehearse_notes_finish(&notes);
    return result;
}

/* In the folder that is asked for, or in one that is removed afterwards. */
static int run_somewhere(const struct rehearse_command *command, struct station *station,
                         const struct rehearse_page *page, const struct rehearse_stretch *stretch,
                         const struct rehearse_fault *faults, struct problems *problems)
{
    const char *temporary = getenv("TMPDIR");
    char *folder = NULL;
    if (command->out != NULL) {
        return run(command, station, page, stretch, faults, command->out, problems);
    }
    if (asprintf(&folder, "%s/ketang-rehearse.XXXXXX", temporary != NULL ? temporary : "/tmp") <
        0) {
        return -ENOMEM;
    }
    int result = mkdtemp(folder) != NULL ? 0 : -errno;
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, folder, 0, 0, _("the folder cannot be made: %s"),
                     strerror(-result));
    } else {
        result = run(command, station, page, stretch, faults, folder, problems);
        (void)rehearse_folders_remove(folder);
    }
    free(folder);
    return result;
}

/* --- Comparing ---------------------------------------------------------------------------------
 */

static void tell_nothing_aired(const struct rehearse_command *command,
                               const struct station *station, const struct rehearse_page *page,
                               const struct rehearse_stretch *stretch)
{
    char from[ZONE_TEXT_SIZE];
    char to[ZONE_TEXT_SIZE];
    fprintf(page->out,
            _("Nothing has aired yet of what was rehearsed, %.16s to %.16s, so nothing was "
              "compared: looked for in %s/asrun and %s/asrun. Compare again once it has aired.\n"),
            zone_frame_text(page->zone, stretch->from_s * FRAMES_PER_SECOND, from),
            zone_frame_text(page->zone, stretch->to_s * FRAMES_PER_SECOND, to), station->state,
            command->compare);
}

static int compare(const struct rehearse_command *command, const struct station *station,
                   const struct rehearse_page *page, struct problems *problems)
{
    struct rehearse_stretch stretch = {.channel = command->channel};
    struct rehearse_differences differences = {0};
    int result = rehearse_stretch_load(command->compare, &stretch);
    if (result == 0) {
        result = rehearse_compare(station, page->zone, command->compare, &stretch, &differences,
                                  problems);
    }
    if (result == 0) {
        result = rehearse_text_differences(page, &differences);
    }
    if (result == 0 && differences.compared == 0) {
        tell_nothing_aired(command, station, page, &stretch);
        result = 1;
    } else if (result == 0) {
        fprintf(page->out, _("%.2f hours have aired and were rehearsed; %zu differences.\n"),
                (double)differences.compared / FRAMES_PER_SECOND / 3600, differences.count);
        result = differences.count == 0 ? 0 : 1;
    }
    rehearse_differences_finish(&differences);
    return result;
}

/* --- The command
 * ---------------------------------------------------------------------------------- */

static int rehearse_station(const struct rehearse_command *command, struct station *station,
                            const struct rehearse_page *page, struct problems *problems)
{
    struct rehearse_fault faults[FAULTS_MOST] = {0};
    struct rehearse_stretch stretch = {.channel = command->channel};
    if (command->channel != NULL &&
        !complaint_knows_channel("rehearse", station, command->channel)) {
        return -EINVAL;
    }
    if (command->compare != NULL) {
        return compare(command, station, page, problems);
    }
    int result = rehearse_stretch_find(command->week, command->day, page->zone, &stretch);
    if (result == 0) {
        result = parse_faults(command, station, page->zone, &stretch, faults);
    }
    if (result == 0) {
        result = run_somewhere(command, station, page, &stretch, faults, problems);
    }
    for (size_t i = 0; i < command->fault_count; i++) {
        rehearse_fault_finish(&faults[i]);
    }
    return result;
}

static void print_errors(struct problems *problems)
{
    if (problems->errors > 0) {
        problems_print(problems, stderr);
    }
}

int cmd_rehearse(int argc, char **argv)
{
    struct rehearse_command command = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &command);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("rehearse");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    struct zone *zone = NULL;
    problems_init(&problems);
    int result = station_load(command.station_path, &station, &problems);
    if (result == 0) {
        result = zone_open(station->time_zone, &zone);
    }
    if (result == 0) {
        const struct rehearse_page page = {stdout, zone, command.has_all};
        result = rehearse_station(&command, station, &page, &problems);
    }
    print_errors(&problems);
    problems_finish(&problems);
    zone_close(zone);
    station_destroy(station);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
