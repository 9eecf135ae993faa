/* SPDX-License-Identifier: MIT */
/*
 * ketang: the operator's command.
 *
 * `ketang NAME ...` runs the command NAME: one of its own (commands.h), or
 * else the program ketang-NAME that lies beside it or on the PATH.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "playout/intl.h"
#include "playout/suggest.h"
#include "playout/version.h"
#include "tools/commands.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* NULL: a program of its own */
    const char *summary;               /* NULL: not in the list, which has to fit a screen */
};

/* In the order of the help text. */
static const struct command commands[] = {
    {"check", cmd_check, N_("find the mistakes in the station file and the timetables")},
    {"explain", cmd_explain, N_("say which line of which file made what airs at a time")},
    {"schema", cmd_schema, NULL},
    {"import", cmd_import, N_("make a timetable of a spreadsheet or another program's file")},
    {"plan", cmd_plan, N_("write the plans of all channels now")},
    {"ready", cmd_ready, N_("list the coming lessons, and which have no media yet")},
    {"approve", cmd_approve, N_("sign a stage of approval of a lesson's file")},
    {"approvals", cmd_approvals, NULL},
    {"freeze", cmd_freeze, N_("note that the list of a day is closed")},
    {"status", cmd_status, N_("show what is on the air, and what is wrong")},
    {"slate", cmd_slate, N_("put a channel on the slate until further notice")},
    {"return", cmd_return, N_("return from the slate to the plan")},
    {"mute", cmd_mute, N_("silence a channel's output at once, and back")},
    {"render", cmd_render, N_("write any stretch of a channel's signal to a file")},
    {"report", cmd_report, N_("the report of a day or a week: planned, aired, faults")},
    {"asrun", cmd_asrun, NULL},
    {"verify", cmd_verify, NULL},
    {"monitor", cmd_monitor, N_("judge and measure a transport stream, on air or in a file")},
    {"store", cmd_store, N_("look at the scheduler's database, back it up, restore it")},
    {"ingest", NULL, N_("make lesson files ready for the air")},
    {"scheduler", NULL, N_("turn timetables into plans, all day long")},
    {"playout", NULL, N_("put the channels on the air")},
    {"demo", NULL, NULL},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(void)
{
    fputs(_("Usage: ketang COMMAND [ARGUMENT]...\n\nCommands:\n"), stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (commands[i].summary != NULL) {
            printf("  %-10s %s\n", commands[i].name, _(commands[i].summary));
        }
    }
    fputs(_("\n`ketang COMMAND --help` tells more about one of them.\n"), stdout);
}

static const char *nearest_command(const char *name)
{
    const char *names[COMMAND_COUNT + 1] = {NULL};

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i].name;
    }
    return suggest(name, names);
}

/* Returns only when there is no such program, or it cannot be run. */
static void hand_over(char **argv)
{
    char self[PATH_MAX];
    char program[PATH_MAX + NAME_MAX];

    /* A name, not a path: it must not lead out of the folder. */
    if (strchr(argv[0], '/') != NULL || strlen(argv[0]) > NAME_MAX / 2) {
        errno = ENOENT;
        return;
    }
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length > 0) {
        self[length] = '\0';
        *strrchr(self, '/') = '\0';
        snprintf(program, sizeof program, "%s/ketang-%s", self, argv[0]);
        execv(program, argv);
        if (errno != ENOENT) {
            return;
        }
    }
    snprintf(program, sizeof program, "ketang-%s", argv[0]);
    execvp(program, argv);
}

static int run_command(int argc, char **argv)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (commands[i].run != NULL && strcmp(commands[i].name, argv[0]) == 0) {
            return commands[i].run(argc, argv);
        }
    }
    hand_over(argv);
    if (errno != ENOENT) {
        fprintf(stderr, _("ketang: ketang-%s cannot be run: %s.\n"), argv[0], strerror(errno));
        return COMMAND_FAILED;
    }
    const char *meant = nearest_command(argv[0]);
    if (meant == NULL) {
        fprintf(stderr, _("ketang: there is no command %s; `ketang help` lists them.\n"), argv[0]);
    } else if (strcmp(meant, argv[0]) == 0) {
        fprintf(stderr, _("ketang: the program ketang-%s is not installed.\n"), argv[0]);
    } else {
        fprintf(stderr, _("ketang: there is no command %s. Did you mean %s?\n"), argv[0], meant);
    }
    return COMMAND_USAGE;
}

int main(int argc, char **argv)
{
    intl_init();
    if (argc < 2) {
        print_help();
        return COMMAND_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0) {
        print_help();
        return COMMAND_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("ketang %s\n", version_text());
        return COMMAND_DONE;
    }
    return run_command(argc - 1, argv + 1);
}
