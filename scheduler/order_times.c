/* SPDX-License-Identifier: MIT */
/* order_times: what an order airs, from when, and until when. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_end.h"
#include "scheduler/order_request_private.h"
#include "scheduler/text_width.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- What airs ------------------------------------------------------------------------- */

/* As the timetable shows it, or as it was ingested; the answer keeps it.  NULL: it has none. */
static const char *title_of(const struct desk *desk, const struct library_asset *asset)
{
    const struct timetable *timetable = desk->room->timetable;
    const struct lesson *lesson =
        timetable != NULL ? timetable_lesson(timetable, asset->house_number) : NULL;
    char *title = desk->answer->title;
    title[0] = '\0';
    if (lesson != NULL) {
        timetable_lesson_title(lesson, title, ORDER_TITLE_SIZE);
    } else if (asset->title != NULL) {
        snprintf(title, ORDER_TITLE_SIZE, "%s", asset->title);
        (void)text_whole(title);
    } else if (asset->kind == ASSET_LESSON) {
        order_note(desk,
                   _("%s has no title, and the programme guide a hole: name it under `lessons` of "
                     "the timetable, then order it anew.\n"),
                   asset->house_number);
    }
    return title[0] != '\0' ? title : NULL;
}

/*
 * What may air on a date, as a first run or as a repeat; of what is no lesson,
 * no approval is asked.
 */
static const struct library_asset *find_cleared(const struct desk *desk, int64_t date)
{
    struct library_question question = {
        .profile = desk->room->input->cutter->profile->name,
        .clearance = desk->room->clearance,
        .airing = {.house_number = desk->request->house_number, .date = date}};
    const struct library *library = desk->room->input->library;
    const struct library_asset *latest =
        library_find(library, question.profile, desk->request->house_number);
    if (latest == NULL || latest->kind != ASSET_LESSON) {
        return latest;
    }
    const struct library_asset *asset = library_find_cleared(library, &question);
    question.airing.is_repeat = true;
    return asset != NULL ? asset : library_find_cleared(library, &question);
}

static int refuse_unknown(const struct desk *desk)
{
    const char *profile = desk->room->input->cutter->profile->name;
    const char *house_number = desk->request->house_number;
    const char *meant = library_suggest(desk->room->input->library, profile, house_number);
    if (library_is_damaged(desk->room->input->library, profile, house_number)) {
        return order_refuse(desk,
                            _("the media of %s is damaged; `ketang ingest --profile %s "
                              "--house-number %s FILE` makes it again."),
                            house_number, profile, house_number);
    }
    if (meant != NULL) {
        return order_refuse(desk, _("there is no file %s; did you mean %s?"), house_number, meant);
    }
    return order_refuse(desk,
                        _("%s has no media in this channel's format; `ketang ingest --profile %s "
                          "--house-number %s FILE` makes them."),
                        house_number, profile, house_number);
}

/* Its latest file was sent back, or lacks signatures: the way out is another one. */
static int refuse_unapproved(const struct desk *desk, const struct library_asset *latest,
                             int64_t date)
{
    const struct clearance *clearance = desk->room->clearance;
    const struct airing airing = {.house_number = latest->house_number,
                                  .sha256 = latest->sha256,
                                  .is_repeat = true,
                                  .date = date};
    const int stage =
        clearance->rejected_stage != NULL ? clearance->rejected_stage(clearance, &airing) : 0;
    char text[WHEN_TEXT_SIZE];
    if (stage > 0) {
        return order_refuse(desk,
                            _("%s was rejected in stage %d and does not air; `ketang approvals %s` "
                              "says by whom and why.  The mended file is ingested and signed "
                              "anew."),
                            latest->house_number, stage, latest->house_number);
    }
    return order_refuse(desk,
                        _("%s is not approved yet, neither for its first run nor as a repeat of "
                          "%s; `ketang approvals %s` says which stage is next, `ketang approve %s "
                          "--stage N` signs it."),
                        latest->house_number, when_date_text(date, text), latest->house_number,
                        latest->house_number);
}

int order_find_asset(const struct desk *desk, bool loops, struct plan_amendment *order)
{
    const struct order_request *request = desk->request;
    const int64_t date = zone_date(desk->room->input->zone, order->from / FRAMES_PER_SECOND);
    const struct library_asset *asset = find_cleared(desk, date);
    if (asset == NULL) {
        const struct library_asset *latest =
            library_find(desk->room->input->library, desk->room->input->cutter->profile->name,
                         request->house_number);
        return latest != NULL ? refuse_unapproved(desk, latest, date) : refuse_unknown(desk);
    }
    if (loops && !library_is_cut_anywhere(asset)) {
        return order_refuse(desk,
                            _("%s cannot loop: ingest it with --kind filler, or use `ketang "
                              "insert`, which airs it once."),
                            request->house_number);
    }
    order->house_number = asset->house_number;
    order->asset = asset->sha256;
    order->title = title_of(desk, asset);
    order->length = loops ? order->length : asset->duration;
    return 0;
}

