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
    const char *summary;               /* NULL: that of the next one is for it, too */
};

/* In the order of the help text. */
static const struct command commands[] = {
    {"check", cmd_check, N_("find mistakes in station file and timetables")},
    {"explain", cmd_explain, NULL},
    {"schema", cmd_schema, N_("what made what airs; the keys of timetables")},
    {"import", cmd_import, N_("make a timetable of a spreadsheet")},
    {"plan", cmd_plan, NULL},
    {"rehearse", cmd_rehearse, N_("write the plans now; try a week beforehand")},
    {"publish", cmd_publish, N_("publish a week for viewers and headends")},
    {"ready", cmd_ready, N_("list the coming lessons, and what they lack")},
    {"approve", cmd_approve, NULL},
    {"approvals", cmd_approvals, NULL},
    {"freeze", cmd_freeze, N_("sign a lesson's file; close the list of a day")},
    {"status", cmd_status, N_("show what is on the air, and what is wrong")},
    {"slate", cmd_take, NULL},
    {"emergency", cmd_take, NULL},
    {"live", cmd_take, NULL},
    {"return", cmd_take, N_("break in, until you return to the plan")},
    {"take", cmd_take, NULL},
    {"insert", cmd_take, NULL},
    {"replace", cmd_take, NULL},
    {"skip", cmd_take, N_("put something else on the air, or the next")},
    {"hold", cmd_take, NULL},
    {"release", cmd_take, NULL},
    {"extend", cmd_take, N_("let what is on the air go on")},
    {"undo", cmd_take, NULL},
    {"orders", cmd_take, N_("take an order back; list the orders")},
    {"mute", cmd_mute, N_("silence a channel's output at once, and back")},
    {"report", cmd_report, NULL},
    {"remark", cmd_remark, NULL},
    {"asrun", cmd_asrun, NULL},
    {"verify", cmd_verify, N_("what aired against what was planned")},
    {"store", cmd_store, NULL},
    {"backup", NULL, N_("the database; a backup of the station")},
    {"render", cmd_render, NULL},
    {"monitor", cmd_monitor, N_("write a stretch of a signal; judge a signal")},
    {"submit", cmd_submit, NULL},
    {"inbox", cmd_inbox, NULL},
    {"jobs", cmd_jobs, N_("hand films in; see what became of them")},
    {"ingest", NULL, N_("make lesson files ready for the air")},
    {"scheduler", NULL, NULL},
    {"playout", NULL, NULL},
    {"demo", NULL, N_("programs that run all day; a station to try")},
    {"station", cmd_station, NULL},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static int print_help(void)
{
    fputs(_("Usage: ketang COMMAND [ARGUMENT]...\n\nCommands:\n"), stdout);
    char names[64] = "";
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const size_t length = strlen(names);
        snprintf(names + length, sizeof names - length, "%s%s", length > 0 ? ", " : "",
                 commands[i].name);
        if (commands[i].summary != NULL) {
            printf("  %-31s %s\n", names, _(commands[i].summary));
            names[0] = '\0';
        }
    }
    fputs(_("\n`ketang help COMMAND` tells more about one of them.\n"), stdout);
    return COMMAND_DONE;
}

/* For completion and tests: all of them, also those that the help text passes over. */
static void print_commands(void)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        puts(commands[i].name);
    }
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

static int help_on(char *name)
{
    char option[] = "--help";
    char *arguments[] = {name, option, NULL};
    if (strcmp(name, "--commands") == 0) {
        print_commands();
        return COMMAND_DONE;
    }
    return run_command(2, arguments);
}

int main(int argc, char **argv)
{
    intl_init();
    /* By lines: in one file with standard error neither cuts into the other's. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (argc < 2) {
        print_help();
        return COMMAND_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0) {
        return argc > 2 ? help_on(argv[2]) : print_help();
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("ketang %s\n", version_text());
        return COMMAND_DONE;
    }
    return run_command(argc - 1, argv + 1);
}
