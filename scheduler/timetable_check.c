/* SPDX-License-Identifier: MIT */
/*
 * timetable_check: what is wrong with a timetable as a whole.
 *
 * Every day of its terms is resolved as it would air, so that what swapped
 * days, weeks and changes bring together is found, too.  Without terms two
 * weeks stand for all.
 */
#include "scheduler/day.h"
#include "scheduler/timetable_private.h"

#include "playout/intl.h"
#include "playout/zone.h"

#include <stdlib.h>
#include <string.h>

enum {
    REPORTS_MOST = 200, /* of a kind; a timetable with more needs no longer list */
};

/* Two lines that were told of already. */
struct pair {
    const void *a;
    const void *b;
};

struct check {
    const struct timetable *timetable;
    struct problems *problems;
    struct pair told[REPORTS_MOST];
    size_t told_count;
    bool *used_lessons;
    bool *used_periods;
    int empty_minutes; /* of the first week */
    int first_empty;   /* minute of the week */
    bool has_first_week;
    int64_t first_week; /* the first one with lessons */
};

/* True the first time. */
static bool is_new(struct check *check, const void *a, const void *b)
{
    for (size_t i = 0; i < check->told_count; i++) {
        if (check->told[i].a == a && check->told[i].b == b) {
            return false;
        }
    }
    if (check->told_count == REPORTS_MOST) {
        return false;
    }
    check->told[check->told_count++] = (struct pair){a, b};
    return true;
}

/* "Monday", or "2020-02-17, Monday" when the timetable knows dates. */
static const char *date_text(const struct check *check, int64_t date, char text[64])
{
    char iso[WHEN_TEXT_SIZE];
    const bool has_dates = check->timetable->calendar != NULL || date > SAMPLE_MONDAY + SAMPLE_DAYS;
    snprintf(text, 64, "%s%s%s", has_dates ? when_date_text(date, iso) : "",
             has_dates ? _(", ") : "", when_day_name(civil_weekday(date)));
    return text;
}

/* What stands for a slot's line: rows and rules are told once, whatever the day. */
static const void *line_of(const struct check *check, const struct day_slot *slot)
{
    return slot->period < check->timetable->period_count
               ? (const void *)&check->timetable->periods[slot->period]
               : (const void *)(uintptr_t)(slot->place.line * 4096 + slot->place.column);
}

/* --- Overlaps ------------------------------------------------------------------------ */

static struct place place_of(const struct check *check, const struct day_slot *slot)
{
    return slot->period < check->timetable->period_count
               ? check->timetable->periods[slot->period].place
               : slot->place;
}

static void complain_overlap(struct check *check, const struct day_slot *a,
                             const struct day_slot *b, int64_t date)
{
    char clocks[4][WHEN_TEXT_SIZE];
    char day[64];
    struct place first = place_of(check, a);
    struct place second = place_of(check, b);
    if (first.file == second.file && first.line > second.line) {
        const struct day_slot *other = a;
        const struct place place = first;
        a = b;
        b = other;
        first = second;
        second = place;
    }
    if (!is_new(check, line_of(check, a), line_of(check, b))) {
        return;
    }
    problems_add(check->problems, PROBLEM_ERROR, second.file->path, second.line, 0,
                 _("'%s' (%s to %s) overlaps '%s' (%s to %s, line %d) on %s; change one of the "
                   "times"),
                 b->name, when_clock_text(b->start, clocks[0]), when_clock_text(b->end, clocks[1]),
                 a->name, when_clock_text(a->start, clocks[2]), when_clock_text(a->end, clocks[3]),
                 first.line, date_text(check, date, day));
}

/* Slots are in order of start: whoever begins before another's end overlaps it. */
static void check_overlaps(struct check *check, const struct day *day)
{
    const struct day_slot *longest = NULL;
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (longest != NULL && slot->start < longest->end) {
            complain_overlap(check, longest, slot, day->date);
        }
        longest = longest == NULL || slot->end > longest->end ? slot : longest;
    }
}

