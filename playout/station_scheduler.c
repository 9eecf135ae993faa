/* SPDX-License-Identifier: MIT */
/* station_scheduler: what the scheduler alone looks at. */
#include "playout/station_inner.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAGES_MOST = 9, HOURS_A_DAY = 24, MINUTES_AN_HOUR = 60 };

enum { CUTOFF_MINUTES = 15, CUTOFF_MOST = 24 * MINUTES_AN_HOUR };

static void read_freeze(const struct settings *place, struct scheduler_settings *scheduler)
{
    int hour = 0;
    int minute = 0;
    int length = 0;
    char *text = settings_text(place, "freeze");
    if (text == NULL) {
        return;
    }
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &length) == 2 && text[length] == '\0' &&
        strspn(text, "0123456789:") == strlen(text) && hour < HOURS_A_DAY &&
        minute < MINUTES_AN_HOUR) {
        scheduler->has_freeze = true;
        scheduler->freeze_minute = hour * MINUTES_AN_HOUR + minute;
    } else {
        settings_complain(place, "freeze", _("a time of day as in \"18:00\""));
    }
    free(text);
}

static void read_cards(const struct settings *place, struct card_rules *cards)
{
    static const char *const KEYS[] = {"templates", NULL};
    settings_check_keys(place, KEYS);
    if (settings_has(place, "templates")) {
        cards->templates = settings_text(place, "templates");
    }
}

static void read_group(const struct settings *place, struct scheduler_settings *scheduler)
{
    static const char *const KEYS[] = {
        "store", "approval_stages", "approval_alone", "freeze", "cutoff_minutes", "cards", NULL};
    struct settings cards;
    settings_check_keys(place, KEYS);
    if (settings_has(place, "store")) {
        scheduler->store = settings_text(place, "store");
    }
    scheduler->approval_stages =
        (int)settings_integer_or(place, "approval_stages", 0, STAGES_MOST, 0);
    scheduler->is_alone_allowed = settings_switch_or(place, "approval_alone", true);
    scheduler->cutoff_minutes =
        (int)settings_integer_or(place, "cutoff_minutes", 0, CUTOFF_MOST, CUTOFF_MINUTES);
    if (settings_has(place, "cards") && settings_descend(place, "cards", &cards)) {
        read_cards(&cards, &scheduler->cards);
    }
    if (settings_has(place, "freeze")) {
        read_freeze(place, scheduler);
    }
}

int station_read_scheduler(const struct settings *root, struct station *station)
{
    struct scheduler_settings *scheduler = &station->scheduler;
    struct settings place;
    scheduler->is_alone_allowed = true;
    scheduler->cutoff_minutes = CUTOFF_MINUTES;
    if (settings_has(root, "scheduler") && settings_descend(root, "scheduler", &place)) {
        read_group(&place, scheduler);
    }
    if (scheduler->store == NULL && station->state != NULL &&
        asprintf(&scheduler->store, "%s/ketang.db", station->state) < 0) {
        scheduler->store = NULL;
        return -ENOMEM;
    }
    return 0;
}
