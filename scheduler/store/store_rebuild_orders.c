/* SPDX-License-Identifier: MIT */
/*
 * store_rebuild_orders: what has become of orders, from plan to plan.
 *
 * A plan carries the orders of the one before.  Within that chain an order is
 * known by its id, kind and frame; at its beginning, and when ids have begun
 * anew, by what the store has of it.
 */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "scheduler/order.h"
#include "scheduler/store/store_amendment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { AIRED_AFTER_MS = 60000 }; /* the engine may still refuse a revision, and orders be retimed */

struct standing_order {
    int64_t id; /* this and the next three as in the plan that had it last */
    char *kind;
    int64_t asked;
    int64_t from;
    int64_t over;
    bool is_open;
    bool is_undone;
    char *end_author; /* of who ended or undid it, owned; "": nobody, or it is too long */
    char *end_reason; /* likewise */
    bool is_stored;   /* what follows is as the store has it */
    int64_t row;
    int64_t date;
    enum amendment_state state;
    struct store_amendment_place place;
    char *mode;   /* that of `place`, owned */
    bool goes_on; /* it is in the plan that is being taken, too */
};

static int64_t frame_ms(int64_t frame)
{
    return frame * (1000 / FRAMES_PER_SECOND); /* below 2^48: plans end before the year 10000 */
}

static int64_t ordered_ms(const struct plan_amendment *order)
{
    return frame_ms(order->asked != 0 ? order->asked : order->from);
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL && text[0] != '\0' ? text : otherwise;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(or_else(a, ""), or_else(b, "")) == 0;
}

static struct standing_order *find(const struct standing_orders *standing,
                                   const struct plan_amendment *order)
{
    for (size_t i = 0; i < standing->count; i++) {
        struct standing_order *item = &standing->items[i];
        if (item->id == order->id && item->asked == order->asked &&
            strcmp(item->kind, order->kind) == 0) {
            return item;
        }
    }
    return NULL;
}

const struct plan_amendment *standing_orders_newest(const struct standing_orders *standing,
                                                    const struct plan *plan)
{
    for (size_t i = plan->amendment_count; standing->has_plan && i-- > 0;) {
        if (find(standing, &plan->amendments[i]) == NULL) {
            return &plan->amendments[i];
        }
    }
    return NULL;
}

/* What the store can keep. */
static bool has_room(const struct plan_amendment *order)
{
    return order->kind[0] != '\0' && strlen(order->kind) <= STORE_NAME_MOST &&
           strlen(or_else(order->author, "")) <= STORE_NAME_MOST &&
           strlen(or_else(order->house_number, "")) <= STORE_NAME_MOST &&
           strlen(or_else(order->mode, "")) <= STORE_NAME_MOST &&
           strlen(or_else(order->reason, "")) <= STORE_NOTE_MOST;
}

static bool is_taken(const struct standing_order *items, size_t count, int64_t row)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].is_stored && items[i].row == row) {
            return true;
        }
    }
    return false;
}

/*
 * The order as somebody has stored it, and no order before it in the plan is.  One that the plan
 * of that revision does not call undone may have been so since, but not before.
 */
static bool is_row_of(const struct store_amendment *known, const struct plan_amendment *order,
                      int64_t revision)
{
    const bool is_undone_since = known->has_revision && known->revision > revision;
    return (order->is_undone || known->state != AMENDMENT_UNDONE || is_undone_since) &&
           same_text(known->house_number, order->house_number) &&
           same_text(known->author, or_else(order->author, REBUILD_AUTHOR)) &&
           same_text(known->reason, or_else(order->reason, order->kind));
}

/* Notes what the store has now.  0 or -ENOMEM. */
static int keep_place(struct standing_order *item, const struct store_amendment_place *place)
{
    char *mode = strdup(place->mode);
    if (mode == NULL) {
        return -ENOMEM;
    }
    free(item->mode);
    item->mode = mode;
    item->place = *place;
    item->place.mode = mode;
    return 0;
}

