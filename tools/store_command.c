/* SPDX-License-Identifier: MIT */
#include "tools/store_command.h"

#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/signoff.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int store_command_station(struct store_command *command, const char *station_path)
{
    struct problems problems;
    problems_init(&problems);
    int result = station_load(station_path, &command->station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    if (result == 0) {
        result = zone_open(command->station->time_zone, &command->zone);
        if (result < 0) {
            fprintf(stderr, _("%s: the time zone %s cannot be read: %s.\n"), command->name,
                    command->station->time_zone, strerror(-result));
        }
    }
    return result;
}

int store_command_store(struct store_command *command, enum store_opening opening)
{
    struct problems problems;
    problems_init(&problems);
    const int result =
        store_open(command->station->scheduler.store, opening, &command->store, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    return result;
}

int store_command_open(struct store_command *command, const char *station_path,
                       enum store_opening opening)
{
    struct problems problems;
    int result = store_command_station(command, station_path);
    if (result < 0) {
        return result;
    }
    problems_init(&problems);
    result = signoff_check_store(command->station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    return result == 0 ? store_command_store(command, opening) : result;
}

int store_command_signoff(struct store_command *command)
{
    struct problems problems;
    const int64_t today = zone_date(command->zone, store_command_now_ms() / 1000);
    problems_init(&problems);
    const int result =
        signoff_load(command->store, command->station, today, &command->signoff, &problems);
    problems_finish(&problems); /* the scheduler tells them */
    return result < 0 ? store_command_complain(command, result) : 0;
}

void store_command_close(struct store_command *command)
{
    signoff_destroy(command->signoff);
    store_close(command->store);
    zone_close(command->zone);
    station_destroy(command->station);
}

int store_command_complain(const struct store_command *command, int result)
{
    const char *text = store_error(command->store);
    fprintf(stderr, _("%s: %s.\n"), command->name, text[0] != '\0' ? text : strerror(-result));
    return result;
}

int64_t store_command_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int store_command_check_date(const struct store_command *command, int64_t date, int64_t now_ms)
{
    char text[STORE_DATE_SIZE];
    struct civil civil;
    zone_to_civil(command->zone, now_ms / 1000, &civil);
    const int64_t days = civil_days(civil.year, civil.month, civil.day) - date;
    const int seconds = civil.hour * 3600 + civil.minute * 60 + civil.second;
    if (days * DAY_SECONDS + seconds < CLOCK_MOST) {
        return 0;
    }
    fprintf(stderr, _("%s: %s is over, what aired stays as it was; name today or a later day.\n"),
            command->name, store_date_text(date, text));
    return -ERANGE;
}

const char *store_command_time(const struct store_command *command, int64_t time_ms,
                               char text[STORE_COMMAND_TIME_SIZE])
{
    char whole[ZONE_TEXT_SIZE];
    zone_frame_text(command->zone, time_ms / (1000 / FRAMES_PER_SECOND), whole);
    snprintf(text, STORE_COMMAND_TIME_SIZE, "%.16s", whole);
    return text;
}
