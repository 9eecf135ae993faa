/* SPDX-License-Identifier: MIT */
#include "scheduler/order.h"
#include "scheduler/report/report_compare_inner.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* True when the record airs what its event was to air, and no replacement. */
static bool is_own(const struct report_span *aired)
{
    return strcmp(aired->asset, aired->record->asset) == 0;
}

/* The house number of what was on air, or NULL. */
static const char *aired_house_number(const struct atom *atom)
{
    const struct report_span *aired = atom->aired;
    const struct plan *plan = atom->force != NULL ? atom->force->plan : NULL;
    if (is_own(aired)) {
        return aired->record->house_number;
    }
    for (size_t i = 0; plan != NULL && i < plan->event_count; i++) {
        if (strcmp(plan->events[i].asset, aired->asset) == 0) {
            return plan->events[i].house_number;
        }
    }
    return NULL;
}

/* By what it airs, and when: what else has its number is what it fills up with, or moved. */
static bool is_item_by_guess(const struct compare_input *input, const struct plan_event *event,
                             const struct plan_amendment *order)
{
    const char *asset = order->asset != NULL ? order->asset : "";
    return event->start < order->until && same_text(event->asset, asset) &&
           !report_plan_tells_items(&input->revisions, order->id, event->start);
}

/*
 * What an order was given for, be it the slate or a filler, wherever later orders move it: not what
 * it fills up with, nor what it moved.  A hold, a skip and an extension name nothing that airs.
 */
static bool is_ordered_item(const struct compare_input *input, const struct atom *atom,
                            enum order_kind *kind)
{
    const struct report_span *force = atom->force;
    const struct plan_amendment *order =
        force != NULL ? report_plan_order(force->plan, force->event) : NULL;
    if (order == NULL || !is_own(atom->aired) || order_kind_parse(order->kind, kind) < 0) {
        return false;
    }
    const bool is_slated = order_kind_is_break_in(*kind) && *kind != ORDER_HOLD;
    return (is_slated || *kind == ORDER_INSERT || *kind == ORDER_REPLACE) &&
           (force->event->item_of == order->id || is_item_by_guess(input, force->event, order));
}

/* What an emergency breaks in with loops, so that it was ingested as filler. */
static bool is_notice(const struct compare_input *input, const struct atom *atom)
{
    enum order_kind kind = ORDER_SLATE;
    return atom->aired->asset[0] != '\0' && is_ordered_item(input, atom, &kind) &&
           kind == ORDER_EMERGENCY;
}

/* True for filler, cards and idents; the slate is not asked for. */
static bool is_filling(const struct compare_input *input, const struct atom *atom)
{
    const struct report_span *aired = atom->aired;
    const struct plan *plan = atom->force != NULL ? atom->force->plan : NULL;
    const enum event_kind kind = aired->record->kind;
    if (!is_own(aired)) {
        return plan == NULL || report_plan_is_filler(plan, aired->asset);
    }
    if (is_notice(input, atom)) {
        return false;
    }
    return kind == EVENT_FILLER || kind == EVENT_CARD || kind == EVENT_IDENT || kind == EVENT_SLATE;
}

/* Nobody called for it.  Where revisions are not kept, that cannot be said. */
static bool is_uncalled(const struct compare_input *input, const struct atom *atom)
{
    const struct report_span *force = atom->force;
    const char *asset = atom->aired->asset;
    if (input->revisions.count == 0 || (force != NULL && force->plan == NULL)) {
        return false;
    }
    return force == NULL ? asset[0] != '\0'
                         : !report_plan_allows(force->plan, force->event, input->journal, asset);
}

/*
 * The engine had no event to air: the plan had ended, could not be read or made, or none was yet.
 * The plan that comes after one that had ended begins with the rest of that slate.
 */
