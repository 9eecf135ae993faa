/* SPDX-License-Identifier: MIT */
/* order_slot: which programme an order is about, and what is there by earlier orders. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/day.h"
#include "scheduler/order_cover.h"
#include "scheduler/order_request_private.h"
#include "scheduler/text_width.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- Programmes in words ------------------------------------------------------------ */

static int64_t date_of(const struct desk *desk, int64_t frame)
{
    return zone_date(desk->room->input->zone, frame / FRAMES_PER_SECOND);
}

/* "10:20 KT-05 title" */
static const char *short_text(const struct desk *desk, const struct plan_event *event,
                              char text[PROGRAMME_TEXT_SIZE])
{
    enum { CLOCK_AT = sizeof("2026-11-27") };
    char time[ZONE_TEXT_SIZE];
    const char *house_number = event->instead_of != NULL && event->amendment == 0
                                   ? event->instead_of
                                   : event->house_number;
    snprintf(text, PROGRAMME_TEXT_SIZE, "%.5s %s%s%s",
             order_time_text(desk, event->start, time) + CLOCK_AT,
             house_number != NULL ? house_number : "", house_number != NULL ? " " : "",
             event->title != NULL ? event->title : _(event_kind_name(event->kind)));
    return text_whole(text);
}

const char *order_programme_text(const struct desk *desk, const struct plan_event *event,
                                 char text[PROGRAMME_TEXT_SIZE])
{
    char rest[PROGRAMME_TEXT_SIZE];
    char day[WHEN_TEXT_SIZE];
    const int64_t date = date_of(desk, event->start);
    const int length = snprintf(text, PROGRAMME_TEXT_SIZE, "%s %s ",
                                when_day_name(civil_weekday(date)), when_date_text(date, day));
    snprintf(text + length, PROGRAMME_TEXT_SIZE - (size_t)length, "%.*s",
             PROGRAMME_TEXT_SIZE - 1 - length, short_text(desk, event, rest));
    return text_whole(text);
}

/* Also where a stand-in airs for it, for it is not ready. */
static bool is_repeat(const struct desk *desk, const struct plan_event *event)
{
    return event->kind == EVENT_REPEAT ||
           (event->instead_of != NULL && event->amendment == 0 &&
            order_find_slot(desk, event->start, event->instead_of).is_repeat);
}

enum { NEAR_EACH = 2, NEAR_MOST = 2 * NEAR_EACH };

/* The last programmes of the day before a time, and the first after it, that are still to come. */
static size_t find_near(const struct desk *desk, int64_t at,
                        const struct plan_event *near[NEAR_MOST])
{
    const struct plan *plan = desk->room->plan;
    const int64_t date = date_of(desk, at);
    size_t index = plan_next_programme(plan, desk->room->input->earliest - 1);
    size_t count = 0;
    for (size_t later = 0; index < plan->event_count && later < NEAR_EACH;
         index = plan_next_programme(plan, plan->events[index].start)) {
        const struct plan_event *event = &plan->events[index];
        if (date_of(desk, event->start) != date) {
            continue;
        }
        if (event->start <= at && count == NEAR_EACH) {
            memmove(near, near + 1, (NEAR_EACH - 1) * sizeof(near[0]));
            count--;
        }
        later += event->start > at;
        near[count++] = event;
    }
    return count;
}

/* There is no programme then: those around that time, for the operator to choose from. */
static int refuse_with_list(const struct desk *desk)
{
    const struct plan_event *near[NEAR_MOST];
    const int64_t date = date_of(desk, desk->request->at);
    const size_t count = find_near(desk, desk->request->at, near);
    char list[NEAR_MOST * (PROGRAMME_TEXT_SIZE + 32)] = "";
    char text[PROGRAMME_TEXT_SIZE];
    char day[WHEN_TEXT_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(list + length, sizeof(list) - length, "\n  %s%s",
                                   short_text(desk, near[i], text),
                                   is_repeat(desk, near[i]) ? _(" (repeat)") : "");
    }
    return order_refuse(desk,
                        count > 0
                            ? _("no programme is on then; around that time of %s %s there are:%s")
                            : _("nothing that could be replaced is still to come on %s %s.%s"),
                        when_day_name(civil_weekday(date)), when_date_text(date, day), list);
}

