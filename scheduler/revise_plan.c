/* SPDX-License-Identifier: MIT */
#include "scheduler/revise_plan.h"

#include "playout/intl.h"
#include "playout/reasons.h"
#include "playout/text_same.h"
#include "scheduler/order.h"
#include "scheduler/order_cover.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECENT_FRAMES ((int64_t)86400 * FRAMES_PER_SECOND) /* so long orders are told of */

struct maker {
    const struct revise_input *input;
    const struct plan_amendment *orders;
    struct line *line;
};

bool revise_same_content(const struct plan_event *a, const struct plan_event *b)
{
    return a->kind == b->kind && strcmp(a->asset, b->asset) == 0 &&
           text_same(a->house_number, b->house_number) && text_same(a->title, b->title) &&
           text_same(a->text, b->text) && text_same(a->genre, b->genre) &&
           a->has_subtitles == b->has_subtitles && a->is_signed == b->is_signed &&
           text_same(a->instead_of, b->instead_of) && text_same(a->live, b->live) &&
           a->amendment == b->amendment;
}

bool revise_same_entry(const struct plan_event *a, const struct plan_event *b)
{
    return text_same(a->title, b->title) && text_same(a->text, b->text);
}

static bool same_event(const struct plan_event *a, const struct plan_event *b)
{
    return a->start == b->start && a->duration == b->duration && a->in_point == b->in_point &&
           revise_same_content(a, b);
}

static bool has_note(const struct cut_note *note)
{
    return note->end != END_AS_PLANNED || note->is_joined || note->moved != 0;
}

/* What is said of an event that an order ends: which frame is its last, and whose order it is. */
static int print_end_by_order(FILE *out, const struct cutter *cutter, const struct line_event *item)
{
    return fprintf(out, _("cut at its frame %lld by order %lld"),
                   (long long)cutter_end_frame(cutter, &item->event), (long long)item->note.order);
}

/* --- Numbers --------------------------------------------------------------- */

/* True unless it names another order as what ends it: that may have been undone. */
static bool is_true_still(const struct cutter *cutter, const struct line_event *item,
                          const char *reason)
{
    char end[256] = "";
    FILE *out = item->note.end == END_BY_ORDER ? fmemopen(end, sizeof(end), "w") : NULL;
    if (out != NULL) {
        (void)print_end_by_order(out, cutter, item);
        (void)fclose(out);
    }
    const char *found = strstr(reason, end);
    return found != NULL && (end[0] == '\0' || !isdigit((unsigned char)found[strlen(end)]));
}

/* What was said of a cut when it was made is still true. */
static void keep_reason(const struct cutter *cutter, struct line_event *item,
                        const struct plan_event *known)
{
    if (has_note(&item->note) && known->reason != NULL &&
        is_true_still(cutter, item, known->reason)) {
        item->event.reason = known->reason;
        item->note = (struct cut_note){0};
    }
}

/* Events that the base has as well keep their numbers. */
static void keep_numbers(const struct maker *maker)
{
    const struct plan *base = maker->input->base;
    for (size_t i = 0; base != NULL && i < maker->line->count; i++) {
        struct line_event *item = &maker->line->items[i];
        const ptrdiff_t index = plan_find(base, item->event.start);
        if (index < 0 || !same_event(&base->events[index], &item->event)) {
            continue;
        }
        if (!item->is_kept) {
            item->event.seq = base->events[index].seq;
            item->event.programme = base->events[index].programme;
            item->is_kept = true;
        }
        keep_reason(maker->input->cutter, item, &base->events[index]);
    }
}

/* The EPG entry that the run [first, end) had in the base; 0: none of it was there. */
static int64_t known_programme(const struct line *line, size_t first, size_t end)
{
    while (first < end && !line->items[first].is_kept) {
        first++;
    }
    return first < end ? line->items[first].event.programme : 0;
}

static size_t run_end(const struct line *line, size_t first)
{
    size_t end = first + 1;
    while (end < line->count && line->items[end].group == line->items[first].group &&
           line->items[first].group != 0) {
        end++;
    }
    return end;
}

/*
 * A run keeps the number of its EPG entry.  What an order or a piece of slate
 * cuts in two has two entries, for no table may name an event twice: the
 * later one gets a number that nothing had (its first event may be the one
 * that the entry was named by).  What is kept comes in the base's order, in
 * which an entry is one stretch: so only the last number kept can come again.
 */
static int64_t number_programmes(struct line *line, int64_t next_seq)
{
    int64_t last_known = 0;
    for (size_t first = 0; first < line->count;) {
        const size_t end = run_end(line, first);
        const int64_t known = known_programme(line, first, end);
        const bool goes_on = first > 0 && line->items[first - 1].event.programme == known;
        int64_t programme = known;
        if (known == 0) {
            programme = line->items[first].event.seq;
        } else if (known == last_known && !goes_on) {
            programme = next_seq++;
        }
        last_known = known != 0 ? known : last_known;
        for (; first < end; first++) {
            line->items[first].event.programme = programme;
        }
    }
    return next_seq;
}

