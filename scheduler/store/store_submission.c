/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_submission.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "id, house_number, file_name, sha256, school, teacher, received_ms, state, state_ms, "         \
    "state_by, finding, title, kind, consent, batch, subtitles, subtitles_sha256"

static const char *const names[] = {"received", "checking", "accepted", "rejected", "replaced"};

const char *submission_state_name(enum submission_state state)
{
    return names[state];
}

/* The schema has no others. */
static enum submission_state state_of(const char *name)
{
    size_t i = 0;
    while (i + 1 < sizeof(names) / sizeof(names[0]) && strcmp(names[i], name) != 0) {
        i++;
    }
    return (enum submission_state)i;
}

static int check(struct store *store, const struct store_submission *submission)
{
    int result = store_check_name(store, _("the author's name"), submission->state_by);
    if (result == 0) {
        result = store_check_text(store, _("the finding"), submission->finding, STORE_NOTE_MOST);
    }
    if (result == 0 && submission->sha256[0] != '\0' && !asset_is_sha256(submission->sha256)) {
        result = store_complain(store, -EINVAL, _("'%s' is no SHA-256"), submission->sha256);
    }
    return result;
}

static int note_number(struct store *store, const struct store_submission *submission)
{
    return submission->house_number != NULL
               ? store_note_house_number(store, submission->house_number, submission->state_ms,
                                         submission->state_by)
               : 0;
}

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

static int add(struct store *store, const struct store_submission *submission, int64_t *id)
{
    int result = note_number(store, submission);
    if (result == 0) {
        result =
            store_number(store, "SELECT COALESCE(MAX(id), 0) + 1 FROM submissions", NULL, 0, id);
    }
    if (result < 0) {
        return result;
    }
    return store_run(
        store,
        "INSERT INTO submissions (" COLUMNS ") "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        SQL_ARGS(sql_integer(*id), sql_text(submission->house_number),
                 sql_text(submission->file_name), sql_text(submission->sha256),
                 sql_text(submission->school), sql_text(submission->teacher),
                 sql_integer(submission->received_ms), sql_text(names[submission->state]),
                 sql_integer(submission->state_ms), sql_text(submission->state_by),
                 sql_text(submission->finding), sql_text(or_nothing(submission->title)),
                 sql_text(or_nothing(submission->kind)), sql_text(or_nothing(submission->consent)),
                 sql_text(or_nothing(submission->batch)),
                 sql_text(or_nothing(submission->subtitles)),
                 sql_text(or_nothing(submission->subtitles_sha256))));
}

static int check_texts(struct store *store, const struct store_submission *submission)
{
    const struct {
        const char *what;
        const char *text;
    } texts[] = {
        {_("the file name"), submission->file_name},
        {_("the title"), submission->title},
        {_("the consent"), submission->consent},
        {_("the name of the batch"), submission->batch},
        {_("the name of the subtitles"), submission->subtitles},
    };
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof(texts) / sizeof(texts[0]); i++) {
        result = store_check_text(store, texts[i].what, or_nothing(texts[i].text), STORE_NOTE_MOST);
    }
    return result;
}

int store_submission_add(struct store *store, const struct store_submission *submission,
                         int64_t *id)
{
    int64_t fresh = 0;
    int result = check(store, submission);
    result = result < 0 ? result : check_texts(store, submission);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = add(store, submission, &fresh);
    result = store_end(store, result);
    if (result == 0) {
        *id = fresh;
    }
    return result;
}

static int move(struct store *store, const struct store_submission *submission,
                enum submission_state was)
{
    struct store_rows rows;
    int result = store_submission_find(store, submission->id, &rows);
    if (result == 0 && rows.count == 0) {
        result = store_complain(store, -ENOENT, _("there is no submission %lld"),
                                (long long)submission->id);
    }
    if (result == 0) {
        const struct store_submission now = store_submission_at(&rows, 0);
        if (now.state != was) {
            result = store_complain(store, -ESTALE, _("submission %lld is '%s' by now, by %s"),
                                    (long long)now.id, names[now.state], now.state_by);
        }
    }
    store_rows_finish(&rows);
    if (result == 0) {
        result = note_number(store, submission);
    }
    if (result < 0) {
        return result;
    }
    return store_run(store,
                     "UPDATE submissions SET house_number = $1, sha256 = $2, state = $3, "
                     "state_ms = $4, state_by = $5, finding = $6 WHERE id = $7",
                     SQL_ARGS(sql_text(submission->house_number), sql_text(submission->sha256),
                              sql_text(names[submission->state]), sql_integer(submission->state_ms),
                              sql_text(submission->state_by), sql_text(submission->finding),
                              sql_integer(submission->id)));
}

int store_submission_move(struct store *store, const struct store_submission *submission,
                          enum submission_state was)
{
    int result = check(store, submission);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = move(store, submission, was);
    return store_end(store, result);
}

int store_submission_list(struct store *store, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM submissions ORDER BY id", NULL, 0, rows);
}

int store_submission_list_since(struct store *store, int64_t since_ms, struct store_rows *rows)
{
    return store_fetch(store,
                       "SELECT " COLUMNS " FROM submissions WHERE id IN (SELECT submission "
                       "FROM jobs WHERE state IN ('waiting', 'running') OR state_ms >= $1) "
                       "ORDER BY id",
                       SQL_ARGS(sql_integer(since_ms)), rows);
}

int store_submission_find(struct store *store, int64_t id, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM submissions WHERE id = $1",
                       SQL_ARGS(sql_integer(id)), rows);
}

struct store_submission store_submission_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_submission){.id = values[0].integer,
                                     .house_number = values[1].text,
                                     .file_name = values[2].text,
                                     .sha256 = values[3].text,
                                     .school = values[4].text,
                                     .teacher = values[5].text,
                                     .received_ms = values[6].integer,
                                     .state = state_of(values[7].text),
                                     .state_ms = values[8].integer,
                                     .state_by = values[9].text,
                                     .finding = values[10].text,
                                     .title = values[11].text,
                                     .kind = values[12].text,
                                     .consent = values[13].text,
                                     .batch = values[14].text,
                                     .subtitles = values[15].text,
                                     .subtitles_sha256 = values[16].text};
}