/* --- Which programme ---------------------------------------------------------------- */

static bool is_inserted(const struct desk *desk, const struct plan_event *event)
{
    const struct plan_amendment *order = order_by_id(desk, event->amendment);
    return order != NULL && order_is_kind(order, ORDER_INSERT) &&
           (event->item_of == order->id || event_absorbs(event));
}

/* Where a programme to come begins that an insertion to come parts: an entry of the EPG each. */
static size_t find_first_part(const struct desk *desk, size_t index)
{
    const struct plan_event *events = desk->room->plan->events;
    size_t first = index;
    for (size_t i = index; i > 0 && events[i - 1].start >= desk->room->input->earliest; i--) {
        const bool is_part = events[index].source != NULL &&
                             text_same(events[i - 1].source, events[index].source) &&
                             text_same(events[i - 1].house_number, events[index].house_number);
        if (is_part) {
            first = i - 1;
        } else if (!is_inserted(desk, &events[i - 1])) {
            break;
        }
    }
    return first;
}

/*
 * The first event of the programme on air at the time of the request;
 * event_count: none.  What was planned for that time begins on the grid, up to
 * a step later.
 */
static size_t find_at(const struct desk *desk)
{
    const struct plan *plan = desk->room->plan;
    const struct profile *profile = desk->room->input->cutter->profile;
    const ptrdiff_t found = plan_find(plan, cutter_grid_up(profile, desk->request->at));
    size_t index = found >= 0 ? (size_t)found : plan->event_count;
    while (index > 0 && index < plan->event_count &&
           plan->events[index - 1].programme == plan->events[index].programme) {
        index--;
    }
    return index < plan->event_count ? find_first_part(desk, index) : index;
}

/* The next programme, as the engine tells it, but for break-ins. */
static size_t find_next(const struct desk *desk)
{
    const struct plan *plan = desk->room->plan;
    size_t index = plan_next_programme(plan, desk->room->now);
    while (index < plan->event_count && order_find_break_in(desk, &plan->events[index]) != NULL) {
        index = plan_next_programme(plan, plan->events[index].start);
    }
    return index;
}

int64_t order_first_cut(const struct desk *desk)
{
    return revise_cut_frame(desk->room->plan, desk->room->input->earliest,
                            desk->room->input->cutter);
}

/*
 * What is on air, where that is meant: it is the programme of the time, or airs in the slot of
 * the time, be it fillers in the rest of that.  `then`: the programme of the time, as the plan
 * has it, which does not reach back far.  NULL: something else is meant.
 */
static const struct plan_event *find_present(const struct desk *desk, size_t then)
{
    const struct plan *plan = desk->room->plan;
    const struct plan_event *meant = then < plan->event_count ? &plan->events[then] : NULL;
    const int64_t earliest = desk->room->input->earliest;
    if (desk->request->at == 0 ||
        (desk->request->at >= earliest && (meant == NULL || meant->start >= earliest))) {
        return NULL;
    }
    const int64_t cut = order_first_cut(desk);
    const ptrdiff_t index = plan_find(plan, cut);
    const struct plan_event *event = index >= 0 ? &plan->events[index] : NULL;
    if (event == NULL) {
        return NULL;
    }
    const bool is_same = meant != NULL && meant->programme == event->programme;
    const bool is_in_slot =
        desk->request->at < cut && order_find_slot(desk, desk->request->at, NULL).end > cut;
    return is_in_slot || (is_same && event_is_programme(event)) ? event : NULL;
}

/* It is too late for the programme, or for the time. */
static int refuse_late(const struct desk *desk, const struct plan_event *event)
{
    const char *channel = desk->room->plan->channel != NULL ? desk->room->plan->channel : "";
    char text[ZONE_TEXT_SIZE];
    if (desk->request->at == 0) {
        return order_refuse(desk,
                            _("it is too late: that programme begins at %s; once it is on air, "
                              "`ketang replace %s now %s` replaces what is left of it."),
                            order_time_text(desk, event->start, text), channel,
                            desk->request->house_number);
    }
    const int64_t end =
        event != NULL ? event_end(event) : order_find_slot(desk, desk->request->at, NULL).end;
    if (end > desk->room->now) {
        return order_refuse(desk, _("it is too late: what is on air ends at %s by itself."),
                            order_time_text(desk, end, text));
    }
    return order_refuse(desk,
                        _("the programme of that time is over; if another day is meant, say it: "
                          "\"tomorrow 10:30\"; `ketang replace %s now %s` replaces what is on "
                          "air."),
                        channel, desk->request->house_number);
}

