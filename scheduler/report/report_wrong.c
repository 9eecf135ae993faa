/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_wrong.h"

#include "playout/text_same.h"
#include "scheduler/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What an operator writes into the reason of an order, in any language of the desk. */
static const char *const wrong_content_words[] = {"错播", "wrong content"};

bool report_reason_is_wrong_content(const char *reason)
{
    for (size_t i = 0; i < sizeof(wrong_content_words) / sizeof(wrong_content_words[0]); i++) {
        if (reason != NULL && strcasestr(reason, wrong_content_words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* What is looked for: what was on air before an order. */
struct search {
    const struct compare_input *input;
    const struct report_slots *slots;
    const struct plan_amendment *order;
    bool looks_below; /* below what other orders have on air just then */
};

/* An event of a plan, or a record of what became of it. */
struct thing {
    const struct plan_event *event; /* NULL: of a record whose plan is not kept */
    int64_t start;
    int64_t amendment;
    enum event_kind kind;
    const char *asset;
    const char *instead_of;
    const char *reason;
};

static struct thing thing_of_event(const struct plan_event *event)
{
    return (struct thing){event,        event->start,      event->amendment, event->kind,
                          event->asset, event->instead_of, event->reason};
}

/* Whose item it is, its plan says alone. */
static struct thing thing_of_record(const struct report_revisions *revisions,
                                    const struct as_run_record *record)
{
    return (struct thing){report_plan_event_in_force(revisions, record->start),
                          record->start,
                          record->amendment,
                          record->kind,
                          record->asset,
                          record->instead_of,
                          record->reason};
}

/* --- What lies over a lesson ---------------------------------------------------------- */

static bool breaks_in(const struct plan_amendment *order)
{
    enum order_kind kind = ORDER_SKIP;
    return order_kind_parse(order->kind, &kind) == 0 &&
           (order_kind_is_break_in(kind) || kind == ORDER_INSERT);
}

static bool only_fills(const struct thing *thing)
{
    return (thing->kind == EVENT_FILLER || thing->kind == EVENT_SLATE) && thing->instead_of == NULL;
}

/* It is of the asset that the order airs.  What airs has the number of a later order that moved it.
 */
static bool is_item_by_guess(const struct report_revisions *revisions, const struct thing *thing,
                             const struct plan_amendment *order)
{
    return text_same(thing->asset, order->asset != NULL ? order->asset : "") &&
           (thing->event == NULL || !report_plan_tells_items(revisions, order->id, thing->start));
}

/* The order airs it, or fills up with it.  A lesson that it moved has its number, too. */
static bool is_put_by(const struct report_revisions *revisions, const struct thing *thing,
                      const struct plan_amendment *order)
{
    const char *why = order->reason != NULL ? order->reason : "";
    const char *reason = thing->reason != NULL ? thing->reason : "";
    if (thing->event != NULL && thing->event->item_of != 0) {
        return thing->event->item_of == order->id;
    }
    return thing->amendment >= order->id && strncmp(reason, why, strlen(why)) == 0 &&
           ((thing->amendment == order->id && only_fills(thing)) ||
            is_item_by_guess(revisions, thing, order));
}

/* The insertion or break-in that has it on the air; NULL: none. */
static const struct plan_amendment *interruption_of(const struct report_revisions *revisions,
                                                    const struct thing *thing)
{
    for (size_t i = revisions->count; thing->amendment != 0 && i-- > 0;) {
        const struct plan *plan = revisions->items[i].plan;
        for (size_t k = 0; plan != NULL && k < plan->amendment_count; k++) {
            const struct plan_amendment *order = &plan->amendments[k];
            if (breaks_in(order) && is_put_by(revisions, thing, order)) {
                return order;
            }
        }
    }
    return NULL;
}

/* --- The slot ------------------------------------------------------------------------- */

static ptrdiff_t span_at(const struct report_layer *list, int64_t frame)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->spans[middle].to <= frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < list->count && list->spans[low].from <= frame ? (ptrdiff_t)low : -1;
}

/* The list has a programme there. */
static bool has_programme(const struct report_slots *slots, int64_t frame)
{
    const ptrdiff_t span = span_at(slots->list, frame);
    return span >= 0 && slots->of_span[span] >= 0;
}

/* While what came behind is still on air, the list that is told ends just there. */
static bool is_same_slot(const struct report_slots *slots, int64_t a, int64_t b)
{
    const ptrdiff_t of_a = span_at(slots->list, a);
    const ptrdiff_t at_b = span_at(slots->list, b);
    const ptrdiff_t of_b = at_b < 0 ? span_at(slots->list, b - 1) : at_b;
    if (of_a < 0 || of_b < 0) {
        return false;
    }
    const struct report_span *spans = slots->list->spans;
    const bool is_programme = slots->of_span[of_a] >= 0;
    return slots->of_span[of_a] == slots->of_span[of_b] &&
           (is_programme || spans[of_a].event->programme == spans[of_b].event->programme);
}

/* It lies over a lesson, or fills in its time what an order left over. */
static bool is_over(const struct search *search, const struct thing *thing, int64_t frame,
                    const struct plan_amendment **by)
{
    *by = interruption_of(&search->input->revisions, thing);
    return *by != NULL || (only_fills(thing) && has_programme(search->slots, frame));
}

static bool is_same_content(const struct plan_event *event, const struct plan_event *later)
{
    return later == NULL ||
           text_same(report_plan_house_number(event), report_plan_house_number(later));
}

/*
 * Where the slot begins of which something was on air before the order; the order's own frame
 * where that is not known.  What lies between two parts of a lesson is looked through.
 */
static int64_t slot_begin(const struct search *search)
{
    const struct report_revisions *revisions = &search->input->revisions;
    const struct plan_event *later = NULL;
    const struct plan_amendment *by = NULL;
    bool is_pushed = false;
    int64_t slot = search->order->from;
    for (int64_t at = slot; at > INT64_MIN;) {
        const struct plan_event *event = report_plan_event_told(revisions, at - 1);
        if (event == NULL) {
            break;
        }
        const struct thing thing = thing_of_event(event);
        const bool may_look =
            later != NULL ? event->programme != later->programme : search->looks_below;
        if (may_look && is_over(search, &thing, at - 1, &by)) {
            is_pushed = is_pushed || (by != NULL && order_pushes(by));
            at = event->start;
            continue;
        }
        const bool is_part = at == slot
                                 ? later == NULL || event->programme == later->programme
                                 : (is_pushed || is_same_slot(search->slots, at - 1, slot)) &&
                                       is_same_content(event, later);
        if (!is_part) {
            break;
        }
        later = event;
        is_pushed = false;
        slot = at = event->start;
    }
    return slot;
}

/* --- What was wrong ------------------------------------------------------------------- */

/* What was on air just before, or below that; NULL: nothing.  Lines come as the events ended. */
static const struct as_run_record *record_before(const struct search *search, int64_t begin)
{
    const struct report_revisions *revisions = &search->input->revisions;
    const struct plan_amendment *by = NULL;
    int64_t at = search->order->from;
    for (size_t i = search->input->line_count; i-- > 0;) {
        const struct as_run_line *line = &search->input->lines[i];
        const struct as_run_record *record = &line->record;
        if (line->is_interruption || record->start >= at || at > record->end) {
            continue;
        }
        const struct thing thing = thing_of_record(revisions, record);
        const bool is_below = !search->looks_below || !is_over(search, &thing, at - 1, &by);
        if (is_below) {
            return record->asset[0] != '\0' && record->end > begin ? record : NULL;
        }
        at = record->start;
    }
    return NULL;
}

static int add(struct wrong_stretches *wrong, const struct wrong_stretch *stretch)
{
    struct wrong_stretch *grown = realloc(wrong->items, (wrong->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    wrong->items = grown;
    grown[wrong->count++] = *stretch;
    return 0;
}

/* All that the slot had of it; what another order aired of the same is not meant. */
static int add_all(const struct search *search, const struct as_run_record *found,
                   struct wrong_stretches *wrong, int64_t begin)
{
    const struct report_revisions *revisions = &search->input->revisions;
    const int64_t end = search->order->from;
    int result = 0;
    for (size_t i = 0; i < search->input->line_count && result == 0; i++) {
        const struct as_run_line *line = &search->input->lines[i];
        const struct as_run_record *record = &line->record;
        const struct thing thing = thing_of_record(revisions, record);
        const bool is_meant = !line->is_interruption && record->start >= begin &&
                              record->start < end && text_same(record->asset, found->asset) &&
                              interruption_of(revisions, &thing) == NULL;
        if (record == found || is_meant) {
            const int64_t to = record->end < end ? record->end : end;
            result = add(wrong, &(struct wrong_stretch){{record->start, to}, search->order});
        }
    }
    return result;
}

static int look(const struct search *search, struct wrong_stretches *wrong, bool *is_found)
{
    const int64_t begin = slot_begin(search);
    const struct as_run_record *found = record_before(search, begin);
    *is_found = found != NULL;
    return found != NULL ? add_all(search, found, wrong, begin) : 0;
}

/* Taken back before it took effect: it says nothing any more. */
static bool is_withdrawn(const struct plan_amendment *order)
{
    return order->is_undone && order->aired_until == 0;
}

static int take_order(const struct search *search, struct wrong_stretches *wrong)
{
    enum order_kind kind = ORDER_SKIP;
    struct search below = *search;
    bool is_found = false;
    int result = 0;
    below.looks_below = order_kind_parse(search->order->kind, &kind) == 0 && kind == ORDER_REPLACE;
    if (below.looks_below) {
        result = look(&below, wrong, &is_found);
    }
    return result < 0 || is_found ? result : look(search, wrong, &is_found);
}

/*
 * The order as it took effect, wherever later revisions move it: as the plan has it that was in
 * force then.  Where that one is not kept, as the first plan behind does, or the last one before.
 */
static const struct plan_amendment *order_in_effect(const struct report_revisions *revisions,
                                                    int64_t id)
{
    const struct plan_amendment *before = NULL;
    const struct plan_amendment *behind = NULL;
    for (size_t i = 0; i < revisions->count; i++) {
        const struct report_revision *revision = &revisions->items[i];
        const struct plan_amendment *order = plan_find_order(revision->plan, id);
        const struct plan *plan =
            order != NULL ? report_plan_in_force(revisions, order->from) : NULL;
        if (order == NULL || (plan != NULL && plan != revision->plan)) {
            continue;
        }
        if (plan != NULL) {
            return order;
        }
        if (revision->frame <= order->from) {
            before = order;
        } else if (behind == NULL) {
            behind = order;
        }
    }
    return behind != NULL ? behind : before;
}

int wrong_find(const struct compare_input *input, const struct report_slots *slots,
               struct wrong_stretches *wrong)
{
    const struct report_revisions *revisions = &input->revisions;
    int result = 0;
    for (size_t i = 0; i < revisions->count; i++) {
        const struct plan *plan = revisions->items[i].plan;
        for (size_t k = 0; plan != NULL && k < plan->amendment_count && result == 0; k++) {
            const struct search search = {input, slots, &plan->amendments[k], false};
            if (report_reason_is_wrong_content(search.order->reason) &&
                order_in_effect(revisions, search.order->id) == search.order &&
                !is_withdrawn(search.order)) {
                result = take_order(&search, wrong);
            }
        }
    }
    return result;
}

void wrong_finish(struct wrong_stretches *wrong)
{
    free(wrong->items);
    *wrong = (struct wrong_stretches){0};
}

const struct plan_amendment *wrong_at(const struct wrong_stretches *wrong, int64_t frame,
                                      int64_t *until)
{
    const struct plan_amendment *found = NULL;
    for (size_t i = 0; i < wrong->count; i++) {
        const struct frame_span *span = &wrong->items[i].span;
        const int64_t change = frame < span->from ? span->from : span->to;
        if (change > frame && change < *until) {
            *until = change;
        }
        if (span->from <= frame && frame < span->to) {
            found = wrong->items[i].order;
        }
    }
    return found;
}
