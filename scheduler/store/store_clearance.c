/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_clearance.h"

#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum run_state {
    RUN_BEGUN,    /* lacks some stages, and never lost one */
    RUN_CLEARED,  /* has all stages */
    RUN_REJECTED, /* was sent back: when it is the first run, the file airs in none */
    RUN_UNDONE,   /* had stages that were rejected or withdrawn, and lacks some */
};

/* What is told of which state; a run that is told in two is in the later one's. */
static const char *const lists[] = {
    [RUN_BEGUN] = "begun",
    [RUN_CLEARED] = "approved",
    [RUN_REJECTED] = "rejected",
    [RUN_UNDONE] = "undone",
};
enum { LISTS = sizeof(lists) / sizeof(lists[0]) };

/* A file and a run of it that has verdicts. */
struct settled {
    char *house_number;
    char *sha256;
    char run[STORE_DATE_SIZE];
    enum run_state state;
    int stage;       /* RUN_REJECTED: that sent it back; RUN_UNDONE: the first that it lacks */
    json_t *signers; /* of stages 1, 2 ... that count */
    bool was_undone; /* a stage was rejected or withdrawn at some time */
};

struct store_clearance {
    struct clearance view; /* first */
    bool is_open;          /* nothing needs approval */
    int stages;            /* that a run needs; of what is recalled, 0 */
    struct settled *items; /* sorted */
    size_t count;
};

/* What names a run of a file. */
struct run_name {
    const char *house_number;
    const char *sha256;
    const char *run;
};

/* What is said of one. */
struct told_run {
    struct run_name name;
    int stage;       /* as of what is settled */
    json_t *signers; /* borrowed; NULL in what an older version told: not known */
};

static int compare_with_name(const void *name, const void *item)
{
    const struct run_name *a = name;
    const struct settled *b = item;
    int order = strcmp(a->house_number, b->house_number);
    if (order == 0) {
        order = strcmp(a->sha256, b->sha256);
    }
    return order != 0 ? order : strcmp(a->run, b->run);
}

static int compare_settled(const void *left, const void *right)
{
    const struct settled *a = left;
    const struct run_name name = {a->house_number, a->sha256, a->run};
    return compare_with_name(&name, right);
}

/* Among the first `count`, which are sorted.  NULL: it is not settled there. */
static struct settled *find_among(const struct store_clearance *clearance, size_t count,
                                  const struct run_name *name)
{
    return count > 0 ? bsearch(name, clearance->items, count, sizeof(clearance->items[0]),
                               compare_with_name)
                     : NULL;
}

/* NULL: no verdicts, or stages that are still to be signed. */
static const struct settled *find(const struct store_clearance *clearance,
                                  const struct run_name *name)
{
    const struct settled *found = find_among(clearance, clearance->count, name);
    return found != NULL && found->state != RUN_BEGUN ? found : NULL;
}

static bool is_settled(const struct store_clearance *clearance, const struct run_name *name,
                       enum run_state state)
{
    const struct settled *found = find(clearance, name);
    return found != NULL && found->state == state;
}

/* Who sent the file back before its first run has said what he thinks of its repeats, too. */
static bool is_in_force(const struct store_clearance *clearance, const struct run_name *name)
{
    const struct run_name first = {name->house_number, name->sha256, APPROVAL_FIRST_RUN};
    return is_settled(clearance, name, RUN_CLEARED) && !is_settled(clearance, &first, RUN_REJECTED);
}

/* The date of a repeat is written to `date`. */
static struct run_name name_of(const struct airing *airing, char date[STORE_DATE_SIZE])
{
    return (struct run_name){airing->house_number, airing->sha256,
                             airing->is_repeat ? store_date_text(airing->date, date)
                                               : APPROVAL_FIRST_RUN};
}

static bool may_air(const struct clearance *self, const struct airing *airing)
{
    const struct store_clearance *clearance = (const struct store_clearance *)self;
    char date[STORE_DATE_SIZE];
    const struct run_name name = name_of(airing, date);
    return clearance->is_open || is_in_force(clearance, &name);
}

