/* SPDX-License-Identifier: MIT */
#include "scheduler/compile.h"

#include "playout/intl.h"
#include "playout/station.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 512 };

/* A slot of the timetable at its place in time. */
struct slot {
    int64_t start;
    int64_t end;
    int64_t days;                 /* the civil day it belongs to */
    const struct week_slot *week; /* NULL: repeats, or nothing planned */
    bool is_repeats;
};

struct compiler {
    const struct compile_input *input;
    struct cutter cutter;
    int64_t least_piece;
    struct plan *plan;
    const struct library_asset **fillers;
    size_t filler_count;
    struct slot *slots;
    size_t slot_count;
    size_t slot_capacity;
};

/* What all events of a programme share. */
struct programme {
    int64_t number;
    char title[TEXT_SIZE]; /* "": not in the EPG */
    char text[TEXT_SIZE];
    char source[TEXT_SIZE];
    const struct lesson *lesson; /* whose entry it is; NULL: of none */
    const char *instead_of;      /* of its fillers */
    const char *reason;
};

/* The nearest frame of the join grid, the later of two: frames that follow each other still do. */
static int64_t snap(const struct compiler *compiler, int64_t frame)
{
    const struct profile *profile = compiler->input->profile;
    return cutter_grid_down(profile, frame + profile->join_grid_frames / 2);
}

static int64_t frame_of(const struct compiler *compiler, int64_t days, int minutes)
{
    struct civil civil = {.minute = minutes};
    civil_date(days, &civil);
    return snap(compiler, zone_from_civil(compiler->input->zone, &civil) * FRAMES_PER_SECOND);
}

static int64_t days_of(const struct compiler *compiler, int64_t frame)
{
    struct civil civil;
    zone_to_civil(compiler->input->zone, frame / FRAMES_PER_SECOND, &civil);
    return civil_days(civil.year, civil.month, civil.day);
}

/* --- Events --------------------------------------------------------------- */

static int emit(struct compiler *compiler, const struct plan_event *event)
{
    const struct compile_input *input = compiler->input;
    if (event->start + event->duration <= input->from || event->start >= input->to) {
        return 0;
    }
    return plan_append(compiler->plan, event);
}

static struct plan_event make_event(const struct programme *programme, enum event_kind kind,
                                    int64_t start, int64_t duration)
{
    const struct lesson *lesson = programme->lesson;
    return (struct plan_event){
        .start = start,
        .duration = duration,
        .programme = programme->number,
        .kind = kind,
        .asset = "",
        .title = programme->title[0] != '\0' ? programme->title : NULL,
        .text = programme->text[0] != '\0' ? programme->text : NULL,
        .genre = lesson != NULL ? lesson->genre : NULL,
        .has_subtitles = lesson != NULL && lesson->has_subtitles,
        .is_signed = lesson != NULL && lesson->is_signed,
        .source = programme->source,
    };
}

