/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_compare.h"

#include "playout/intl.h"
#include "playout/text_same.h"
#include "scheduler/report/report_compare_inner.h"
#include "scheduler/report/report_wrong.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* All that is walked together, and where each walk is. */
struct sweep {
    const struct compare_input *input;
    struct comparison *comparison;
    struct report_layer list;
    struct report_layer first;
    struct report_layer force;
    struct air air;
    ptrdiff_t *of_span; /* the programme of each span of the list */
    struct wrong_stretches wrong;
    size_t list_cursor;
    size_t first_cursor;
    size_t force_cursor;
    size_t air_cursor;
    size_t interruption_cursor;
    const char *last_asset;
    size_t span_capacity;
    int64_t begun; /* the first frame that ever had a plan; INT64_MAX: none had one yet */
};

/* --- Where a channel begins ----------------------------------------------------- */

static bool has_adoption(const struct journal *journal)
{
    for (size_t i = 0; i < journal->count; i++) {
        if (journal->entries[i].kind == JOURNAL_ADOPT) {
            return true;
        }
    }
    return false;
}

/* By its plans, and by what the record has of them: a damaged journal begins anew. */
static int64_t find_begin(const struct compare_input *input)
{
    int64_t begun = INT64_MAX;
    for (size_t i = 0; i < input->revisions.count; i++) {
        const int64_t begin = report_plan_begin(&input->revisions.items[i]);
        begun = begin < begun ? begin : begun;
    }
    for (size_t i = 0; i < input->line_count; i++) {
        const struct as_run_record *record = &input->lines[i].record;
        begun = record->seq != 0 && record->start < begun ? record->start : begun;
    }
    return begun;
}

/* --- The sweep ---------------------------------------------------------------- */

static struct atom next_atom(struct sweep *sweep, int64_t at)
{
    struct atom atom = {.from = at, .to = sweep->comparison->to, .programme = -1};
    atom.planned = report_layer_at(&sweep->list, &sweep->list_cursor, at, &atom.to);
    atom.first = report_layer_at(&sweep->first, &sweep->first_cursor, at, &atom.to);
    atom.force = report_layer_at(&sweep->force, &sweep->force_cursor, at, &atom.to);
    atom.aired = report_layer_at(&sweep->air.aired, &sweep->air_cursor, at, &atom.to);
    atom.is_interrupted = report_layer_at(&sweep->air.interruptions, &sweep->interruption_cursor,
                                          at, &atom.to) != NULL;
    atom.wrong = wrong_at(&sweep->wrong, at, &atom.to);
    atom.is_begun = at >= sweep->begun;
    if (!atom.is_begun && sweep->begun < atom.to) {
        atom.to = sweep->begun;
    }
    if (atom.planned != NULL) {
        atom.programme = sweep->of_span[sweep->list_cursor];
    }
    return atom;
}

/*
 * What the journal says of what stands in for an event; NULL: nothing.  The
 * engine wrote it in its own language: the reader has it in theirs.
 */
static const char *substitution_reason(const struct journal *journal, const struct atom *atom)
{
    const char *reason = NULL;
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_SUBSTITUTE && entry->seq == atom->aired->record->seq &&
            entry->from <= atom->from && strcmp(entry->asset, atom->aired->asset) == 0) {
            reason = entry->reason;
        }
    }
    return reason != NULL && reason[0] != '\0' ? _(reason) : reason;
}

/*
 * Why the plan has an event.  What stands in for a lesson does so for the
 * reason that the list has; how it was cut later is none.
 */
static const char *reason_of_plan(const struct atom *atom)
{
    const struct plan_event *event = atom->force != NULL ? atom->force->event : NULL;
    if (event == NULL) {
        return atom->aired->record->reason;
    }
    return is_listed_stand_in(atom) ? atom->planned->event->reason : event->reason;
}

/*
 * The order that has the event on the air; NULL: none has.  What stands in for a lesson has the
 * number of an order, too, when that only moved it; a replacement names what it replaces.
 */
static const struct plan_amendment *order_of(const struct plan *plan,
                                             const struct plan_event *event)
{
    const struct plan_amendment *order = report_plan_order(plan, event);
    const bool is_moved = order != NULL && event->instead_of != NULL &&
                          !text_same(order->house_number, event->house_number);
    return is_moved ? NULL : order;
}

/* What the timetable has stand in for a lesson is called like the lesson: that is no title. */
static const char *own_title(const struct atom *atom)
{
    const struct as_run_record *record = atom->aired->record;
    const bool is_ordered =
        atom->force != NULL && order_of(atom->force->plan, atom->force->event) != NULL;
    return record->instead_of == NULL || is_ordered ? record->title : NULL;
}

/*
 * Why it was so, and who ordered it.  A line of the as-run record has all that
 * became of its event in one reason; here each stretch gets its own, from plan
 * and journal.  No signal, silence and no plan have none beside their names.
 */