static int64_t plan_end(const struct plan *plan)
{
    return plan->event_count > 0 ? event_end(&plan->events[plan->event_count - 1]) : 0;
}

static int refuse_beyond_plan(const struct desk *desk)
{
    char text[ZONE_TEXT_SIZE];
    return order_refuse(desk, _("the plan goes up to %s so far; orders for later come later."),
                        order_time_text(desk, plan_end(desk->room->plan), text));
}

/* True for an extension of a lesson that is repeated: by its slot, or by what replaced it. */
static bool extends_in_rounds(const struct desk *desk)
{
    const struct plan_event *event = desk->present;
    const struct plan_amendment *order = order_by_id(desk, event->amendment);
    if (desk->request->kind != ORDER_EXTEND || event_is_cut_anywhere(event)) {
        return false;
    }
    if (order != NULL && text_same(order->asset, event->asset)) {
        return text_same(order->mode, order_mode_name(ORDER_LOOP)) ||
               text_same(order->mode, order_mode_name(ORDER_PUSH_LOOP));
    }
    return order_find_slot(desk, event->start, event->house_number).rest == REST_LOOP;
}

/* What goes on when the present item has ended: the same if it loops, or else a filler. */
static void keep_present(const struct desk *desk, struct plan_amendment *order)
{
    const struct plan *fillers = desk->room->input->fresh;
    const bool in_rounds = extends_in_rounds(desk);
    if (in_rounds) {
        order->mode =
            order_mode_name(desk->request->mode == ORDER_PUSH ? ORDER_PUSH_LOOP : ORDER_LOOP);
    }
    if (in_rounds || event_is_cut_anywhere(desk->present)) {
        const char *asset = desk->present->asset;
        order->asset = asset[0] != '\0' ? asset : NULL;
        order->house_number = desk->present->house_number;
        order->live = desk->present->live;
        order->title = desk->present->title;
    } else if (fillers->filler_count > 0) {
        const struct library_asset *asset =
            library_get(desk->room->input->library, fillers->fillers[0]);
        order->asset = fillers->fillers[0];
        order->house_number = asset != NULL ? asset->house_number : NULL;
    }
}

/* --- When and how, one kind after the other ---------------------------------------------- */

static int64_t wanted_length(const struct desk *desk)
{
    return cutter_grid_up(desk->room->input->cutter->profile, desk->request->length);
}

static int order_until_return(const struct desk *desk, struct plan_amendment *order)
{
    const struct order_request *request = desk->request;
    const struct plan_amendment *open = order_find_open(desk, false);
    if (request->kind == ORDER_SLATE && open != NULL && strcmp(open->kind, order->kind) == 0) {
        return order_refuse(desk, _("the channel is on the slate already."));
    }
    if (request->kind == ORDER_LIVE && (request->live == NULL || request->live[0] == '\0')) {
        return order_refuse(desk, _("name the live source."));
    }
    order->live = request->kind == ORDER_SLATE ? NULL : request->live;
    order->length = wanted_length(desk);
    order->from = order_first_cut(desk);
    if (request->kind == ORDER_EMERGENCY && request->house_number != NULL) {
        const int result = order_find_asset(desk, true, order);
        if (result < 0) {
            return result;
        }
    } else if (request->kind == ORDER_EMERGENCY && order->live == NULL) {
        order_note(desk, "%s", _("The slate airs: no house number was named.\n"));
    } else if (request->kind == ORDER_LIVE) {
        order_note(desk, "%s", _("The slate airs: live sources are not taken yet.\n"));
    }
    order->until = order->length > 0 ? order->from + order->length : AMENDMENT_OPEN;
    return 0;
}

/* Orders about the present item need one. */
static int need_present(const struct desk *desk)
{
    const struct plan_amendment *open =
        desk->present != NULL ? order_find_break_in(desk, desk->present) : NULL;
    if (open != NULL) {
        return order_is_hold(open)
                   ? order_refuse(desk,
                                  _("what is on air is held by order %lld; `ketang release` "
                                    "ends that."),
                                  (long long)open->id)
                   : order_refuse(desk,
                                  _("what is on air is there by order %lld; `ketang return` ends "
                                    "that."),
                                  (long long)open->id);
    }
    if (desk->present == NULL) {
        return order_refuse(desk, _("nothing is planned now; the slate is on air."));
    }
    return 0;
}

