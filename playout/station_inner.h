/* SPDX-License-Identifier: MIT */
/*
 * station_inner: what the parts that read a station file share.
 * Included by station*.c only; the contract is in station.h.
 */
#ifndef PLAYOUT_STATION_INNER_H
#define PLAYOUT_STATION_INNER_H

#include "playout/settings.h"
#include "playout/station.h"

/* station_profile.c: one entry of `profiles`, with its consistency checks. */
void station_read_profile(const struct settings *place, struct profile *profile);

/* station_network.c */
void station_read_network(const struct settings *place, struct network *network);
void station_read_cable(const struct settings *place, struct cable_delivery *cable);

/* station_scheduler.c: the group `scheduler`, which may be missing.  0 or -ENOMEM. */
int station_read_scheduler(const struct settings *root, struct station *station);

/* station_media.c: the group `media`, which may be missing. */
void station_read_media(const struct settings *root, struct station *station);

/* station_outputs.c: the list `outputs` of a transport. */
void station_read_outputs(const struct settings *place, const struct network *network,
                          struct transport *transport);

/* Complains when an output of `b` comes again among those of `a` (`b` may be `a` itself). */
void station_check_outputs(const struct settings *place, const struct transport *a,
                           const struct transport *b);

#endif
