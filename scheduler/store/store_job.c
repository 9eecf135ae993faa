/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_job.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "id, submission, profile, due_ms, state, state_ms, claim, lost, worker, beat_ms, progress, "   \
    "not_before_ms, finding"

static const char *const names[] = {"waiting", "running", "done", "failed", "cancelled"};

const char *job_state_name(enum job_state state)
{
    return names[state];
}

/* The schema has no others. */
static enum job_state state_of(const char *name)
{
    size_t i = 0;
    while (i + 1 < sizeof(names) / sizeof(names[0]) && strcmp(names[i], name) != 0) {
        i++;
    }
    return (enum job_state)i;
}

struct store_job store_job_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_job){.id = values[0].integer,
                              .submission = values[1].integer,
                              .profile = values[2].text,
                              .due_ms = values[3].integer,
                              .state = state_of(values[4].text),
                              .state_ms = values[5].integer,
                              .claim = values[6].integer,
                              .lost = values[7].integer,
                              .worker = values[8].text,
                              .beat_ms = values[9].integer,
                              .progress = values[10].integer,
                              .not_before_ms = values[11].integer,
                              .finding = values[12].text};
}

/* --- Added ------------------------------------------------------------------------------- */

static int add(struct store *store, const struct store_job *job, int64_t *id)
{
    int64_t count = 0;
    int result =
        store_number(store, "SELECT COUNT(*) FROM jobs WHERE submission = $1 AND profile = $2",
                     SQL_ARGS(sql_integer(job->submission), sql_text(job->profile)), &count);
    if (result == 0 && count > 0) {
        result = store_complain(store, -EEXIST, _("submission %lld is made for '%s' already"),
                                (long long)job->submission, job->profile);
    }
    if (result == 0) {
        result = store_number(store, "SELECT COALESCE(MAX(id), 0) + 1 FROM jobs", NULL, 0, id);
    }
    if (result < 0) {
        return result;
    }
    return store_run(store,
                     "INSERT INTO jobs (" COLUMNS
                     ") VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '', 0, 0, 0, '')",
                     SQL_ARGS(sql_integer(*id), sql_integer(job->submission),
                              sql_text(job->profile), sql_integer(job->due_ms),
                              sql_text(names[JOB_WAITING]), sql_integer(job->state_ms)));
}

int store_job_add(struct store *store, const struct store_job *job, int64_t *id)
{
    int64_t fresh = 0;
    int result = store_check_name(store, _("the house format"), job->profile);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = add(store, job, &fresh);
    result = store_end(store, result);
    if (result == 0) {
        *id = fresh;
    }
    return result;
}

/* --- What becomes of the submission ------------------------------------------------------ */

static int count_of(struct store *store, int64_t submission, const char *states, int64_t *count)
{
    char query[128];
    snprintf(query, sizeof(query),
             "SELECT COUNT(*) FROM jobs WHERE submission = $1 AND state IN (%s)", states);
    return store_number(store, query, SQL_ARGS(sql_integer(submission)), count);
}

/* In the transaction that ends a job: if it was the last one, the submission ends. */
static int settle(struct store *store, int64_t submission, int64_t now_ms, const char *author,
                  const char *finding)
{
    int64_t open = 0;
    int64_t failed = 0;
    int64_t done = 0;
    int result = count_of(store, submission, "'waiting', 'running'", &open);
    result = result < 0 ? result : count_of(store, submission, "'failed'", &failed);
    result = result < 0 ? result : count_of(store, submission, "'done'", &done);
    if (result < 0 || open > 0) {
        return result;
    }
    return store_run(store,
                     "UPDATE submissions SET state = $1, state_ms = $2, state_by = $3, "
                     "finding = $4 WHERE id = $5 AND state IN ('received', 'checking')",
                     SQL_ARGS(sql_text(failed == 0 && done > 0 ? "accepted" : "rejected"),
                              sql_integer(now_ms), sql_text(author), sql_text(finding),
                              sql_integer(submission)));
}

/* --- Claimed ----------------------------------------------------------------------------- */

/* The next one to do: no row when there is none. */
static int find_next(struct store *store, int64_t now_ms, int64_t lost_ms, struct store_rows *rows)
{
    return store_fetch(store,
                       "SELECT " COLUMNS " FROM jobs WHERE "
                       "(state = 'waiting' AND not_before_ms <= $1) OR "
                       "(state = 'running' AND beat_ms < $2) ORDER BY due_ms, id LIMIT 1",
                       SQL_ARGS(sql_integer(now_ms), sql_integer(lost_ms)), rows);
}

static int give_up(struct store *store, const struct store_job *job, int64_t now_ms)
{
    const char *finding = _("each worker that took it was lost: is the file larger than the "
                            "machines can take?");
    const int result =
        store_run(store,
                  "UPDATE jobs SET state = 'failed', state_ms = $1, "
                  "lost = lost + 1, finding = $2 WHERE id = $3",
                  SQL_ARGS(sql_integer(now_ms), sql_text(finding), sql_integer(job->id)));
    return result < 0 ? result : settle(store, job->submission, now_ms, job->worker, finding);
}