/* The notice of another insertion that airs to its end before this one pushes; NULL: none. */
static const struct plan_amendment *awaited(const struct desk *desk, const struct plan_event *event,
                                            int64_t frame)
{
    const struct plan_amendment *order = order_by_id(desk, event->amendment);
    const bool pushes = desk->request->kind == ORDER_INSERT && desk->request->mode == ORDER_PUSH;
    const bool is_notice = order != NULL && order_is_item(order, event) && event_absorbs(event);
    return pushes && is_notice && event->start < frame ? order : NULL;
}

/* That is told by order_tell_moved(). */
static bool cuts_insertion(const struct desk *desk, const struct plan_event *event, int64_t frame)
{
    const struct plan_amendment *order = order_by_id(desk, event->amendment);
    return order != NULL && order_is_item(order, event) && event->start < frame;
}

/* What is on air when the order begins may be there by another one. */
static void tell_interrupted(const struct desk *desk, int64_t frame)
{
    const ptrdiff_t index = plan_find(desk->room->plan, frame);
    const struct plan_event *event = index >= 0 ? &desk->room->plan->events[index] : NULL;
    const struct plan_amendment *order = event != NULL ? awaited(desk, event, frame) : NULL;
    if (order != NULL) {
        order_note(desk, _("It begins when order %lld (%s, by %s: %s) has aired to its end.\n"),
                   (long long)order->id, order->house_number != NULL ? order->house_number : "",
                   order->author != NULL ? order->author : "",
                   order->reason != NULL ? order->reason : "");
    } else if (event != NULL && !cuts_insertion(desk, event, frame)) {
        order_tell_covered(desk, event);
    }
}

enum { EXTEND_MOST_FRAMES = 120 * 60 * FRAMES_PER_SECOND };

/* What an insertion interrupts goes on when that ends: not so while it is held. */
static void tell_held(const struct desk *desk, const struct plan_amendment *order)
{
    const ptrdiff_t index = plan_find(desk->room->plan, order->from);
    const struct plan_event *end = desk->room->plan->events + desk->room->plan->event_count;
    const struct plan_event *next = index >= 0 ? &desk->room->plan->events[index] : end;
    char text[PROGRAMME_TEXT_SIZE];
    if (next < end && next->kind == EVENT_SLATE && next->amendment == desk->present->amendment) {
        next++; /* up to where it can be joined */
    }
    if (next < end && !event_absorbs(next) && next->in_point > 0) {
        order_note(desk, _("What was to go on then is joined after the release, not before: %s.\n"),
                   order_programme_text(desk, next, text));
    }
}

/* What is on air ends, the order does not. */
static void tell_end_of_present(const struct desk *desk, const struct plan_amendment *order)
{
    const bool is_hold = desk->request->kind == ORDER_HOLD;
    const bool has_filler = order->asset != NULL;
    char text[ZONE_TEXT_SIZE];
    order_note(desk,
               extends_in_rounds(desk) ? _("It ends at %.19s, and is repeated in that time.\n")
               : is_hold && has_filler
                   ? _("What is on air ends at %.19s; fillers air from then on, until the "
                       "release.\n")
               : is_hold    ? _("What is on air ends at %.19s; the slate airs from then on, until "
                                   "the release.\n")
               : has_filler ? _("What is on air ends at %.19s; fillers air in the time added.\n")
                            : _("What is on air ends at %.19s; the slate airs in the time "
                                "added.\n"),
               order_time_text(desk, order->from, text));
}

static int order_after_present(const struct desk *desk, struct plan_amendment *order)
{
    const int result = need_present(desk);
    if (result < 0) {
        return result;
    }
    if (desk->request->kind == ORDER_EXTEND && desk->request->length < EVENT_MIN_FRAMES) {
        return order_refuse(desk, _("say by how many minutes."));
    }
    if (desk->request->kind == ORDER_EXTEND && desk->request->length > EXTEND_MOST_FRAMES) {
        return order_refuse(desk,
                            _("an extension has %d minutes at most; `ketang hold` goes on until "
                              "it is released."),
                            EXTEND_MOST_FRAMES / 60 / FRAMES_PER_SECOND);
    }
    keep_present(desk, order);
    if (order_find_end(desk->room->input, desk->room->plan, desk->present, &order->from) < 0) {
        return -ENOMEM;
    }
    if (order->from >= plan_end(desk->room->plan)) {
        return refuse_beyond_plan(desk);
    }
    if (!event_is_cut_anywhere(desk->present)) {
        tell_end_of_present(desk, order);
    }
    if (desk->request->kind == ORDER_HOLD) {
        tell_held(desk, order);
    }
    order->asked = order->from; /* it is wanted there, not at once */
    order->length = desk->request->kind == ORDER_EXTEND ? wanted_length(desk) : 0;
    order->until =
        desk->request->kind == ORDER_EXTEND ? order->from + order->length : AMENDMENT_OPEN;
    if (desk->request->kind == ORDER_EXTEND) {
        order_undo_extended(desk, order->from);
    }
    tell_interrupted(desk, order->from);
    return 0;
}

