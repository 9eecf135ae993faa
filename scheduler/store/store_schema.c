/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_schema.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* TEXT becomes the engine's type that is compared byte by byte. */
static const char *const step_1[] = {
    "CREATE TABLE house_numbers ("
    "house_number TEXT PRIMARY KEY, noted_ms BIGINT NOT NULL, noted_by TEXT NOT NULL)",

    "CREATE TABLE lessons ("
    "house_number TEXT PRIMARY KEY REFERENCES house_numbers, grade TEXT NOT NULL, "
    "subject TEXT NOT NULL, title TEXT NOT NULL, teacher TEXT NOT NULL, school TEXT NOT NULL, "
    "channel TEXT NOT NULL, changed_ms BIGINT NOT NULL, changed_by TEXT NOT NULL)",

    "CREATE TABLE assets ("
    "house_number TEXT NOT NULL REFERENCES house_numbers, version BIGINT NOT NULL, "
    "sha256 TEXT NOT NULL, profile TEXT NOT NULL, kind TEXT NOT NULL, "
    "created_ms BIGINT NOT NULL, duration_frames BIGINT NOT NULL, "
    "PRIMARY KEY (house_number, version), UNIQUE (house_number, sha256))",

    "CREATE TABLE submissions ("
    "id BIGINT PRIMARY KEY, house_number TEXT REFERENCES house_numbers, "
    "file_name TEXT NOT NULL, sha256 TEXT NOT NULL, school TEXT NOT NULL, "
    "teacher TEXT NOT NULL, received_ms BIGINT NOT NULL, state TEXT NOT NULL "
    "CHECK (state IN ('received', 'checking', 'accepted', 'rejected', 'replaced')), "
    "state_ms BIGINT NOT NULL, state_by TEXT NOT NULL, finding TEXT NOT NULL)",
    "CREATE INDEX submissions_of_number ON submissions (house_number, id)",

    "CREATE TABLE approvals ("
    "id BIGINT PRIMARY KEY, house_number TEXT NOT NULL REFERENCES house_numbers, "
    "sha256 TEXT NOT NULL, run TEXT NOT NULL, stage BIGINT NOT NULL, verdict TEXT NOT NULL "
    "CHECK (verdict IN ('approve', 'reject', 'withdraw')), "
    "approver TEXT NOT NULL, note TEXT NOT NULL, time_ms BIGINT NOT NULL)",
    "CREATE INDEX approvals_of_file ON approvals (house_number, sha256, run, id)",

    "CREATE TABLE day_changes ("
    "channel TEXT NOT NULL, date TEXT NOT NULL, version BIGINT NOT NULL, "
    "changed_ms BIGINT NOT NULL, changed_by TEXT NOT NULL, change TEXT NOT NULL, "
    "PRIMARY KEY (channel, date, version))",

    "CREATE TABLE freezes ("
    "id BIGINT PRIMARY KEY, channel TEXT NOT NULL, date TEXT NOT NULL, "
    "is_frozen BIGINT NOT NULL, time_ms BIGINT NOT NULL, author TEXT NOT NULL, "
    "reason TEXT NOT NULL, list_version BIGINT NOT NULL)",
    "CREATE INDEX freezes_of_day ON freezes (channel, date, id)",

    "CREATE TABLE frozen_files ("
    "freeze_id BIGINT NOT NULL REFERENCES freezes, name TEXT NOT NULL, text TEXT NOT NULL, "
    "PRIMARY KEY (freeze_id, name))",

    "CREATE TABLE amendments ("
    "id BIGINT PRIMARY KEY, channel TEXT NOT NULL, date TEXT NOT NULL, kind TEXT NOT NULL, "
    "from_frame BIGINT NOT NULL, until_frame BIGINT, house_number TEXT, mode TEXT NOT NULL, "
    "reason TEXT NOT NULL, author TEXT NOT NULL, ordered_ms BIGINT NOT NULL, revision BIGINT, "
    "state TEXT NOT NULL CHECK (state IN ('ordered', 'undone', 'aired')), "
    "state_ms BIGINT NOT NULL, state_by TEXT NOT NULL, state_reason TEXT NOT NULL)",
    "CREATE INDEX amendments_of_day ON amendments (channel, date, id)",

    "CREATE TABLE plan_revisions ("
    "channel TEXT NOT NULL, revision BIGINT NOT NULL, effective_frame BIGINT NOT NULL, "
    "written_ms BIGINT NOT NULL, sha256 TEXT NOT NULL, author TEXT NOT NULL, "
    "reason TEXT NOT NULL, PRIMARY KEY (channel, revision))",

    "CREATE TABLE as_run ("
    "channel TEXT NOT NULL, date TEXT NOT NULL, number BIGINT NOT NULL, line TEXT NOT NULL, "
    "chain TEXT, PRIMARY KEY (channel, date, number))",

    "CREATE TABLE users ("
    "name TEXT PRIMARY KEY, role TEXT NOT NULL, display_name TEXT NOT NULL, "
    "password_hash TEXT, is_active BIGINT NOT NULL, changed_ms BIGINT NOT NULL, "
    "changed_by TEXT NOT NULL)",
    NULL,
};

