/* SPDX-License-Identifier: MIT */
/* signoff_kept: what is in force stands beside the store, too, and outlives it. */
#include "scheduler/signoff_private.h"

#include "playout/durable.h"
#include "playout/intl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT = 1 }; /* of what is kept */

/* --- Keeping --------------------------------------------------------------------------------- */

/* What cannot be read may be all that still tells what a store has lost. */
static int move_aside(const char *path)
{
    char *aside = NULL;
    if (asprintf(&aside, "%s.damaged", path) < 0) {
        return -ENOMEM;
    }
    const int result = rename(path, aside) == 0 || errno == ENOENT ? 0 : -errno;
    free(aside);
    return result;
}

int signoff_save(const struct signoff *signoff, const char *path)
{
    json_t *told = signoff->approvals != NULL ? store_clearance_tell(signoff->approvals)
                                              : store_clearance_tell_nothing();
    json_t *object = json_pack("{s:i, s:i, s:b, s:O, s:O}", "format", FORMAT, "stages",
                               signoff->rule.stages, "alone", signoff->rule.is_alone_allowed,
                               "closed", signoff->closed, "by_rule", signoff->by_rule);
    if (json_object_update(object, told) < 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(told);
    int result = object != NULL ? 0 : -ENOMEM;
    if (result == 0 && signoff->is_kept_damaged) {
        result = move_aside(path);
    }
    if (result == 0) {
        result = durable_save_json(path, object, JSON_COMPACT);
    }
    json_decref(object);
    return result;
}

static struct approval_rule rule_of(const json_t *told)
{
    return (struct approval_rule){(int)json_integer_value(json_object_get(told, "stages")),
                                  json_is_true(json_object_get(told, "alone"))};
}

/* What was signed by a rule holds by another one that asks for no more; else it means nothing. */
static bool is_enough(const json_t *told, const struct approval_rule *rule)
{
    const struct approval_rule by = rule_of(told);
    return by.stages >= rule->stages && (rule->is_alone_allowed || !by.is_alone_allowed);
}

static int recall(struct signoff *signoff, const struct station *station, const json_t *object,
                  struct problems *problems)
{
    const json_t *closed = json_object_get(object, "closed");
    struct store_clearance *approvals = NULL;
    int result = 0;
    if (signoff->rule.stages > 0 && !is_enough(object, &signoff->rule)) {
        result = -ESTALE;
    }
    if (result == 0 && signoff->rule.stages > 0) {
        result = store_clearance_recall(object, &approvals);
    }
    if (approvals != NULL) {
        signoff_take_approvals(signoff, approvals);
    }
    for (size_t i = 0; result == 0 && i < json_array_size(closed); i++) {
        result = signoff_take_day(signoff, station, json_array_get(closed, i), problems);
    }
    return result;
}

/* 0; -ENOENT, nothing was kept; -EBADMSG, it is damaged; or another -errno.  The caller's. */
static int read_kept(const char *path, json_t **object)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -errno;
    }
    json_t *fresh = json_loadf(file, JSON_REJECT_DUPLICATES, NULL);
    fclose(file);
    if (json_integer_value(json_object_get(fresh, "format")) != FORMAT) {
        json_decref(fresh);
        return -EBADMSG;
    }
    *object = fresh;
    return 0;
}

int signoff_recall(const char *path, const struct station *station, struct signoff **signoff,
                   struct problems *problems)
{
    json_t *object = NULL;
    int result = read_kept(path, &object);
    if (result < 0) {
        return result;
    }
    struct signoff *fresh = signoff_create(station);
    result = fresh != NULL ? recall(fresh, station, object, problems) : -ENOMEM;
    json_decref(object);
    if (result < 0) {
        signoff_destroy(fresh);
        return result;
    }
    *signoff = fresh;
    return 0;
}

/* --- What a store has lost ------------------------------------------------------------------- */

static bool is_same_day(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "channel"), json_object_get(b, "channel")) &&
           json_equal(json_object_get(a, "date"), json_object_get(b, "date"));
}

/* True when the store has never heard that the day was closed, nor that it was opened again. */
static int is_day_lost(const struct signoff *signoff, struct store *store, const json_t *day,
                       int64_t from, bool *is_lost)
{
    const char *channel = json_string_value(json_object_get(day, "channel"));
    const char *text = json_string_value(json_object_get(day, "date"));
    struct store_rows rows;
    int64_t date = 0;
    *is_lost = false;
    if (channel == NULL || text == NULL || store_date_parse(text, &date) < 0 || date < from) {
        return 0;
    }
    for (size_t i = 0; i < json_array_size(signoff->closed); i++) {
        if (is_same_day(day, json_array_get(signoff->closed, i))) {
            return 0;
        }
    }
    const int result = store_freeze_list(store, channel, date, &rows);
    *is_lost = result == 0 && rows.count == 0;
    store_rows_finish(&rows);
    return result;
}

