/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_plan.h"

#include "playout/text_same.h"

#include <stdbool.h>
#include <string.h>

static void lower(int64_t *until, int64_t frame)
{
    *until = frame < *until ? frame : *until;
}

/* True when an order covers `frame`; *until is lowered to where that may change. */
static bool is_ordered(const struct plan *plan, int64_t frame, int64_t *until)
{
    bool is_covered = false;
    for (size_t i = 0; i < plan->amendment_count; i++) {
        const struct plan_amendment *order = &plan->amendments[i];
        is_covered = is_covered || (order->from <= frame && frame < order->until);
        if (order->from > frame) {
            lower(until, order->from);
        } else if (order->until > frame) {
            lower(until, order->until);
        }
    }
    return is_covered;
}

/* The event at `frame`, or NULL; *until is lowered to where that changes. */
static const struct plan_event *event_at(const struct plan *plan, int64_t frame, int64_t *until)
{
    const ptrdiff_t index = plan_find(plan, frame);
    if (index >= 0) {
        const struct plan_event *event = &plan->events[index];
        lower(until, event->start + event->duration);
        return event;
    }
    if (plan->event_count > 0 && plan->events[0].start > frame) {
        lower(until, plan->events[0].start);
    }
    return NULL;
}

int64_t report_plan_begin(const struct report_revision *revision)
{
    const struct plan *plan = revision->plan;
    const bool is_later =
        plan != NULL && plan->event_count > 0 && plan->events[0].start > revision->frame;
    return is_later ? plan->events[0].start : revision->frame;
}

/* The last revision adopted at or before `frame`, or the first one. */
static size_t revision_at(const struct report_revisions *revisions, int64_t frame)
{
    size_t k = 0;
    while (k + 1 < revisions->count && revisions->items[k + 1].frame <= frame) {
        k++;
    }
    return k;
}

/*
 * What the revisions up to number `k` say of span->from, the last word first, without any order;
 * false: nothing.  What an order moved is not looked at either, nor a revision that is silent.
 */
static bool look_back(const struct report_revisions *revisions, size_t k, struct report_span *span)
{
    for (size_t i = k + 1; i-- > 0;) {
        const struct plan *plan = revisions->items[i].plan;
        if (plan == NULL || is_ordered(plan, span->from, &span->to)) {
            continue;
        }
        span->plan = plan;
        span->event = event_at(plan, span->from, &span->to);
        if (span->event != NULL && span->event->amendment == 0) {
            return true;
        }
    }
    return false;
}

/* Nothing but orders is known: then the order is what was planned. */
static bool look_at(const struct report_revisions *revisions, size_t k, struct report_span *span)
{
    span->plan = revisions->items[k].plan;
    span->event = span->plan != NULL ? event_at(span->plan, span->from, &span->to) : NULL;
    return span->event != NULL;
}

static bool is_lesson(const struct plan_event *event)
{
    return event->kind == EVENT_LESSON || event->kind == EVENT_REPEAT ||
           event->kind == EVENT_LIVE || event->instead_of != NULL;
}

/* The end of a lesson's last part. */
static int64_t lesson_end(const struct plan *plan, const struct plan_event *event)
{
    const struct plan_event *const behind = plan->events + plan->event_count;
    int64_t end = event->start + event->duration;
    for (const struct plan_event *next = event + 1;
         next < behind && next->start == end && next->programme == event->programme &&
         is_lesson(next);
         next++) {
        end += next->duration;
    }
    return end;
}

/*
 * The list of [from, to).  The revision of `from` is asked up to `held_until`; then, frame by
 * frame, the one in force, but of a lesson that has begun the one in which it began.
 */
static int make_list(const struct report_revisions *revisions, int64_t from, int64_t to,
                     int64_t held_until, struct report_layer *layer)
{
    int result = 0;
    if (revisions->count == 0) {
        return 0;
    }
    size_t k = revision_at(revisions, from);
    const int64_t begin = revisions->items[k].frame;
    for (int64_t at = from > begin ? from : begin; at < to && result == 0;) {
        struct report_span span = {.from = at, .to = to};
        k = at < held_until ? k : revision_at(revisions, at);
        const bool is_known = look_back(revisions, k, &span) || look_at(revisions, k, &span);
        if (is_known && is_lesson(span.event)) {
            const int64_t end = lesson_end(span.plan, span.event);
            held_until = end > held_until ? end : held_until;
        }
        if (at >= held_until && k + 1 < revisions->count) {
            lower(&span.to, revisions->items[k + 1].frame);
        }
        if (is_known) {
            result = report_layer_add(layer, &span);
        }
        at = span.to;
    }
    return result;
}

int report_plan_list(const struct report_revisions *revisions, int64_t from, int64_t to,
                     struct report_layer *layer)
{
    return make_list(revisions, from, to, from, layer);
}

int report_plan_first_list(const struct report_revisions *revisions, int64_t from, int64_t to,
                           struct report_layer *layer)
{
    return make_list(revisions, from, to, to, layer);
}

