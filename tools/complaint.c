/* SPDX-License-Identifier: MIT */
#include "tools/complaint.h"

#include "playout/intl.h"
#include "playout/station_names.h"
#include "scheduler/when.h"
#include "tools/civil_time.h"
#include "tools/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

bool complaint_knows_channel(const char *command, const struct station *station,
                             const char *channel)
{
    char text[STATION_NAMES_SIZE];
    const bool is_known = station_service(station, channel) != NULL;
    if (!is_known) {
        fprintf(stderr, _("ketang %s: %s\n"), command,
                station_names_complain(station, channel, text));
    }
    return is_known;
}

bool complaint_swapped(const char *command, const struct station *station, const char *channel,
                       const char *after)
{
    const bool is_swapped = after != NULL && station_service(station, channel) == NULL &&
                            station_service(station, after) != NULL;
    if (is_swapped) {
        fprintf(stderr, _("ketang %s: the channel comes first: ketang %s %s %s …\n"), command,
                command, after, channel);
    }
    return is_swapped;
}

int complaint_stray(const char *command, int argc, char **argv, int first)
{
    if (first >= argc) {
        return 0;
    }
    fprintf(stderr, _("ketang %s: leave out '%s'.\n"), command, argv[first]);
    return -EINVAL;
}

int complaint_option(const char *command, const char *word, const char *option)
{
    fprintf(stderr, _("ketang %s: leave out '%s', or write --%s %s.\n"), command, word, option,
            word);
    return -EINVAL;
}

int complaint_read_date(const char *command, const struct zone *zone, const char *text,
                        int64_t *date)
{
    const int result = when_date_said(text, zone_date(zone, time(NULL)), date);
    if (result == -ERANGE) {
        fprintf(stderr, _("ketang %s: the calendar has no day '%s'.\n"), command, text);
    } else if (result < 0) {
        fprintf(
            stderr,
            _("ketang %s: '%s' is no day; write it as 2026-11-23 or 11月23日, or say yesterday, "
              "today, tomorrow, \"next Monday\", 下周一.\n"),
            command, text);
    }
    return result < 0 ? -EINVAL : 0;
}

int complaint_read_time(const char *command, const char *time_zone, const char *text,
                        int64_t *seconds)
{
    const int result = civil_time_parse(text, time_zone, seconds);
    if (result == -EDOM) {
        fprintf(stderr, _("ketang %s: the calendar has no day '%s'.\n"), command, text);
    } else if (result < 0 || *seconds < DAY_SECONDS) { /* no station is so old */
        fprintf(stderr,
                _("ketang %s: '%s' is no time; write it as 10:20, \"tomorrow 10:20\" or "
                  "2026-11-23T10:20:00.\n"),
                command, text);
    }
    return result < 0 || *seconds < DAY_SECONDS ? -EINVAL : 0;
}

const char *complaint_silence(int result)
{
    return result == -EACCES || result == -EPERM
               ? _("you may not ask it; use sudo, or join the group ketang (`sudo adduser NAME "
                   "ketang`, then log in anew)")
           : result == -EAGAIN ? _("it hangs, or the machine is too busy")
                               : strerror(-result);
}

int complaint_usage(const char *command)
{
    fprintf(stderr, _("See: ketang help %s\n"), command);
    return COMMAND_USAGE;
}
