/* SPDX-License-Identifier: MIT */
#include "scheduler/submit_take.h"

#include "playout/intl.h"
#include "scheduler/store/store_as_run.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By the file's own name and its row. */
static bool find_number(const struct submit_desk *desk, const struct submit_request *request,
                        struct submit_taking *taking)
{
    struct film_said said;
    film_said_by_name(request->film.path, &said);
    if (request->row != NULL) {
        film_list_say(request->row, &said);
    }
    submit_desk_match(desk, &said, &taking->match);
    if (taking->match.verdict != FILM_SURE) {
        return false;
    }
    snprintf(taking->house_number, sizeof(taking->house_number), "%s",
             taking->match.candidates[0].lesson->house_number);
    return true;
}

/* What a film's row says of people and rights holds where nothing else was said. */
static void take_row(const struct film_row *row, struct submit_film *film)
{
    const char *const said[] = {row->said[FILM_COLUMN_TITLE], row->said[FILM_COLUMN_SCHOOL],
                                row->said[FILM_COLUMN_TEACHER], row->consent};
    const char **const texts[] = {&film->title, &film->school, &film->teacher, &film->consent};
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        *texts[i] = (*texts[i])[0] == '\0' ? said[i] : *texts[i];
    }
}

enum { AIRED_SIZE = 200 };

/* "2026-11-27, zhangdian", when it has had its first run, and else "". */
static int find_first_run(const struct submit_request *request, const char *house_number,
                          char aired[AIRED_SIZE])
{
    struct store_rows rows = {0};
    const int result =
        request->insists ? 0 : store_as_run_first(request->store, house_number, &rows);
    aired[0] = '\0';
    if (result == 0 && rows.count > 0) {
        const struct store_as_run_line line = store_as_run_at(&rows, 0);
        char date[WHEN_TEXT_SIZE];
        snprintf(aired, AIRED_SIZE, "%s, %s", when_date_text(line.date, date), line.channel);
    }
    store_rows_finish(&rows);
    return result;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

void submit_take(struct submit_desk *desk, const struct submit_request *request,
                 struct submit_taking *taking)
{
    memset(taking, 0, sizeof(*taking));
    taking->film = request->film;
    if (!submit_is_film(name_of(request->film.path))) {
        taking->outcome = SUBMIT_FAILED;
        taking->error = -EINVAL;
        snprintf(taking->answer.text, sizeof(taking->answer.text), "%s",
                 _("by its name it is no film: export it as MP4, or give it the ending it should "
                   "have"));
        return;
    }
    if (request->house_number != NULL) {
        snprintf(taking->house_number, sizeof(taking->house_number), "%s", request->house_number);
    } else if (!find_number(desk, request, taking)) {
        taking->outcome = SUBMIT_ASKED;
        return;
    }
    struct submit_film *film = &taking->film;
    if (request->row != NULL) {
        take_row(request->row, film);
    }
    char *subtitles =
        film->subtitles != NULL ? strdup(film->subtitles) : submit_subtitles_beside(film->path);
    if (subtitles != NULL) {
        const char *slash = strrchr(subtitles, '/');
        snprintf(taking->subtitles, sizeof(taking->subtitles), "%s",
                 slash != NULL ? slash + 1 : subtitles);
        film->subtitles = subtitles;
        film->subtitles_name = taking->subtitles;
    }
    film->reserve_bytes = submit_desk_reserve_bytes(desk);
    film->house_number = taking->house_number;
    film->due_count = submit_desk_dues(desk, taking->house_number, request->only, &film->dues);
    char aired[AIRED_SIZE];
    taking->error = find_first_run(request, taking->house_number, aired);
    film->aired = aired[0] != '\0' ? aired : NULL;
    if (taking->error < 0) {
        snprintf(taking->answer.text, sizeof(taking->answer.text), "%s",
                 store_error(request->store));
    }
    taking->error = taking->error < 0
                        ? taking->error
                        : submit_film(request->store, request->media, film, &taking->answer);
    taking->outcome = taking->error < 0         ? SUBMIT_FAILED
                      : taking->answer.is_known ? SUBMIT_KNOWN
                                                : SUBMIT_TAKEN;
    film->subtitles = NULL; /* these go with this call */
    film->aired = NULL;
    free(subtitles);
}