int report_plan_force(const struct report_revisions *revisions, int64_t from, int64_t to,
                      struct report_layer *layer)
{
    int result = 0;
    for (size_t k = 0; k < revisions->count && result == 0; k++) {
        const struct report_revision *revision = &revisions->items[k];
        const bool is_last = k + 1 == revisions->count;
        const int64_t next = is_last ? to : revisions->items[k + 1].frame;
        const int64_t end = next < to ? next : to;
        int64_t at = revision->frame > from ? revision->frame : from;
        while (at < end && result == 0) {
            struct report_span span = {.from = at, .to = end, .plan = revision->plan};
            span.event = span.plan != NULL ? event_at(span.plan, at, &span.to) : NULL;
            result = report_layer_add(layer, &span);
            at = span.to;
        }
    }
    return result;
}

const struct plan *report_plan_in_force(const struct report_revisions *revisions, int64_t frame)
{
    return revisions->count > 0 ? revisions->items[revision_at(revisions, frame)].plan : NULL;
}

static const struct plan_event *find_event(const struct plan *plan, int64_t frame)
{
    const ptrdiff_t index = plan != NULL ? plan_find(plan, frame) : -1;
    return index >= 0 ? &plan->events[index] : NULL;
}

const struct plan_event *report_plan_event_in_force(const struct report_revisions *revisions,
                                                    int64_t frame)
{
    return find_event(report_plan_in_force(revisions, frame), frame);
}

const struct plan_event *report_plan_event_told(const struct report_revisions *revisions,
                                                int64_t frame)
{
    const struct plan_event *event = report_plan_event_in_force(revisions, frame);
    if (revisions->count == 0 || report_plan_in_force(revisions, frame) != NULL) {
        return event;
    }
    const size_t k = revision_at(revisions, frame);
    for (size_t i = k; event == NULL && i-- > 0;) {
        event = find_event(revisions->items[i].plan, frame);
    }
    for (size_t i = k + 1; event == NULL && i < revisions->count; i++) {
        event = find_event(revisions->items[i].plan, frame);
    }
    return event;
}

bool report_plan_ended_at(const struct report_revisions *revisions, int64_t frame)
{
    for (size_t k = 0; k + 1 < revisions->count; k++) {
        const struct plan *plan = revisions->items[k].plan;
        const bool has_events = plan != NULL && plan->event_count > 0;
        const struct plan_event *last = has_events ? &plan->events[plan->event_count - 1] : NULL;
        if (last != NULL && last->start + last->duration == frame &&
            revisions->items[k + 1].earliest > frame) {
            return true;
        }
    }
    return false;
}

const struct plan_amendment *report_plan_order(const struct plan *plan,
                                               const struct plan_event *event)
{
    const bool is_item = plan != NULL && event != NULL && event->item_of != 0;
    for (size_t i = 0; is_item && i < plan->amendment_count; i++) {
        if (plan->amendments[i].id == event->item_of) {
            return &plan->amendments[i];
        }
    }
    return plan_order(plan, event);
}

static bool has_item_of(const struct plan *plan, int64_t order)
{
    for (size_t i = 0; plan != NULL && i < plan->event_count; i++) {
        if (plan->events[i].item_of == order) {
            return true;
        }
    }
    return false;
}

bool report_plan_tells_items(const struct report_revisions *revisions, int64_t order, int64_t frame)
{
    for (size_t i = revisions->count; i-- > 0;) {
        if (revisions->items[i].frame <= frame && has_item_of(revisions->items[i].plan, order)) {
            return true;
        }
    }
    return false;
}

const char *report_plan_house_number(const struct plan_event *event)
{
    return event->instead_of != NULL ? event->instead_of : event->house_number;
}

bool report_plan_has(const struct plan *plan, const struct plan_event *event)
{
    const int64_t end = event->start + event->duration;
    for (size_t i = 0; i < plan->event_count && plan->events[i].start < end; i++) {
        const struct plan_event *other = &plan->events[i];
        if (other->start + other->duration > event->start &&
            text_same(report_plan_house_number(other), report_plan_house_number(event))) {
            return true;
        }
    }
    return false;
}

bool report_plan_is_filler(const struct plan *plan, const char *asset)
{
    for (size_t i = 0; plan != NULL && i < plan->filler_count; i++) {
        if (strcmp(plan->fillers[i], asset) == 0) {
            return true;
        }
    }
    return asset[0] == '\0';
}

bool report_plan_allows(const struct plan *plan, const struct plan_event *event,
                        const struct journal *journal, const char *asset)
{
    if (report_plan_is_filler(plan, asset)) {
        return true;
    }
    if (event == NULL) {
        return false;
    }
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_SUBSTITUTE && entry->seq == event->seq &&
            strcmp(entry->asset, asset) == 0) {
            return true;
        }
    }
    return strcmp(event->asset, asset) == 0;
}
