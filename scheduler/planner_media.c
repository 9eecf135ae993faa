/* SPDX-License-Identifier: MIT */
/* planner_media: what there is to air, and whether the folder of it is there at all. */
#include "scheduler/planner_private.h"

#include "playout/intl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool planner_lacks_library(const struct planner *planner)
{
    return planner->is_media_away && !planner->has_library;
}

static bool names_media(const struct plan *plan)
{
    bool is_named = plan->filler_count > 0;
    for (size_t i = 0; i < plan->event_count && !is_named; i++) {
        is_named = plan->events[i].asset[0] != '\0';
    }
    return is_named;
}

/*
 * True when the latest plan of a channel airs media: then there was some.  The
 * answer is kept, for while the folder is away it is wanted all the time.
 */
static bool had_media(struct planner *planner)
{
    const struct station *station = planner->station;
    for (size_t i = 0; i < station_service_count(station) && !planner->had_media; i++) {
        struct plan *plan = NULL;
        if (planner_latest(planner, station_service_at(station, i), &plan) == 0) {
            planner->had_media = names_media(plan);
        }
        plan_destroy(plan);
    }
    return planner->had_media;
}

static void complain(const struct station *station, int result, struct problems *problems)
{
    if (result == -ENOENT && access(station->media, F_OK) == 0) {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     _("the media folder \"%s\" is empty, and what is planned was in it: mount its "
                       "disk, or correct 'media' in the station file; if the files are lost, "
                       "ingest them again"),
                     station->media);
    } else {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     _("the media folder \"%s\" cannot be read: %s; nothing of it can air until it "
                       "can: mount its disk, or correct 'media' in the station file"),
                     station->media, strerror(-result));
    }
}

static void warn_of_damage(const struct planner *planner, struct problems *problems)
{
    const struct library_asset *asset = NULL;
    for (size_t i = 0; (asset = library_damaged(planner->library, i)) != NULL; i++) {
        problems_add(problems, PROBLEM_WARNING, planner->station->media, 0, 0,
                     _("the media of '%s' (%s) is damaged, %.12s….mp4 has another length than when "
                       "it was made: it does not air; ingest it again: ketang ingest --profile %s "
                       "--house-number %s FILE"),
                     asset->house_number, asset->profile, asset->sha256, asset->profile,
                     asset->house_number);
    }
}

int planner_read_media(struct planner *planner, struct problems *problems)
{
    struct library *fresh = NULL;
    int result = library_load(planner->station->media, &fresh);
    if (result == 0 && !library_has_records(fresh) && had_media(planner)) {
        result = -ENOENT; /* the mount point of a disk that is away is there, and empty */
    }
    planner->is_media_away = result < 0;
    if (result == 0) {
        library_destroy(planner->library);
        planner->library = fresh;
        planner->has_library = true;
        warn_of_damage(planner, problems);
        return 0;
    }
    library_destroy(fresh);
    if (result != -ENOMEM) {
        complain(planner->station, result, problems);
    }
    return result;
}
