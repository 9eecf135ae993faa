/* SPDX-License-Identifier: MIT */
#include "tools/import_numbers.h"

#include "playout/intl.h"

#include <stdio.h>

enum { SHOWN_MOST = 12 };

/* The new ones: with what stood there, where that is gone. */
static void list_fresh(const struct import *import, const struct import_output *output,
                       size_t fresh)
{
    size_t shown = 0;
    bool has_before = false;
    for (size_t i = 0; i < import->lesson_count && shown < SHOWN_MOST; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        if (lesson->keeps_number || !import_airs_lesson(import, output, i)) {
            continue;
        }
        shown++;
        if (lesson->before != NULL) {
            fprintf(stderr, _("  %s %s, new; %s stood there\n"), lesson->house_number,
                    import_lesson_title(lesson), lesson->before);
            has_before = true;
        } else {
            fprintf(stderr, _("  %s %s, new\n"), lesson->house_number, import_lesson_title(lesson));
        }
    }
    if (fresh > shown) {
        fprintf(stderr, _("  … and %zu more new ones\n"), fresh - shown);
    }
    if (has_before) {
        fputs(_("Files and signatures stay with the numbers that stood there. Where it is the same "
                "lesson, and only its title has changed, write its old number in place of the new "
                "one, in lessons and grid of the file.\n"),
              stderr);
    }
}

void import_numbers_tell(const struct import *import, const struct import_output *output)
{
    size_t kept = 0;
    size_t fresh = 0;
    size_t untitled = 0;
    size_t beside = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        if (import_airs_lesson(import, output, i)) {
            kept += lesson->keeps_number;
            fresh += !lesson->keeps_number;
            untitled += lesson->keeps_number && lesson->title == NULL;
            beside += lesson->is_beside;
        }
    }
    if (kept + fresh > 0) {
        fprintf(stderr,
                _("House numbers: %zu kept by the lessons that had them, with their files and "
                  "signatures; %zu new.\n"),
                kept, fresh);
    }
    list_fresh(import, output, fresh);
    if (beside > 0) {
        fprintf(stderr,
                ngettext("Of those that keep them %zu is not listed again, for it stands in the "
                         "timetable of the channel.\n",
                         "Of those that keep them %zu are not listed again, for they stand in the "
                         "timetable of the channel.\n",
                         beside),
                beside);
    }
    if (untitled > 0) {
        fprintf(stderr,
                _("Of those that keep them %zu have no title: if one is another lesson than "
                  "before, the old file would air. Give it a title in the sheet, and import it "
                  "again.\n"),
                untitled);
    }
}