static int64_t give_numbers(struct line *line, int64_t next_seq)
{
    for (size_t i = 0; i < line->count; i++) {
        if (!line->items[i].is_kept) {
            line->items[i].event.seq = next_seq++;
        }
    }
    return number_programmes(line, next_seq);
}

/* --- The revision ---------------------------------------------------------- */

static bool same_fillers(const struct plan *a, const struct plan *b)
{
    return a->filler_count == b->filler_count &&
           (a->filler_count == 0 ||
            memcmp(a->fillers, b->fillers, a->filler_count * sizeof(a->fillers[0])) == 0);
}

static enum revise_verdict judge(const struct maker *maker)
{
    const struct plan *base = maker->input->base;
    const struct line *result = maker->line;
    size_t i = 0;
    if (base == NULL || !same_fillers(base, maker->input->fresh)) {
        return REVISE_DIFFERENT;
    }
    if (result->count == 0) {
        return base->event_count == 0 ? REVISE_SAME : REVISE_DIFFERENT;
    }
    size_t index = 0;
    while (index < base->event_count && base->events[index].seq != result->items[0].event.seq) {
        index++;
    }
    for (; i < result->count && index < base->event_count; i++, index++) {
        if (base->events[index].seq != result->items[i].event.seq ||
            base->events[index].duration != result->items[i].event.duration) {
            return REVISE_DIFFERENT;
        }
    }
    if (i == 0) {
        return REVISE_DIFFERENT;
    }
    return i < result->count ? REVISE_LONGER : REVISE_SAME;
}

static int copy_fillers(struct plan *plan, const struct plan *fresh)
{
    plan->fillers = calloc(fresh->filler_count + 1, sizeof(plan->fillers[0]));
    if (plan->fillers == NULL) {
        return -ENOMEM;
    }
    if (fresh->filler_count > 0) {
        memcpy(plan->fillers, fresh->fillers, fresh->filler_count * sizeof(plan->fillers[0]));
    }
    plan->filler_count = fresh->filler_count;
    return 0;
}

static void write_late(FILE *out, int64_t late)
{
    if (late > 0) {
        fprintf(out,
                ngettext(", the first legal point, %lld frame later than asked",
                         ", the first legal point, %lld frames later than asked",
                         (unsigned long)late),
                (long long)late);
    }
}

static void write_moved(FILE *out, const struct cut_note *note)
{
    char length[32];
    const int64_t frames = note->moved > 0 ? note->moved : -note->moved;
    const int64_t seconds = (frames + FRAMES_PER_SECOND / 2) / FRAMES_PER_SECOND;
    snprintf(length, sizeof(length), "%lld:%02d", (long long)(seconds / 60), (int)(seconds % 60));
    fprintf(out,
            note->moved > 0 ? _("%s later than planned, by order %lld")
                            : _("%s earlier than planned, by order %lld"),
            length, (long long)note->order);
}

static void write_end(FILE *out, const struct cutter *cutter, const struct line_event *item)
{
    const struct cut_note *note = &item->note;
    const long long frame = (long long)cutter_end_frame(cutter, &item->event);
    if (note->end == END_BY_ORDER) {
        (void)print_end_by_order(out, cutter, item);
    } else if (note->end == END_BY_FIXED) {
        fprintf(out, _("cut at its frame %lld for what does not move"), frame);
    } else {
        fprintf(out, _("cut at its frame %lld for what is planned now"), frame);
    }
    write_late(out, note->late);
}

static void write_reason(FILE *out, const struct cutter *cutter, const struct line_event *item)
{
    const struct plan_event *event = &item->event;
    const struct cut_note *note = &item->note;
    const char *before = event->reason != NULL ? REASONS_JOIN : "";
    fputs(event->reason != NULL ? event->reason : "", out);
    if (note->moved != 0) {
        fputs(before, out);
        write_moved(out, note);
        before = REASONS_JOIN;
    }
    if (note->is_joined) {
        fprintf(out, "%s", before);
        fprintf(out, _("joined in progress at its frame %lld"), (long long)event->in_point);
        write_late(out, note->late_entry);
        before = REASONS_JOIN;
    }
    if (note->end != END_AS_PLANNED) {
        fputs(before, out);
        write_end(out, cutter, item);
    }
}

static int write_cuts(const struct cutter *cutter, const struct line_event *item, char **reason)
{
    size_t size = 0;
    FILE *out = open_memstream(reason, &size);
    if (out == NULL) {
        return -ENOMEM;
    }
    write_reason(out, cutter, item);
    return fclose(out) == 0 ? 0 : -ENOMEM;
}