static int keep_day(struct signoff *signoff, struct store *store, const struct station *station,
                    json_t *day, int64_t from, struct problems *problems)
{
    bool is_lost = false;
    const int result = is_day_lost(signoff, store, day, from, &is_lost);
    if (result < 0 || !is_lost) {
        return result;
    }
    if (json_array_append(signoff->closed, day) < 0 ||
        json_array_append(signoff->lost_closed, day) < 0) {
        return -ENOMEM;
    }
    return signoff_take_day(signoff, station, day, problems);
}

static bool is_of_rule(const json_t *told, const struct approval_rule *rule)
{
    const struct approval_rule by = rule_of(told);
    return by.stages == rule->stages && by.is_alone_allowed == rule->is_alone_allowed;
}

/* The same may have been set aside before: the station's rule goes to and fro. */
static int append_once(json_t *lists, json_t *list)
{
    for (size_t i = 0; i < json_array_size(lists); i++) {
        if (json_equal(json_array_get(lists, i), list)) {
            return 0;
        }
    }
    return json_array_append(lists, list);
}

/* Sets aside of a list what the store has lost, by the rule by which it was signed. */
static int set_aside(struct signoff *signoff, struct store *store, const json_t *told)
{
    const struct approval_rule rule = rule_of(told);
    struct store_clearance *by_rule = NULL;
    json_t *lost = store_clearance_tell_nothing();
    int result = lost != NULL ? store_clearance_create(store, &rule, &by_rule) : -ENOMEM;
    if (result == 0) {
        result = store_clearance_keep(by_rule, told, lost);
    }
    if (result == 0 && store_clearance_told(lost) > 0) {
        json_object_set_new(lost, "stages", json_integer(rule.stages));
        json_object_set_new(lost, "alone", json_boolean(rule.is_alone_allowed));
        result = append_once(signoff->by_rule, lost);
    }
    store_clearance_destroy(by_rule);
    json_decref(lost);
    return result;
}

/* A list of one rule.  What was sent back or withdrawn is so by any rule. */
static int keep_told(struct signoff *signoff, struct store *store, json_t *told)
{
    int result = 0;
    if (!is_of_rule(told, &signoff->rule)) {
        result = set_aside(signoff, store, told);
    }
    json_t *copy = json_copy(told);
    if (copy == NULL) {
        return -ENOMEM;
    }
    if (!is_enough(told, &signoff->rule)) {
        json_object_del(copy, "approved");
        json_object_del(copy, "begun");
    }
    if (result == 0 && signoff->approvals != NULL) {
        result = store_clearance_keep(signoff->approvals, copy, signoff->lost);
    }
    json_decref(copy);
    return result;
}

static int keep_all(struct signoff *signoff, struct store *store, const struct station *station,
                    json_t *object, int64_t from, struct problems *problems)
{
    const json_t *closed = json_object_get(object, "closed");
    const json_t *by_rule = json_object_get(object, "by_rule");
    int result = keep_told(signoff, store, object);
    for (size_t i = 0; result == 0 && i < json_array_size(by_rule); i++) {
        result = keep_told(signoff, store, json_array_get(by_rule, i));
    }
    for (size_t i = 0; result == 0 && i < json_array_size(closed); i++) {
        result = keep_day(signoff, store, station, json_array_get(closed, i), from, problems);
    }
    return result;
}

int signoff_keep_lost(struct signoff *signoff, struct store *store, const struct station *station,
                      int64_t from, struct problems *problems)
{
    char *path = NULL;
    json_t *object = NULL;
    if (asprintf(&path, "%s/signoff.json", station->state) < 0) {
        return -ENOMEM;
    }
    int result = read_kept(path, &object);
    if (result == 0) {
        result = keep_all(signoff, store, station, object, from, problems);
    } else if (result == -ENOENT) {
        result = 0;
    } else {
        signoff->is_kept_damaged = true;
        problems_add(problems, PROBLEM_WARNING, path, 0, 0,
                     _("cannot be read (%s): the store alone tells now what is approved and "
                       "closed.  If it was made anew, or is an old copy, that is too little: look "
                       "at `ketang ready`, and sign what is missing.  The scheduler sets the file "
                       "aside as %s.damaged"),
                     result == -EBADMSG ? _("it is damaged") : strerror(-result), path);
        result = 0;
    }
    json_decref(object);
    free(path);
    return result;
}

