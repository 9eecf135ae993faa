/* SPDX-License-Identifier: MIT */
/* compile_fill: media into spans of time, to the frame. */
#include "scheduler/compile_private.h"

#include "playout/intl.h"
#include "playout/reasons.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Fillers of topics -------------------------------------------------------------- */

static bool same_topic(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

int64_t compile_filler_least(const struct profile *profile)
{
    return cutter_least_piece(profile) + GOP_FRAMES;
}

bool compile_is_filler(const struct profile *profile, const struct library_asset *asset)
{
    return library_is_cut_anywhere(asset) && asset->duration >= compile_filler_least(profile);
}

static int find_list(const struct compile_input *input, const struct timetable *timetable,
                     struct filler_list *list)
{
    list->items = calloc(timetable->filler_count + 1, sizeof(list->items[0]));
    if (list->items == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < timetable->filler_count; i++) {
        const struct filler *filler = &timetable->fillers[i];
        if (!same_topic(filler->topic, list->topic)) {
            continue;
        }
        const struct library_asset *asset =
            library_find(input->library, input->profile->name, filler->house_number);
        list->first = list->first == NULL ? filler : list->first;
        if (asset != NULL && compile_is_filler(input->profile, asset)) {
            list->items[list->count++] = asset;
        }
    }
    return 0;
}

static struct filler_list *known_list(const struct origin *origin, const char *topic)
{
    for (size_t i = 0; i < origin->filler_count; i++) {
        if (same_topic(origin->fillers[i].topic, topic)) {
            return &origin->fillers[i];
        }
    }
    return NULL;
}

/* The engine's stand-ins are the default fillers. */
static int copy_stand_ins(struct compiler *compiler)
{
    const struct filler_list *list = &compiler->origins[0].fillers[0];
    struct plan *plan = compiler->plan;
    plan->fillers = calloc(list->count + 1, sizeof(plan->fillers[0]));
    if (plan->fillers == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < list->count; i++) {
        memcpy(plan->fillers[plan->filler_count++], list->items[i]->sha256, SHA256_HEX_SIZE);
    }
    return 0;
}

static int find_lists(const struct compile_input *input, struct origin *origin)
{
    const struct timetable *timetable = origin->timetable;
    origin->fillers = calloc(timetable->filler_count + 2, sizeof(origin->fillers[0]));
    if (origin->fillers == NULL) {
        return -ENOMEM;
    }
    origin->filler_count = 1; /* the default list */
    int result = find_list(input, timetable, &origin->fillers[0]);
    for (size_t i = 0; result == 0 && i < timetable->filler_count; i++) {
        const char *topic = timetable->fillers[i].topic;
        if (known_list(origin, topic) == NULL) {
            struct filler_list *list = &origin->fillers[origin->filler_count++];
            list->topic = topic;
            result = find_list(input, timetable, list);
        }
    }
    return result;
}

int compile_fillers_find(struct compiler *compiler)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < compiler->origin_count; i++) {
        result = find_lists(compiler->input, &compiler->origins[i]);
    }
    return result < 0 ? result : copy_stand_ins(compiler);
}

void compile_fillers_finish(struct compiler *compiler)
{
    for (size_t i = 0; i < compiler->origin_count; i++) {
        struct origin *origin = &compiler->origins[i];
        for (size_t k = 0; k < origin->filler_count; k++) {
            free(origin->fillers[k].items);
        }
        free(origin->fillers);
    }
}

/* The fillers of a topic; the default ones when it has none that can be used. */
static const struct filler_list *list_of(const struct compiler *compiler, const char *topic)
{
    const struct filler_list *list = known_list(compiler->origin, topic);
    return list != NULL && list->count > 0 ? list : &compiler->origin->fillers[0];
}

/* --- Events ----------------------------------------------------------------------------- */

int compile_emit(struct compiler *compiler, const struct programme *programme,
                 const struct plan_event *event)
{
    const struct compile_input *input = compiler->input;
    struct plan_event whole = *event;
    if (event->start + event->duration <= input->from || event->start >= input->to) {
        return 0;
    }
    whole.programme = programme->number;
    whole.title = programme->title[0] != '\0' ? programme->title : NULL;
    whole.text = programme->text[0] != '\0' ? programme->text : NULL;
    whole.genre = programme->lesson != NULL ? programme->lesson->genre : NULL;
    whole.has_subtitles = programme->has_subtitles;
    whole.is_signed = programme->is_signed;
    whole.is_fixed = programme->is_fixed && event->start == programme->number;
    whole.is_for_lesson = programme->lesson != NULL;
    whole.source = programme->source;
    whole.timetable_day = programme->timetable_day;
    return plan_append(compiler->plan, &whole);
}

