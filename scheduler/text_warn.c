/* SPDX-License-Identifier: MIT */
#include "scheduler/text_warn.h"

#include "playout/intl.h"
#include "playout/si_text.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    CHARACTERS_MOST = 8, /* of one text; more need not be told */
    UTF8_LONGEST = 4,
};

struct warner {
    struct si_text *text;
    const char *path;
    struct problems *problems;
};

static void put_character(FILE *out, uint32_t code)
{
    if (code < 0x80) {
        fputc((int)code, out);
        return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    const uint32_t first = more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0;
    fputc((int)(first | code >> 6 * more), out);
    for (int i = more - 1; i >= 0; i--) {
        fputc((int)(0x80 | (code >> 6 * i & 0x3f)), out);
    }
}

/* "龑 → □, ..." in the caller's heap; NULL out of memory. */
static char *list_text(const struct si_replaced *list, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; out != NULL && i < count; i++) {
        fputs(i > 0 ? ", " : "", out);
        put_character(out, list[i].character);
        fprintf(out, " → %s", list[i].with[0] != '\0' ? list[i].with : _("nothing"));
    }
    if (out == NULL || fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static void check(const struct warner *warner, int line, const char *utf8)
{
    struct si_replaced list[CHARACTERS_MOST];
    const size_t count =
        utf8 != NULL ? si_text_replaced(warner->text, utf8, list, CHARACTERS_MOST) : 0;
    char *text = count > 0 ? list_text(list, count) : NULL;
    if (text != NULL) {
        problems_warn(warner->problems, "charset", warner->path, line, 0,
                      _("the network's charset lacks characters of '%s'; viewers see instead: %s"),
                      utf8, text);
    }
    free(text);
}

static void check_at(struct warner *warner, const struct place *place, const char *utf8)
{
    warner->path = place->file->path;
    check(warner, place->line, utf8);
}

void text_warn_timetable(const struct timetable *timetable, const struct network *network,
                         struct problems *problems)
{
    struct warner warner = {.text = si_text_create(network->text), .problems = problems};
    for (size_t i = 0; warner.text != NULL && i < timetable->lesson_count; i++) {
        const struct lesson *lesson = &timetable->lessons[i];
        check_at(&warner, &lesson->place, lesson->grade);
        check_at(&warner, &lesson->place, lesson->subject);
        check_at(&warner, &lesson->place, lesson->title);
        check_at(&warner, &lesson->place, lesson->teacher);
        check_at(&warner, &lesson->place, lesson->school);
    }
    for (size_t i = 0; warner.text != NULL && i < timetable->fixture_count; i++) {
        check_at(&warner, &timetable->fixtures[i].place, timetable->fixtures[i].name);
    }
    for (size_t i = 0; warner.text != NULL && i < timetable->filler_count; i++) {
        check_at(&warner, &timetable->fillers[i].place, timetable->fillers[i].title);
    }
    si_text_destroy(warner.text);
}

void text_warn_station(const struct station *station, struct problems *problems)
{
    const struct warner warner = {si_text_create(station->network.text), station->path, problems};
    if (warner.text != NULL) {
        check(&warner, 0, station->network.name);
        check(&warner, 0, station->network.bouquet);
    }
    for (size_t i = 0; warner.text != NULL && i < station_service_count(station); i++) {
        const struct service *service = station_service_at(station, i);
        check(&warner, 0, service->title);
        check(&warner, 0, service->provider);
    }
    si_text_destroy(warner.text);
}