static bool is_planless(const struct compare_input *input, const struct atom *atom)
{
    const struct as_run_record *record = atom->aired->record;
    const bool is_of_itself =
        record->kind == EVENT_SLATE && record->amendment == 0 && record->instead_of == NULL;
    return atom->aired->asset[0] == '\0' &&
           (record->seq == 0 ||
            (is_of_itself && report_plan_ended_at(&input->revisions, record->planned_start)));
}

static bool is_planned_content(const struct atom *atom, const struct planned_programme *programme)
{
    const struct plan_event *event = atom->planned->event;
    const bool is_event = event->instead_of == NULL && atom->aired->asset[0] != '\0' &&
                          strcmp(atom->aired->asset, event->asset) == 0;
    return is_event || same_text(aired_house_number(atom), programme->house_number);
}

bool is_listed_stand_in(const struct atom *atom)
{
    const struct plan_event *event = atom->force != NULL ? atom->force->event : NULL;
    const struct plan_event *listed = atom->planned != NULL ? atom->planned->event : NULL;
    return event != NULL && listed != NULL && same_text(listed->instead_of, event->instead_of) &&
           same_text(listed->asset, event->asset);
}

/*
 * Named by the journal, or by the timetable.  What an order put there names what it replaces, too,
 * and each revision what that is by then: it is the order's all through.
 */
static bool is_substitute(const struct atom *atom, const struct planned_programme *programme)
{
    const struct plan_event *event = atom->force != NULL ? atom->force->event : NULL;
    if (!is_own(atom->aired)) {
        return true;
    }
    return event != NULL && same_text(event->instead_of, programme->house_number) &&
           (atom->aired->record->amendment == 0 || is_listed_stand_in(atom));
}

/* On the air, called for, where the list has a programme. */
static enum report_class classify_programme(const struct compare_input *input,
                                            const struct atom *atom,
                                            const struct planned_programme *programme)
{
    if (is_planned_content(atom, programme)) {
        return CLASS_PLANNED;
    }
    if (atom->aired->asset[0] == '\0') {
        return programme->category == PLANNED_OTHER ? CLASS_FILLER : CLASS_SLATE;
    }
    if (is_filling(input, atom)) {
        return CLASS_FILLER;
    }
    return is_substitute(atom, programme) ? CLASS_SUBSTITUTED : CLASS_CHANGED;
}

enum report_class classify_atom(const struct compare_input *input, const struct atom *atom,
                                const struct planned_programme *programme)
{
    if (atom->is_interrupted) {
        return CLASS_OFF_AIR;
    }
    if (atom->aired == NULL) {
        return atom->is_begun ? CLASS_UNRECORDED : CLASS_NOTHING;
    }
    if (atom->aired->state != AIR_ON) {
        return atom->aired->state == AIR_OFF ? CLASS_OFF_AIR : CLASS_MUTED;
    }
    if (atom->wrong != NULL || is_uncalled(input, atom)) {
        return CLASS_WRONG;
    }
    if (is_planless(input, atom)) {
        return atom->is_begun ? CLASS_PLANLESS : CLASS_WAITING;
    }
    if (programme != NULL) {
        return classify_programme(input, atom, programme);
    }
    enum order_kind kind = ORDER_SLATE;
    const bool is_fill = atom->aired->asset[0] == '\0' || is_filling(input, atom);
    return is_fill && !is_ordered_item(input, atom, &kind) ? CLASS_FILLING : CLASS_CHANGED;
}

bool is_changed_since(const struct compare_input *input, const struct atom *atom,
                      enum report_class class)
{
    const struct report_span *now = atom->planned;
    const struct report_span *first = atom->first;
    if ((class != CLASS_PLANNED && class != CLASS_FILLING) || now == NULL || first == NULL ||
        now->plan == first->plan) {
        return false;
    }
    /* what only begins or ends otherwise is the same programme */
    return (programme_is(first->event, input->catalogue) &&
            !report_plan_has(now->plan, first->event)) ||
           (programme_is(now->event, input->catalogue) &&
            !report_plan_has(first->plan, now->event));
}