static int emit_filler(struct compiler *compiler, const struct programme *programme,
                       const struct library_asset *filler, struct span span)
{
    const struct filler_list *fillers = &compiler->origin->fillers[0];
    struct plan_event event = {.start = span.start,
                               .duration = span.end - span.start,
                               .kind = filler != NULL ? EVENT_FILLER : EVENT_SLATE,
                               .asset = "",
                               .instead_of = programme->instead_of,
                               .reason = programme->reason};
    if (filler != NULL) {
        event.house_number = filler->house_number;
        event.asset = filler->sha256;
    } else if (event.instead_of == NULL && fillers->first != NULL && fillers->count == 0) {
        event.instead_of = fillers->first->house_number;
        event.reason = _("no filler has media");
    }
    return compile_emit(compiler, programme, &event);
}

/*
 * How long a filler of `length` frames airs when `room` is left: whole, or to
 * the end, or shortened so that the piece after it is long enough; or else
 * slate follows.
 */
static int64_t fit_filler(int64_t length, int64_t room, int64_t least)
{
    const int64_t rest = room - length;
    if (rest <= 0) {
        return room;
    }
    if (rest >= least) {
        return length;
    }
    if (room >= 2 * least) {
        return room - least;
    }
    return rest >= EVENT_MIN_FRAMES ? length : room - EVENT_MIN_FRAMES;
}

/* The same of one filler alone, which loops by itself. */
static int64_t fit_looped(int64_t length, int64_t room, int64_t least)
{
    const int64_t last = room % length;
    if (last == 0 || last >= least || room < length) {
        return room;
    }
    if (length + last >= 2 * least) {
        return room - least;
    }
    return last >= EVENT_MIN_FRAMES ? room - last : room - EVENT_MIN_FRAMES;
}

/* What an event airs of its room. */
struct room {
    int64_t frames;
    int64_t most;       /* of them, at most so many */
    int64_t least_rest; /* what is left is none, or so much */
};

static int64_t leave_enough(const struct compiler *compiler, const struct plan_event *event,
                            struct room room)
{
    const int64_t lowest = event->start + room.frames - room.least_rest;
    const bool is_too_little = room.most < room.frames && room.frames - room.most < room.least_rest;
    const int64_t end = is_too_little ? lowest : event->start + room.most;
    const int64_t cut = cutter_last_end(&compiler->cutter, event, end) - event->start;
    return cut == room.frames || room.frames - cut >= room.least_rest
               ? cut
               : cutter_last_end(&compiler->cutter, event, lowest) - event->start;
}

/* The filler to air from `start` on, for *duration frames; NULL: slate. */
static const struct library_asset *choose_filler(const struct compiler *compiler,
                                                 const struct library_asset *filler, bool is_alone,
                                                 int64_t start, int64_t *duration)
{
    const int64_t room = *duration;
    const int64_t least = compiler->least_piece;
    if (room < least) {
        return NULL;
    }
    const int64_t wanted = is_alone ? fit_looped(filler->duration, room, least)
                                    : fit_filler(filler->duration, room, least);
    if (wanted == filler->duration) {
        *duration = wanted;
        return filler;
    }
    const struct plan_event event = {
        .start = start, .duration = wanted, .kind = EVENT_FILLER, .asset = filler->sha256};
    /* Only an encode that does not obey its VBV gives way here. */
    const int64_t legal =
        leave_enough(compiler, &event, (struct room){room, wanted, EVENT_MIN_FRAMES});
    if (legal <= 0) {
        return NULL;
    }
    *duration = legal;
    return filler;
}

