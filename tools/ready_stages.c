/* SPDX-License-Identifier: MIT */
#include "tools/ready_stages.h"

#include "scheduler/store/store_approval.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

const char *ready_stages_run(const struct ready_row *row, char date[STORE_DATE_SIZE])
{
    return row->run == READY_REPEAT ? store_date_text(row->date, date) : APPROVAL_FIRST_RUN;
}

static struct ready_stage stage_of(struct store *store, const struct scheduler_settings *settings,
                                   const struct signoff *signoff, const struct ready_row *row)
{
    char date[STORE_DATE_SIZE];
    struct approval_chain chain;
    int rejected = 0;
    const struct store_approval of = {
        .house_number = row->house_number, .sha256 = row->file, .run = ready_stages_run(row, date)};
    if (signoff_is_taken_back(signoff, &of)) {
        return (struct ready_stage){.is_taken_back = true};
    }
    if (store_approval_chain(store, &of, &chain) < 0 ||
        store_approval_rejected(store, &of, &rejected) < 0) {
        return (struct ready_stage){0};
    }
    const int level = approval_chain_level(&chain, settings->is_alone_allowed);
    return (struct ready_stage){.next = level < settings->approval_stages ? level + 1 : 0,
                                .rejected = rejected};
}

static bool is_unsigned(const struct ready_row *row)
{
    return row->state == MEDIA_UNAPPROVED ||
           (row->state == MEDIA_READY && row->newest == MEDIA_UNAPPROVED);
}

static bool has_unsigned(const struct ready_board *board)
{
    for (size_t i = 0; i < board->count; i++) {
        if (is_unsigned(&board->rows[i])) {
            return true;
        }
    }
    return false;
}

/* Of all files: before the first approval there is no store. */
static struct ready_stage stage_without_store(const struct station *station, int result)
{
    struct problems problems;
    problems_init(&problems);
    const bool is_lost = result != -ENOENT || signoff_check_store(station, &problems) < 0;
    problems_finish(&problems);
    return is_lost ? (struct ready_stage){.is_lost = true} : (struct ready_stage){.next = 1};
}

struct ready_stage *ready_stages(const struct station *station, const struct signoff *signoff,
                                 const struct ready_board *board)
{
    struct store *store = NULL;
    struct problems problems;
    struct ready_stage *stages = calloc(board->count + 1, sizeof(stages[0]));
    if (stages == NULL || !has_unsigned(board)) {
        return stages;
    }
    problems_init(&problems);
    const int result = store_open(station->scheduler.store, STORE_LOOK, &store, &problems);
    const struct ready_stage unasked =
        result < 0 ? stage_without_store(station, result) : (struct ready_stage){0};
    for (size_t i = 0; i < board->count; i++) {
        const struct ready_row *row = &board->rows[i];
        if (is_unsigned(row)) {
            stages[i] = result < 0 ? unasked : stage_of(store, &station->scheduler, signoff, row);
        }
    }
    store_close(store);
    problems_finish(&problems);
    return stages;
}
