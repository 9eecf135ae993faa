/* SPDX-License-Identifier: MIT */
/*
 * pid_watch: PIDs that stay away or that no table names, and their time stamps.
 *
 * Normative references: ETSI TR 101 290, 1.6, 2.5, 2.6 and 3.4;
 * ISO/IEC 13818-1, 2.7.4 (PTS at least every 700 ms).
 */
#ifndef TOOLS_METER_PID_WATCH_H
#define TOOLS_METER_PID_WATCH_H

#include "tools/meter/psi_scan.h"
#include "tools/meter/tr101290.h"

struct pid_watch;

struct pid_watch *pid_watch_create(struct tr_listener *listener); /* borrows */
void pid_watch_destroy(struct pid_watch *watch);                  /* accepts NULL */

/* Nothing came before `now`, in 27 MHz ticks of the stream: all waiting starts here. */
void pid_watch_start(struct pid_watch *watch, int64_t now);

/* `index` counts packets from the beginning. */
void pid_watch_packet(struct pid_watch *watch, const struct ts_packet *packet, int64_t index,
                      int64_t now);

/* PMT and CAT name the PIDs of conditional access. */
void pid_watch_section(struct pid_watch *watch, const struct section *section);

/* A new time line begins: the next PTS of this PID is held against none before. */
void pid_watch_restamp(struct pid_watch *watch, int pid);

/* What is overdue; call some times a second. */
void pid_watch_sweep(struct pid_watch *watch, const struct psi *psi, int64_t now);

/* There is a conditional access table: scrambled packets are meant to be so. */
bool pid_watch_has_cat(const struct pid_watch *watch);

/* Whether streams of this type are sound or picture. */
bool pid_watch_is_audio_video(int stream_type);

#endif