/* What an operator has to end first; NULL: nothing. */
static const struct plan_amendment *find_open(const struct desk *desk,
                                              const struct plan_event *event)
{
    const struct plan_amendment *open = event != NULL ? order_find_break_in(desk, event) : NULL;
    return open == NULL && event != NULL ? order_find_standing(desk, event) : open;
}

/* The slate for want of a plan is no programme that could be replaced, or ends by itself. */
static int refuse_planless(const struct desk *desk)
{
    (void)order_refuse(desk, _("there is no plan, and the slate is on the air."));
    return -ENXIO;
}

static bool is_planless(const struct desk *desk)
{
    const struct revise_input *input = desk->room->input;
    return input->base == NULL || plan_find(input->base, input->earliest - 1) < 0;
}

int order_find_programme(const struct desk *desk, const struct plan_event **found)
{
    const struct plan *plan = desk->room->plan;
    const int64_t at = desk->request->at;
    const size_t index = at != 0 ? find_at(desk) : find_next(desk);
    const struct plan_event *present = find_present(desk, index);
    const struct plan_event *event = present != NULL             ? present
                                     : index < plan->event_count ? &plan->events[index]
                                                                 : NULL;
    const struct plan_amendment *open = find_open(desk, event);
    char text[ZONE_TEXT_SIZE];
    if (at != 0 && at < desk->room->input->earliest && is_planless(desk)) {
        return refuse_planless(desk);
    }
    if (event == NULL && plan->event_count > 0 &&
        at >= event_end(&plan->events[plan->event_count - 1])) {
        return order_refuse(
            desk, _("the plan goes up to %s so far; orders for later come later."),
            order_time_text(desk, event_end(&plan->events[plan->event_count - 1]), text));
    }
    if (open != NULL) {
        return order_refuse(desk,
                            _("order %lld is on air until `ketang %s` ends it: give this order "
                              "then."),
                            (long long)open->id, order_is_hold(open) ? "release" : "return");
    }
    if (event == NULL && at == 0) {
        return order_refuse(desk, _("nothing is planned that could be replaced."));
    }
    if (event == NULL && at < desk->room->input->earliest) {
        return refuse_late(desk, NULL);
    }
    if (event == NULL || (event != present && !event_is_programme(event))) {
        return refuse_with_list(desk);
    }
    if (event != present && event->start < desk->room->input->earliest) {
        return refuse_late(desk, event);
    }
    *found = event;
    return 0;
}

/* --- Its slot --------------------------------------------------------------------------- */

/* What was found so far: the slots of the lesson go before those of the time. */
struct search {
    int64_t frame;
    const char *house_number;
    int64_t start; /* of the slot found; INT64_MIN: none */
    bool is_of_lesson;
    struct order_slot slot;
};

static int64_t frame_on(const struct desk *desk, int64_t date, int seconds)
{
    struct civil civil = {0};
    civil_date(date, &civil);
    civil.hour = seconds / 3600;
    civil.minute = seconds / 60 % 60;
    civil.second = seconds % 60;
    return zone_from_civil(desk->room->input->zone, &civil) * FRAMES_PER_SECOND;
}

/* The date of the first run of what airs in a slot of that date. */
static int64_t first_run_in(const struct day_slot *slot, int64_t date, const char *house_number)
{
    for (size_t i = 0; i < slot->item_count; i++) {
        if (text_same(slot->items[i].house_number, house_number)) {
            return slot->items[i].first_run;
        }
    }
    return slot->kind == SLOT_REPEAT ? slot->first_run : date;
}

