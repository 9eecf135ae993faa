/* SPDX-License-Identifier: MIT */
/*
 * store_approval: who approved which file for which run (三审、重播重审).
 *
 * An approval is bound to the SHA-256 of the file: a file that changed has
 * none.  The first run has its own, and so has each repeat, named by its air
 * date.  A file that was rejected for its first run airs in none.  Verdicts
 * are only ever added: a withdrawal is one more, and the history stays.
 * approval_chain.h has the rules of the stages.
 */
#ifndef SCHEDULER_STORE_STORE_APPROVAL_H
#define SCHEDULER_STORE_STORE_APPROVAL_H

#include "scheduler/store/approval_chain.h"
#include "scheduler/store/store.h"

#define APPROVAL_FIRST_RUN "first"

/* How a station approves. */
struct approval_rule {
    int stages;            /* 0: nothing needs approval; at most APPROVAL_STAGES_MOST */
    bool is_alone_allowed; /* one person may sign several stages of a run */
};

struct store_approval {
    int64_t id; /* rising in the order of signing; given by the store */
    const char *house_number;
    const char *sha256;
    const char *run; /* APPROVAL_FIRST_RUN, or the air date of a repeat: "2020-02-17" */
    int stage;       /* from 1 */
    enum approval_verdict verdict;
    const char *approver;
    const char *note; /* may be "" */
    int64_t time_ms;
};

/*
 * Adds a verdict, if it may come next: 0; -ERANGE the station has no such
 * stage, and approval_chain_check()'s -EALREADY, -ENOENT, -EPERM, -EACCES.
 */
int store_approval_add(struct store *store, const struct store_approval *approval,
                       const struct approval_rule *rule);

/* Verdicts in the order of signing, of one house number, or of all (NULL). */
int store_approval_list(struct store *store, const char *house_number, struct store_rows *rows);
/* All of them, those of a file and run behind each other in the order of signing. */
int store_approval_by_run(struct store *store, struct store_rows *rows);
struct store_approval store_approval_at(const struct store_rows *rows, size_t row);

/* How far the approval of a file for a run has come. */
int store_approval_chain(struct store *store, const struct store_approval *of,
                         struct approval_chain *chain);

/*
 * The stage that sent the file back, and keeps it off the air in this run: of the first run, or
 * else of this one; 0: none.  0, or as store.h says.
 */
int store_approval_rejected(struct store *store, const struct store_approval *of, int *stage);

#endif