static int rejected_stage(const struct clearance *self, const struct airing *airing)
{
    const struct store_clearance *clearance = (const struct store_clearance *)self;
    char date[STORE_DATE_SIZE];
    const struct run_name names[] = {{airing->house_number, airing->sha256, APPROVAL_FIRST_RUN},
                                     name_of(airing, date)};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct settled *found = find(clearance, &names[i]);
        if (found != NULL && found->state == RUN_REJECTED) {
            return found->stage;
        }
    }
    return 0;
}

static bool is_same_run(const struct store_approval *a, const struct store_approval *b)
{
    return strcmp(a->house_number, b->house_number) == 0 && strcmp(a->sha256, b->sha256) == 0 &&
           strcmp(a->run, b->run) == 0;
}

static int settle(struct store_clearance *clearance, const struct told_run *run,
                  enum run_state state)
{
    const struct run_name *name = &run->name;
    struct settled *item = &clearance->items[clearance->count];
    *item =
        (struct settled){.house_number = strdup(name->house_number),
                         .sha256 = strdup(name->sha256),
                         .state = state,
                         .stage = run->stage,
                         .signers = run->signers != NULL ? json_incref(run->signers) : json_array(),
                         .was_undone = state == RUN_REJECTED || state == RUN_UNDONE};
    snprintf(item->run, sizeof(item->run), "%.10s", name->run);
    clearance->count++;
    return item->house_number != NULL && item->sha256 != NULL && item->signers != NULL ? 0
                                                                                       : -ENOMEM;
}

static json_t *signers_of(const struct approval_chain *chain, int level)
{
    json_t *signers = json_array();
    for (int i = 0; i < level; i++) {
        if (json_array_append_new(signers, json_string(chain->signers[i])) < 0) {
            json_decref(signers);
            return NULL;
        }
    }
    return signers;
}

/* Notes what the verdicts of one file and run came to, in the order in which they were given. */
static int settle_run(struct store_clearance *clearance, const struct store_approval *of,
                      const struct approval_chain *chain, const struct approval_rule *rule)
{
    struct told_run run = {.name = {of->house_number, of->sha256, of->run}};
    const int level = approval_chain_level(chain, rule->is_alone_allowed);
    const bool is_cleared = chain->rejected == 0 && level >= rule->stages;
    const enum run_state state = is_cleared            ? RUN_CLEARED
                                 : chain->rejected > 0 ? RUN_REJECTED
                                 : chain->was_undone   ? RUN_UNDONE
                                                       : RUN_BEGUN;
    run.stage = state == RUN_UNDONE ? level + 1 : chain->rejected;
    run.signers = signers_of(chain, level);
    if (run.signers == NULL) {
        return -ENOMEM;
    }
    const int result = settle(clearance, &run, state);
    json_decref(run.signers);
    clearance->items[clearance->count - 1].was_undone = chain->was_undone;
    return result;
}

/* Walks the verdicts, those of each file and run behind each other. */
static int judge(struct store_clearance *clearance, const struct store_rows *rows,
                 const struct approval_rule *rule)
{
    struct approval_chain chain = {0};
    struct store_approval next = store_approval_at(rows, 0);
    int result = 0;
    for (size_t i = 0; result == 0 && i < rows->count; i++) {
        const struct store_approval approval = next;
        const struct approval_step step = {approval.stage, approval.verdict, approval.approver};
        approval_chain_take(&chain, &step);
        if (i + 1 < rows->count) {
            next = store_approval_at(rows, i + 1);
            if (is_same_run(&approval, &next)) {
                continue;
            }
        }
        result = settle_run(clearance, &approval, &chain, rule);
        chain = (struct approval_chain){0};
    }
    return result;
}

static void sort(struct store_clearance *clearance)
{
    if (clearance->count > 0) {
        qsort(clearance->items, clearance->count, sizeof(clearance->items[0]), compare_settled);
    }
}

int store_signed(struct store *store, int64_t *count)
{
    return store_number(store,
                        "SELECT (SELECT COALESCE(MAX(id), 0) FROM approvals) + "
                        "(SELECT COALESCE(MAX(id), 0) FROM freezes)",
                        NULL, 0, count);
}

/* Hands over what was made, or ends it. */
static int finish(struct store_clearance *fresh, int result, struct store_clearance **clearance)
{
    if (result < 0) {
        store_clearance_destroy(fresh);
        return result;
    }
    sort(fresh);
    *clearance = fresh;
    return 0;
}