static int emit_filler(struct compiler *compiler, const struct programme *programme,
                       const struct library_asset *filler, int64_t start, int64_t duration)
{
    const struct timetable *timetable = compiler->input->timetable;
    struct plan_event event =
        make_event(programme, filler != NULL ? EVENT_FILLER : EVENT_SLATE, start, duration);
    event.instead_of = programme->instead_of;
    event.reason = programme->reason;
    if (filler != NULL) {
        event.house_number = filler->house_number;
        event.asset = filler->sha256;
    } else if (event.instead_of == NULL && timetable->filler_count > 0 &&
               compiler->filler_count == 0) {
        event.instead_of = timetable->fillers[0].house_number;
        event.reason = _("no filler has media");
    }
    return emit(compiler, &event);
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

/* At most `most`, so that what is left of `room` is nothing, or enough for an event. */
static int64_t leave_enough(const struct compiler *compiler, const struct plan_event *event,
                            int64_t most, int64_t room)
{
    const bool is_too_little = most < room && room - most < EVENT_MIN_FRAMES;
    const int64_t end = event->start + (is_too_little ? room - EVENT_MIN_FRAMES : most);
    const int64_t cut = cutter_last_end(&compiler->cutter, event, end) - event->start;
    return cut == room || room - cut >= EVENT_MIN_FRAMES
               ? cut
               : cutter_last_end(&compiler->cutter, event, event->start + room - EVENT_MIN_FRAMES) -
                     event->start;
}

/* The filler to air from `start` on, for *duration frames; NULL: slate. */
static const struct library_asset *choose_filler(const struct compiler *compiler, size_t number,
                                                 int64_t start, int64_t *duration)
{
    const size_t count = compiler->filler_count;
    const int64_t room = *duration;
    const int64_t least = compiler->least_piece;
    if (count == 0 || room < least) {
        return NULL;
    }
    const struct library_asset *filler = compiler->fillers[number % count];
    const int64_t wanted = count == 1 ? fit_looped(filler->duration, room, least)
                                      : fit_filler(filler->duration, room, least);
    if (wanted == filler->duration) {
        *duration = wanted;
        return filler;
    }
    const struct plan_event event = {
        .start = start, .duration = wanted, .kind = EVENT_FILLER, .asset = filler->sha256};
    /* Only an encode that does not obey its VBV gives way here. */
    const int64_t legal = leave_enough(compiler, &event, wanted, room);
    if (legal <= 0) {
        return NULL;
    }
    *duration = legal;
    return filler;
}

/* Fills [start, end), 0 or at least 24 frames long, with fillers. */
static int fill(struct compiler *compiler, const struct programme *programme, int64_t start,
                int64_t end)
{
    for (size_t i = 0; start < end; i++) {
        int64_t duration = end - start;
        const struct library_asset *filler = choose_filler(compiler, i, start, &duration);
        const int result = emit_filler(compiler, programme, filler, start, duration);
        if (result < 0) {
            return result;
        }
        start += duration;
    }
    return 0;
}

/* How much of an asset airs when `room` is left: whole, or a legal cut, or 0. */
static int64_t fit(const struct compiler *compiler, const struct library_asset *asset,
                   int64_t start, int64_t room)
{
    const int64_t rest = room - asset->duration;
    const struct plan_event event = {
        .start = start, .duration = asset->duration, .kind = EVENT_LESSON, .asset = asset->sha256};
    if (rest == 0 || rest >= EVENT_MIN_FRAMES) {
        return asset->duration;
    }
    const int64_t most = rest > 0 ? asset->duration : room;
    const int64_t duration = leave_enough(compiler, &event, most, room);
    return duration >= compiler->least_piece ? duration : 0;
}

/* Airs an asset at *at as far as it goes before `end`, and moves *at. */
static int air(struct compiler *compiler, const struct programme *programme,
               const struct library_asset *asset, enum event_kind kind, int64_t *at, int64_t end)
{
    char reason[TEXT_SIZE];
    const int64_t duration = fit(compiler, asset, *at, end - *at);
    if (duration == 0) {
        return 0;
    }
    struct plan_event event = make_event(programme, kind, *at, duration);
    event.house_number = asset->house_number;
    event.asset = asset->sha256;
    if (duration < asset->duration) {
        snprintf(reason, sizeof(reason), _("cut at its frame %lld, to the end of its slot"),
                 (long long)duration);
        event.reason = reason;
    }
    *at += duration;
    return emit(compiler, &event);
}

/* An asset in its slot, and the rest of the slot by its rule. */
static int air_with_rest(struct compiler *compiler, const struct programme *programme,
                         const struct library_asset *asset, enum event_kind kind,
                         enum rest_rule rest, const struct slot *slot)
{
    int64_t at = slot->start;
    int result = air(compiler, programme, asset, kind, &at, slot->end);
    while (result == 0 && rest != REST_FILLER && slot->end - at >= EVENT_MIN_FRAMES) {
        const int64_t before = at;
        if (rest == REST_WHOLE && slot->end - at < asset->duration) {
            break;
        }
        result = air(compiler, programme, asset, kind, &at, slot->end);
        if (at == before) {
            break;
        }
    }
    return result < 0 ? result : fill(compiler, programme, at, slot->end);
}

/* --- Slots to events ------------------------------------------------------ */

static void describe_lesson(struct programme *programme, const struct lesson *lesson,
                            bool is_repeat)
{
    programme->lesson = lesson;
    snprintf(programme->title, TEXT_SIZE, "%s%s%s%s%s", lesson->grade,
             lesson->grade[0] != '\0' ? " " : "", lesson->subject,
             lesson->subject[0] != '\0' ? " " : "", lesson->title);
    if (lesson->teacher[0] != '\0') {
        snprintf(programme->text, TEXT_SIZE, "%s授课教师：%s", is_repeat ? "重播，" : "",
                 lesson->teacher);
    } else {
        snprintf(programme->text, TEXT_SIZE, "%s", is_repeat ? "重播" : "");
    }
}

static void set_source(const struct compiler *compiler, struct programme *programme, int line)
{
    snprintf(programme->source, TEXT_SIZE, "%s:%d", compiler->input->timetable->file, line);
}

static const struct library_asset *find_asset(const struct compiler *compiler,
                                              const char *house_number)
{
    return library_find(compiler->input->library, compiler->input->profile->name, house_number);
}

static int compile_lesson(struct compiler *compiler, const struct slot *slot,
                          const struct lesson *lesson, enum rest_rule rest, int line,
                          enum event_kind kind)
{
    struct programme programme = {.number = slot->start};
    const struct library_asset *asset = find_asset(compiler, lesson->house_number);
    describe_lesson(&programme, lesson, kind == EVENT_REPEAT);
    set_source(compiler, &programme, line);
    if (asset != NULL) {
        return air_with_rest(compiler, &programme, asset, kind, rest, slot);
    }
    programme.instead_of = lesson->house_number;
    programme.reason = _("the lesson's media is not there yet");
    return fill(compiler, &programme, slot->start, slot->end);
}

static int compile_break(struct compiler *compiler, const struct slot *slot)
{
    struct programme programme = {.number = slot->start};
    const struct week_slot *week = slot->week;
    const struct library_asset *asset =
        week->house_number != NULL ? find_asset(compiler, week->house_number) : NULL;
    snprintf(programme.title, TEXT_SIZE, "%s", week->name);
    set_source(compiler, &programme, week->line);
    if (asset != NULL) {
        return air_with_rest(compiler, &programme, asset, EVENT_CARD, week->rest, slot);
    }
    if (week->house_number != NULL) {
        programme.instead_of = week->house_number;
        programme.reason = _("the media of the break is not there yet");
    }
    return fill(compiler, &programme, slot->start, slot->end);
}

static int compile_gap(struct compiler *compiler, const struct slot *slot)
{
    const struct timetable *timetable = compiler->input->timetable;
    struct programme programme = {.number = slot->start, .reason = _("nothing is planned")};
    if (timetable->filler_count > 0 && timetable->fillers[0].title != NULL) {
        snprintf(programme.title, TEXT_SIZE, "%s", timetable->fillers[0].title);
    }
    set_source(compiler, &programme, timetable->filler_count > 0 ? timetable->fillers[0].line : 1);
    return fill(compiler, &programme, slot->start, slot->end);
}

/*
 * The lessons to repeat on a civil day: its own in order, or, on a day
 * without any, those of the last day before that has some.
 */
static size_t lessons_of_day(const struct timetable *timetable, int64_t days,
                             const struct week_slot **lessons)
{
    size_t count = 0;
    for (int back = 0; back < DAYS_PER_WEEK && count == 0; back++) {
        const int day = civil_weekday(days - back);
        for (size_t i = 0; i < timetable->slot_count; i++) {
            const struct week_slot *week = &timetable->slots[i];
            if (week->day == day && week->lesson != NULL) {
                lessons[count++] = week;
            }
        }
    }
    return count;
}

/* Repeats at a fixed pitch: each has a slot of its own. */
static int repeat_by_pitch(struct compiler *compiler, const struct slot *slot,
                           const struct week_slot *const *lessons, size_t count)
{
    const struct repeat_rule *rule = &compiler->input->timetable->repeats;
    const int64_t pitch = (int64_t)rule->pitch * 60 * FRAMES_PER_SECOND;
    struct slot part = *slot;
    int result = 0;
    for (size_t i = 0; result == 0 && part.start < slot->end; i++) {
        part.end = snap(compiler, slot->start + (int64_t)(i + 1) * pitch);
        if (part.end > slot->end || slot->end - part.end < EVENT_MIN_FRAMES) {
            part.end = slot->end;
        }
        result = compile_lesson(compiler, &part, lessons[i % count]->lesson, rule->rest, rule->line,
                                EVENT_REPEAT);
        part.start = part.end;
    }
    return result;
}

/* Repeats back to back; lessons without media are left out. */
static int repeat_cyclic(struct compiler *compiler, const struct slot *slot,
                         const struct week_slot *const *lessons, size_t count)
{
    int64_t at = slot->start;
    int result = 0;
    size_t missing = 0;
    struct programme programme = {0};
    for (size_t i = 0; missing < count && slot->end - at >= EVENT_MIN_FRAMES; i++) {
        const struct lesson *lesson = lessons[i % count]->lesson;
        const struct library_asset *asset = find_asset(compiler, lesson->house_number);
        if (asset == NULL) {
            missing++;
            continue;
        }
        if (fit(compiler, asset, at, slot->end - at) == 0) {
            break;
        }
        missing = 0;
        programme.number = at;
        describe_lesson(&programme, lesson, true);
        set_source(compiler, &programme, compiler->input->timetable->repeats.line);
        result = air(compiler, &programme, asset, EVENT_REPEAT, &at, slot->end);
        if (result < 0) {
            break;
        }
    }
    if (at == slot->start) {
        programme = (struct programme){.number = at, .reason = _("no lesson to repeat has media")};
        set_source(compiler, &programme, compiler->input->timetable->repeats.line);
    }
    return result < 0 ? result : fill(compiler, &programme, at, slot->end);
}

static int compile_repeats(struct compiler *compiler, const struct slot *slot)
{
    const struct timetable *timetable = compiler->input->timetable;
    const struct week_slot **lessons = calloc(timetable->slot_count + 1, sizeof(lessons[0]));
    if (lessons == NULL) {
        return -ENOMEM;
    }
    const size_t count = lessons_of_day(timetable, slot->days, lessons);
    int result = 0;
    if (count == 0) {
        result = compile_gap(compiler, slot);
    } else if (timetable->repeats.pitch > 0) {
        result = repeat_by_pitch(compiler, slot, lessons, count);
    } else {
        result = repeat_cyclic(compiler, slot, lessons, count);
    }
    free(lessons);
    return result;
}

static int compile_slot(struct compiler *compiler, const struct slot *slot)
{
    const struct week_slot *week = slot->week;
    if (slot->end <= compiler->input->from || slot->start >= compiler->input->to) {
        return 0;
    }
    if (slot->is_repeats) {
        return compile_repeats(compiler, slot);
    }
    if (week == NULL) {
        return compile_gap(compiler, slot);
    }
    if (week->kind == SLOT_BREAK) {
        return compile_break(compiler, slot);
    }
    return compile_lesson(compiler, slot, week->lesson, week->rest, week->line, EVENT_LESSON);
}

/* --- Timetable to slots --------------------------------------------------- */

static int add_slot(struct compiler *compiler, const struct slot *slot)
{
    if (compiler->slot_count == compiler->slot_capacity) {
        const size_t capacity = compiler->slot_capacity > 0 ? compiler->slot_capacity * 2 : 64;
        struct slot *grown = realloc(compiler->slots, capacity * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        compiler->slots = grown;
        compiler->slot_capacity = capacity;
    }
    compiler->slots[compiler->slot_count++] = *slot;
    return 0;
}

static int add_day(struct compiler *compiler, int64_t days)
{
    const struct timetable *timetable = compiler->input->timetable;
    const struct repeat_rule *rule = &timetable->repeats;
    int result = 0;
    for (size_t i = 0; result == 0 && i < timetable->slot_count; i++) {
        const struct week_slot *week = &timetable->slots[i];
        if (week->day == civil_weekday(days)) {
            result = add_slot(compiler, &(struct slot){frame_of(compiler, days, week->start),
                                                       frame_of(compiler, days, week->end), days,
                                                       week, false});
        }
    }
    if (result == 0 && rule->is_present) {
        const int64_t last = rule->until > rule->from ? days : days + 1;
        result = add_slot(compiler,
                          &(struct slot){frame_of(compiler, days, rule->from),
                                         frame_of(compiler, last, rule->until), days, NULL, true});
    }
    return result;
}

static int compare_slots(const void *left, const void *right)
{
    const struct slot *a = left;
    const struct slot *b = right;
    return (a->start > b->start) - (a->start < b->start);
}

/* The time in which nothing is planned, one slot for each civil day. */
static int compile_gaps(struct compiler *compiler, int64_t start, int64_t end)
{
    int result = 0;
    while (result == 0 && start < end) {
        const int64_t days = days_of(compiler, start);
        const int64_t midnight = frame_of(compiler, days + 1, 0);
        const int64_t until = midnight < end && midnight > start ? midnight : end;
        result = compile_slot(compiler, &(struct slot){start, until, days, NULL, false});
        start = until;
    }
    return result;
}

/*
 * Slots in order of time.  Where clocks change, civil times may fall
 * together: the earlier slot then ends before the later begins.
 */
static int compile_slots(struct compiler *compiler, int64_t start, int64_t end)
{
    int64_t at = start;
    int result = 0;
    for (size_t i = 0; result == 0 && i < compiler->slot_count; i++) {
        struct slot slot = compiler->slots[i];
        slot.start = slot.start > at ? slot.start : at;
        if (slot.end - slot.start < EVENT_MIN_FRAMES) {
            continue;
        }
        result = compile_gaps(compiler, at, slot.start);
        if (result == 0) {
            result = compile_slot(compiler, &slot);
        }
        at = slot.end;
    }
    return result < 0 ? result : compile_gaps(compiler, at, end);
}

static int find_fillers(struct compiler *compiler)
{
    const struct timetable *timetable = compiler->input->timetable;
    struct plan *plan = compiler->plan;
    compiler->fillers = calloc(timetable->filler_count + 1, sizeof(compiler->fillers[0]));
    plan->fillers = calloc(timetable->filler_count + 1, sizeof(plan->fillers[0]));
    if (compiler->fillers == NULL || plan->fillers == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < timetable->filler_count; i++) {
        const struct library_asset *asset =
            find_asset(compiler, timetable->fillers[i].house_number);
        if (asset != NULL && library_is_cut_anywhere(asset) &&
            asset->duration >= compile_filler_least(compiler->input->profile)) {
            compiler->fillers[compiler->filler_count++] = asset;
            memcpy(plan->fillers[plan->filler_count++], asset->sha256, SHA256_HEX_SIZE);
        }
    }
    return 0;
}

static int compile_all(struct compiler *compiler)
{
    const struct compile_input *input = compiler->input;
    /* Repeats reach into the next day: begin two days before. */
    const int64_t first = days_of(compiler, input->from) - 2;
    const int64_t last = days_of(compiler, input->to) + 1;
    int result = find_fillers(compiler);
    for (int64_t days = first; result == 0 && days <= last; days++) {
        result = add_day(compiler, days);
    }
    if (result < 0) {
        return result;
    }
    if (compiler->slot_count > 0) {
        qsort(compiler->slots, compiler->slot_count, sizeof(compiler->slots[0]), compare_slots);
    }
    return compile_slots(compiler, frame_of(compiler, first, 0), frame_of(compiler, last + 1, 0));
}

int64_t compile_filler_least(const struct profile *profile)
{
    return cutter_least_piece(profile) + GOP_FRAMES;
}

int compile(const struct compile_input *input, struct plan **plan)
{
    const struct library_lengths lengths = library_lengths(input->library, input->profile->name);
    struct compiler compiler = {.input = input,
                                .cutter = {input->profile, &lengths.lengths, input->media},
                                .least_piece = cutter_least_piece(input->profile),
                                .plan = plan_create()};
    int result = -ENOMEM;
    if (compiler.plan != NULL) {
        compiler.plan->channel = strdup(input->timetable->channel);
        result = compiler.plan->channel != NULL ? compile_all(&compiler) : -ENOMEM;
    }
    free(compiler.fillers);
    free(compiler.slots);
    if (result < 0) {
        plan_destroy(compiler.plan);
        return result;
    }
    *plan = compiler.plan;
    return 0;
}
