/* SPDX-License-Identifier: MIT */
/*
 * cmd_monitor: what the files of `ketang monitor` share.
 *
 * cmd_monitor.c reads its options and the stream; cmd_monitor_text.c writes
 * lines, cmd_monitor_screen.c fills a terminal.
 */
#ifndef TOOLS_CMD_MONITOR_H
#define TOOLS_CMD_MONITOR_H

#include "tools/meter/meter.h"

#include <stdio.h>

/* Writes the events that have come since number *shown, one a line. */
void monitor_print_events(FILE *out, const struct tr_board *board, uint64_t *shown);

/* Writes what has been found and measured, for people. */
void monitor_print_summary(FILE *out, const json_t *summary);

/* An indicator in the words of the operator's language. */
const char *monitor_indicator(const char *id);

struct monitor_screen;

/* Takes the terminal.  NULL: there is none that can show it. */
struct monitor_screen *monitor_screen_open(const char *source);
void monitor_screen_close(struct monitor_screen *screen); /* accepts NULL */

enum monitor_key { MONITOR_NONE, MONITOR_QUIT, MONITOR_RESET };

/* What has been typed since the last call. */
enum monitor_key monitor_screen_key(struct monitor_screen *screen);

/* Draws, unless the viewer has paused it. */
void monitor_screen_draw(struct monitor_screen *screen, const json_t *summary);

#endif