/* Looks the order up; items[count] is the order's, those before are of orders before it. */
static int look_up(struct rebuild *rebuild, struct standing_order *items, size_t count,
                   const struct plan_amendment *order, const struct plan_file *file)
{
    struct standing_order *item = &items[count];
    struct store_rows rows;
    int result =
        store_amendment_find(rebuild->store, file->channel, order->kind, ordered_ms(order), &rows);
    for (size_t i = 0; result == 0 && !item->is_stored && i < rows.count; i++) {
        const struct store_amendment known = store_amendment_at(&rows, i);
        const struct store_amendment_place known_place = {known.has_revision ? known.revision : 0,
                                                          known.from_frame, known.is_open,
                                                          known.until_frame, known.mode};
        if (is_row_of(&known, order, file->revision) && !is_taken(items, count, known.id)) {
            item->is_stored = true;
            item->row = known.id;
            item->date = known.date;
            item->state = known.state;
            result = keep_place(item, &known_place);
        }
    }
    store_rows_finish(&rows);
    return result;
}

static int64_t local_date(const struct rebuild *rebuild, int64_t frame)
{
    return zone_date(rebuild->zone, frame / FRAMES_PER_SECOND);
}

static int store_order(struct rebuild *rebuild, struct standing_order *item,
                       const struct plan_amendment *order, const struct store_amendment_place *now,
                       const struct plan_file *file)
{
    const struct store_day_edit edit = {.channel = file->channel,
                                        .date = local_date(rebuild, order->from),
                                        .based_on = STORE_DAY_WHATEVER,
                                        .author = or_else(order->author, REBUILD_AUTHOR),
                                        .now_ms = ordered_ms(order)};
    const struct store_amendment amendment = {.kind = order->kind,
                                              .from_frame = now->from_frame,
                                              .is_open = now->is_open,
                                              .until_frame = now->until_frame,
                                              .house_number = order->house_number,
                                              .mode = now->mode,
                                              .reason = or_else(order->reason, order->kind),
                                              .has_revision = true,
                                              .revision = now->revision};
    int64_t version = 0;
    int result = rebuild_begin_row(rebuild);
    if (result != 0) {
        return result;
    }
    result = store_amendment_order(rebuild->store, &edit, &amendment, &item->row, &version);
    if (result == 0) {
        item->is_stored = true;
        item->date = edit.date;
        item->state = AMENDMENT_ORDERED;
        rebuild->done.amendments++;
        result = keep_place(item, now);
    }
    return rebuild_end_row(rebuild, result, file->path, 0, order->kind);
}

/* Writes what has become of an order. */
static int move(struct rebuild *rebuild, struct standing_order *item, const char *channel,
                enum amendment_state state, int64_t when_ms)
{
    const struct store_day_edit edit = {.channel = channel,
                                        .date = item->date,
                                        .based_on = STORE_DAY_WHATEVER,
                                        .author = or_else(item->end_author, REBUILD_AUTHOR),
                                        .now_ms = when_ms};
    int64_t version = 0;
    int result = rebuild_begin_row(rebuild);
    if (result != 0) {
        return result;
    }
    result =
        store_amendment_move(rebuild->store, &edit, item->row, state, item->end_reason, &version);
    if (result == 0) {
        item->state = state;
    }
    return rebuild_end_row(rebuild, result, channel, 0, item->kind);
}

/* Writes where the order stands, unless the store knows, or knows of a later plan. */
static int place(struct rebuild *rebuild, struct standing_order *item,
                 const struct store_amendment_place *now, const char *path)
{
    const struct store_amendment_place *known = &item->place;
    const bool is_same = known->revision == now->revision && known->from_frame == now->from_frame &&
                         known->is_open == now->is_open &&
                         (now->is_open || known->until_frame == now->until_frame) &&
                         strcmp(known->mode, now->mode) == 0;
    if (is_same || now->revision < known->revision) {
        return 0;
    }
    int result = rebuild_begin_row(rebuild);
    if (result != 0) {
        return result;
    }
    result = store_amendment_planned(rebuild->store, item->row, now);
    if (result == 0) {
        result = keep_place(item, now);
    }
    return rebuild_end_row(rebuild, result, path, 0, item->kind);
}

/* Brings the store up to date with one order of a plan. */
static int keep(struct rebuild *rebuild, struct standing_order *item,
                const struct plan_amendment *order, const struct plan_file *file)
{
    const struct store_amendment_place now = {file->revision, order->from,
                                              order->until == AMENDMENT_OPEN, order->until,
                                              or_else(order->mode, "")};
    int result = 0;
    if (item->is_stored) {
        result = place(rebuild, item, &now, file->path);
    } else if (order->until > order->from) { /* else there has never been room for it */
        result = store_order(rebuild, item, order, &now, file);
    }
    if (result == 0 && item->is_stored && order->is_undone && item->state == AMENDMENT_ORDERED) {
        result = move(rebuild, item, file->channel, AMENDMENT_UNDONE, file->written_ms);
    }
    return result;
}