static const char *const step_2[] = {
    "ALTER TABLE submissions ADD COLUMN title TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submissions ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submissions ADD COLUMN consent TEXT NOT NULL DEFAULT ''",

    "CREATE TABLE jobs ("
    "id BIGINT PRIMARY KEY, submission BIGINT NOT NULL REFERENCES submissions, "
    "profile TEXT NOT NULL, due_ms BIGINT NOT NULL, state TEXT NOT NULL "
    "CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')), "
    "state_ms BIGINT NOT NULL, claim BIGINT NOT NULL, lost BIGINT NOT NULL, "
    "worker TEXT NOT NULL, beat_ms BIGINT NOT NULL, progress BIGINT NOT NULL, "
    "not_before_ms BIGINT NOT NULL, finding TEXT NOT NULL, UNIQUE (submission, profile))",
    "CREATE INDEX jobs_by_time ON jobs (state, due_ms, id)",
    NULL,
};

static const char *const step_3[] = {
    "ALTER TABLE submissions ADD COLUMN batch TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submissions ADD COLUMN subtitles TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submissions ADD COLUMN subtitles_sha256 TEXT NOT NULL DEFAULT ''",
    NULL,
};

static const char *const *const steps[] = {step_1, step_2, step_3};

enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]) };

#define T(column)                                                                                  \
    {                                                                                              \
        column, SQL_TEXT                                                                           \
    }
#define I(column)                                                                                  \
    {                                                                                              \
        column, SQL_INTEGER                                                                        \
    }

const struct store_table store_tables[STORE_TABLES + 1] = {
    {"house_numbers", {T("house_number"), I("noted_ms"), T("noted_by")}, 1},
    {"lessons",
     {T("house_number"), T("grade"), T("subject"), T("title"), T("teacher"), T("school"),
      T("channel"), I("changed_ms"), T("changed_by")},
     1},
    {"assets",
     {T("house_number"), I("version"), T("sha256"), T("profile"), T("kind"), I("created_ms"),
      I("duration_frames")},
     2},
    {"submissions",
     {I("id"), T("house_number"), T("file_name"), T("sha256"), T("school"), T("teacher"),
      I("received_ms"), T("state"), I("state_ms"), T("state_by"), T("finding"), T("title"),
      T("kind"), T("consent"), T("batch"), T("subtitles"), T("subtitles_sha256")},
     1},
    {"jobs",
     {I("id"), I("submission"), T("profile"), I("due_ms"), T("state"), I("state_ms"), I("claim"),
      I("lost"), T("worker"), I("beat_ms"), I("progress"), I("not_before_ms"), T("finding")},
     1},
    {"approvals",
     {I("id"), T("house_number"), T("sha256"), T("run"), I("stage"), T("verdict"), T("approver"),
      T("note"), I("time_ms")},
     1},
    {"day_changes",
     {T("channel"), T("date"), I("version"), I("changed_ms"), T("changed_by"), T("change")},
     3},
    {"freezes",
     {I("id"), T("channel"), T("date"), I("is_frozen"), I("time_ms"), T("author"), T("reason"),
      I("list_version")},
     1},
    {"frozen_files", {I("freeze_id"), T("name"), T("text")}, 2},
    {"amendments",
     {I("id"), T("channel"), T("date"), T("kind"), I("from_frame"), I("until_frame"),
      T("house_number"), T("mode"), T("reason"), T("author"), I("ordered_ms"), I("revision"),
      T("state"), I("state_ms"), T("state_by"), T("state_reason")},
     1},
    {"plan_revisions",
     {T("channel"), I("revision"), I("effective_frame"), I("written_ms"), T("sha256"), T("author"),
      T("reason")},
     2},
    {"as_run", {T("channel"), T("date"), I("number"), T("line"), T("chain")}, 3},
    {"users",
     {T("name"), T("role"), T("display_name"), T("password_hash"), I("is_active"), I("changed_ms"),
      T("changed_by")},
     1},
    {0},
};