/* Runs that were in force by a rule, and are by the station's no more. */
static size_t count_dropped(const struct signoff *signoff)
{
    json_t *dropped = json_object();
    for (size_t i = 0; signoff->approvals != NULL && i < json_array_size(signoff->by_rule); i++) {
        (void)store_clearance_missing(signoff->approvals, json_array_get(signoff->by_rule, i),
                                      dropped);
    }
    const size_t count = json_object_size(dropped);
    json_decref(dropped);
    return count;
}

const char *signoff_lost_text(const struct signoff *signoff, const struct station *station,
                              char text[SIGNOFF_LOST_SIZE])
{
    const size_t approved = signoff != NULL ? store_clearance_told(signoff->lost) : 0;
    const size_t closed = signoff != NULL ? json_array_size(signoff->lost_closed) : 0;
    const size_t dropped = signoff != NULL && signoff->rule.stages > 0 ? count_dropped(signoff) : 0;
    size_t length = 0;
    text[0] = '\0';
    if (approved + closed > 0) {
        snprintf(text, SIGNOFF_LOST_SIZE,
                 _("the store does not know what was signed (approvals: %zu, closed days: %zu): "
                   "it may have been made anew, or be an old copy.  They hold all the same; "
                   "`ketang store rebuild` writes them into the store.  If the store is right as "
                   "it is, stop the scheduler, delete %s/signoff.json and start it again"),
                 approved, closed, station->state);
        length = strlen(text);
    }
    if (dropped > 0) {
        snprintf(text + length, SIGNOFF_LOST_SIZE - length,
                 _("%s%zu approvals that the store does not know hold no more: they were given "
                   "when the station asked for less (approval_stages, approval_alone in the "
                   "station file).  Sign those files anew; or take the change back, and they hold "
                   "again (%s/signoff.json)"),
                 length > 0 ? "; " : "", dropped, station->state);
    }
    return text;
}

static bool has_row(const struct signoff *signoff, const char *list,
                    const struct store_approval *of, const char *run)
{
    const json_t *rows = json_object_get(signoff->lost, list);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (strcmp(json_string_value(json_array_get(row, 0)), of->house_number) == 0 &&
            strcmp(json_string_value(json_array_get(row, 1)), of->sha256) == 0 &&
            strcmp(json_string_value(json_array_get(row, 2)), run) == 0) {
            return true;
        }
    }
    return false;
}

bool signoff_is_taken_back(const struct signoff *signoff, const struct store_approval *of)
{
    return signoff != NULL &&
           (has_row(signoff, "rejected", of, APPROVAL_FIRST_RUN) ||
            has_row(signoff, "rejected", of, of->run) || has_row(signoff, "undone", of, of->run));
}

/* --- Bringing it back ------------------------------------------------------------------------ */

/* Of what store_clearance_tell() tells. */
enum signed_list { LIST_BEGUN, LIST_APPROVED, LIST_REJECTED, LIST_UNDONE, SIGNED_LISTS };
static const char *const signed_lists[SIGNED_LISTS] = {"begun", "approved", "rejected", "undone"};

static int add_verdict(struct store *store, const struct approval_rule *rule,
                       struct store_approval *approval, int stage, const char *approver)
{
    approval->approver = approver;
    approval->stage = stage;
    const int result = store_approval_add(store, approval, rule);
    approval->approver = NULL;
    return result;
}

/* Who signed is not known: each stage by another name. */
static int add_nameless(struct store *store, const struct approval_rule *rule,
                        struct store_approval *approval, int stage)
{
    char approver[APPROVER_SIZE];
    snprintf(approver, sizeof(approver), "ketang store rebuild (%d)", stage);
    return add_verdict(store, rule, approval, stage, approver);
}

/* Signs as many stages as were signed, by those who did and may: not by who has signed another. */
static int sign_known(struct store *store, const struct approval_rule *rule,
                      struct store_approval *approval, const json_t *signers,
                      struct approval_chain *chain)
{
    const size_t count = json_array_size(signers);
    int result = 0;
    approval->verdict = APPROVAL_GIVEN;
    for (size_t i = rule->is_alone_allowed ? (size_t)chain->level : 0;
         result == 0 && i < count && chain->level < (int)count && chain->level < rule->stages;
         i++) {
        const struct approval_step step = {.stage = chain->level + 1,
                                           .verdict = APPROVAL_GIVEN,
                                           .approver =
                                               json_string_value(json_array_get(signers, i))};
        if (step.approver != NULL &&
            approval_chain_check(chain, &step, rule->is_alone_allowed) == 0) {
            result = add_verdict(store, rule, approval, step.stage, step.approver);
            approval_chain_take(chain, &step);
        }
    }
    return result;
}

