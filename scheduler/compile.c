/* SPDX-License-Identifier: MIT */
/* compile: when each slot airs. */
#include "scheduler/compile_private.h"

#include "playout/intl.h"
#include "playout/station.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct civil civil_of(int64_t date, int seconds)
{
    struct civil civil = {
        .hour = seconds / 3600, .minute = seconds / 60 % 60, .second = seconds % 60};
    civil_date(date, &civil);
    return civil;
}

static int64_t frame_of(const struct compiler *compiler, int64_t date, int seconds)
{
    const struct civil civil = civil_of(date, seconds);
    return cutter_grid_nearest(compiler->input->profile,
                               zone_from_civil(compiler->input->zone, &civil) * FRAMES_PER_SECOND);
}

/* False where clocks are put forward over that time. */
static bool is_civil_time(const struct compiler *compiler, int64_t date, int seconds)
{
    const struct civil civil = civil_of(date, seconds);
    struct civil back;
    zone_to_civil(compiler->input->zone, zone_from_civil(compiler->input->zone, &civil), &back);
    return back.hour == civil.hour % 24 && back.minute == civil.minute &&
           civil_days(back.year, back.month, back.day) == date + civil.hour / 24;
}

static int64_t date_of(const struct compiler *compiler, int64_t frame)
{
    return zone_date(compiler->input->zone, frame / FRAMES_PER_SECOND);
}

static const struct timetable *timetable_of(const struct compiler *compiler, int64_t date)
{
    const struct timetable *frozen = frozen_days_find(compiler->input->frozen, date);
    return frozen != NULL ? frozen : compiler->input->timetable;
}

/* Tells of a slot that does not air, or not at its time. */
static void tell(const struct compiler *compiler, const struct timed_slot *slot, const char *why)
{
    const struct day_slot *day = slot->day;
    char date[WHEN_TEXT_SIZE];
    char clock[WHEN_TEXT_SIZE];
    if (compiler->input->problems != NULL && slot->end > compiler->input->from &&
        slot->start < compiler->input->to) {
        timetable_warn(timetable_of(compiler, slot->date), compiler->input->problems, "not-aired",
                       &day->place, _("'%s' of %s %s does not air: %s"), day->name,
                       when_date_text(slot->date, date), when_clock_text(day->start, clock), why);
    }
}

/* --- Days to slots ------------------------------------------------------------------ */

/* The media that the library has, for repeats that ripple. */
struct library_seconds {
    struct day_lengths lengths; /* first */
    const struct compile_input *input;
};