static void explain(const struct compare_input *input, struct compared_span *span,
                    const struct atom *atom)
{
    const struct plan *plan = atom->force != NULL ? atom->force->plan : NULL;
    const struct plan_event *event = atom->force != NULL ? atom->force->event : NULL;
    const bool is_unsaid =
        span->class == CLASS_OFF_AIR || span->class == CLASS_MUTED || span->class == CLASS_PLANLESS;
    if (is_unsaid || atom->aired == NULL) {
        return;
    }
    const bool is_own = strcmp(atom->aired->asset, atom->aired->record->asset) == 0;
    const struct plan_amendment *order = atom->wrong;
    if (order == NULL && is_own) {
        order = order_of(plan, event);
    }
    if (order != NULL) {
        span->reason = order->reason;
        span->author = order->author;
    } else if (!is_own) {
        span->reason = substitution_reason(input->journal, atom);
        if (span->reason == NULL && atom->aired->asset[0] == '\0') {
            span->reason = atom->aired->record->reason; /* the clock: the journal knows nothing */
        }
    } else {
        span->reason = reason_of_plan(atom);
    }
}

/*
 * As planned is as planned, however many parts it has; and one event on air is one, whatever
 * a later revision says of how it ends.
 */
static bool goes_on(const struct compared_span *last, const struct compared_span *next)
{
    const bool is_fine = last->class == CLASS_PLANNED || last->class == CLASS_FILLING;
    const bool is_one = last->record != NULL && last->record == next->record;
    const bool was_one = last->was == next->was || (last->was != NULL && next->was != NULL &&
                                                    last->was->programme == next->was->programme);
    return last->class == next->class && last->programme == next->programme && was_one &&
           (is_fine || is_one ||
            (text_same(last->reason, next->reason) && text_same(last->author, next->author)));
}

static int add_span(struct sweep *sweep, const struct compared_span *span)
{
    struct comparison *comparison = sweep->comparison;
    struct compared_span *last =
        comparison->span_count > 0 ? &comparison->spans[comparison->span_count - 1] : NULL;
    if (last != NULL && goes_on(last, span)) {
        last->to = span->to;
        last->aired_count += !text_same(sweep->last_asset, span->aired);
    } else {
        if (comparison->span_count == sweep->span_capacity) {
            sweep->span_capacity = sweep->span_capacity > 0 ? 2 * sweep->span_capacity : 64;
            struct compared_span *grown =
                realloc(comparison->spans, sweep->span_capacity * sizeof(*grown));
            if (grown == NULL) {
                return -ENOMEM;
            }
            comparison->spans = grown;
        }
        comparison->spans[comparison->span_count++] = *span;
    }
    sweep->last_asset = span->aired;
    return 0;
}

static int take_atom(struct sweep *sweep, const struct atom *atom)
{
    struct comparison *comparison = sweep->comparison;
    struct planned_programme *programme =
        atom->programme >= 0 ? &comparison->programmes[atom->programme] : NULL;
    struct compared_span span = {.from = atom->from,
                                 .to = atom->to,
                                 .class = classify_atom(sweep->input, atom, programme),
                                 .programme = atom->programme,
                                 .aired_count = 1};
    if (atom->aired != NULL) {
        span.record = atom->aired->record;
        span.aired = atom->aired->asset;
        span.title = own_title(atom);
    }
    if (programme != NULL) {
        programme_take(programme, atom, span.class, comparison->to);
    }
    if (is_changed_since(sweep->input, atom, span.class)) {
        span.class = CLASS_CHANGED;
        span.was = atom->first->event;
        span.was_filling = !programme_is(span.was, sweep->input->catalogue);
    }
    explain(sweep->input, &span, atom);
    comparison->frames[span.class] += atom->to - atom->from;
    return add_span(sweep, &span);
}

static int prepare(struct sweep *sweep)
{
    const struct compare_input *input = sweep->input;
    sweep->begun = find_begin(input);
    int result = report_plan_list(&input->revisions, input->from, input->to, &sweep->list);
    if (result == 0) {
        result = report_plan_first_list(&input->revisions, input->from, input->to, &sweep->first);
    }
    if (result == 0) {
        result = report_plan_force(&input->revisions, input->from, input->to, &sweep->force);
    }
    if (result == 0) {
        result = air_read(&sweep->air, input->lines, input->line_count, input->from, input->to);
    }
    if (result == 0) {
        result =
            programmes_of_list(&sweep->list, input->catalogue, sweep->comparison, &sweep->of_span);
    }
    if (result == 0) {
        const struct report_slots slots = {&sweep->list, sweep->of_span};
        result = wrong_find(input, &slots, &sweep->wrong);
    }
    return result;
}

int report_compare(const struct compare_input *input, struct comparison *comparison)
{
    struct sweep sweep = {.input = input, .comparison = comparison};
    *comparison = (struct comparison){.from = input->from, .to = input->to};
    int result = prepare(&sweep);
    comparison->is_unknown = sweep.begun == INT64_MAX && input->line_count == 0 &&
                             !has_adoption(input->journal) && !input->is_before_record;
    for (int64_t at = input->from; at < input->to && result == 0;) {
        const struct atom atom = next_atom(&sweep, at);
        result = take_atom(&sweep, &atom);
        at = atom.to;
    }
    for (size_t i = 0; i < comparison->programme_count && result == 0; i++) {
        programme_judge(&comparison->programmes[i]);
    }
    comparison->backwards = sweep.air.backwards;
    report_layer_finish(&sweep.list);
    report_layer_finish(&sweep.first);
    report_layer_finish(&sweep.force);
    air_finish(&sweep.air);
    free(sweep.of_span);
    wrong_finish(&sweep.wrong);
    return result;
}

void comparison_finish(struct comparison *comparison)
{
    free(comparison->programmes);
    free(comparison->spans);
    *comparison = (struct comparison){0};
}