int store_clearance_create(struct store *store, const struct approval_rule *rule,
                           struct store_clearance **clearance)
{
    struct store_rows rows = {0};
    int result = 0;
    struct store_clearance *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->view = (struct clearance){may_air, rejected_stage};
    fresh->is_open = rule->stages == 0;
    fresh->stages = rule->stages;
    if (!fresh->is_open) {
        result = store_approval_by_run(store, &rows);
    }
    if (result == 0 && rows.count > 0) {
        fresh->items = calloc(rows.count, sizeof(fresh->items[0]));
        result = fresh->items != NULL ? judge(fresh, &rows, rule) : -ENOMEM;
    }
    store_rows_finish(&rows);
    return finish(fresh, result, clearance);
}

json_t *store_clearance_tell_nothing(void)
{
    json_t *told = json_object();
    for (int i = 0; i < LISTS; i++) {
        if (json_object_set_new(told, lists[i], json_array()) < 0) {
            json_decref(told);
            return NULL;
        }
    }
    return told;
}

size_t store_clearance_told(const json_t *told)
{
    size_t count = 0;
    for (int i = 0; i < LISTS; i++) {
        count += json_array_size(json_object_get(told, lists[i]));
    }
    return count;
}

static int tell_run(json_t *told, const struct settled *item, enum run_state state)
{
    return json_array_append_new(json_object_get(told, lists[state]),
                                 json_pack("[s, s, s, i, O]", item->house_number, item->sha256,
                                           item->run, item->stage, item->signers));
}

/* Signatures that are waiting: for other stages, or for the first run that was sent back. */
static bool is_waiting(const struct store_clearance *clearance, const struct settled *item)
{
    const struct run_name name = {item->house_number, item->sha256, item->run};
    return (item->state == RUN_UNDONE && json_array_size(item->signers) > 0) ||
           (item->state == RUN_CLEARED && !is_in_force(clearance, &name));
}

json_t *store_clearance_tell(const struct store_clearance *clearance)
{
    json_t *told = store_clearance_tell_nothing();
    int result = told != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; result == 0 && i < clearance->count; i++) {
        const struct settled *item = &clearance->items[i];
        const bool waits = is_waiting(clearance, item);
        if (waits) {
            result = tell_run(told, item, RUN_BEGUN);
        }
        if (result == 0 && (!waits || item->state == RUN_UNDONE)) {
            result = tell_run(told, item, item->state);
        }
    }
    if (result < 0) {
        json_decref(told);
        return NULL;
    }
    return told;
}

/* A row of what was told.  0 or -EBADMSG. */
static int read_row(const json_t *row, struct told_run *run)
{
    json_t *signers = json_array_get(row, 4);
    *run = (struct told_run){.name = {json_string_value(json_array_get(row, 0)),
                                      json_string_value(json_array_get(row, 1)),
                                      json_string_value(json_array_get(row, 2))},
                             .stage = (int)json_integer_value(json_array_get(row, 3)),
                             .signers = json_is_array(signers) ? signers : NULL};
    const bool is_whole =
        run->name.house_number != NULL && run->name.sha256 != NULL && run->name.run != NULL;
    return is_whole ? 0 : -EBADMSG;
}

int store_clearance_missing(const struct store_clearance *clearance, const json_t *told,
                            json_t *missing)
{
    const json_t *list = json_object_get(told, lists[RUN_CLEARED]);
    int result = 0;
    for (size_t i = 0; result == 0 && i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        struct told_run run;
        if (read_row(row, &run) == 0 && find(clearance, &run.name) == NULL) {
            char *key = json_dumps(row, JSON_COMPACT);
            result = key != NULL ? json_object_set(missing, key, row) : -ENOMEM;
            free(key);
        }
    }
    return result;
}

static void settle_anew(struct settled *item, const struct told_run *run, enum run_state state)
{
    item->state = state;
    item->stage = run->stage;
    item->was_undone = item->was_undone || state == RUN_REJECTED || state == RUN_UNDONE;
    if (run->signers != NULL) {
        json_decref(item->signers);
        item->signers = json_incref(run->signers);
    }
}

