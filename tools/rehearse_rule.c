/* SPDX-License-Identifier: MIT */
#include "tools/rehearse_rule.h"

#include "playout/intl.h"
#include "playout/reasons.h"
#include "playout/text_same.h"
#include "scheduler/text_width.h"

#include <string.h>

enum {
    REASONS_MOST = 12,
    REASON_SIZE = 160,
};

const struct as_run_record *rehearse_moved_to(const struct channel_day *day,
                                              const struct planned_programme *programme)
{
    enum { SOON = 6 * 3600 * FRAMES_PER_SECOND };
    for (size_t i = 0; i < day->line_count && programme->house_number != NULL; i++) {
        const struct as_run_record *record = &day->lines[i].record;
        if (record->amendment != 0 && record->house_number != NULL &&
            record->kind == programme->event->kind && record->start > programme->from &&
            record->start < programme->from + SOON &&
            strcmp(record->house_number, programme->house_number) == 0) {
            return record;
        }
    }
    return NULL;
}

int64_t rehearse_moved_end(const struct channel_day *day, const struct as_run_record *moved)
{
    int64_t end = moved->end;
    for (size_t i = 0; i < day->line_count; i++) {
        const struct as_run_record *record = &day->lines[i].record;
        if (record->start == end && record->amendment == moved->amendment &&
            record->kind == moved->kind && text_same(record->house_number, moved->house_number)) {
            end = record->end;
        }
    }
    return end;
}

const char *rehearse_rule(const struct planned_programme *programme,
                          const struct as_run_record *moved)
{
    if (moved != NULL && programme->status != PROGRAMME_AS_PLANNED) {
        return _("moved by an order");
    }
    switch (programme->status) {
    case PROGRAMME_AS_PLANNED:
        return programme->frames[CLASS_SUBSTITUTED] > 0 ? _("its substitute") : NULL;
    case PROGRAMME_LATE:
        return _("late");
    case PROGRAMME_CUT:
        return _("cut short");
    case PROGRAMME_REPLACED:
        return programme->frames[CLASS_SUBSTITUTED] > 0 ? _("its substitute")
               : programme->frames[CLASS_CHANGED] > 0   ? _("changed by a later plan")
                                                        : _("replaced");
    case PROGRAMME_NOT_AIRED:
        return _("fillers instead");
    case PROGRAMME_OFF_AIR:
        return _("off the air");
    case PROGRAMME_MUTED:
        return _("muted");
    default:
        return _("not recorded");
    }
}

const char *rehearse_reason_at(const struct channel_day *day, int64_t frame)
{
    for (size_t i = 0; i < day->line_count; i++) {
        const struct as_run_record *record = &day->lines[i].record;
        if (record->start <= frame && frame < record->end) {
            return record->reason;
        }
    }
    return NULL;
}

/* --- What fillers stand in for --------------------------------------------------------------- */

/* How many programmes, and why; the last of them is for all further reasons. */
struct tally {
    const char *reason;
    size_t length;
    size_t count;
};

struct tallies {
    struct tally items[REASONS_MOST];
    size_t count;
    size_t filled;
    size_t programmes;
};

static void add_reason(struct tallies *tallies, const char *reasons)
{
    const char *next = NULL;
    const char *reason = reasons != NULL ? reasons : _("no reason is recorded");
    const size_t length = reasons_first(reason, &next);
    size_t i = 0;
    while (i < tallies->count && (tallies->items[i].length != length ||
                                  strncmp(tallies->items[i].reason, reason, length) != 0)) {
        i++;
    }
    if (i == REASONS_MOST) {
        i--;
    } else if (i == tallies->count) {
        tallies->items[tallies->count++] = (struct tally){.reason = reason, .length = length};
    }
    if (i == REASONS_MOST - 1) {
        tallies->items[i].reason = _("other reasons");
        tallies->items[i].length = strlen(tallies->items[i].reason);
    }
    tallies->items[i].count++;
}

/* A card, or an ident, is planned too, but nobody asks how many of those air. */
static bool is_presentation(const struct planned_programme *programme)
{
    return programme->event->kind == EVENT_CARD || programme->event->kind == EVENT_IDENT;
}

static void count_filled(struct tallies *tallies, const struct channel_day *day)
{
    for (size_t i = 0; i < day->comparison.programme_count; i++) {
        const struct planned_programme *programme = &day->comparison.programmes[i];
        if (programme->is_begun_before || is_presentation(programme)) {
            continue;
        }
        tallies->programmes++;
        if (programme->status == PROGRAMME_NOT_AIRED && rehearse_moved_to(day, programme) == NULL) {
            tallies->filled++;
            add_reason(tallies, rehearse_reason_at(day, programme->from));
        }
    }
}

void rehearse_tell_filled(FILE *out, const struct rehearse_outcome *outcome)
{
    struct tallies tallies = {0};
    char text[REASONS_MOST * REASON_SIZE];
    size_t length = 0;
    for (size_t d = 0; d < outcome->count; d++) {
        count_filled(&tallies, &outcome->days[d]);
    }
    if (tallies.filled == 0) {
        return;
    }
    for (size_t i = 0; i < tallies.count && length < sizeof(text); i++) {
        const struct tally *tally = &tallies.items[i];
        length +=
            (size_t)snprintf(text + length, sizeof(text) - length, "%s%.*s %zu",
                             i > 0 ? _("; ") : "", (int)tally->length, tally->reason, tally->count);
    }
    (void)text_whole(text);
    fprintf(out,
            _("But %zu of %zu programmes air filler instead: %s. "
              "`ketang ready --missing --days 14` says what is wanted.\n"),
            tallies.filled, tallies.programmes, text);
}