static int take(struct store *store, const struct store_job *job, const char *worker,
                int64_t now_ms)
{
    const int64_t lost = job->lost + (job->state == JOB_RUNNING);
    return store_run(store,
                     "UPDATE jobs SET state = 'running', state_ms = $1, claim = claim + 1, "
                     "lost = $2, worker = $3, beat_ms = $4, progress = 0 WHERE id = $5",
                     SQL_ARGS(sql_integer(now_ms), sql_integer(lost), sql_text(worker),
                              sql_integer(now_ms), sql_integer(job->id)));
}

/* One job more that has been given up, or claimed; *id 0: there is none. */
static int claim_next(struct store *store, const char *worker, int64_t now_ms, int64_t lost_ms,
                      int64_t *id)
{
    for (;;) {
        struct store_rows rows;
        bool is_given_up = false;
        int result = find_next(store, now_ms, lost_ms, &rows);
        *id = 0;
        if (result == 0 && rows.count > 0) {
            const struct store_job job = store_job_at(&rows, 0);
            is_given_up = job.state == JOB_RUNNING && job.lost + 1 >= JOB_LOST_MOST;
            *id = job.id;
            result = is_given_up ? give_up(store, &job, now_ms) : take(store, &job, worker, now_ms);
        }
        store_rows_finish(&rows);
        if (result < 0 || !is_given_up) {
            return result;
        }
    }
}

int store_job_claim(struct store *store, const char *worker, int64_t now_ms, int64_t lost_ms,
                    struct store_rows *rows)
{
    int64_t id = 0;
    store_rows_init(rows);
    int result = store_check_name(store, _("the worker's name"), worker);
    if (result < 0) {
        return result;
    }
    /* Who has nothing to do keeps nobody from writing. */
    result = find_next(store, now_ms, lost_ms, rows);
    const bool is_idle = rows->count == 0;
    store_rows_finish(rows);
    store_rows_init(rows);
    if (result < 0 || is_idle) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = claim_next(store, worker, now_ms, lost_ms, &id);
    if (result == 0 && id > 0) {
        result = store_fetch(store, "SELECT " COLUMNS " FROM jobs WHERE id = $1",
                             SQL_ARGS(sql_integer(id)), rows);
    }
    result = store_end(store, result);
    if (result < 0) {
        store_rows_finish(rows);
        store_rows_init(rows);
    }
    return result;
}

/* --- Of its worker ------------------------------------------------------------------------ */

/* In a transaction: whether the claim holds. */
static int check_claim(struct store *store, struct store_claim claim)
{
    int64_t id = 0;
    const int result = store_number(
        store, "SELECT id FROM jobs WHERE id = $1 AND claim = $2 AND state = 'running'",
        SQL_ARGS(sql_integer(claim.job), sql_integer(claim.claim)), &id);
    return result == -ENOENT
               ? store_complain(store, -ESTALE,
                                _("job %lld was cancelled, or given to another worker"),
                                (long long)claim.job)
               : result;
}

/* One statement about a job whose claim holds. */
static int run_claimed(struct store *store, struct store_claim claim, const char *statement,
                       const struct sql_value *args, size_t count)
{
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = check_claim(store, claim);
    if (result == 0) {
        result = store_run(store, statement, args, count);
    }
    return store_end(store, result);
}

int store_job_beat(struct store *store, struct store_claim claim, int64_t now_ms, int64_t progress)
{
    return run_claimed(
        store, claim, "UPDATE jobs SET beat_ms = $1, progress = $2 WHERE id = $3",
        SQL_ARGS(sql_integer(now_ms), sql_integer(progress), sql_integer(claim.job)));
}

int store_job_release(struct store *store, struct store_claim claim, int64_t now_ms,
                      int64_t not_before_ms)
{
    return run_claimed(
        store, claim,
        "UPDATE jobs SET state = 'waiting', state_ms = $1, not_before_ms = $2, "
        "progress = 0 WHERE id = $3",
        SQL_ARGS(sql_integer(now_ms), sql_integer(not_before_ms), sql_integer(claim.job)));
}

static int end(struct store *store, struct store_claim claim, int64_t now_ms, enum job_state state,
               const char *finding)
{
    struct store_rows rows;
    int result = check_claim(store, claim);
    if (result < 0) {
        return result;
    }
    result = store_run(store,
                       "UPDATE jobs SET state = $1, state_ms = $2, beat_ms = $3, finding = $4 "
                       "WHERE id = $5",
                       SQL_ARGS(sql_text(names[state]), sql_integer(now_ms), sql_integer(now_ms),
                                sql_text(finding), sql_integer(claim.job)));
    if (result < 0) {
        return result;
    }
    result = store_fetch(store, "SELECT " COLUMNS " FROM jobs WHERE id = $1",
                         SQL_ARGS(sql_integer(claim.job)), &rows);
    if (result == 0) {
        const struct store_job job = store_job_at(&rows, 0);
        result = settle(store, job.submission, now_ms, job.worker, finding);
    }
    store_rows_finish(&rows);
    return result;
}

