/* SPDX-License-Identifier: MIT */
/* compile_slot: what airs in a slot, and what people read of it. */
#include "scheduler/compile_private.h"

#include "playout/intl.h"
#include "playout/zone.h"

#include <stdio.h>
#include <string.h>

/* --- What people read -------------------------------------------------------------- */

static bool is_accessible(enum accessibility access, bool is_repeat)
{
    return access == ACCESS_ALWAYS || (access == ACCESS_REPEAT && is_repeat);
}

static void write_text(struct programme *programme, const struct lesson *lesson, bool is_repeat)
{
    char *text = programme->text;
    const char *before = is_repeat ? "重播" : "";
    text[0] = '\0';
    if (lesson->teacher[0] != '\0') {
        snprintf(text, COMPILE_TEXT_SIZE, "%s%s授课教师：%s%s%s%s", before, is_repeat ? "，" : "",
                 lesson->teacher, lesson->school[0] != '\0' ? "（" : "", lesson->school,
                 lesson->school[0] != '\0' ? "）" : "");
    } else {
        snprintf(text, COMPILE_TEXT_SIZE, "%s", before);
    }
    /* Whoever needs it shall know that there will be one. */
    if (!is_repeat && lesson->subtitles == ACCESS_REPEAT) {
        strncat(text, text[0] != '\0' ? "，重播带字幕" : "重播带字幕",
                COMPILE_TEXT_SIZE - strlen(text) - 1);
    }
    if (!is_repeat && lesson->sign_language == ACCESS_REPEAT) {
        strncat(text, text[0] != '\0' ? "，重播带手语" : "重播带手语",
                COMPILE_TEXT_SIZE - strlen(text) - 1);
    }
}

static void describe_lesson(struct programme *programme, const struct lesson *lesson,
                            bool is_repeat)
{
    programme->lesson = lesson;
    programme->has_subtitles = is_accessible(lesson->subtitles, is_repeat);
    programme->is_signed = is_accessible(lesson->sign_language, is_repeat);
    timetable_lesson_title(lesson, programme->title, COMPILE_TEXT_SIZE);
    write_text(programme, lesson, is_repeat);
}

static void set_source(struct programme *programme, const struct place *place,
                       const struct place *moved)
{
    const bool is_moved = moved != NULL && moved->file != NULL &&
                          (moved->file != place->file || moved->line != place->line);
    const int length =
        snprintf(programme->source, COMPILE_TEXT_SIZE, "%s:%d", place->file->name, place->line);
    if (is_moved && length > 0 && length < COMPILE_TEXT_SIZE) {
        snprintf(programme->source + length, COMPILE_TEXT_SIZE - (size_t)length, " %s:%d",
                 moved->file->name, moved->line);
    }
}

/* What all events of a slot share. */
static struct programme programme_of(const struct timed_slot *slot)
{
    const struct day_slot *day = slot->day;
    struct programme programme = {.number = slot->start,
                                  .topic = day->fit.topic,
                                  .reason = day->reason,
                                  .is_fixed = day->is_fixed};
    set_source(&programme, &day->place, &day->moved);
    if (day->lesson != NULL) {
        describe_lesson(&programme, day->lesson, day->kind == SLOT_REPEAT);
    } else {
        snprintf(programme.title, COMPILE_TEXT_SIZE, "%s", day->name);
    }
    if (day->kind == SLOT_LESSON && day->source != slot->date) {
        programme.timetable_day = when_day_chinese(civil_weekday(day->source));
    }
    return programme;
}

/* --- Media ------------------------------------------------------------------------------ */

/* Why a lesson's media does not air. */
static const char *absence(enum media_state state)
{
    switch (state) {
    case MEDIA_LATE:
        return _("the lesson's media came too late for this slot");
    case MEDIA_UNAPPROVED:
        return _("the lesson's media is not approved yet");
    case MEDIA_DAMAGED:
        return _("the lesson's media is damaged");
    default:
        return _("the lesson's media is not there yet");
    }
}

/* What was chosen, or the fillers. */
static int air_choice(struct compiler *compiler, const struct programme *programme,
                      const struct timed_slot *slot, const struct slot_choice *choice)
{
    const struct fitting fitting = compile_fitting(slot, choice);
    const struct span span = {slot->start, slot->end};
    return fitting.asset != NULL ? compile_fit(compiler, programme, &fitting, span)
                                 : compile_fill(compiler, programme, span);
}

