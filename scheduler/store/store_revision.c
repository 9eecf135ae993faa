/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_revision.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <string.h>

#define COLUMNS "channel, revision, effective_frame, written_ms, sha256, author, reason"

static int check_hash(struct store *store, const struct store_revision *revision)
{
    struct store_rows rows;
    int result = store_fetch(
        store, "SELECT " COLUMNS " FROM plan_revisions WHERE channel = $1 AND revision = $2",
        SQL_ARGS(sql_text(revision->channel), sql_integer(revision->revision)), &rows);
    if (result == 0 && rows.count > 0 &&
        strcmp(store_revision_at(&rows, 0).sha256, revision->sha256) != 0) {
        result = store_complain(store, -EEXIST,
                                _("plan %lld of %s is not the file that it was: it has been "
                                  "changed, or replaced by another"),
                                (long long)revision->revision, revision->channel);
    }
    store_rows_finish(&rows);
    return result;
}

int store_revision_put(struct store *store, const struct store_revision *revision)
{
    int result = store_check_name(store, _("the channel"), revision->channel);
    if (result == 0) {
        result = store_check_text(store, _("the reason"), revision->reason, STORE_NOTE_MOST);
    }
    if (result < 0) {
        return result;
    }
    if (!asset_is_sha256(revision->sha256)) {
        return store_complain(store, -EINVAL, _("'%s' is no SHA-256"), revision->sha256);
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = check_hash(store, revision);
    if (result == 0) {
        result = store_run(store,
                           "INSERT INTO plan_revisions (" COLUMNS
                           ") VALUES ($1, $2, $3, $4, $5, $6, $7) "
                           "ON CONFLICT (channel, revision) DO UPDATE SET "
                           "effective_frame = excluded.effective_frame",
                           SQL_ARGS(sql_text(revision->channel), sql_integer(revision->revision),
                                    sql_integer(revision->effective_frame),
                                    sql_integer(revision->written_ms), sql_text(revision->sha256),
                                    sql_text(revision->author), sql_text(revision->reason)));
    }
    return store_end(store, result);
}

int store_revision_newest(struct store *store, const char *channel, int64_t *revision)
{
    return store_number(store,
                        "SELECT COALESCE(MAX(revision), 0) FROM plan_revisions "
                        "WHERE channel = $1",
                        SQL_ARGS(sql_text(channel)), revision);
}

int store_revision_list(struct store *store, const char *channel, int64_t after,
                        struct store_rows *rows)
{
    return store_fetch(store,
                       "SELECT " COLUMNS " FROM plan_revisions WHERE channel = $1 AND "
                       "revision > $2 ORDER BY revision",
                       SQL_ARGS(sql_text(channel), sql_integer(after)), rows);
}

struct store_revision store_revision_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_revision){.channel = values[0].text,
                                   .revision = values[1].integer,
                                   .effective_frame = values[2].integer,
                                   .written_ms = values[3].integer,
                                   .sha256 = values[4].text,
                                   .author = values[5].text,
                                   .reason = values[6].text};
}