/* The programme after the one on air, or what stands in for it; NULL: none. */
static const struct plan_event *following(const struct desk *desk)
{
    const struct plan *plan = desk->room->plan;
    const struct plan_event *next = desk->present;
    const struct plan_event *end = plan->events + plan->event_count;
    while (next < end && (next->programme == desk->present->programme ||
                          (event_absorbs(next) && !event_lacks_lesson(next)))) {
        next++;
    }
    return next < end ? next : NULL;
}

/* With --follow: a stand-in is not what was wanted at once. */
static int judge_following(const struct desk *desk)
{
    const struct plan_event *next = following(desk);
    char programme[PROGRAMME_TEXT_SIZE];
    if (desk->request->mode != ORDER_FOLLOW || next == NULL || !event_absorbs(next)) {
        return 0;
    }
    return order_refuse(desk,
                        _("what comes next is not ready: %s.  `ketang take CHANNEL HOUSE_NUMBER` "
                          "airs something else, `ketang skip` fillers until then."),
                        order_programme_text(desk, next, programme));
}

/* What is skipped must not come back for longer; one of what an insertion interrupts stays. */
static int undo_its_extensions(const struct desk *desk)
{
    const struct plan_amendment *order = order_by_id(desk, desk->present->amendment);
    int64_t end = 0;
    if (order != NULL && text_same(order->kind, order_kind_name(ORDER_INSERT))) {
        return 0;
    }
    const int result = order_find_end(desk->room->input, desk->room->plan, desk->present, &end);
    if (result == 0) {
        order_undo_extended(desk, end);
    }
    return result;
}

static int order_skip(const struct desk *desk, struct plan_amendment *order)
{
    char text[ZONE_TEXT_SIZE];
    char programme[PROGRAMME_TEXT_SIZE];
    const int result = need_present(desk);
    if (result < 0) {
        return result;
    }
    const enum event_kind kind = desk->present->kind;
    if (desk->request->mode != ORDER_FOLLOW && (kind == EVENT_FILLER || kind == EVENT_SLATE)) {
        return order_refuse(desk,
                            _("only fillers are on air; with --follow the next programme begins "
                              "at once."));
    }
    order->from = order_first_cut(desk);
    order->until = order_round_end(desk->room->plan, desk->present);
    if (order->from + EVENT_MIN_FRAMES > order->until) {
        return order_refuse(desk, _("it is too late: what is on air ends at %s by itself."),
                            order_time_text(desk, order->until, text));
    }
    order_note(desk, _("Ended early: %s.\n"), order_programme_text(desk, desk->present, programme));
    if (desk->request->mode != ORDER_FOLLOW) {
        order_note(desk,
                   _("Fillers air until %s, or the slate; with --follow the next programme begins "
                     "at once.\n"),
                   order_time_text(desk, order->until, text));
    }
    order_tell_covered(desk, desk->present);
    return undo_its_extensions(desk) < 0 ? -ENOMEM : judge_following(desk);
}

static int order_insert(const struct desk *desk, struct plan_amendment *order)
{
    const bool is_now = desk->request->at <= desk->room->now;
    const int64_t at = is_now ? 0 : desk->request->at;
    char text[ZONE_TEXT_SIZE];
    order->from = order_first_cut(desk);
    if (at != 0 && at < order->from) {
        return order_refuse(desk, _("it is too late: the first time at which it can begin is %s."),
                            order_time_text(desk, order->from, text));
    }
    if (at != 0 && at >= plan_end(desk->room->plan)) {
        return refuse_beyond_plan(desk);
    }
    if (at != 0) {
        order->from = cutter_grid_up(desk->room->input->cutter->profile, at);
        order->asked = order->from;
    }
    const int result = order_find_asset(desk, false, order);
    if (result < 0) {
        return result;
    }
    order->until = order->from + order->length;
    if (at != 0) {
        order_tell_closed(desk, order_find_slot(desk, order->from, NULL).date);
    }
    tell_interrupted(desk, order->from);
    return 0;
}

static int set_times(const struct desk *desk, struct plan_amendment *order)
{
    switch (desk->request->kind) {
    case ORDER_HOLD:
    case ORDER_EXTEND:
        return order_after_present(desk, order);
    case ORDER_SKIP:
        return order_skip(desk, order);
    case ORDER_INSERT:
        return order_insert(desk, order);
    case ORDER_REPLACE:
        return order_set_replacement(desk, order);
    default:
        return order_until_return(desk, order);
    }
}

int order_set_times(const struct desk *desk, struct plan_amendment *order)
{
    const int result = set_times(desk, order);
    return result == 0 ? order_await_imminent(desk, order) : result;
}