/* The plan has a slot on the grid of the profile, less than a second late; orders move later. */
static void consider(const struct desk *desk, struct search *search, int64_t date,
                     const struct day_slot *slot)
{
    const int64_t start = frame_on(desk, date, slot->start);
    const bool is_of_lesson =
        slot->lesson != NULL && text_same(slot->lesson->house_number, search->house_number);
    const bool covers = frame_on(desk, date, slot->end) > search->frame;
    if (start >= search->frame + FRAMES_PER_SECOND || (!is_of_lesson && !covers) ||
        is_of_lesson < search->is_of_lesson ||
        (is_of_lesson == search->is_of_lesson && start < search->start)) {
        return;
    }
    search->start = start;
    search->is_of_lesson = is_of_lesson;
    const struct profile *profile = desk->room->input->cutter->profile;
    search->slot =
        (struct order_slot){.end = cutter_grid_nearest(profile, frame_on(desk, date, slot->end)),
                            .date = date,
                            .first_run = first_run_in(slot, date, search->house_number),
                            .rest = slot->fit.rest,
                            .is_repeat = slot->kind == SLOT_REPEAT,
                            .is_rotation = slot->kind == SLOT_ROTATION};
}

struct order_slot order_find_slot(const struct desk *desk, int64_t frame, const char *house_number)
{
    const int64_t today = date_of(desk, frame);
    struct search search = {.frame = frame,
                            .house_number = house_number,
                            .start = INT64_MIN,
                            .slot = {.date = today, .first_run = today, .rest = REST_FILLER}};
    for (int64_t date = today - 1; date <= today; date++) {
        const struct timetable *closed = frozen_days_find(desk->room->closed, date);
        const struct timetable *timetable = closed != NULL ? closed : desk->room->timetable;
        struct day day = {0};
        if (timetable != NULL && day_resolve(timetable, date, NULL, &day) == 0) {
            for (size_t i = 0; i < day.count; i++) {
                consider(desk, &search, date, &day.slots[i]);
            }
        }
        day_finish(&day);
    }
    return search.slot;
}

void order_tell_closed(const struct desk *desk, int64_t date)
{
    char day[WHEN_TEXT_SIZE];
    if (frozen_days_at(desk->room->closed, date) != NULL) {
        order_note(desk, _("The list of %s %s is closed: this order changes it all the same.\n"),
                   when_day_name(civil_weekday(date)), when_date_text(date, day));
    }
}

/* --- Earlier orders ------------------------------------------------------------------ */

/* The order that put the event there, rather than only moved it; NULL: none. */
static struct plan_amendment *maker_of(const struct desk *desk, const struct plan_event *event)
{
    struct plan_amendment *order = order_by_id(desk, event->amendment);
    const bool is_made = order != NULL && !order->is_undone && order->from == event->start;
    return is_made ? order : NULL;
}

struct order_slot order_slot_of(const struct desk *desk, const struct plan_event *event)
{
    const char *house_number = event->instead_of;
    if (house_number == NULL && maker_of(desk, event) == NULL) {
        house_number = event->house_number;
    }
    return order_find_slot(desk, event->start, house_number);
}

/* One insertion puts off another that is to come; order_tell_moved() tells of that. */
static bool puts_off(const struct desk *desk, const struct plan_amendment *order)
{
    const char *insert = order_kind_name(ORDER_INSERT);
    return desk->request->kind == ORDER_INSERT && text_same(order->kind, insert) &&
           order->from >= desk->room->input->earliest;
}

void order_tell_covered(const struct desk *desk, const struct plan_event *event)
{
    const struct plan_amendment *standing = order_find_standing(desk, event);
    const struct plan_amendment *order = standing != NULL ? standing : maker_of(desk, event);
    if (order != NULL && !puts_off(desk, order)) {
        order_note(desk, _("It lies over order %lld (%s, by %s: %s).\n"), (long long)order->id,
                   order->house_number != NULL ? order->house_number : order_kind_text(order->kind),
                   order->author != NULL ? order->author : "",
                   order->reason != NULL ? order->reason : "");
    }
}

static void undo_by_it(const struct desk *desk, struct plan_amendment *order, const char *what)
{
    const char *author = desk->request->author;
    order->is_undone = true;
    order->end_order = desk->answer->order;
    order->end_author = author != NULL && author[0] != '\0' ? author : "?";
    order->end_reason = desk->request->reason;
    order_note(desk, _("Order %lld (%s, by %s: %s) is undone by it.\n"), (long long)order->id, what,
               order->author != NULL ? order->author : "",
               order->reason != NULL ? order->reason : "");
}

