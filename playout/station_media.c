/* SPDX-License-Identifier: MIT */
/* station_media: the group `media`, how much stays free; the engine does not look at it. */
#include "playout/station_inner.h"

#include "playout/intl.h"

#include <stddef.h>

enum {
    RESERVE_MB = 2048,
    WARN_MB = 10240,
    MB_MOST = 1 << 30,
};

#define BYTES_PER_MB INT64_C(1000000)

static void read_group(const struct settings *place, struct media_settings *media)
{
    static const char *const KEYS[] = {"reserve_mb", "warn_mb", NULL};
    settings_check_keys(place, KEYS);
    const int64_t reserve = settings_integer_or(place, "reserve_mb", 0, MB_MOST, RESERVE_MB);
    const int64_t otherwise = reserve > WARN_MB ? reserve : WARN_MB;
    const int64_t warn = settings_integer_or(place, "warn_mb", 0, MB_MOST, otherwise);
    if (warn < reserve) {
        settings_complain(place, "warn_mb", _("at least as much as 'reserve_mb'"));
    }
    media->reserve_bytes = reserve * BYTES_PER_MB;
    media->warn_bytes = warn * BYTES_PER_MB;
}

void station_read_media(const struct settings *root, struct station *station)
{
    struct settings place;
    station->keeping = (struct media_settings){.reserve_bytes = RESERVE_MB * BYTES_PER_MB,
                                               .warn_bytes = WARN_MB * BYTES_PER_MB};
    if (settings_has(root, "media") && settings_descend(root, "media", &place)) {
        read_group(&place, &station->keeping);
    }
}
