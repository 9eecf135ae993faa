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

/*
 * --against.  Those that have nothing to return accept NULL: then nothing is
 * compared, and all is well.
 */
struct monitor_against;

/* NULL when it cannot be, which is told unless memory is out. */
struct monitor_against *monitor_against_open(const char *station, const char *transport);
void monitor_against_close(struct monitor_against *self);

/* The next bytes, beginning anywhere: packets are found in them as the meter finds them. */
void monitor_against_feed(struct monitor_against *self, const uint8_t *bytes, size_t size);
void monitor_against_finish(struct monitor_against *self);

/* Counting begins anew. */
void monitor_against_reset(struct monitor_against *self);

bool monitor_against_differs(const struct monitor_against *self);
bool monitor_against_is_judged(const struct monitor_against *self);

/* Writes the differences that have come since the last call, the first ones, one a line. */
void monitor_against_print_events(struct monitor_against *self, FILE *out);

/* Writes why the tape cannot be read, if so; once. */
void monitor_against_print_problems(struct monitor_against *self, FILE *out);

/* What has been compared, for programs and people; not for NULL. */
json_t *monitor_against_json(const struct monitor_against *self);
void monitor_against_print(const struct monitor_against *self, FILE *out);

/* The same for a screen, a line each, in the words of the operator's language. */
struct monitor_against_lines {
    bool is_fault;
    char totals[512]; /* "": nothing is compared */
    char first[256];  /* the first difference; "": none */
};
void monitor_against_lines(const struct monitor_against *self, struct monitor_against_lines *lines);

struct monitor_screen;

/* Takes the terminal.  NULL: there is none that can show it. */
struct monitor_screen *monitor_screen_open(const char *source);
void monitor_screen_close(struct monitor_screen *screen); /* accepts NULL */

enum monitor_key { MONITOR_NONE, MONITOR_QUIT, MONITOR_RESET };

/* What has been typed since the last call. */
enum monitor_key monitor_screen_key(struct monitor_screen *screen);

/* Draws, unless the viewer has paused it. */
void monitor_screen_draw(struct monitor_screen *screen, const json_t *summary,
                         const struct monitor_against_lines *against);

#endif