/* Fills a span with fillers alone. */
static int fill(struct compiler *compiler, const struct programme *programme, struct span span)
{
    const struct filler_list *list = list_of(compiler, programme->topic);
    for (size_t i = 0; span.start < span.end; i++) {
        int64_t duration = span.end - span.start;
        const struct library_asset *filler =
            list->count > 0 ? choose_filler(compiler, list->items[i % list->count],
                                            list->count == 1, span.start, &duration)
                            : NULL;
        const int result = emit_filler(compiler, programme, filler,
                                       (struct span){span.start, span.start + duration});
        if (result < 0) {
            return result;
        }
        span.start += duration;
    }
    return 0;
}

/* --- The card of the next lesson ---------------------------------------------------------- */

static const struct library_asset *find_card(const struct compiler *compiler,
                                             const struct card *card)
{
    const struct compile_input *input = compiler->input;
    const struct library_asset *asset =
        card->house_number != NULL
            ? library_find(input->library, input->profile->name, card->house_number)
            : NULL;
    return asset != NULL && library_is_cut_anywhere(asset) ? asset : NULL;
}

/* Where the card of the next lesson begins in a span; its end when there is none. */
static int64_t next_card_start(const struct compiler *compiler, struct span span)
{
    const struct card *card = &compiler->origin->timetable->presentation.next;
    const struct timed_slot *next = compiler->next;
    const bool is_before_lesson =
        next != NULL && next->start == span.end &&
        (next->day->kind == SLOT_LESSON || next->day->kind == SLOT_REPEAT);
    const struct library_asset *asset = is_before_lesson ? find_card(compiler, card) : NULL;
    if (asset == NULL) {
        return span.end;
    }
    const int64_t wanted = (int64_t)card->length * FRAMES_PER_SECOND;
    const int64_t length = cutter_grid_down(compiler->input->profile,
                                            wanted < asset->duration ? wanted : asset->duration);
    const int64_t start = span.end - length;
    const struct plan_event event = {
        .start = start, .duration = length, .kind = EVENT_FILLER, .asset = asset->sha256};
    const bool has_room = start == span.start || start - span.start >= EVENT_MIN_FRAMES;
    return has_room && cutter_is_legal(&compiler->cutter, &event) ? start : span.end;
}

static int air_next_card(struct compiler *compiler, const struct programme *programme,
                         struct span span)
{
    const struct library_asset *asset =
        find_card(compiler, &compiler->origin->timetable->presentation.next);
    const struct plan_event event = {.start = span.start,
                                     .duration = span.end - span.start,
                                     .kind = EVENT_CARD,
                                     .house_number = asset->house_number,
                                     .asset = asset->sha256,
                                     .reason = _("announces the next lesson")};
    return compile_emit(compiler, programme, &event);
}

int compile_fill(struct compiler *compiler, const struct programme *programme, struct span span)
{
    const int64_t card = span.start < span.end ? next_card_start(compiler, span) : span.end;
    int result = fill(compiler, programme, (struct span){span.start, card});
    if (result == 0 && card < span.end) {
        result = air_next_card(compiler, programme, (struct span){card, span.end});
    }
    return result;
}

/* --- One asset in its span ------------------------------------------------------------------ */

/* How much of an asset airs when `room` is left: whole, or a legal cut, or 0. */
static int64_t fit(const struct compiler *compiler, const struct fitting *fitting, int64_t start,
                   int64_t room)
{
    const struct library_asset *asset = fitting->asset;
    const int64_t wanted = asset->duration < fitting->most ? asset->duration : fitting->most;
    const int64_t rest = room - wanted;
    const struct plan_event event = {
        .start = start, .duration = asset->duration, .kind = EVENT_LESSON, .asset = asset->sha256};
    if (wanted == asset->duration && (rest == 0 || rest >= fitting->least_rest)) {
        return asset->duration;
    }
    const int64_t duration = leave_enough(
        compiler, &event, (struct room){room, rest > 0 ? wanted : room, fitting->least_rest});
    return duration >= compiler->least_piece ? duration : 0;
}

int64_t compile_fitted(const struct compiler *compiler, const struct fitting *fitting,
                       struct span span)
{
    return fit(compiler, fitting, span.start, span.end - span.start);
}