/* What goes beyond midnight, against the next day. */
static void check_night(struct check *check, const struct day *day, const struct day *next)
{
    for (size_t i = 0; i < day->count; i++) {
        struct day_slot night = day->slots[i];
        night.start = night.start > DAY_SECONDS ? night.start - DAY_SECONDS : 0;
        night.end -= DAY_SECONDS;
        for (size_t k = 0; night.end > 0 && k < next->count; k++) {
            const struct day_slot *slot = &next->slots[k];
            if (night.start < slot->end && slot->start < night.end && !slot->is_fixed) {
                complain_overlap(check, &night, slot, next->date);
            }
        }
    }
}

/* --- Media that is too long ------------------------------------------------------------ */

/* Where the media of the last repeat of a rule ends. */
static int last_end(const struct day *day, const struct repeat_rule *rule)
{
    int end = 0;
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (slot->kind == SLOT_REPEAT && slot->place.line == rule->place.line) {
            const int room = slot->end - slot->start;
            const int media = rule->fit.overrun == OVERRUN_RIPPLE
                                  ? lesson_longest(slot->lesson, slot->media)
                                  : slot->media;
            const int last = slot->start + (media > 0 ? media : room);
            end = last > end ? last : end;
        }
    }
    return end;
}

/* The same if the rule rippled, as far as it needs to. */
static int ripple_end(const struct timetable *timetable, const struct repeat_rule *rule,
                      int64_t date)
{
    struct timetable copy = *timetable;
    struct repeat_rule *rules = calloc(timetable->repeat_count, sizeof(rules[0]));
    struct day day = {0};
    int end = 0;
    if (rules == NULL) {
        return 0;
    }
    memcpy(rules, timetable->repeats, timetable->repeat_count * sizeof(rules[0]));
    struct repeat_rule *rippling = &rules[rule - timetable->repeats];
    rippling->fit.overrun = OVERRUN_RIPPLE;
    rippling->fit.ripple_most = DAY_SECONDS;
    copy.repeats = rules;
    if (day_resolve(&copy, date, NULL, &day) == 0) {
        end = last_end(&day, rippling);
    }
    day_finish(&day);
    free(rules);
    return end;
}

static const struct repeat_rule *rule_of(const struct timetable *timetable,
                                         const struct day_slot *slot)
{
    for (size_t i = 0; i < timetable->repeat_count; i++) {
        if (timetable->repeats[i].place.line == slot->place.line) {
            return &timetable->repeats[i];
        }
    }
    return NULL;
}

static void warn_of_long_repeat(struct check *check, const struct day *day,
                                const struct day_slot *slot)
{
    char clocks[3][WHEN_TEXT_SIZE];
    char lengths[3][WHEN_TEXT_SIZE];
    char text[64];
    const struct repeat_rule *rule = rule_of(check->timetable, slot);
    const int longest = lesson_longest(slot->lesson, slot->media);
    const int planned = slot->media > 0 ? slot->media : slot->end - slot->start;
    if (rule == NULL || !is_new(check, rule, slot->lesson)) {
        return;
    }
    timetable_warn(check->timetable, check->problems, "too-long", &slot->place,
                   _("'%s' may last %s and does not fit the %s of its repeat '%s' on %s at %s: it "
                     "would be cut; with 'overrun: ripple' the last repeat ends at %s instead of "
                     "%s, with 'overrun: trim' it is cut at %s"),
                   slot->lesson->house_number, when_length_text(longest, lengths[0]),
                   when_length_text(slot->end - slot->start, lengths[1]), slot->name,
                   date_text(check, day->date, text), when_clock_text(slot->start, clocks[0]),
                   when_clock_text(ripple_end(check->timetable, rule, day->date), clocks[1]),
                   when_clock_text(last_end(day, rule), clocks[2]),
                   when_length_text(planned, lengths[2]));
}

static void warn_of_long(struct check *check, const struct day *day)
{
    char lengths[2][WHEN_TEXT_SIZE];
    char text[64];
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (slot->lesson == NULL || slot->fit.overrun != OVERRUN_CUT ||
            lesson_longest(slot->lesson, slot->media) <= slot->end - slot->start) {
            continue;
        }
        if (slot->kind == SLOT_REPEAT) {
            warn_of_long_repeat(check, day, slot);
        } else if (is_new(check, slot->lesson, line_of(check, slot))) {
            timetable_warn(check->timetable, check->problems, "too-long", &slot->place,
                           _("'%s' may last %s, and '%s' on %s has only %s: it would be cut"),
                           slot->lesson->house_number,
                           when_length_text(lesson_longest(slot->lesson, slot->media), lengths[0]),
                           slot->name, date_text(check, day->date, text),
                           when_length_text(slot->end - slot->start, lengths[1]));
        }
    }
}

