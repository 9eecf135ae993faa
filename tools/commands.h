/* SPDX-License-Identifier: MIT */
/*
 * commands: the operator's commands that `ketang` itself runs.
 *
 * Each lives in tools/cmd_NAME.c and works like a main: argv[0] is the
 * command's name, the result is the exit status: 0 done, 1 it could not be
 * done (and has been said why), 2 wrong usage, 3 as said below.  Commands may print; they
 * never call exit().
 *
 * A new command: declare it here, and name it in the table of ketang_main.c.
 */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

#include "playout/station.h"

enum command_status {
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1,
    COMMAND_USAGE = 2,
    COMMAND_NOT_READY = 3, /* ketang ready: something that begins within the hour is not ready */
};

/* Where the station is when nothing is said. */
#define DEFAULT_STATION station_default_path()

int cmd_approvals(int argc, char **argv);
int cmd_approve(int argc, char **argv);
int cmd_asrun(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_freeze(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_inbox(int argc, char **argv);
int cmd_jobs(int argc, char **argv);
int cmd_monitor(int argc, char **argv);
int cmd_mute(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_publish(int argc, char **argv);
int cmd_ready(int argc, char **argv);
int cmd_rehearse(int argc, char **argv);
int cmd_remark(int argc, char **argv);
int cmd_render(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_station(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_store(int argc, char **argv);
int cmd_submit(int argc, char **argv);
int cmd_take(int argc, char **argv); /* and the other orders of air control, by argv[0] */
int cmd_verify(int argc, char **argv);

#endif