#undef T
#undef I

int64_t store_schema_newest(void)
{
    return STEP_COUNT;
}

/* In a transaction.  0 when there is no table of migrations at all. */
static int read_version(struct store *store, int64_t *version)
{
    int64_t is_there = 0;
    const int result = store_number(store, store->sql->ops->has_table,
                                    SQL_ARGS(sql_text("migrations")), &is_there);
    if (result == -ENOENT) {
        *version = 0;
        return 0;
    }
    return result < 0 ? result
                      : store_number(store, "SELECT COALESCE(MAX(step), 0) FROM migrations", NULL,
                                     0, version);
}

int store_schema_version(struct store *store, int64_t *version)
{
    int result = store_begin_reading(store);
    if (result < 0) {
        return result;
    }
    result = read_version(store, version);
    return store_end(store, result);
}

int store_count(struct store *store, size_t n, const char **table, int64_t *rows)
{
    char query[96];
    if (n >= STORE_TABLES) {
        return -ENOENT;
    }
    snprintf(query, sizeof(query), "SELECT COUNT(*) FROM %s", store_tables[n].name);
    const int result = store_number(store, query, NULL, 0, rows);
    if (result == 0) {
        *table = store_tables[n].name;
    }
    return result;
}

static int create(struct store *store, const char *statement)
{
    static const char word[] = " TEXT";
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return -ENOMEM;
    }
    for (const char *next; (next = strstr(statement, word)) != NULL;) {
        fprintf(out, "%.*s %s", (int)(next - statement), statement, store->sql->ops->text_type);
        statement = next + strlen(word);
    }
    fputs(statement, out);
    const int result = fclose(out) == 0 ? store_run(store, text, NULL, 0) : -ENOMEM;
    free(text);
    return result;
}

static int apply(struct store *store, int64_t version)
{
    int result = create(store, "CREATE TABLE IF NOT EXISTS migrations (step BIGINT PRIMARY KEY)");
    for (; result == 0 && version < STEP_COUNT; version++) {
        for (size_t i = 0; result == 0 && steps[version][i] != NULL; i++) {
            result = create(store, steps[version][i]);
        }
        if (result == 0) {
            result = store_run(store, "INSERT INTO migrations (step) VALUES ($1)",
                               SQL_ARGS(sql_integer(version + 1)));
        }
    }
    return result;
}

static int migrate(struct store *store)
{
    int64_t version = 0;
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = read_version(store, &version); /* another program may just have done it */
    if (result == 0) {
        result = apply(store, version);
    }
    return store_end(store, result);
}

int store_schema_prepare(struct store *store, bool may_migrate)
{
    int64_t version = 0;
    const int result = store_schema_version(store, &version);
    if (result < 0) {
        return result;
    }
    if (version > STEP_COUNT) {
        return store_complain(
            store, -EPROTONOSUPPORT,
            _("its schema is version %lld, of a newer program; this one knows "
              "versions up to %d: install the newer program on this machine, too"),
            (long long)version, STEP_COUNT);
    }
    if (version < STEP_COUNT && !may_migrate) {
        return store_complain(store, -EPROTONOSUPPORT,
                              _("its schema is version %lld, this program's is %d; `ketang store "
                                "migrate` brings it up to date"),
                              (long long)version, STEP_COUNT);
    }
    return version < STEP_COUNT ? migrate(store) : 0;
}
