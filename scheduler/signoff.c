/* SPDX-License-Identifier: MIT */
#include "scheduler/signoff.h"

#include "playout/intl.h"
#include "scheduler/freezing.h"
#include "scheduler/store/store_clearance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_BACK = 2 }; /* compile.c looks back as far */

struct signoff {
    const struct clearance *clearance; /* NULL: nothing needs approval */
    struct store_clearance *approvals; /* owned; may be NULL */
    struct frozen_days *channels;      /* as the station's services */
    size_t channel_count;
};

/* --- A store in which nothing has been signed -------------------------------------------- */

static bool never(const struct clearance *self, const struct airing *airing)
{
    (void)self;
    (void)airing;
    return false;
}

static const struct clearance nothing_signed = {never};

/* --- Reading --------------------------------------------------------------------------------- */

/* Reads the texts of a closed day; 0 also when they are not good any more. */
static int load_day(struct store *store, const struct station *station,
                    const struct store_freeze *freeze, struct frozen_days *days,
                    struct problems *problems)
{
    struct problems found;
    struct store_rows rows;
    struct timetable *timetable = NULL;
    char date[STORE_DATE_SIZE];
    int result = store_frozen_files(store, freeze->channel, freeze->date, &rows);
    if (result < 0) {
        return result;
    }
    struct store_file *files = calloc(rows.count + 1, sizeof(files[0]));
    for (size_t i = 0; files != NULL && i < rows.count; i++) {
        files[i] = store_frozen_file_at(&rows, i);
    }
    problems_init(&found);
    result = files != NULL ? freezing_timetable(files, rows.count, station, &timetable, &found)
                           : -ENOMEM;
    if (result == 0) {
        days->items[days->count++] = (struct frozen_day){freeze->date, timetable};
    } else if (result != -ENOMEM) {
        problems_add(problems, PROBLEM_WARNING, freeze->channel, 0, 0,
                     _("the list of %s that was closed cannot be read any more (%s); that day is "
                       "made from the files as they are"),
                     store_date_text(freeze->date, date),
                     found.count > 0 ? found.items[0].text : strerror(-result));
        result = 0;
    }
    problems_finish(&found);
    free(files);
    store_rows_finish(&rows);
    return result;
}

static int load_channel(struct store *store, const struct station *station, size_t channel,
                        int64_t from, struct frozen_days *days, struct problems *problems)
{
    struct store_rows rows;
    int result =
        store_freeze_in_force(store, station_service_at(station, channel)->name, from, &rows);
    if (result < 0) {
        return result;
    }
    days->items = calloc(rows.count + 1, sizeof(days->items[0]));
    result = days->items != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        const struct store_freeze freeze = store_freeze_at(&rows, i);
        result = load_day(store, station, &freeze, days, problems);
    }
    store_rows_finish(&rows);
    return result;
}

static int load_all(struct signoff *signoff, struct store *store, const struct station *station,
                    int64_t today, struct problems *problems)
{
    const struct approval_rule rule = {station->scheduler.approval_stages,
                                       station->scheduler.is_alone_allowed};
    int result = 0;
    if (rule.stages > 0) {
        result = store_clearance_create(store, &rule, &signoff->approvals);
    }
    if (result == 0 && signoff->approvals != NULL) {
        signoff->clearance = store_clearance_view(signoff->approvals);
    }
    for (size_t i = 0; result == 0 && i < signoff->channel_count; i++) {
        result =
            load_channel(store, station, i, today - DAYS_BACK, &signoff->channels[i], problems);
    }
    return result;
}

static struct signoff *create(const struct station *station)
{
    struct signoff *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return NULL;
    }
    fresh->channel_count = station_service_count(station);
    fresh->channels = calloc(fresh->channel_count + 1, sizeof(fresh->channels[0]));
    if (fresh->channels == NULL) {
        free(fresh);
        return NULL;
    }
    if (station->scheduler.approval_stages > 0) {
        fresh->clearance = &nothing_signed;
    }
    return fresh;
}

int signoff_load(struct store *store, const struct station *station, int64_t today,
                 struct signoff **signoff, struct problems *problems)
{
    struct signoff *fresh = create(station);
    if (fresh == NULL) {
        return -ENOMEM;
    }
    int result = store_begin_reading(store);
    if (result == 0) {
        result = store_end(store, load_all(fresh, store, station, today, problems));
    }
    if (result < 0) {
        signoff_destroy(fresh);
        return result;
    }
    *signoff = fresh;
    return 0;
}

int signoff_open(const struct station *station, int64_t today, struct signoff **signoff,
                 struct problems *problems)
{
    struct store *store = NULL;
    struct problems found;
    problems_init(&found);
    int result = store_open(station->scheduler.store, STORE_LOOK, &store, &found);
    if (result == -ENOENT) {
        *signoff = create(station);
        result = *signoff != NULL ? 0 : -ENOMEM;
    } else if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, station->scheduler.store, 0, 0, "%s",
                     found.count > 0 ? found.items[0].text : strerror(-result));
    } else {
        result = signoff_load(store, station, today, signoff, problems);
        if (result < 0) {
            problems_add(problems, PROBLEM_ERROR, station->scheduler.store, 0, 0, "%s",
                         store_error(store));
        }
    }
    store_close(store);
    problems_finish(&found);
    return result;
}

void signoff_destroy(struct signoff *signoff)
{
    if (signoff == NULL) {
        return;
    }
    for (size_t i = 0; i < signoff->channel_count; i++) {
        for (size_t k = 0; k < signoff->channels[i].count; k++) {
            timetable_destroy(signoff->channels[i].items[k].timetable);
        }
        free(signoff->channels[i].items);
    }
    free(signoff->channels);
    store_clearance_destroy(signoff->approvals);
    free(signoff);
}

const struct clearance *signoff_clearance(const struct signoff *signoff)
{
    return signoff != NULL ? signoff->clearance : NULL;
}

const struct frozen_days *signoff_frozen(const struct signoff *signoff, size_t channel)
{
    return signoff != NULL && channel < signoff->channel_count ? &signoff->channels[channel] : NULL;
}
