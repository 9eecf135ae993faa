/* SPDX-License-Identifier: MIT */
#include "tests/support/revise_judge.h"

#include "scheduler/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUR (3600LL * FRAMES_PER_SECOND)

static const struct profile *profile_of(const struct revise_judge *judge)
{
    return judge->input->cutter->profile;
}

/* --- Pieces -------------------------------------------------------------------------- */

static struct plan *copy_plan(const struct plan *plan)
{
    struct plan *copy = plan_create();
    assert_non_null(copy);
    copy->channel = strdup(plan->channel);
    for (size_t i = 0; i < plan->event_count; i++) {
        assert_int_equal(plan_append(copy, &plan->events[i]), 0);
    }
    return copy;
}

static struct timeline *timeline_of(const struct plan *plan, const struct media_lengths *lengths)
{
    struct timeline *timeline = plan != NULL ? timeline_create(copy_plan(plan), lengths)
                                             : timeline_create_empty(lengths->length(lengths, ""));
    assert_non_null(timeline);
    return timeline;
}

static void check_same_until(const struct revise_judge *judge)
{
    const int64_t earliest = judge->input->earliest;
    const struct media_lengths *lengths = judge->input->cutter->lengths;
    struct timeline *old_line = timeline_of(judge->input->base, lengths);
    struct timeline *new_line = timeline_of(judge->plan, lengths);
    for (int64_t frame = judge->input->effective; frame < earliest; frame++) {
        struct piece a;
        struct piece b;
        timeline_piece(old_line, frame, &a);
        timeline_piece(new_line, frame, &b);
        const bool same_end = a.start + a.length == b.start + b.length ||
                              (a.start + a.length >= earliest && b.start + b.length >= earliest);
        if (a.start != b.start || a.in_point != b.in_point || strcmp(a.asset, b.asset) != 0 ||
            !same_end) {
            fail_msg("frame %lld, %lld before the first that may change: piece from %lld to %lld "
                     "was from %lld to %lld",
                     (long long)frame, (long long)(earliest - frame), (long long)b.start,
                     (long long)(b.start + b.length), (long long)a.start,
                     (long long)(a.start + a.length));
        }
    }
    timeline_unref(old_line);
    timeline_unref(new_line);
}

/* The engine would take it: every piece is proven, from the indexes that are in the folder. */
static void check_proven(const struct revise_judge *judge)
{
    struct problems problems;
    struct timeline *timeline = timeline_of(judge->plan, judge->input->cutter->lengths);
    problems_init(&problems);
    if (plan_proof_check(judge->proof, timeline, judge->input->effective, "plan", &problems) < 0) {
        problems_print(&problems, stderr);
        fail_msg("the engine refuses revision %lld", (long long)judge->plan->revision);
    }
    problems_finish(&problems);
    timeline_unref(timeline);
}

/* --- Events -------------------------------------------------------------------------- */

static void check_events(const struct revise_judge *judge)
{
    const struct plan *plan = judge->plan;
    const struct media_lengths *lengths = judge->input->cutter->lengths;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        assert_true(profile_is_on_grid(profile_of(judge), event->start));
        assert_true(profile_is_on_grid(profile_of(judge), event->duration));
        assert_int_equal(event->in_point % GOP_FRAMES, 0);
        assert_true(event->duration >= EVENT_MIN_FRAMES);
        assert_true(event->seq > 0 && event->seq < plan->next_seq && event->programme > 0);
        if (i > 0) {
            assert_int_equal(event->start, event_end(&plan->events[i - 1]));
        }
        if (!event_is_cut_anywhere(event)) {
            assert_true(event->in_point + event->duration <=
                        lengths->length(lengths, event->asset));
        }
        if (event->amendment != 0) {
            assert_true(event->reason != NULL && event->reason[0] != '\0');
        }
    }
}

/* A number stands for one event: the same start, asset and in-point for ever. */
static void check_numbers(const struct revise_judge *judge)
{
    for (size_t i = 0; i < judge->plan->event_count; i++) {
        const struct plan_event *event = &judge->plan->events[i];
        assert_true(event->seq < KNOWN_MOST);
        struct known_event *known = &judge->known[event->seq];
        if (known->seq != 0) {
            assert_int_equal(known->start, event->start);
            assert_int_equal(known->in_point, event->in_point);
            assert_string_equal(known->asset, event->asset);
        }
        known->seq = event->seq;
        known->start = event->start;
        known->in_point = event->in_point;
        snprintf(known->asset, sizeof(known->asset), "%s", event->asset);
    }
}

