/* SPDX-License-Identifier: MIT */
#include "tools/approve_repeats.h"

#include "playout/intl.h"
#include "scheduler/planner_ready.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is repeated all night belongs to the day before, up to the first lesson of the next. */
enum { NIGHT_END_S = 48 * 3600 };

/* Index of a house number; repeats->count: it is not there. */
static size_t find(const struct approve_repeats *repeats, const char *house_number)
{
    size_t i = 0;
    while (i < repeats->count && strcmp(repeats->house_numbers[i], house_number) != 0) {
        i++;
    }
    return i;
}

static int add_airing(struct approve_repeats *repeats, const struct approve_airing *airing)
{
    struct approve_airing *grown =
        realloc(repeats->airings, (repeats->airing_count + 1) * sizeof(repeats->airings[0]));
    if (grown == NULL) {
        return -ENOMEM;
    }
    repeats->airings = grown;
    grown[repeats->airing_count++] = *airing;
    return 0;
}

static int add(struct approve_repeats *repeats, const char *house_number)
{
    if (approve_repeats_has(repeats, house_number)) {
        return 0;
    }
    char **grown =
        realloc(repeats->house_numbers, (repeats->count + 1) * sizeof(repeats->house_numbers[0]));
    if (grown == NULL) {
        return -ENOMEM;
    }
    repeats->house_numbers = grown;
    grown[repeats->count] = strdup(house_number);
    if (grown[repeats->count] == NULL) {
        return -ENOMEM;
    }
    repeats->count++;
    return 0;
}

static int add_day(const struct planner *planner, const struct station *station, int64_t date,
                   int64_t midnight_ms, struct approve_repeats *repeats)
{
    struct ready_board board = {0};
    int result = 0;
    for (size_t i = 0; result == 0 && i < station_service_count(station); i++) {
        result = planner_ready(planner, station_service_at(station, i), midnight_ms,
                               midnight_ms + NIGHT_END_S * 1000LL, &board);
    }
    ready_sort(&board);
    for (size_t i = 0; result == 0 && i < board.count; i++) {
        const struct ready_row *row = &board.rows[i];
        if (row->run == READY_REPEAT && row->date == date) {
            const int64_t end_ms = row->end * 1000 / FRAMES_PER_SECOND;
            repeats->end_ms = end_ms > repeats->end_ms ? end_ms : repeats->end_ms;
            result = add(repeats, row->house_number);
            const struct approve_airing airing = {find(repeats, row->house_number), row->channel,
                                                  row->start};
            result = result == 0 ? add_airing(repeats, &airing) : result;
        }
    }
    ready_finish(&board);
    return result;
}

int approve_repeats_find(const struct station *station, const struct zone *zone, int64_t date,
                         int64_t now_ms, struct approve_repeats *repeats, struct problems *problems)
{
    struct planner *planner = NULL;
    struct civil civil = {0};
    civil_date(date, &civil);
    int result = planner_create(station, &planner);
    if (result == 0) {
        result = planner_load_timetables(planner, problems);
    }
    if (result == 0) {
        result = planner_read_media(planner, problems);
    }
    if (result == 0) {
        result = planner_open_signoff(planner, now_ms, problems);
    }
    if (result == 0) {
        result = add_day(planner, station, date, zone_from_civil(zone, &civil) * 1000, repeats);
    }
    repeats->is_whole = result == 0 && problems->errors == 0;
    planner_destroy(planner);
    return result;
}

void approve_repeats_finish(struct approve_repeats *repeats)
{
    for (size_t i = 0; i < repeats->count; i++) {
        free(repeats->house_numbers[i]);
    }
    free(repeats->house_numbers);
    free(repeats->airings);
    *repeats = (struct approve_repeats){0};
}

bool approve_repeats_has(const struct approve_repeats *repeats, const char *house_number)
{
    return find(repeats, house_number) < repeats->count;
}

void approve_repeats_tell_rest(FILE *out, const struct approve_repeats *repeats,
                               const struct store_approval *approval, int signed_files,
                               size_t early)
{
    if (repeats->count == 0) {
        fprintf(out, _("By the timetables nothing is repeated on %s.\n"), approval->run);
    } else if (signed_files == 0) {
        fprintf(out,
                _("Of the %zu lessons repeated on %s none waits for stage %d; `ketang ready` tells "
                  "what each one lacks.\n"),
                repeats->count, approval->run, approval->stage);
    }
    if (early > 0) {
        fprintf(out,
                _("Of the %zu lessons %zu wait for their first run: sign all stages of that "
                  "first.\n"),
                repeats->count, early);
    }
}

void approve_repeats_print(FILE *out, const struct approve_repeats *repeats,
                           const struct zone *zone, const char *house_number)
{
    enum { SHOWN_MOST = 8, MINUTE_AT = 16 };
    const size_t wanted = find(repeats, house_number);
    size_t count = 0;
    for (size_t i = 0; i < repeats->airing_count; i++) {
        const struct approve_airing *airing = &repeats->airings[i];
        char time[ZONE_TEXT_SIZE];
        if (airing->house_number != wanted || ++count > SHOWN_MOST) {
            continue;
        }
        if (count == 1) {
            fprintf(out, _("%s is repeated: "), house_number);
        }
        fprintf(out, "%s%s %.*s", count > 1 ? _(", ") : "", airing->channel, MINUTE_AT,
                zone_frame_text(zone, airing->start, time));
    }
    if (count > SHOWN_MOST) {
        fprintf(out, _(" … (%zu more)"), count - SHOWN_MOST);
    }
    if (count > 0) {
        fputs("\n", out);
    }
}
