/* SPDX-License-Identifier: MIT */
/*
 * order_desk: orders of operators as they come over the control socket.
 *
 * Each request names a `channel`, and most have a `reason` and an `author`:
 *
 *     {"command":"slate"}      {"command":"emergency","house_number":"YJ-01"}
 *     {"command":"live","live":"studio-1","length":600}         seconds; may be missing
 *     {"command":"insert","house_number":"KT-01","at":"10:30","mode":"push"}
 *     {"command":"replace","house_number":"KT-01","at":"tomorrow 10:30"}
 *                                              order_when.h; without `at`: the next
 *     {"command":"skip","mode":"follow"}
 *     {"command":"extend","length":300,"mode":"join"}            otherwise it pushes
 *     {"command":"hold"}       {"command":"release"}
 *     {"command":"return","mode":"start"}
 *     {"command":"undo","id":5}
 *         {"ok":true,"order":5,"frame":F,"time":"2026-11-23 08:00:00.040 +0800",
 *          "revision":N,"dropped":"KT-05",                       programmes that do not air
 *          "note":"Instead of: ..."}                             sentences, each a line; or none
 *     {"command":"orders"}     of one channel, or of all
 *         {"ok":true,"orders":[{"channel":"zhangdian","id":5,"kind":"insert","mode":"push",
 *          "state":"taken","from":F,"time":"...","until":G,"until_time":"...",
 *          "ordered":F,"ordered_time":"...","ordered_until":G,"ordered_until_time":"...",
 *          "house_number":"...","live":"...","reason":"...","author":"...",
 *          "end_author":"...","end_reason":"...","end_order":7,    by the order that undid it
 *          "covered_by":7,"covered_author":"..."}]}
 *
 * An order is `ordered` until it airs, then `taken` until its end, then `over`, or it was `undone`
 * before.  Until further notice there is no `until`.  Its times are those at which the plan has
 * it; where a later order has moved it, or cut it short, `ordered` and `ordered_until` tell those
 * it was given for.
 */
#ifndef SCHEDULER_ORDER_DESK_H
#define SCHEDULER_ORDER_DESK_H

#include "playout/zone.h"
#include "scheduler/order_when.h"
#include "scheduler/planner.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* True for the commands that order_desk_read() understands. */
bool order_desk_knows(const char *command);

/*
 * Reads a request; its texts are borrowed.  NULL, or what is wrong, in a
 * sentence, which may be written to `complaint`.  `now_ms` tells which 10:30 is meant: the next
 * one; `periods` of the channel may be NULL.
 */
const char *order_desk_read(const json_t *json, const struct order_periods *periods,
                            const struct zone *zone, int64_t now_ms, struct order_request *request,
                            char complaint[ORDER_WHEN_TEXT_SIZE]);

/* The answer to an order that was taken, or was not: then `failure` is planner_failure_text(). */
json_t *order_desk_answer(int result, const char *failure, const struct planner_outcome *outcome,
                          const struct zone *zone);

/*
 * Appends the orders of a plan to a list; their states are "ordered", "taken", "over", "undone" and
 * "covered": the plan has nothing of what is left of it, for the order "covered_by" lies over it.
 * Of one that is over it tells that nothing of it has aired.  What a plan no longer reaches back to
 * is told by its times alone.
 */
void order_desk_list(json_t *list, const struct plan *plan, const struct zone *zone,
                     int64_t now_ms);

#endif