/* --- Orders -------------------------------------------------------------------------- */

/* An EPG entry is one stretch: what goes on after an order is another one. */
static void check_programmes(const struct revise_judge *judge)
{
    const struct plan *plan = judge->plan;
    for (size_t i = 1; i < plan->event_count; i++) {
        const int64_t programme = plan->events[i].programme;
        if (programme == plan->events[i - 1].programme) {
            continue;
        }
        for (size_t k = 0; k < i; k++) {
            if (plan->events[k].programme == programme) {
                fail_msg("programme %lld comes twice: before event %lld and with it",
                         (long long)programme, (long long)plan->events[i].seq);
            }
        }
    }
}

static bool begins_at(const struct plan *plan, int64_t frame)
{
    for (size_t i = 0; i < plan->amendment_count; i++) {
        if (plan->amendments[i].from == frame) {
            return true;
        }
    }
    return false;
}

/* True when the lesson only came to air because nobody carried a break-in on: it makes way. */
static bool has_slipped_in(const struct revise_judge *judge, const struct plan_event *lesson)
{
    for (size_t i = 0; i < judge->plan->amendment_count; i++) {
        const struct plan_amendment *order = &judge->plan->amendments[i];
        if (order_is_break_in(order) && !order->is_undone && order->until == AMENDMENT_OPEN &&
            order->from < lesson->start && order->id > lesson->amendment) {
            return true;
        }
    }
    return false;
}

/* A running lesson is cut by nobody but an operator. */
static void check_running(const struct revise_judge *judge)
{
    const struct plan *base = judge->input->base;
    const ptrdiff_t index = base != NULL ? plan_find(base, judge->input->earliest - 1) : -1;
    if (index < 0 || event_is_cut_anywhere(&base->events[index])) {
        return;
    }
    const struct plan_event *running = &base->events[index];
    const ptrdiff_t found = plan_find(judge->plan, judge->input->earliest - 1);
    assert_true(found >= 0);
    const int64_t end = event_end(&judge->plan->events[found]);
    assert_int_equal(judge->plan->events[found].seq, running->seq);
    /* What an order cut it for may have moved since. */
    if (!has_slipped_in(judge, running) && !begins_at(judge->plan, end) &&
        !begins_at(judge->plan, event_end(running)) && !begins_at(base, event_end(running))) {
        assert_int_equal(judge->plan->events[found].duration, running->duration);
    }
}

/* True for slate up to the next point at which something can be joined. */
static bool fills_up(const struct revise_judge *judge, const struct plan_event *event)
{
    return event->kind == EVENT_SLATE &&
           event->duration <= 2 * cutter_least_piece(profile_of(judge)) + 2 * GOP_FRAMES;
}

/* What is open is planned to the midnight that is at least six hours ahead. */
static int64_t planned_until(const struct revise_judge *judge, const struct plan_amendment *order,
                             int64_t hours)
{
    const int64_t earliest = judge->input->earliest;
    const int64_t from = order->from > earliest ? order->from : earliest;
    return order->until == AMENDMENT_OPEN ? from + hours * HOUR : order->until;
}

/* While a break-in lasts nothing else airs but what was ordered after it. */
static void check_break_ins(const struct revise_judge *judge)
{
    const struct revise_input *input = judge->input;
    for (size_t i = 0; i < input->amendment_count; i++) {
        const struct plan_amendment *order = &input->amendments[i];
        if (!order_is_break_in(order) || order->is_undone) {
            continue;
        }
        for (size_t k = 0; k < judge->plan->event_count; k++) {
            const struct plan_event *event = &judge->plan->events[k];
            if (event->start >= input->earliest && event->start >= order->from &&
                event->start + EVENT_MIN_FRAMES < planned_until(judge, order, 6)) {
                if (event->amendment < order->id && !fills_up(judge, event)) {
                    fail_msg("order %lld, on since %lld, has %.4s of order %lld from %lld to %lld "
                             "in its time; decided up to %lld",
                             (long long)order->id, (long long)order->from, event->asset,
                             (long long)event->amendment, (long long)event->start,
                             (long long)event_end(event), (long long)input->earliest);
                }
            }
        }
    }
}

