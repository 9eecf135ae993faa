/* SPDX-License-Identifier: MIT */
#include "tools/status_alarms.h"

#include "playout/intl.h"
#include "tools/scheduler_status.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void print_alarm(FILE *out, const char *channel, const json_t *alarm)
{
    const char *text = text_of(alarm, "text");
    if (channel != NULL) {
        fprintf(out, _("! %s: %s\n"), channel, text != NULL ? text : "?");
    } else {
        fprintf(out, "! %s\n", text != NULL ? text : "?");
    }
}

/* "substituted:12" is of the kind "substituted". */
static bool is_of_kind(const json_t *alarm, const char *kind)
{
    const char *key = text_of(alarm, "alarm");
    const size_t length = strlen(kind);
    return key != NULL && strncmp(key, kind, length) == 0 &&
           (key[length] == '\0' || key[length] == ':');
}

/* Of no channel, and of the air; what else the engine has, as of the station file, is the rest. */
static const char *const engine_alarms[] = {"rehearsal", "clock_unsynchronised", "clock_stepped",
                                            "output"};

/*
 * What is on the air now is not what it should be; the plan has ended, or soon will; the signal was
 * away a while ago, which is over.
 */
static const char *const air_alarms[] = {"off_air",   "muted",       "slate_fault", "no_plan",
                                         "plan_ends", "substituted", "interrupted"};

/* The next hour or two may not be. */
static const char *const coming_alarms[] = {"plan_refused", "media_missing", "stand_in"};

enum {
    ENGINE_ALARMS = sizeof(engine_alarms) / sizeof(engine_alarms[0]),
    AIR_ALARMS = sizeof(air_alarms) / sizeof(air_alarms[0]),
    COMING_ALARMS = sizeof(coming_alarms) / sizeof(coming_alarms[0]),
};

static bool is_one_of(const json_t *alarm, const char *const *kinds, size_t count)
{
    bool is = false;
    for (size_t i = 0; !is && i < count; i++) {
        is = is_of_kind(alarm, kinds[i]);
    }
    return is;
}

/* Prints up to `most` alarms of a kind (NULL: those of none above); how many there are. */
static size_t print_kind(FILE *out, const json_t *channels, const char *kind, size_t most)
{
    size_t count = 0;
    size_t index = 0;
    const json_t *channel = NULL;
    json_array_foreach(channels, index, channel)
    {
        size_t which = 0;
        const json_t *alarm = NULL;
        json_array_foreach(json_object_get(channel, "alarms"), which, alarm)
        {
            const bool is_meant = kind != NULL
                                      ? is_of_kind(alarm, kind)
                                      : !is_one_of(alarm, air_alarms, AIR_ALARMS) &&
                                            !is_one_of(alarm, coming_alarms, COMING_ALARMS);
            if (is_meant && count++ < most) {
                print_alarm(out, text_of(channel, "name"), alarm);
            }
        }
    }
    return count;
}

/* Lessons make many of some kinds: not all of them are told. */
static void print_kinds(FILE *out, const json_t *channels, const char *const *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const bool is_of_lessons = strcmp(kinds[i], "substituted") == 0 ||
                                   strcmp(kinds[i], "media_missing") == 0 ||
                                   strcmp(kinds[i], "stand_in") == 0;
        const size_t most = is_of_lessons ? STATUS_LESSONS_MOST : SIZE_MAX;
        const size_t found = print_kind(out, channels, kinds[i], most);
        if (found > most) {
            fprintf(out, _("! … and %zu more of that kind: `ketang ready --missing`\n"),
                    found - most);
        }
    }
}

/* Those of no channel: of the air, or the rest. */
static void print_engine(FILE *out, const json_t *answer, bool of_air)
{
    size_t index = 0;
    const json_t *alarm = NULL;
    json_array_foreach(json_object_get(answer, "alarms"), index, alarm)
    {
        if (is_one_of(alarm, engine_alarms, ENGINE_ALARMS) == of_air) {
            print_alarm(out, NULL, alarm);
        }
    }
}

void status_alarms_print(FILE *out, const json_t *answer, const json_t *scheduler)
{
    const json_t *channels = json_object_get(answer, "channels");
    print_engine(out, answer, true);
    size_t wrong = scheduler_status_print_air(out, scheduler);
    print_kinds(out, channels, air_alarms, AIR_ALARMS);
    wrong += scheduler_status_print_coming(out, scheduler);
    print_kinds(out, channels, coming_alarms, COMING_ALARMS);
    (void)print_kind(out, channels, NULL, SIZE_MAX);
    print_engine(out, answer, false);
    scheduler_status_print_rest(out, scheduler, wrong);
}