/*
 * Signs what is missing of a run.  A stage that does not count, for its signer has signed another
 * one, is withdrawn before.
 */
static int sign_missing(struct store *store, const struct approval_rule *rule,
                        struct store_approval *approval, const struct approval_chain *chain)
{
    const int level = approval_chain_level(chain, rule->is_alone_allowed);
    int result = 0;
    if (level < rule->stages && chain->level > level) {
        approval->verdict = APPROVAL_WITHDRAWN;
        result = add_nameless(store, rule, approval, level + 1);
    }
    approval->verdict = APPROVAL_GIVEN;
    for (int stage = level + 1; result == 0 && stage <= rule->stages; stage++) {
        result = add_nameless(store, rule, approval, stage);
    }
    return result;
}

/*
 * Gives a run the verdicts that the store has lost: those of who signed it, as far as that is
 * known; then the rest is signed; or it is sent back at the stage that did, or the first unsigned,
 * of those that the station has; or its first stage that is not signed any more is withdrawn.
 */
static int sign_again(struct store *store, const struct approval_rule *rule, const json_t *row,
                      enum signed_list list, int64_t now_ms)
{
    struct approval_chain chain = {0};
    struct store_approval approval = {
        .house_number = json_string_value(json_array_get(row, 0)),
        .sha256 = json_string_value(json_array_get(row, 1)),
        .run = json_string_value(json_array_get(row, 2)),
        .note = _("taken over from signoff.json when the store was rebuilt"),
        .time_ms = now_ms};
    int result = store_approval_chain(store, &approval, &chain);
    if (result == 0) {
        result = sign_known(store, rule, &approval, json_array_get(row, 4), &chain);
    }
    if (result < 0 || list == LIST_BEGUN) {
        return result;
    }
    if (list == LIST_APPROVED) {
        return sign_missing(store, rule, &approval, &chain);
    }
    const int told = (int)json_integer_value(json_array_get(row, 3));
    const int taken = told < rule->stages ? told : rule->stages;
    approval.verdict = list == LIST_REJECTED ? APPROVAL_REJECTED : APPROVAL_WITHDRAWN;
    return add_nameless(store, rule, &approval, taken <= chain.level ? taken : chain.level + 1);
}

/* The day was closed by whom and when it was kept. */
static int close_again(struct store *store, const json_t *day)
{
    const json_t *list = json_object_get(day, "files");
    const char *author = json_string_value(json_object_get(day, "author"));
    struct store_day_edit edit = {.channel = json_string_value(json_object_get(day, "channel")),
                                  .based_on = STORE_DAY_WHATEVER,
                                  .author = author != NULL ? author : "",
                                  .now_ms = json_integer_value(json_object_get(day, "closed_ms"))};
    struct store_file *files = signoff_files(list);
    int64_t version = 0;
    int result = store_date_parse(json_string_value(json_object_get(day, "date")), &edit.date);
    if (result == 0) {
        result = files != NULL
                     ? store_freeze_day(store, &edit, 0, files, json_array_size(list), &version)
                     : -ENOMEM;
    }
    free(files);
    return result;
}

static int bring_back(const struct signoff *signoff, struct store *store, int64_t now_ms)
{
    int result = 0;
    for (int list = 0; list < SIGNED_LISTS; list++) {
        const json_t *rows = json_object_get(signoff->lost, signed_lists[list]);
        for (size_t i = 0; result == 0 && i < json_array_size(rows); i++) {
            result = sign_again(store, &signoff->rule, json_array_get(rows, i),
                                (enum signed_list)list, now_ms);
        }
    }
    for (size_t i = 0; result == 0 && i < json_array_size(signoff->lost_closed); i++) {
        result = close_again(store, json_array_get(signoff->lost_closed, i));
    }
    return result;
}

/* What is lost is found and written in one: nothing may be signed between. */
int signoff_bring_back(struct store *store, const struct station *station, int64_t today,
                       int64_t now_ms, struct signoff_counts *counts, struct problems *problems)
{
    struct signoff *signoff = NULL;
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = signoff_load(store, station, today, &signoff, problems);
    if (result == 0) {
        result = bring_back(signoff, store, now_ms);
    }
    result = store_end(store, result);
    if (result == 0) {
        *counts = (struct signoff_counts){store_clearance_told(signoff->lost),
                                          json_array_size(signoff->lost_closed)};
    }
    signoff_destroy(signoff);
    return result;
}