static void warn_of_left_out(struct check *check, const struct day *day)
{
    char text[64];
    for (size_t i = 0; i < day->left_out_count; i++) {
        const struct left_out *left = &day->left_out[i];
        if (is_new(check, left->rule, left->lesson)) {
            timetable_warn(check->timetable, check->problems, "repeat-left-out", &left->rule->place,
                           _("there is no room to repeat '%s' on %s; move 'until' or make 'pitch' "
                             "shorter"),
                           left->lesson->house_number, date_text(check, day->date, text));
        }
    }
}

/* --- What is never used ------------------------------------------------------------------ */

static void mark_used(struct check *check, const struct day *day)
{
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (slot->lesson != NULL) {
            check->used_lessons[slot->lesson - check->timetable->lessons] = true;
        }
        if (slot->period < check->timetable->period_count) {
            check->used_periods[slot->period] = true;
        }
    }
}

static void count_empty(struct check *check, bool *minutes)
{
    check->first_empty = -1;
    for (int i = DAYS_PER_WEEK * 1440 - 1; i >= 0; i--) {
        check->empty_minutes += !minutes[i];
        check->first_empty = minutes[i] ? check->first_empty : i;
    }
}

/* One week stands for all. */
static void look_for_gaps(struct check *check)
{
    bool *minutes = calloc(DAYS_PER_WEEK * 1440, sizeof(bool));
    for (int i = 0; minutes != NULL && i <= DAYS_PER_WEEK; i++) {
        struct day day;
        /* The day before Monday airs into its small hours: Sunday, as in any week but the first. */
        const int base = (i - 1) * 1440;
        const int weekday = (i + DAYS_PER_WEEK - 1) % DAYS_PER_WEEK;
        if (day_resolve(check->timetable, check->first_week + weekday, NULL, &day) == 0) {
            for (size_t k = 0; k < day.count; k++) {
                const int from = base + day.slots[k].start / 60;
                const int to = base + (day.slots[k].end + 59) / 60;
                for (int at = from < 0 ? 0 : from; at < to && at < DAYS_PER_WEEK * 1440; at++) {
                    minutes[at] = true;
                }
            }
        }
        day_finish(&day);
    }
    if (minutes != NULL) {
        count_empty(check, minutes);
    }
    free(minutes);
}

static void warn_of_gaps(struct check *check)
{
    char clock[WHEN_TEXT_SIZE];
    const struct timetable *timetable = check->timetable;
    if (!check->has_first_week) {
        return;
    }
    look_for_gaps(check);
    if (check->empty_minutes > 0) {
        timetable_warn(timetable, check->problems, "unplanned-time", NULL,
                       _("nothing is planned in %d minutes of the week, the first at %s %s: %s"),
                       check->empty_minutes, when_day_name(check->first_empty / 1440),
                       when_clock_text(check->first_empty % 1440 * 60, clock),
                       timetable->filler_count > 0
                           ? _("fillers will air there")
                           : _("the slate will air there, for 'fillers' is empty"));
    }
}

/* --- Names that must be known -------------------------------------------------------------- */

static void check_names(const struct check *check)
{
    const struct timetable *timetable = check->timetable;
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        const struct lesson *lesson = &timetable->lessons[i];
        if (lesson->after != NULL && timetable_lesson(timetable, lesson->after) == NULL) {
            timetable_warn(timetable, check->problems, "unknown-lesson", &lesson->place,
                           _("'after: %s' names no lesson of this channel"), lesson->after);
        }
        if (lesson->substitute != NULL && strcmp(lesson->substitute, lesson->house_number) == 0) {
            problems_add(check->problems, PROBLEM_ERROR, lesson->place.file->path,
                         lesson->place.line, 0, _("lesson '%s' is its own substitute"),
                         lesson->house_number);
        }
    }
}

static bool is_topic(const struct timetable *timetable, const char *topic)
{
    for (size_t i = 0; i < timetable->filler_count; i++) {
        if (timetable->fillers[i].topic != NULL &&
            strcmp(timetable->fillers[i].topic, topic) == 0) {
            return true;
        }
    }
    return topic == NULL;
}

