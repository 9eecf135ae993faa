/* SPDX-License-Identifier: MIT */
/*
 * cmd_monitor: what the files of `ketang monitor` share.
 *
 * cmd_monitor.c reads its options and the stream; cmd_monitor_text.c writes
 * lines, cmd_monitor_screen.c fills a terminal, cmd_monitor_against.c holds
 * the stream against the tape.
 */
#ifndef TOOLS_CMD_MONITOR_H
#define TOOLS_CMD_MONITOR_H

#include "tools/meter/meter.h"

#include <stdio.h>

/* Writes the events that have come since number *shown, one a line. */
void monitor_print_events(FILE *out, const struct tr_board *board, uint64_t *shown);

/* Says how the address of a stream on the network is made, for one that is not. */
void monitor_print_address_hint(FILE *out, const char *address);

/* Writes what has been found and measured, for people. */
void monitor_print_summary(FILE *out, const json_t *summary);

/* An indicator in the words of the operator's language. */
const char *monitor_indicator(const char *id);

/* --against.  All but open() accept NULL: then nothing is compared. */
struct monitor_against;

/* NULL when it cannot be, which is told.  Unless `is_quiet` differences are printed. */
struct monitor_against *monitor_against_open(const char *station, const char *transport,
                                             bool is_live, bool is_quiet);
void monitor_against_close(struct monitor_against *self);

/* The next packets; what is no whole packet at their end is left out. */
void monitor_against_feed(struct monitor_against *self, const uint8_t *bytes, size_t size);
void monitor_against_finish(struct monitor_against *self);
bool monitor_against_differs(const struct monitor_against *self);
bool monitor_against_is_judged(const struct monitor_against *self);

/* What has been compared, for programs and people; not for NULL. */
json_t *monitor_against_json(const struct monitor_against *self);
void monitor_against_print(const struct monitor_against *self);

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
