/* SPDX-License-Identifier: MIT */
#include "scheduler/signoff_private.h"

#include "playout/intl.h"
#include "scheduler/freezing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAYS_BACK = 2 }; /* compile.c looks back as far */

/* --- A store in which nothing has been signed -------------------------------------------- */

static bool never(const struct clearance *self, const struct airing *airing)
{
    (void)self;
    (void)airing;
    return false;
}

const struct clearance signoff_nothing = {.may_air = never};

/* --- Closed days ----------------------------------------------------------------------------- */

struct store_file *signoff_files(const json_t *list)
{
    const size_t count = json_array_size(list);
    struct store_file *files = calloc(count + 1, sizeof(files[0]));
    for (size_t i = 0; files != NULL && i < count; i++) {
        const char *name = json_string_value(json_array_get(json_array_get(list, i), 0));
        const char *text = json_string_value(json_array_get(json_array_get(list, i), 1));
        files[i] = (struct store_file){name != NULL ? name : "", text != NULL ? text : ""};
    }
    return files;
}

/* A closed day, as signoff_private.h says. */
static int day_to_json(const struct store_freeze *freeze, const struct store_rows *rows,
                       json_t **day)
{
    char date[STORE_DATE_SIZE];
    json_t *files = json_array();
    for (size_t i = 0; files != NULL && i < rows->count; i++) {
        const struct store_file file = store_frozen_file_at(rows, i);
        if (json_array_append_new(files, json_pack("[s, s]", file.name, file.text)) < 0) {
            json_decref(files);
            return -ENOMEM;
        }
    }
    *day = json_pack("{s:s, s:s, s:I, s:s, s:o}", "channel", freeze->channel, "date",
                     store_date_text(freeze->date, date), "closed_ms", (json_int_t)freeze->time_ms,
                     "author", freeze->author, "files", files);
    return *day != NULL ? 0 : -ENOMEM;
}

/* Takes ownership of the timetable. */
static int add_day(struct frozen_days *days, int64_t date, struct timetable *timetable,
                   const json_t *json)
{
    const char *author = json_string_value(json_object_get(json, "author"));
    struct frozen_day *items = realloc(days->items, (days->count + 1) * sizeof(items[0]));
    struct frozen_day day = {.date = date,
                             .timetable = timetable,
                             .closed_ms = json_integer_value(json_object_get(json, "closed_ms")),
                             .author = strdup(author != NULL ? author : "")};
    days->items = items != NULL ? items : days->items;
    if (items == NULL || day.author == NULL) {
        free(day.author);
        timetable_destroy(timetable);
        return -ENOMEM;
    }
    days->items[days->count++] = day;
    return 0;
}

int signoff_take_day(struct signoff *signoff, const struct station *station, const json_t *day,
                     struct problems *problems)
{
    struct problems found;
    struct timetable *timetable = NULL;
    int64_t date = 0;
    const char *channel = json_string_value(json_object_get(day, "channel"));
    const char *text = json_string_value(json_object_get(day, "date"));
    const json_t *list = json_object_get(day, "files");
    const struct service *service = channel != NULL ? station_service(station, channel) : NULL;
    if (service == NULL || text == NULL || store_date_parse(text, &date) < 0) {
        return 0; /* of a channel that the station has no more */
    }
    struct store_file *files = signoff_files(list);
    problems_init(&found);
    int result = files != NULL
                     ? freezing_timetable(files, json_array_size(list), station, &timetable, &found)
                     : -ENOMEM;
    if (result == 0) {
        result = add_day(&signoff->channels[station_service_number(station, service)], date,
                         timetable, day);
    } else if (result != -ENOMEM) {
        problems_add(problems, PROBLEM_WARNING, channel, 0, 0,
                     _("the list of %s that was closed cannot be read any more (%s); that day is "
                       "made from the files as they are"),
                     text, found.count > 0 ? found.items[0].text : strerror(-result));
        result = 0;
    }
    problems_finish(&found);
    free(files);
    return result;
}

/* --- Reading --------------------------------------------------------------------------------- */

static int load_day(struct signoff *signoff, struct store *store, const struct station *station,
                    const struct store_freeze *freeze, struct problems *problems)
{
    struct store_rows rows;
    json_t *day = NULL;
    int result = store_frozen_files(store, freeze->channel, freeze->date, &rows);
    if (result == 0) {
        result = day_to_json(freeze, &rows, &day);
    }
    if (result == 0) {
        result = signoff_take_day(signoff, station, day, problems);
    }
    if (day != NULL && json_array_append_new(signoff->closed, day) < 0 && result == 0) {
        result = -ENOMEM;
    }
    store_rows_finish(&rows);
    return result;
}

static int load_channel(struct signoff *signoff, struct store *store, const struct station *station,
                        size_t channel, int64_t from, struct problems *problems)
{
    struct store_rows rows;
    int result =
        store_freeze_in_force(store, station_service_at(station, channel)->name, from, &rows);
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        const struct store_freeze freeze = store_freeze_at(&rows, i);
        result = load_day(signoff, store, station, &freeze, problems);
    }
    store_rows_finish(&rows);
    return result;
}

void signoff_take_approvals(struct signoff *signoff, struct store_clearance *approvals)
{
    signoff->approvals = approvals;
    signoff->clearance = store_clearance_view(approvals);
}

