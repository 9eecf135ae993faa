/* SPDX-License-Identifier: MIT */
/* compile_warn: what a timetable will meet in today's library. */
#include "scheduler/compile.h"

#include "playout/intl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One warning for all lessons without media: on the first day there are many. */
static void warn_of_missing(const char *path, const struct timetable *timetable,
                            const struct library *library, const struct profile *profile,
                            struct problems *problems)
{
    size_t missing = 0;
    char *names = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&names, &size);
    if (out == NULL) {
        return;
    }
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        const char *house_number = timetable->lessons[i].house_number;
        if (library_find(library, profile->name, house_number) == NULL) {
            fprintf(out, "%s%s", missing > 0 ? " " : "", house_number);
            missing++;
        }
    }
    fclose(out);
    if (missing > 0) {
        problems_add(problems, PROBLEM_WARNING, path, 0, 0,
                     ngettext("%zu lesson has no media yet, a filler will air instead: %s",
                              "%zu lessons have no media yet, fillers will air instead: %s",
                              missing),
                     missing, names);
    }
    free(names);
}

static void warn_of_long(const char *path, const struct timetable *timetable,
                         const struct library *library, const struct profile *profile,
                         struct problems *problems)
{
    for (size_t i = 0; i < timetable->slot_count; i++) {
        const struct week_slot *slot = &timetable->slots[i];
        const char *number = slot->lesson != NULL ? slot->lesson->house_number : slot->house_number;
        const struct library_asset *asset =
            number != NULL ? library_find(library, profile->name, number) : NULL;
        const int64_t room = (int64_t)(slot->end - slot->start) * 60 * FRAMES_PER_SECOND;
        if (asset != NULL && asset->duration > room) {
            const int64_t seconds =
                (asset->duration - room + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND;
            problems_add(problems, PROBLEM_WARNING, path, slot->line, 0,
                         _("'%s' is %lld s longer than its slot on %s, '%s': its end will be cut"),
                         number, (long long)seconds, timetable_day_name(slot->day), slot->name);
        }
    }
}

static void warn_of_fillers(const char *path, const struct timetable *timetable,
                            const struct library *library, const struct profile *profile,
                            struct problems *problems)
{
    const int64_t least = compile_filler_least(profile);
    for (size_t i = 0; i < timetable->filler_count; i++) {
        const struct filler *filler = &timetable->fillers[i];
        const struct library_asset *asset =
            library_find(library, profile->name, filler->house_number);
        if (asset == NULL) {
            problems_add(problems, PROBLEM_WARNING, path, filler->line, 0,
                         _("filler '%s' has no media yet: the slate airs instead"),
                         filler->house_number);
        } else if (!library_is_cut_anywhere(asset) || asset->duration < least) {
            problems_add(problems, PROBLEM_WARNING, path, filler->line, 0,
                         _("'%s' cannot be used as a filler: ingest it as one (--kind filler), "
                           "at least %lld seconds long"),
                         filler->house_number,
                         (long long)(least + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND);
        }
    }
}

void compile_warn(const char *path, const struct timetable *timetable,
                  const struct library *library, const struct profile *profile,
                  struct problems *problems)
{
    warn_of_missing(path, timetable, library, profile, problems);
    warn_of_fillers(path, timetable, library, profile, problems);
    warn_of_long(path, timetable, library, profile, problems);
}