/*
 * Index of the event that goes on where somebody ended the order; where he took it back, or its
 * return, of the one that airs when it was to begin.
 */
static size_t end_index(const struct line *line, const struct plan_amendment *order)
{
    const bool is_ended = !order->is_undone && order->until != AMENDMENT_OPEN;
    size_t index = line_find(line, is_ended ? order->until : order->from);
    while (is_ended && index < line->count && line->items[index].event.amendment == order->id &&
           event_absorbs(&line->items[index].event)) {
        index++; /* what it fills up to the next point at which a lesson can be joined */
    }
    return index;
}

/* Adds who did so, and why, unless it is said already; *reason owns event->reason, or is NULL. */
static int add_ending(const struct plan_amendment *order, struct plan_event *event, char **reason)
{
    const char *why = order->end_reason;
    char *note = NULL;
    char *joined = NULL;
    if (asprintf(&note,
                 order->is_undone                 ? _("order %lld undone by %s%s%s")
                 : order->until == AMENDMENT_OPEN ? _("the return from order %lld undone by %s%s%s")
                                                  : _("order %lld ended by %s%s%s"),
                 (long long)order->id, order->end_author, why != NULL ? _(": ") : "",
                 why != NULL ? why : "") < 0) {
        return -ENOMEM;
    }
    const char *known = event->reason;
    const bool is_said = known != NULL && strstr(known, note) != NULL;
    const int length = is_said ? 0
                               : asprintf(&joined, "%s%s%s", known != NULL ? known : "",
                                          known != NULL ? REASONS_JOIN : "", note);
    free(note);
    if (length > 0) {
        free(*reason);
        event->reason = *reason = joined;
    }
    return length < 0 ? -ENOMEM : 0;
}

/*
 * True when the event is to say who ended the order, if it is where that is told.  What was taken
 * back before it took effect has changed nothing: a lesson that airs as planned says nothing of it.
 */
static bool is_told_at(const struct plan_amendment *order, const struct line_event *item)
{
    const bool is_touched = item->event.amendment != 0 || has_note(&item->note);
    return order->end_author != NULL && item->event.amendment <= order->id &&
           (!order->is_undone || is_touched);
}

/* The event with what was done to it. */
static int append_event(struct plan *plan, const struct maker *maker, size_t index)
{
    const struct line_event *item = &maker->line->items[index];
    struct plan_event event = item->event;
    char *reason = NULL;
    int result = 0;
    if (has_note(&item->note)) {
        result = write_cuts(maker->input->cutter, item, &reason);
        event.reason = reason;
    }
    for (size_t i = 0; result == 0 && i < maker->input->amendment_count; i++) {
        const struct plan_amendment *order = &maker->orders[i];
        if (is_told_at(order, item) && end_index(maker->line, order) == index) {
            result = add_ending(order, &event, &reason);
        }
    }
    result = result == 0 ? plan_append(plan, &event) : result;
    free(reason);
    return result;
}

/* Recent orders are told, and the last one whose number must not come again. */
static int append_orders(const struct maker *maker, struct plan *plan)
{
    const size_t count = maker->input->amendment_count;
    for (size_t i = 0; i < count; i++) {
        const struct plan_amendment *order = &maker->orders[i];
        const int64_t over = order->is_undone ? order->from : order_over(order);
        const bool is_recent = over > maker->input->effective - RECENT_FRAMES;
        if ((is_recent || i + 1 == count) && plan_append_amendment(plan, order) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int fill_plan(const struct maker *maker, struct plan *plan)
{
    const struct revise_input *input = maker->input;
    plan->revision = input->revision;
    plan->effective = input->effective;
    plan->channel = strdup(input->fresh->channel);
    if (plan->channel == NULL || copy_fillers(plan, input->fresh) < 0 ||
        append_orders(maker, plan) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < maker->line->count; i++) {
        if (append_event(plan, maker, i) < 0) {
            return -ENOMEM;
        }
    }
    if (input->base != NULL) {
        order_note_aired(plan, input->base);
    }
    order_note_covers(plan);
    return 0;
}

int revise_plan(const struct revise_input *input, struct line *line,
                const struct plan_amendment *orders, struct plan **plan,
                enum revise_verdict *verdict)
{
    const struct maker maker = {input, orders, line};
    struct plan *made = plan_create();
    if (made == NULL) {
        return -ENOMEM;
    }
    keep_numbers(&maker);
    made->next_seq = give_numbers(line, input->next_seq);
    if (fill_plan(&maker, made) < 0) {
        plan_destroy(made);
        return -ENOMEM;
    }
    *verdict = judge(&maker);
    *plan = made;
    return 0;
}
