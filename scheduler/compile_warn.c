/* SPDX-License-Identifier: MIT */
/* compile_warn: what a timetable will meet in today's library. */
#include "scheduler/compile.h"
#include "scheduler/lesson_room.h"

#include "playout/intl.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMED_MOST = 20 }; /* `ketang ready --missing` lists all */

/* What is damaged is told by itself: planner_read_media(). */
static bool is_missing(const struct lesson *lesson, const struct library *library,
                       const struct profile *profile)
{
    return lesson->live == NULL &&
           library_find(library, profile->name, lesson->house_number) == NULL &&
           !library_is_damaged(library, profile->name, lesson->house_number);
}

static bool has_fillers(const struct timetable *timetable, const struct library *library,
                        const struct profile *profile)
{
    for (size_t i = 0; i < timetable->filler_count; i++) {
        const struct library_asset *asset =
            library_find(library, profile->name, timetable->fillers[i].house_number);
        if (asset != NULL && compile_is_filler(profile, asset)) {
            return true;
        }
    }
    return false;
}

size_t compile_lacks_media(const struct timetable *timetable, const struct library *library,
                           const struct profile *profile)
{
    size_t missing = 0;
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        if (is_missing(&timetable->lessons[i], library, profile)) {
            missing++;
        } else if (timetable->lessons[i].live == NULL) {
            return 0;
        }
    }
    for (size_t i = 0; i < timetable->filler_count; i++) {
        if (library_find(library, profile->name, timetable->fillers[i].house_number) != NULL) {
            return 0;
        }
    }
    return missing;
}

/* A warning without a place tells of all lessons: on the first day there are many. */
static void warn_of_missing(const struct timetable *timetable, const struct library *library,
                            const struct profile *profile, struct problems *problems)
{
    size_t missing = 0;
    char *names = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&names, &size);
    if (out == NULL) {
        return;
    }
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        if (is_missing(&timetable->lessons[i], library, profile)) {
            if (missing < NAMED_MOST) {
                fprintf(out, "%s%s", missing > 0 ? " " : "", timetable->lessons[i].house_number);
            }
            missing++;
        }
    }
    fputs(missing > NAMED_MOST ? " …" : "", out);
    fclose(out);
    if (missing > 0) {
        timetable_warn(timetable, problems, "missing-media", NULL,
                       ngettext("%zu lesson has no media yet, %s: %s",
                                "%zu lessons have no media yet, %s: %s", missing),
                       missing,
                       has_fillers(timetable, library, profile) ? _("fillers will air instead")
                                                                : _("the slate will air instead"),
                       names);
    }
    free(names);
}

/* By how many seconds media is longer than its place, rounded up; 0: it fits, or is not there. */
static long long too_long_by(const struct library *library, const struct profile *profile,
                             const struct lesson *lesson, int room)
{
    const struct library_asset *asset = library_find(library, profile->name, lesson->house_number);
    const int64_t more = asset != NULL ? asset->duration - (int64_t)room * FRAMES_PER_SECOND : 0;
    return more > 0 ? (more + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND : 0;
}

static void warn_if_long(const struct timetable *timetable, const struct period *period,
                         const struct lesson *lesson, const struct place *place, long long seconds,
                         struct problems *problems)
{
    if (seconds > 0 && period->fit.overrun != OVERRUN_RIPPLE) {
        timetable_warn(timetable, problems, "too-long", place,
                       _("'%s' is %lld s longer than its slot, '%s': its end will be cut; "
                         "'overrun' says otherwise"),
                       lesson->house_number, seconds, period->name);
    }
}

static void warn_of_long(const struct timetable *timetable, const struct library *library,
                         const struct profile *profile, struct problems *problems)
{
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        const struct lesson *lesson = &timetable->lessons[i];
        const struct period *period = NULL;
        const int room = lesson_room(timetable, lesson, &period);
        if (period != NULL) {
            warn_if_long(timetable, period, lesson, &lesson->place,
                         too_long_by(library, profile, lesson, room), problems);
        }
    }
}

static void warn_of_long_changes(const struct timetable *timetable, const struct library *library,
                                 const struct profile *profile, struct problems *problems)
{
    char length[WHEN_TEXT_SIZE];
    for (size_t i = 0; i < timetable->change_count; i++) {
        const struct change *change = &timetable->changes[i];
        const struct lesson *lesson = change->lesson;
        if (lesson != NULL && change->kind == CHANGE_CELL) {
            const struct period *period = &timetable->periods[change->period];
            warn_if_long(timetable, period, lesson, &change->place,
                         too_long_by(library, profile, lesson, period->end - period->start),
                         problems);
        } else if (lesson != NULL && change->kind == CHANGE_SPAN) {
            const int room = change->end - change->start;
            const long long seconds = too_long_by(library, profile, lesson, room);
            if (seconds > 0) {
                timetable_warn(timetable, problems, "too-long", &change->place,
                               _("'%s' is %lld s longer than the %s of this change: its end will "
                                 "be cut; give it a later 'end'"),
                               lesson->house_number, seconds, when_length_text(room, length));
            }
        }
    }
}

static void warn_of_fillers(const struct timetable *timetable, const struct library *library,
                            const struct profile *profile, struct problems *problems)
{
    const int64_t least = compile_filler_least(profile);
    for (size_t i = 0; i < timetable->filler_count; i++) {
        const struct filler *filler = &timetable->fillers[i];
        const struct library_asset *asset =
            library_find(library, profile->name, filler->house_number);
        if (asset == NULL && library_is_damaged(library, profile->name, filler->house_number)) {
            continue;
        }
        if (asset == NULL) {
            timetable_warn(timetable, problems, "missing-filler", &filler->place,
                           _("filler '%s' has no media yet: the slate airs instead"),
                           filler->house_number);
        } else if (!compile_is_filler(profile, asset)) {
            timetable_warn(timetable, problems, "unfit-filler", &filler->place,
                           _("'%s' cannot be used as a filler: ingest it as one (--kind filler), "
                             "at least %lld seconds long"),
                           filler->house_number,
                           (long long)(least + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND);
        }
    }
}

void compile_warn(const struct timetable *timetable, const struct library *library,
                  const struct profile *profile, struct problems *problems)
{
    warn_of_missing(timetable, library, profile, problems);
    /* Where nothing has been ingested, one warning is enough; but it must have been given. */
    if (compile_lacks_media(timetable, library, profile) == 0 ||
        timetable_accepts(timetable, "missing-media")) {
        warn_of_fillers(timetable, library, profile, problems);
    }
    warn_of_long(timetable, library, profile, problems);
    warn_of_long_changes(timetable, library, profile, problems);
}