static int seconds_of(const struct day_lengths *self, const struct lesson *lesson)
{
    const struct library_seconds *seconds = (const struct library_seconds *)self;
    const struct library_asset *asset =
        library_find(seconds->input->library, seconds->input->profile->name, lesson->house_number);
    return asset != NULL ? (int)((asset->duration + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND) : 0;
}

static int resolve_days(struct compiler *compiler, int64_t first, int64_t last)
{
    const struct library_seconds seconds = {{seconds_of}, compiler->input};
    size_t slots = 0;
    compiler->days = calloc((size_t)(last - first + 1), sizeof(compiler->days[0]));
    if (compiler->days == NULL) {
        return -ENOMEM;
    }
    for (int64_t date = first; date <= last; date++) {
        struct day *day = &compiler->days[compiler->day_count++];
        if (day_resolve(timetable_of(compiler, date), date, &seconds.lengths, day) < 0) {
            return -ENOMEM;
        }
        slots += day->count;
    }
    compiler->slots = calloc(slots + 1, sizeof(compiler->slots[0]));
    return compiler->slots != NULL ? 0 : -ENOMEM;
}

static void add_slot(struct compiler *compiler, const struct day *day, const struct day_slot *slot)
{
    const struct timed_slot timed = {.start = frame_of(compiler, day->date, slot->start),
                                     .end = frame_of(compiler, day->date, slot->end),
                                     .date = day->date,
                                     .day = slot};
    if (!is_civil_time(compiler, day->date, slot->start)) {
        tell(compiler, &timed, _("clocks are put forward over its start"));
    } else if (timed.end - timed.start < EVENT_MIN_FRAMES) {
        tell(compiler, &timed, _("clocks are put forward over it"));
    } else {
        compiler->slots[compiler->slot_count++] = timed;
    }
}

static int compare_slots(const void *left, const void *right)
{
    const struct timed_slot *a = left;
    const struct timed_slot *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return (a->day->place.line > b->day->place.line) - (a->day->place.line < b->day->place.line);
}

static void time_slots(struct compiler *compiler)
{
    for (size_t i = 0; i < compiler->day_count; i++) {
        for (size_t k = 0; k < compiler->days[i].count; k++) {
            add_slot(compiler, &compiler->days[i], &compiler->days[i].slots[k]);
        }
    }
    if (compiler->slot_count > 0) {
        qsort(compiler->slots, compiler->slot_count, sizeof(compiler->slots[0]), compare_slots);
    }
}

/* --- One after the other --------------------------------------------------------------- */

/* What the slots before have left. */
struct course {
    int64_t at;     /* all before is decided */
    int64_t ripple; /* how far slots that were moved may go beyond their ends */
};

/* The start of the first fixed slot after number `index`. */
static int64_t next_fixed(const struct compiler *compiler, size_t index)
{
    for (size_t i = index + 1; i < compiler->slot_count; i++) {
        if (compiler->slots[i].day->is_fixed) {
            return compiler->slots[i].start;
        }
    }
    return INT64_MAX;
}

/* Where a slot that begins at `start` ends. */
static int64_t end_of(const struct compiler *compiler, size_t index, int64_t start,
                      struct course *course)
{
    const struct timed_slot *slot = &compiler->slots[index];
    const struct timed_slot *next = index + 1 < compiler->slot_count ? slot + 1 : NULL;
    const bool is_moved = start > slot->start;
    const bool ripples = slot->day->fit.overrun == OVERRUN_RIPPLE;
    int64_t end = next != NULL && next->start < slot->end ? next->start : slot->end;
    if (ripples) {
        course->ripple = (int64_t)slot->day->fit.ripple_most * FRAMES_PER_SECOND;
    } else if (!is_moved) {
        course->ripple = 0;
    }
    const int64_t needed = course->ripple > 0 ? compile_needed(compiler, slot) : 0;
    if (needed > 0 && start + needed > end) {
        const int64_t fixed = next_fixed(compiler, index);
        const int64_t limit = slot->end + course->ripple;
        end = start + needed < limit ? start + needed : limit;
        end = end < fixed ? end : fixed;
    }
    end = cutter_grid_up(compiler->input->profile, end);
    return next != NULL && next->start > end && next->start - end < EVENT_MIN_FRAMES ? next->start
                                                                                     : end;
}

/* What airs in a slot, by the timetable of its day. */
static int compile_timed(struct compiler *compiler, const struct timed_slot *slot)
{
    const struct timetable *timetable = timetable_of(compiler, slot->date);
    compiler->origin = compiler->origins;
    while (compiler->origin->timetable != timetable) {
        compiler->origin++;
    }
    return compiler->visitor != NULL ? compile_visit(compiler, slot) : compile_slot(compiler, slot);
}

/* The time in which nothing is planned, one slot for each civil day. */
static int compile_gaps(struct compiler *compiler, int64_t start, int64_t end)
{
    int result = 0;
    while (result == 0 && start < end) {
        const int64_t date = date_of(compiler, start);
        const int64_t midnight = frame_of(compiler, date + 1, 0);
        const bool is_whole = midnight >= end || midnight <= start ||
                              end - midnight < EVENT_MIN_FRAMES ||
                              midnight - start < EVENT_MIN_FRAMES;
        const int64_t until = is_whole ? end : midnight;
        result = compile_timed(compiler, &(struct timed_slot){start, until, date, NULL});
        start = until;
    }
    return result;
}

static int compile_slots(struct compiler *compiler, int64_t start, int64_t end)
{
    struct course course = {.at = start};
    int result = 0;
    for (size_t i = 0; result == 0 && i < compiler->slot_count; i++) {
        struct timed_slot slot = compiler->slots[i];
        slot.start = slot.start > course.at ? slot.start : course.at;
        slot.end = end_of(compiler, i, slot.start, &course);
        if (slot.end - slot.start < EVENT_MIN_FRAMES) {
            if (slot.day->kind != SLOT_BREAK) { /* breaks are there to be used up */
                tell(compiler, &compiler->slots[i], _("what is before or after it leaves no time"));
            }
            continue;
        }
        compiler->next = &compiler->slots[i];
        result = compile_gaps(compiler, course.at, slot.start);
        compiler->next = i + 1 < compiler->slot_count ? &compiler->slots[i + 1] : NULL;
        if (result == 0) {
            result = compile_timed(compiler, &slot);
        }
        course.at = slot.end;
    }
    compiler->next = NULL;
    return result < 0 ? result : compile_gaps(compiler, course.at, end);
}

static int find_origins(struct compiler *compiler)
{
    const struct frozen_days *frozen = compiler->input->frozen;
    const size_t count = frozen != NULL ? frozen->count : 0;
    compiler->origins = calloc(count + 1, sizeof(compiler->origins[0]));
    if (compiler->origins == NULL) {
        return -ENOMEM;
    }
    compiler->origins[compiler->origin_count++].timetable = compiler->input->timetable;
    for (size_t i = 0; i < count; i++) {
        compiler->origins[compiler->origin_count++].timetable = frozen->items[i].timetable;
    }
    return compile_fillers_find(compiler);
}

static int compile_all(struct compiler *compiler)
{
    const struct compile_input *input = compiler->input;
    /* Repeats reach into the next day: begin two days before. */
    const int64_t first = date_of(compiler, input->from) - 2;
    const int64_t last = date_of(compiler, input->to) + 1;
    int result = find_origins(compiler);
    if (result == 0) {
        result = resolve_days(compiler, first, last);
    }
    if (result < 0) {
        return result;
    }
    time_slots(compiler);
    return compile_slots(compiler, frame_of(compiler, first, 0), frame_of(compiler, last + 1, 0));
}

static int work(const struct compile_input *input, struct slot_visitor *visitor, struct plan **plan)
{
    const struct library_lengths lengths = library_lengths(input->library, input->profile->name);
    struct compiler compiler = {.input = input,
                                .cutter = {input->profile, &lengths.lengths, input->media},
                                .least_piece = cutter_least_piece(input->profile),
                                .plan = plan_create(),
                                .visitor = visitor};
    int result = -ENOMEM;
    if (compiler.plan != NULL) {
        compiler.plan->channel = strdup(input->timetable->channel);
        result = compiler.plan->channel != NULL ? compile_all(&compiler) : -ENOMEM;
    }
    for (size_t i = 0; i < compiler.day_count; i++) {
        day_finish(&compiler.days[i]);
    }
    free(compiler.days);
    free(compiler.slots);
    compile_fillers_finish(&compiler);
    free(compiler.origins);
    if (result < 0 || plan == NULL) {
        plan_destroy(compiler.plan);
        return result;
    }
    *plan = compiler.plan;
    return 0;
}

int compile(const struct compile_input *input, struct plan **plan)
{
    return work(input, NULL, plan);
}

int compile_survey(const struct compile_input *input, struct slot_visitor *visitor)
{
    return work(input, visitor, NULL);
}