void order_tell_after(const struct desk *desk, const struct plan *made,
                      const struct plan_amendment *order)
{
    const ptrdiff_t before = plan_find(made, order->from - 1);
    const ptrdiff_t found = plan_find(made, order->until);
    size_t after = found >= 0 ? (size_t)found : made->event_count;
    char text[PROGRAMME_TEXT_SIZE];
    while (after < made->event_count && made->events[after].amendment == order->id &&
           event_absorbs(&made->events[after])) {
        after++; /* slate, up to where a lesson can be joined */
    }
    if (desk->request->kind != ORDER_INSERT || after == made->event_count) {
        return;
    }
    const struct plan_event *event = &made->events[after];
    const bool goes_on = before >= 0 && event->house_number != NULL && !event_absorbs(event) &&
                         text_same(made->events[before].house_number, event->house_number);
    const bool is_on_air = before >= 0 && made->events[before].start <= desk->room->now;
    (void)order_programme_text(desk, event, text);
    if (goes_on && !is_on_air) {
        order_note(desk, _("After it the programme that it interrupts goes on: %s.\n"), text);
    } else if (goes_on) {
        order_note(desk,
                   _("After it the programme that it interrupts goes on: %s; if that is the wrong "
                     "one, `ketang replace %s now HOUSE_NUMBER` airs another to its end.\n"),
                   text, made->channel != NULL ? made->channel : "");
    } else {
        order_note(desk, _("After it: %s.\n"), text);
    }
}

/* Another lesson was meant, perhaps. */
static void tell_same(const struct desk *desk, const struct plan_event *event)
{
    if (!text_same(event->house_number, desk->request->house_number)) {
        return;
    }
    order_note(desk,
               event->start < desk->room->input->earliest
                   ? _("%s is what is on air there already: it begins again from its start.\n")
                   : _("%s is what is planned there already: was another one meant?  Until it "
                       "begins, `ketang undo` takes this order back.\n"),
               event->house_number);
}

void order_undo_replaced(const struct desk *desk, const struct plan_event *event)
{
    struct plan_amendment *order = maker_of(desk, event);
    tell_same(desk, event);
    if (order == NULL || strcmp(order->kind, order_kind_name(ORDER_REPLACE)) != 0 ||
        order->from < desk->room->input->earliest) {
        order_tell_covered(desk, event);
        return;
    }
    undo_by_it(desk, order, order->house_number);
}

void order_undo_extended(const struct desk *desk, int64_t end)
{
    for (size_t i = 0; i < desk->room->count; i++) {
        struct plan_amendment *order = &desk->room->orders[i];
        if (!order->is_undone && text_same(order->kind, order_kind_name(ORDER_EXTEND)) &&
            order->from >= desk->room->input->earliest && order->from <= end) {
            undo_by_it(desk, order, order_kind_text(order->kind));
        }
    }
}

int order_refuse_roomless(const struct desk *desk, const struct plan_amendment *order)
{
    const struct plan *plan = desk->room->plan;
    const char *channel = plan->channel != NULL ? plan->channel : "";
    const ptrdiff_t found = plan_find(plan, order->from);
    size_t index = found >= 0 ? (size_t)found : plan->event_count;
    char text[ZONE_TEXT_SIZE];
    char programme[PROGRAMME_TEXT_SIZE];
    while (index < plan->event_count && !plan->events[index].is_fixed) {
        index++;
    }
    if (index == plan->event_count) {
        return order_refuse(desk, "%s", _("there is no room for it before what is fixed."));
    }
    const struct plan_event *event = &plan->events[index];
    const struct plan_amendment *open = order_find_break_in(desk, event);
    if (open == NULL) {
        return order_refuse(desk, _("there is no room for it before what is fixed: %s."),
                            order_programme_text(desk, event, programme));
    }
    return order_refuse(
        desk,
        _("order %lld (%s) is on air from %.19s on, until `ketang %s %s` ends it; "
          "before it begins, `ketang undo %s %lld` takes it back: give this order "
          "then."),
        (long long)open->id, order_kind_text(open->kind), order_time_text(desk, event->start, text),
        order_is_hold(open) ? "release" : "return", channel, channel, (long long)open->id);
}