static void check_topic(const struct check *check, const char *topic, const struct place *place)
{
    if (topic != NULL && !is_topic(check->timetable, topic)) {
        problems_add(check->problems, PROBLEM_ERROR, place->file->path, place->line, 0,
                     _("'fillers' has no topic '%s'"), topic);
    }
}

static void check_topics(const struct check *check)
{
    const struct timetable *timetable = check->timetable;
    for (size_t i = 0; i < timetable->period_count; i++) {
        check_topic(check, timetable->periods[i].fit.topic, &timetable->periods[i].place);
    }
    for (size_t i = 0; i < timetable->fixture_count; i++) {
        check_topic(check, timetable->fixtures[i].fit.topic, &timetable->fixtures[i].place);
    }
    for (size_t i = 0; i < timetable->repeat_count; i++) {
        check_topic(check, timetable->repeats[i].fit.topic, &timetable->repeats[i].place);
    }
}

static void check_layers(const struct check *check)
{
    const struct timetable *timetable = check->timetable;
    const bool has_terms = timetable->calendar != NULL && timetable->calendar->term_count > 0;
    for (size_t i = 0; i < timetable->layer_count && !has_terms; i++) {
        const struct grid_layer *layer = &timetable->layers[i];
        if (!layer->is_term) {
            problems_add(check->problems, PROBLEM_ERROR, layer->place.file->path, layer->place.line,
                         0, _("weeks are counted in a term: name a 'calendar' that has 'terms'"));
            return;
        }
    }
}

/* --- All days --------------------------------------------------------------------------------- */

static bool has_lesson(const struct day *day)
{
    size_t index = 0;
    while (index < day->count && day->slots[index].kind != SLOT_LESSON) {
        index++;
    }
    return index < day->count;
}

static void check_day(struct check *check, int64_t date)
{
    struct day day;
    struct day next;
    if (day_resolve(check->timetable, date, NULL, &day) == 0) {
        check_overlaps(check, &day);
        warn_of_long(check, &day);
        warn_of_left_out(check, &day);
        mark_used(check, &day);
        if (!check->has_first_week && has_lesson(&day)) {
            check->has_first_week = true;
            check->first_week = monday_of(date);
        }
    }
    if (day.count > 0 && day_resolve(check->timetable, date + 1, NULL, &next) == 0) {
        check_night(check, &day, &next);
        day_finish(&next);
    }
    day_finish(&day);
}

static void check_days(struct check *check)
{
    const struct timetable *timetable = check->timetable;
    const struct calendar *calendar = timetable->calendar;
    for (size_t i = 0; calendar != NULL && i < calendar->term_count; i++) {
        const struct term *term = &calendar->terms[i];
        for (int k = 0; k < term->weeks * DAYS_PER_WEEK; k++) {
            check_day(check, term->week_1 + k);
        }
    }
    for (int i = 0; (calendar == NULL || calendar->term_count == 0) && i < SAMPLE_DAYS; i++) {
        check_day(check, SAMPLE_MONDAY + i);
    }
    for (size_t i = 0; i < timetable->change_count; i++) {
        check_day(check, timetable->changes[i].date);
    }
    for (size_t i = 0; i < timetable->dates.count; i++) {
        check_day(check, timetable->dates.items[i].first);
    }
}

void timetable_check(const struct timetable *timetable, struct problems *problems)
{
    struct check check = {
        .timetable = timetable,
        .problems = problems,
        .used_lessons = calloc(timetable->lesson_count + 1, sizeof(bool)),
        .used_periods = calloc(timetable->period_count + 1, sizeof(bool)),
    };
    const size_t errors = problems->errors;
    check_layers(&check);
    check_names(&check);
    check_topics(&check);
    if (problems->errors == errors && check.used_lessons != NULL && check.used_periods != NULL) {
        check_days(&check);
        warn_of_gaps(&check);
        timetable_warn_of_unused(timetable, check.used_lessons, check.used_periods, problems);
        timetable_warn_of_swapped(timetable, problems);
        timetable_warn_of_covered(timetable, problems);
    }
    free(check.used_lessons);
    free(check.used_periods);
}
