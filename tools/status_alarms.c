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

/* Which lessons make many of: told last, and not all of them. */
static const char *const lesson_alarms[] = {"media_missing", "stand_in", "substituted"};

enum { LESSON_ALARMS = sizeof(lesson_alarms) / sizeof(lesson_alarms[0]) };

static bool is_of_lessons(const json_t *alarm)
{
    for (size_t i = 0; i < LESSON_ALARMS; i++) {
        if (is_of_kind(alarm, lesson_alarms[i])) {
            return true;
        }
    }
    return false;
}

/* Prints up to `most` alarms of a kind (NULL: those of no lessons); how many there are. */
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
            const bool is_meant = kind != NULL ? is_of_kind(alarm, kind) : !is_of_lessons(alarm);
            if (is_meant && count++ < most) {
                print_alarm(out, text_of(channel, "name"), alarm);
            }
        }
    }
    return count;
}

static void print_lesson_alarms(FILE *out, const json_t *channels, const char *kind)
{
    const size_t count = print_kind(out, channels, kind, STATUS_LESSONS_MOST);
    if (count > STATUS_LESSONS_MOST) {
        fprintf(out, _("! … and %zu more of that kind: `ketang ready --missing`\n"),
                count - STATUS_LESSONS_MOST);
    }
}

void status_alarms_print(FILE *out, const json_t *answer, const json_t *scheduler)
{
    const json_t *channels = json_object_get(answer, "channels");
    size_t index = 0;
    const json_t *alarm = NULL;
    json_array_foreach(json_object_get(answer, "alarms"), index, alarm)
    {
        print_alarm(out, NULL, alarm);
    }
    const size_t wrong = scheduler_status_print_station(out, scheduler);
    (void)print_kind(out, channels, NULL, SIZE_MAX);
    for (size_t i = 0; i < LESSON_ALARMS; i++) {
        print_lesson_alarms(out, channels, lesson_alarms[i]);
    }
    scheduler_status_print_lessons(out, scheduler, wrong);
}