/* Where no live source can be taken, what stands in for it airs. */
static int compile_live(struct compiler *compiler, struct programme *programme,
                        const struct timed_slot *slot, const struct slot_choice *choice)
{
    const struct day_slot *day = slot->day;
    const int64_t planned = (int64_t)day->media * FRAMES_PER_SECOND;
    const int64_t most = day->media > 0 && slot->start + planned < slot->end
                             ? cutter_grid_up(compiler->input->profile, slot->start + planned)
                             : slot->end;
    if (choice->substitute.asset != NULL) {
        programme->reason = _("the live source cannot be taken");
        programme->instead_of = day->lesson->house_number;
        return air_choice(compiler, programme, slot, choice);
    }
    const struct span live = {slot->start, slot->end - most < EVENT_MIN_FRAMES ? slot->end : most};
    const struct plan_event event = {.start = live.start,
                                     .duration = live.end - live.start,
                                     .kind = EVENT_LIVE,
                                     .house_number = day->lesson->house_number,
                                     .live = day->lesson->live,
                                     .asset = "",
                                     .reason = programme->reason};
    const int result = compile_emit(compiler, programme, &event);
    return result < 0 ? result
                      : compile_fill(compiler, programme, (struct span){live.end, slot->end});
}

static int compile_lesson(struct compiler *compiler, const struct timed_slot *slot)
{
    struct programme programme = programme_of(slot);
    const struct slot_choice choice = compile_choose(compiler, slot);
    if (choice.own.state == MEDIA_LIVE) {
        return compile_live(compiler, &programme, slot, &choice);
    }
    if (choice.own.asset == NULL) {
        programme.reason = absence(choice.own.state);
        programme.instead_of = slot->day->lesson->house_number;
    }
    return air_choice(compiler, &programme, slot, &choice);
}

static int compile_break(struct compiler *compiler, const struct timed_slot *slot)
{
    const struct day_slot *day = slot->day;
    const struct slot_choice choice = compile_choose(compiler, slot);
    struct programme programme = programme_of(slot);
    if (day->kind == SLOT_RELAY && choice.own.asset == NULL) {
        const struct plan_event event = {.start = slot->start,
                                         .duration = slot->end - slot->start,
                                         .kind = EVENT_LIVE,
                                         .asset = ""};
        return compile_emit(compiler, &programme, &event);
    }
    if (choice.own.state == MEDIA_MISSING || choice.own.state == MEDIA_DAMAGED) {
        programme.instead_of = day->house_number;
        programme.reason = choice.own.state == MEDIA_DAMAGED
                               ? _("the media of the break is damaged")
                               : _("the media of the break is not there yet");
    }
    return air_choice(compiler, &programme, slot, &choice);
}

/* --- One after the other ------------------------------------------------------------------ */

static void describe_item(struct programme *programme, const struct day_slot *day,
                          const struct rotation_item *item, int64_t at)
{
    *programme = (struct programme){.number = at, .topic = day->fit.topic};
    set_source(programme, &day->place, &day->moved);
    if (item->lesson != NULL) {
        describe_lesson(programme, item->lesson, true);
    } else {
        snprintf(programme->title, COMPILE_TEXT_SIZE, "%s", day->name);
    }
}

static int compile_rotation(struct compiler *compiler, const struct timed_slot *slot)
{
    const struct day_slot *day = slot->day;
    const struct rotation_item *item = NULL;
    struct programme programme = {0};
    struct rotation_walk walk = {.at = slot->start};
    struct fitting fitting;
    int result = 0;
    while ((item = compile_rotate(compiler, slot, &walk, &fitting)) != NULL) {
        describe_item(&programme, day, item, walk.at);
        result = compile_air(compiler, &programme, &fitting, &walk.at, slot->end);
        if (result < 0) {
            return result;
        }
    }
    const int64_t at = walk.at;
    if (at == slot->start || !day->loops) {
        programme = programme_of(slot);
        programme.number = at;
        programme.title[0] = '\0';
        programme.reason = at == slot->start ? _("no lesson to repeat has media") : NULL;
    }
    return compile_fill(compiler, &programme, (struct span){at, slot->end});
}

static int compile_gap(struct compiler *compiler, const struct timed_slot *slot)
{
    const struct filler *filler = compiler->origin->fillers[0].first;
    struct programme programme = {.number = slot->start, .reason = _("nothing is planned")};
    const struct place head = {compiler->origin->timetable->file, 1, 0};
    if (filler != NULL && filler->title != NULL) {
        snprintf(programme.title, COMPILE_TEXT_SIZE, "%s", filler->title);
    }
    set_source(&programme, filler != NULL ? &filler->place : &head, NULL);
    return compile_fill(compiler, &programme, (struct span){slot->start, slot->end});
}

int compile_slot(struct compiler *compiler, const struct timed_slot *slot)
{
    if (slot->end <= compiler->input->from || slot->start >= compiler->input->to) {
        return 0;
    }
    if (slot->day == NULL) {
        return compile_gap(compiler, slot);
    }
    if (slot->day->kind == SLOT_ROTATION) {
        return compile_rotation(compiler, slot);
    }
    return slot->day->lesson != NULL ? compile_lesson(compiler, slot)
                                     : compile_break(compiler, slot);
}