static int load_all(struct signoff *signoff, struct store *store, const struct station *station,
                    int64_t today, struct problems *problems)
{
    struct store_clearance *approvals = NULL;
    int result = 0;
    if (signoff->rule.stages > 0) {
        result = store_clearance_create(store, &signoff->rule, &approvals);
    }
    if (approvals != NULL) {
        signoff_take_approvals(signoff, approvals);
    }
    for (size_t i = 0; result == 0 && i < signoff->channel_count; i++) {
        result = load_channel(signoff, store, station, i, today - DAYS_BACK, problems);
    }
    return result == 0 ? signoff_keep_lost(signoff, store, station, today - DAYS_BACK, problems)
                       : result;
}

struct signoff *signoff_create(const struct station *station)
{
    struct signoff *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return NULL;
    }
    fresh->rule = (struct approval_rule){station->scheduler.approval_stages,
                                         station->scheduler.is_alone_allowed};
    fresh->clearance = fresh->rule.stages > 0 ? &signoff_nothing : NULL;
    fresh->closed = json_array();
    fresh->lost = store_clearance_tell_nothing();
    fresh->lost_closed = json_array();
    fresh->by_rule = json_array();
    fresh->channel_count = station_service_count(station);
    fresh->channels = calloc(fresh->channel_count + 1, sizeof(fresh->channels[0]));
    if (fresh->closed == NULL || fresh->lost == NULL || fresh->lost_closed == NULL ||
        fresh->by_rule == NULL || fresh->channels == NULL) {
        fresh->channel_count = 0;
        signoff_destroy(fresh);
        return NULL;
    }
    return fresh;
}

int signoff_load(struct store *store, const struct station *station, int64_t today,
                 struct signoff **signoff, struct problems *problems)
{
    struct signoff *fresh = signoff_create(station);
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

int signoff_check_store(const struct station *station, struct problems *problems)
{
    const char *where = station->scheduler.store;
    char *kept = NULL;
    if (store_is_postgres(where) || access(where, F_OK) == 0) {
        return 0;
    }
    if (asprintf(&kept, "%s/signoff.json", station->state) < 0) {
        return -ENOMEM;
    }
    const bool is_gone = access(kept, F_OK) == 0;
    free(kept);
    if (is_gone) {
        problems_add(problems, PROBLEM_ERROR, where, 0, 0,
                     _("the store is gone; what was approved and closed in it is not forgotten "
                       "yet. Put the file back, or bring back a backup with `ketang store "
                       "restore`; without one `ketang store rebuild` makes a new store of what "
                       "the files tell, with what is approved and closed now"));
    }
    return is_gone ? -ENOENT : 0;
}

/* What was kept in the state folder.  As signoff_recall(). */
static int recall_kept(const struct station *station, struct signoff **signoff,
                       struct problems *problems)
{
    char *kept = NULL;
    if (asprintf(&kept, "%s/signoff.json", station->state) < 0) {
        return -ENOMEM;
    }
    const int result = signoff_recall(kept, station, signoff, problems);
    free(kept);
    return result;
}

/* There is no store: nothing was signed ever, or what was is remembered. */
static int open_without(const struct station *station, struct signoff **signoff,
                        struct problems *problems)
{
    const int result = signoff_check_store(station, problems);
    if (result == 0) {
        *signoff = signoff_create(station);
        return *signoff != NULL ? 0 : -ENOMEM;
    }
    return result == -ENOENT ? recall_kept(station, signoff, problems) : result;
}

/*
 * The store cannot be asked: what was kept holds, as for the scheduler.  Who may not read the
 * store is to do this as somebody else.  0, or `result`: nothing is known.
 */
static int open_failed(const struct station *station, int result, const char *cause,
                       struct signoff **signoff, struct problems *problems)
{
    const bool is_recalled =
        result != -EACCES && result != -ENOMEM && recall_kept(station, signoff, problems) == 0;
    problems_add(problems, PROBLEM_ERROR, store_place(station->scheduler.store), 0, 0,
                 is_recalled ? _("%s. Until then what was approved and closed last holds, as it is "
                                 "kept in %s/signoff.json")
                             : "%s",
                 cause, station->state);
    return is_recalled ? 0 : result;
}

int signoff_open(const struct station *station, int64_t today, struct signoff **signoff,
                 struct problems *problems)
{
    struct store *store = NULL;
    struct problems found;
    char text[SIGNOFF_LOST_SIZE];
    problems_init(&found);
    int result = store_open(station->scheduler.store, STORE_LOOK, &store, &found);
    if (result == -ENOENT) {
        result = open_without(station, signoff, problems);
    } else if (result < 0) {
        result =
            open_failed(station, result, found.count > 0 ? found.items[0].text : strerror(-result),
                        signoff, problems);
    } else {
        result = signoff_load(store, station, today, signoff, problems);
        if (result < 0) {
            result = open_failed(station, result, store_error(store), signoff, problems);
        } else if (signoff_lost_text(*signoff, station, text)[0] != '\0') {
            problems_add(problems, PROBLEM_WARNING, station->scheduler.store, 0, 0, "%s", text);
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
            free(signoff->channels[i].items[k].author);
        }
        free(signoff->channels[i].items);
    }
    free(signoff->channels);
    json_decref(signoff->closed);
    json_decref(signoff->lost);
    json_decref(signoff->lost_closed);
    json_decref(signoff->by_rule);
    store_clearance_destroy(signoff->approvals);
    free(signoff);
}

/* --- Answers --------------------------------------------------------------------------------- */

const struct clearance *signoff_clearance(const struct signoff *signoff)
{
    return signoff != NULL ? signoff->clearance : NULL;
}

const struct frozen_days *signoff_frozen(const struct signoff *signoff, size_t channel)
{
    return signoff != NULL && channel < signoff->channel_count ? &signoff->channels[channel] : NULL;
}