int store_job_end(struct store *store, struct store_claim claim, int64_t now_ms,
                  enum job_state state, const char *finding)
{
    if (state != JOB_DONE && state != JOB_FAILED) {
        return store_complain(store, -EINVAL, _("a worker ends a job as done or failed"));
    }
    int result = store_check_text(store, _("the finding"), finding, STORE_NOTE_MOST);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = end(store, claim, now_ms, state, finding);
    return store_end(store, result);
}

/* --- Of operators -------------------------------------------------------------------------- */

int store_job_cancel(struct store *store, int64_t submission, int64_t now_ms, const char *author,
                     const char *reason, int *count)
{
    int64_t open = 0;
    int result = store_check_text(store, _("the reason"), reason, STORE_NOTE_MOST);
    if (result == 0) {
        result = store_check_name(store, _("the author's name"), author);
    }
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = count_of(store, submission, "'waiting', 'running'", &open);
    if (result == 0 && open > 0) {
        result =
            store_run(store,
                      "UPDATE jobs SET state = 'cancelled', state_ms = $1, finding = $2 "
                      "WHERE submission = $3 AND state IN ('waiting', 'running')",
                      SQL_ARGS(sql_integer(now_ms), sql_text(reason), sql_integer(submission)));
    }
    if (result == 0 && open > 0) {
        result = settle(store, submission, now_ms, author, reason);
    }
    result = store_end(store, result);
    if (result == 0) {
        *count = (int)open;
    }
    return result;
}

/* --- When they are wanted ------------------------------------------------------------------ */

int job_due_compare(const void *a, const void *b)
{
    const struct job_due *one = a;
    const struct job_due *other = b;
    const int order = strcmp(one->house_number, other->house_number);
    return order != 0 ? order : strcmp(one->profile, other->profile);
}

/* Of a row of id, house number, profile, due_ms: by when it is wanted now. */
static int64_t due_of(const struct sql_value *row, const struct job_due *dues, size_t count)
{
    const struct job_due key = {.house_number = row[1].text, .profile = row[2].text};
    const struct job_due *due = key.house_number != NULL && count > 0
                                    ? bsearch(&key, dues, count, sizeof(dues[0]), job_due_compare)
                                    : NULL;
    return due != NULL ? due->due_ms : JOB_NOT_PLANNED;
}

/* In a transaction that writes as soon as there is news: who has none keeps nobody waiting. */
static int reorder(struct store *store, const struct store_rows *rows, const struct job_due *dues,
                   size_t count, int *changed)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < rows->count; i++) {
        const struct sql_value *row = store_rows_at(rows, i);
        const int64_t due_ms = due_of(row, dues, count);
        if (due_ms == row[3].integer) {
            continue;
        }
        result = *changed == 0 ? store_begin(store) : 0;
        if (result < 0) {
            return result;
        }
        (*changed)++;
        result = store_run(store,
                           "UPDATE jobs SET due_ms = $1 WHERE id = $2 AND "
                           "state IN ('waiting', 'running')",
                           SQL_ARGS(sql_integer(due_ms), sql_integer(row[0].integer)));
    }
    return *changed > 0 ? store_end(store, result) : result;
}

int store_job_reorder(struct store *store, const struct job_due *dues, size_t count, int *changed)
{
    struct store_rows rows;
    *changed = 0;
    int result = store_fetch(store,
                             "SELECT jobs.id, house_number, profile, due_ms FROM jobs "
                             "JOIN submissions ON submissions.id = jobs.submission "
                             "WHERE jobs.state IN ('waiting', 'running') ORDER BY jobs.id",
                             NULL, 0, &rows);
    if (result == 0) {
        result = reorder(store, &rows, dues, count, changed);
    }
    store_rows_finish(&rows);
    return result;
}

/* --- Lists ----------------------------------------------------------------------------------- */

int store_job_list_since(struct store *store, int64_t since_ms, struct store_rows *rows)
{
    return store_fetch(store,
                       "SELECT " COLUMNS " FROM jobs WHERE state IN ('waiting', 'running') OR "
                       "state_ms >= $1 ORDER BY id",
                       SQL_ARGS(sql_integer(since_ms)), rows);
}

int store_job_list(struct store *store, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM jobs ORDER BY id", NULL, 0, rows);
}

int store_job_list_of(struct store *store, int64_t submission, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM jobs WHERE submission = $1 ORDER BY id",
                       SQL_ARGS(sql_integer(submission)), rows);
}