static void write_cut(char text[COMPILE_TEXT_SIZE], const struct programme *programme,
                      const struct fitting *fitting, int64_t duration)
{
    const bool is_trimmed = fitting->most < fitting->asset->duration && duration <= fitting->most;
    snprintf(text, COMPILE_TEXT_SIZE, "%s%s", programme->reason != NULL ? programme->reason : "",
             programme->reason != NULL ? REASONS_JOIN : "");
    const size_t length = strlen(text);
    snprintf(text + length, COMPILE_TEXT_SIZE - length,
             is_trimmed ? _("cut at its frame %lld, as long as planned")
                        : _("cut at its frame %lld, to the end of its slot"),
             (long long)duration);
}

int compile_air(struct compiler *compiler, const struct programme *programme,
                const struct fitting *fitting, int64_t *at, int64_t end)
{
    char reason[COMPILE_TEXT_SIZE];
    const int64_t duration = fit(compiler, fitting, *at, end - *at);
    if (duration == 0) {
        return 0;
    }
    struct plan_event event = {.start = *at,
                               .duration = duration,
                               .kind = fitting->kind,
                               .house_number = fitting->asset->house_number,
                               .asset = fitting->asset->sha256,
                               .instead_of = programme->instead_of,
                               .reason = programme->reason};
    if (duration < fitting->asset->duration) {
        write_cut(reason, programme, fitting, duration);
        event.reason = reason;
    }
    *at += duration;
    return compile_emit(compiler, programme, &event);
}

/*
 * The countdown ends with the span: it is joined so much later as it is too
 * long, to the GOP before; one that is too short loops.
 */
static int air_countdown(struct compiler *compiler, const struct programme *programme,
                         struct span span)
{
    const int64_t card = next_card_start(compiler, span);
    const struct library_asset *asset =
        find_card(compiler, &compiler->origin->timetable->presentation.countdown);
    struct plan_event event = {
        .start = span.start, .duration = card - span.start, .kind = EVENT_FILLER};
    if (asset != NULL) {
        const int64_t late = asset->duration - event.duration;
        event.asset = asset->sha256;
        event.in_point = late > 0 ? late / GOP_FRAMES * GOP_FRAMES : 0;
        event.house_number = asset->house_number;
    }
    if (asset == NULL || !cutter_is_legal(&compiler->cutter, &event)) {
        return compile_fill(compiler, programme, span);
    }
    event.kind = EVENT_CARD;
    event.reason = _("counts down the time for practice");
    int result = compile_emit(compiler, programme, &event);
    if (result == 0 && card < span.end) {
        result = air_next_card(compiler, programme, (struct span){card, span.end});
    }
    return result;
}

/* What a filler needs, where there are any, so that no slate flashes up. */
static int64_t least_filled(const struct compiler *compiler, const char *topic)
{
    return list_of(compiler, topic)->count > 0 ? compiler->least_piece : EVENT_MIN_FRAMES;
}

/* Again what has been aired: the last lap is cut, so that a filler fits behind it. */
static int air_laps(struct compiler *compiler, const struct programme *programme,
                    const struct fitting *fitting, int64_t *at, int64_t end)
{
    struct fitting lap = *fitting;
    lap.least_rest = least_filled(compiler, programme->topic);
    const int64_t length = fitting->asset->duration;
    const int64_t whole = length < fitting->most ? length : fitting->most;
    int64_t before = *at - whole;
    int result = 0;
    while (result == 0 && *at - before == whole &&
           end - *at >= (fitting->rest == REST_WHOLE ? whole : EVENT_MIN_FRAMES)) {
        before = *at;
        result = compile_air(compiler, programme, &lap, at, end);
    }
    return result;
}

int compile_fit(struct compiler *compiler, const struct programme *programme,
                const struct fitting *fitting, struct span span)
{
    struct programme rest = *programme;
    int64_t at = span.start;
    int result = compile_air(compiler, programme, fitting, &at, span.end);
    if (result == 0 && (fitting->rest == REST_WHOLE || fitting->rest == REST_LOOP)) {
        result = air_laps(compiler, programme, fitting, &at, span.end);
    }
    if (at > span.start) { /* the rest of a slot stands in for nothing */
        rest.instead_of = NULL;
        rest.reason = NULL;
    }
    const struct span left = {at, span.end};
    if (result < 0 || at == span.end) {
        return result;
    }
    return fitting->rest == REST_COUNTDOWN && at > span.start ? air_countdown(compiler, &rest, left)
                                                              : compile_fill(compiler, &rest, left);
}