/* An order that the plan does not have any more. */
static int forget(struct rebuild *rebuild, struct standing_order *item,
                  const struct plan_file *file)
{
    const bool is_over = !item->is_open && frame_ms(item->over) <= file->written_ms;
    const bool has_begun = frame_ms(item->from) <= file->written_ms;
    if (!item->is_stored || item->state != AMENDMENT_ORDERED) {
        return 0;
    }
    return move(rebuild, item, file->channel,
                is_over || has_begun ? AMENDMENT_AIRED : AMENDMENT_UNDONE,
                is_over ? frame_ms(item->over) : file->written_ms);
}

/* Notes who ended or undid it.  Of one that is open that is who took its return back: nobody. */
static int keep_end(struct standing_order *item, const struct plan_amendment *order)
{
    const bool is_ended = item->is_undone || !item->is_open;
    item->end_author =
        strdup(is_ended ? rebuild_short_text(order->end_author, STORE_NAME_MOST) : "");
    item->end_reason =
        strdup(is_ended ? rebuild_short_text(order->end_reason, STORE_NOTE_MOST) : "");
    return item->end_author != NULL && item->end_reason != NULL ? 0 : -ENOMEM;
}

/* The order as it is in this plan; what the store has of it is of the plan before. */
static int take(struct rebuild *rebuild, const struct standing_orders *standing,
                struct standing_order *items, size_t count, const struct plan_amendment *order,
                const struct plan_file *file)
{
    struct standing_order *item = &items[count];
    struct standing_order *before = find(standing, order);
    if (before != NULL) {
        before->goes_on = true;
        *item = *before;
        item->goes_on = false;
        before->mode = NULL;
    }
    item->id = order->id;
    item->kind = strdup(order->kind);
    item->asked = order->asked;
    item->from = order->from;
    item->over = order_over(order);
    item->is_open = item->over == AMENDMENT_OPEN;
    item->is_undone = order->is_undone;
    if (keep_end(item, order) < 0 || item->kind == NULL) {
        return -ENOMEM;
    }
    if (!has_room(order)) {
        return before != NULL ? 0
                              : rebuild_warn(rebuild, file->path, 0,
                                             _("an order has texts that are too long: left out"));
    }
    const int result = before == NULL ? look_up(rebuild, items, count, order, file) : 0;
    return result == 0 ? keep(rebuild, item, order, file) : result;
}

int standing_orders_take(struct rebuild *rebuild, struct standing_orders *standing,
                         const struct plan *plan, const struct plan_file *file)
{
    struct standing_orders fresh = {.has_plan = true};
    int result = 0;
    fresh.items = calloc(plan->amendment_count + 1, sizeof(fresh.items[0]));
    if (fresh.items == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; result == 0 && i < plan->amendment_count; i++) {
        result = take(rebuild, standing, fresh.items, i, &plan->amendments[i], file);
        fresh.count++;
    }
    for (size_t i = 0; result == 0 && i < standing->count; i++) {
        if (!standing->items[i].goes_on) {
            result = forget(rebuild, &standing->items[i], file);
        }
    }
    standing_orders_finish(standing);
    *standing = fresh;
    return result;
}

int standing_orders_air(struct rebuild *rebuild, struct standing_orders *standing,
                        const char *channel)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < standing->count; i++) {
        struct standing_order *item = &standing->items[i];
        if (!item->is_stored || item->state != AMENDMENT_ORDERED || item->is_open) {
            continue;
        }
        const int64_t due_ms = frame_ms(item->over) + AIRED_AFTER_MS;
        if (due_ms <= rebuild->now_ms) {
            result = move(rebuild, item, channel, AMENDMENT_AIRED, frame_ms(item->over));
        } else if (due_ms < rebuild->due_ms) {
            rebuild->due_ms = due_ms;
        }
    }
    return result;
}

void standing_orders_finish(struct standing_orders *standing)
{
    for (size_t i = 0; i < standing->count; i++) {
        free(standing->items[i].kind);
        free(standing->items[i].mode);
        free(standing->items[i].end_author);
        free(standing->items[i].end_reason);
    }
    free(standing->items);
    *standing = (struct standing_orders){0};
}
