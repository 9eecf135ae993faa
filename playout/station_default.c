/* SPDX-License-Identifier: MIT */
/* station_default: which station file is meant when none is named. */
#include "playout/station.h"

#include <stdlib.h>
#include <unistd.h>

const char *station_default_path(void)
{
    static const char *const places[] = {"schedules/station.cfg", "/etc/ketang/station.cfg"};
    const char *named = getenv("KETANG_STATION");

    if (named != NULL && named[0] != '\0') {
        return named;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (access(places[i], F_OK) == 0) {
            return places[i];
        }
    }
    return places[0];
}
