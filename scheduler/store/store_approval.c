/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_approval.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS "id, house_number, sha256, run, stage, verdict, approver, note, time_ms"

struct store_approval store_approval_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    struct store_approval approval = {.id = values[0].integer,
                                      .house_number = values[1].text,
                                      .sha256 = values[2].text,
                                      .run = values[3].text,
                                      .stage = (int)values[4].integer,
                                      .approver = values[6].text,
                                      .note = values[7].text,
                                      .time_ms = values[8].integer};
    approval_verdict_parse(values[5].text, &approval.verdict); /* the schema has no others */
    return approval;
}

int store_approval_list(struct store *store, const char *house_number, struct store_rows *rows)
{
    return house_number != NULL
               ? store_fetch(
                     store, "SELECT " COLUMNS " FROM approvals WHERE house_number = $1 ORDER BY id",
                     SQL_ARGS(sql_text(house_number)), rows)
               : store_fetch(store, "SELECT " COLUMNS " FROM approvals ORDER BY id", NULL, 0, rows);
}

int store_approval_by_run(struct store *store, struct store_rows *rows)
{
    return store_fetch(store,
                       "SELECT " COLUMNS " FROM approvals ORDER BY house_number, sha256, run, id",
                       NULL, 0, rows);
}

int store_approval_chain(struct store *store, const struct store_approval *of,
                         struct approval_chain *chain)
{
    struct store_rows rows;
    const int result = store_fetch(
        store,
        "SELECT " COLUMNS " FROM approvals WHERE house_number = $1 AND "
        "sha256 = $2 AND run = $3 ORDER BY id",
        SQL_ARGS(sql_text(of->house_number), sql_text(of->sha256), sql_text(of->run)), &rows);
    if (result == 0) {
        *chain = (struct approval_chain){0};
        for (size_t i = 0; i < rows.count; i++) {
            const struct store_approval approval = store_approval_at(&rows, i);
            const struct approval_step step = {approval.stage, approval.verdict, approval.approver};
            approval_chain_take(chain, &step);
        }
    }
    store_rows_finish(&rows);
    return result;
}

int store_approval_rejected(struct store *store, const struct store_approval *of, int *stage)
{
    struct store_approval first = *of;
    struct approval_chain chain;
    first.run = APPROVAL_FIRST_RUN;
    int result = store_approval_chain(store, &first, &chain);
    if (result == 0 && chain.rejected == 0) {
        result = store_approval_chain(store, of, &chain);
    }
    if (result == 0) {
        *stage = chain.rejected;
    }
    return result;
}

static int refuse(struct store *store, const struct store_approval *approval,
                  const struct approval_chain *chain, int result)
{
    const char *number = approval->house_number;
    switch (result) {
    case -EALREADY:
        return store_complain(store, result, _("%s: stage %d is signed already, by %s"), number,
                              approval->stage, chain->signers[approval->stage - 1]);
    case -ENOENT:
        return store_complain(store, result, _("%s: stage %d is not signed: nothing to withdraw"),
                              number, approval->stage);
    case -EPERM:
        return store_complain(store, result,
                              _("%s: stage %d comes first, it is not signed yet: --stage %d"),
                              number, chain->level + 1, chain->level + 1);
    case -EACCES:
        return store_complain(store, result,
                              _("%s: %s has signed another stage of this run; at this station "
                                "each stage is signed by another person (approval_alone)"),
                              number, approval->approver);
    default:
        return store_complain(store, result, _("%s: there is no stage %d"), number,
                              approval->stage);
    }
}

static int check(struct store *store, const struct store_approval *approval,
                 const struct approval_rule *rule)
{
    int64_t date = 0;
    int result = store_check_name(store, _("the house number"), approval->house_number);
    if (result == 0) {
        result = store_check_name(store, _("the approver's name"), approval->approver);
    }
    if (result == 0) {
        result = store_check_text(store, _("the note"), approval->note, STORE_NOTE_MOST);
    }
    if (result < 0) {
        return result;
    }
    if (!asset_is_sha256(approval->sha256)) {
        return store_complain(store, -EINVAL, _("'%s' is no SHA-256"), approval->sha256);
    }
    if (strcmp(approval->run, APPROVAL_FIRST_RUN) != 0 &&
        store_date_parse(approval->run, &date) < 0) {
        return store_complain(store, -EINVAL,
                              _("'%s' is no run: 'first', or the date of a repeat as in "
                                "2020-02-17"),
                              approval->run);
    }
    if (rule->stages == 0) {
        return store_complain(store, -ERANGE,
                              _("this station approves nothing: 'approval_stages' of the station "
                                "file is 0"));
    }
    if (approval->stage < 1 || approval->stage > rule->stages) {
        return store_complain(store, -ERANGE,
                              _("%s: there is no stage %d: this station has stages 1 to %d"),
                              approval->house_number, approval->stage, rule->stages);
    }
    return 0;
}

static int add(struct store *store, const struct store_approval *approval,
               const struct approval_rule *rule)
{
    struct approval_chain chain;
    const struct approval_step step = {approval->stage, approval->verdict, approval->approver};
    int result = store_approval_chain(store, approval, &chain);
    if (result < 0) {
        return result;
    }
    result = approval_chain_check(&chain, &step, rule->is_alone_allowed);
    if (result < 0) {
        return refuse(store, approval, &chain, result);
    }
    result = store_note_house_number(store, approval->house_number, approval->time_ms,
                                     approval->approver);
    if (result < 0) {
        return result;
    }
    return store_run(store,
                     "INSERT INTO approvals (" COLUMNS ") SELECT COALESCE(MAX(id), 0) + 1, $1, $2, "
                     "$3, $4, $5, $6, $7, $8 FROM approvals",
                     SQL_ARGS(sql_text(approval->house_number), sql_text(approval->sha256),
                              sql_text(approval->run), sql_integer(approval->stage),
                              sql_text(approval_verdict_name(approval->verdict)),
                              sql_text(approval->approver), sql_text(approval->note),
                              sql_integer(approval->time_ms)));
}

int store_approval_add(struct store *store, const struct store_approval *approval,
                       const struct approval_rule *rule)
{
    int result = check(store, approval, rule);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = add(store, approval, rule);
    return store_end(store, result);
}