/* Where what was running has ended, and what could not be joined before. */
static int64_t settled(const struct revise_judge *judge)
{
    const ptrdiff_t index = plan_find(judge->plan, judge->input->earliest - 1);
    const struct plan *base = judge->input->base;
    const ptrdiff_t before = base != NULL ? plan_find(base, judge->input->earliest - 1) : -1;
    int64_t end = index >= 0 ? event_end(&judge->plan->events[index]) : judge->input->earliest;
    if (before >= 0 && !event_is_cut_anywhere(&base->events[before]) &&
        event_end(&base->events[before]) > end) {
        end = event_end(&base->events[before]); /* an order has cut it, and has its time */
    }
    return end + 2 * cutter_least_piece(profile_of(judge)) + 2 * GOP_FRAMES;
}

/* True when a break-in, or a replacement, is on air instead of what begins at `frame`. */
static bool is_covered(const struct revise_judge *judge, int64_t frame)
{
    for (size_t i = 0; i < judge->plan->amendment_count; i++) {
        const struct plan_amendment *order = &judge->plan->amendments[i];
        const bool covers =
            order_is_break_in(order) || strcmp(order->kind, order_kind_name(ORDER_REPLACE)) == 0;
        if (covers && !order->is_undone && order->from <= frame &&
            frame < planned_until(judge, order, 31)) {
            return true;
        }
    }
    return false;
}

/* What is fixed begins at its time, or else an operator has put something over it. */
static void check_fixed(const struct revise_judge *judge)
{
    const struct plan *fresh = judge->input->fresh;
    for (size_t i = 0; i < fresh->event_count; i++) {
        const struct plan_event *fixed = &fresh->events[i];
        const ptrdiff_t index = plan_find(judge->plan, fixed->start);
        if (!fixed->is_fixed || fixed->start < settled(judge) || index < 0) {
            continue;
        }
        const struct plan_event *event = &judge->plan->events[index];
        const bool is_there =
            event->start == fixed->start && strcmp(event->asset, fixed->asset) == 0;
        if (!is_there && !is_covered(judge, fixed->start)) {
            fail_msg("what is fixed for %lld does not begin then: %.4s from %lld to %lld, order "
                     "%lld",
                     (long long)fixed->start, event->asset, (long long)event->start,
                     (long long)event_end(event), (long long)event->amendment);
        }
    }
}

bool judge_is_free_of_orders(const struct revise_judge *judge)
{
    for (size_t i = 0; i < judge->plan->amendment_count; i++) {
        if (order_is_active(&judge->plan->amendments[i], judge->input->effective)) {
            return false;
        }
    }
    return true;
}

static int64_t end_of(const struct plan *plan)
{
    return plan->event_count > 0 ? event_end(&plan->events[plan->event_count - 1]) : 0;
}

static const char *asset_at(const struct plan *plan, int64_t frame)
{
    const ptrdiff_t index = plan_find(plan, frame);
    return index >= 0 ? plan->events[index].asset : "";
}

void judge_same(const struct plan *a, const struct plan *b, int64_t from)
{
    const int64_t end = end_of(a) < end_of(b) ? end_of(a) : end_of(b);
    for (int64_t frame = from; frame < from + 20 * HOUR && frame < end; frame += 997) {
        if (strcmp(asset_at(a, frame), asset_at(b, frame)) != 0) {
            fail_msg("%lld frames later %.4s airs instead of %.4s", (long long)(frame - from),
                     asset_at(a, frame), asset_at(b, frame));
        }
    }
}

void judge_pushed(const struct plan *plan, const struct plan *made,
                  const struct plan_amendment *order)
{
    for (size_t i = 0; i < made->event_count; i++) {
        const struct plan_event *event = &made->events[i];
        bool is_later = event->amendment != order->id || event->programme == 0 ||
                        event_absorbs(event) || event->is_fixed || event->start <= order->from;
        for (size_t k = 0; k < plan->event_count && !is_later; k++) {
            is_later =
                strcmp(plan->events[k].asset, event->asset) == 0 &&
                plan->events[k].start - plan->events[k].in_point <= event->start - event->in_point;
        }
        assert_true(is_later);
    }
}

void judge_revision(const struct revise_judge *judge)
{
    check_events(judge);
    check_proven(judge);
    check_numbers(judge);
    check_programmes(judge);
    check_same_until(judge);
    check_running(judge);
    check_break_ins(judge);
    check_fixed(judge);
    /* Once what was running has ended, the channel airs what was compiled. */
    if (judge_is_free_of_orders(judge)) {
        judge_same(judge->plan, judge->input->fresh, settled(judge));
    }
}