/* Takes a list over what is settled, which is sorted before and after; there is room for it. */
static int settle_list(struct store_clearance *clearance, const json_t *told, enum run_state state)
{
    const json_t *list = json_object_get(told, lists[state]);
    const size_t known = clearance->count;
    int result = 0;
    for (size_t i = 0; result == 0 && i < json_array_size(list); i++) {
        struct told_run run;
        result = read_row(json_array_get(list, i), &run);
        struct settled *item = result == 0 ? find_among(clearance, known, &run.name) : NULL;
        if (item != NULL) {
            settle_anew(item, &run, state);
        } else if (result == 0) {
            result = settle(clearance, &run, state);
        }
    }
    if (result == 0) {
        sort(clearance);
    }
    return result;
}

static int settle_told(struct store_clearance *clearance, const json_t *told)
{
    int result = 0;
    for (int i = 0; result == 0 && i < LISTS; i++) {
        result = settle_list(clearance, told, (enum run_state)i);
    }
    return result;
}

int store_clearance_recall(const json_t *told, struct store_clearance **clearance)
{
    struct store_clearance *fresh = calloc(1, sizeof(*fresh));
    int result = json_is_array(json_object_get(told, lists[RUN_CLEARED])) ? 0 : -EBADMSG;
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->view = (struct clearance){may_air, rejected_stage};
    fresh->items = calloc(store_clearance_told(told) + 1, sizeof(fresh->items[0]));
    if (fresh->items == NULL) {
        result = -ENOMEM;
    }
    if (result == 0) {
        result = settle_told(fresh, told);
    }
    return finish(fresh, result, clearance);
}

/* True when the store has fewer signatures of the run, and no verdict that took one back. */
static bool has_lost_signers(const struct store_clearance *clearance, const struct told_run *run)
{
    const struct settled *item = find_among(clearance, clearance->count, &run->name);
    const size_t known = item != NULL ? json_array_size(item->signers) : 0;
    return (item == NULL || item->state == RUN_BEGUN) && known < json_array_size(run->signers);
}

/*
 * True when the store has no verdict that would tell why it says otherwise.  A run that was undone
 * airs only when the store has all its stages, the one that was undone, too.
 */
static bool is_lost(const struct store_clearance *clearance, const struct told_run *run,
                    enum run_state state)
{
    const struct run_name first = {run->name.house_number, run->name.sha256, APPROVAL_FIRST_RUN};
    const struct settled *item = find(clearance, &run->name);
    const bool is_known = item != NULL && item->was_undone;
    switch (state) {
    case RUN_BEGUN:
        return has_lost_signers(clearance, run);
    case RUN_REJECTED:
        return !is_known;
    case RUN_UNDONE:
        return item != NULL && !is_known && run->stage <= clearance->stages;
    default:
        return item == NULL && !is_settled(clearance, &first, RUN_REJECTED);
    }
}

/* Adds the rows of a list that are lost to `lost`. */
static int find_lost(const struct store_clearance *clearance, const json_t *told,
                     enum run_state state, json_t *lost)
{
    const json_t *list = json_object_get(told, lists[state]);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        struct told_run run;
        if (read_row(row, &run) == 0 && is_lost(clearance, &run, state) &&
            json_array_append(json_object_get(lost, lists[state]), row) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

int store_clearance_keep(struct store_clearance *clearance, const json_t *told, json_t *lost)
{
    int result = 0;
    for (int i = 0; result == 0 && i < LISTS; i++) {
        result = find_lost(clearance, told, (enum run_state)i, lost);
    }
    struct settled *items = realloc(
        clearance->items, (clearance->count + store_clearance_told(lost) + 1) * sizeof(items[0]));
    if (items == NULL) {
        return -ENOMEM;
    }
    clearance->items = items;
    if (result == 0) {
        result = settle_told(clearance, lost);
    }
    return result;
}

void store_clearance_destroy(struct store_clearance *clearance)
{
    if (clearance == NULL) {
        return;
    }
    for (size_t i = 0; i < clearance->count; i++) {
        free(clearance->items[i].house_number);
        free(clearance->items[i].sha256);
        json_decref(clearance->items[i].signers);
    }
    free(clearance->items);
    free(clearance);
}

const struct clearance *store_clearance_view(const struct store_clearance *clearance)
{
    return &clearance->view;
}
