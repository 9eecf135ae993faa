/* SPDX-License-Identifier: MIT */
/*
 * approval_chain: how far the approval of one file for one run has come
 * (一审 二审 三审).
 *
 * Stages are signed in order.  A rejection or a withdrawal of a stage undoes
 * it and all above it.  A pure function of the verdicts in the order in which
 * they were given.
 */
#ifndef SCHEDULER_STORE_APPROVAL_CHAIN_H
#define SCHEDULER_STORE_APPROVAL_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

enum {
    APPROVAL_STAGES_MOST = 9,
    APPROVER_SIZE = 121,
};

enum approval_verdict {
    APPROVAL_GIVEN,
    APPROVAL_REJECTED,  /* the file is not good */
    APPROVAL_WITHDRAWN, /* signed by mistake */
};

struct approval_step {
    int stage; /* from 1 */
    enum approval_verdict verdict;
    const char *approver;
};

/* Zeroed: nothing signed. */
struct approval_chain {
    int level;       /* stages 1 to `level` are signed */
    int rejected;    /* the stage that sent the file back, and has not been signed since; 0: none */
    bool was_undone; /* a stage was rejected or withdrawn at some time */
    char signers[APPROVAL_STAGES_MOST][APPROVER_SIZE];
};

/*
 * Whether a step may come next: 0; -EALREADY the stage is signed; -ENOENT
 * there is nothing to withdraw; -EPERM the stage before is not signed;
 * -EACCES the approver has signed another stage and may not (`is_alone_allowed`
 * says whether one person may sign several); -ERANGE no such stage.
 */
int approval_chain_check(const struct approval_chain *chain, const struct approval_step *step,
                         bool is_alone_allowed);

/* Takes a step; one that approval_chain_check() would refuse changes nothing. */
void approval_chain_take(struct approval_chain *chain, const struct approval_step *step);

/* Stages that count: without `is_alone_allowed` up to the first signer that comes again. */
int approval_chain_level(const struct approval_chain *chain, bool is_alone_allowed);

const char *approval_verdict_name(enum approval_verdict verdict);
int approval_verdict_parse(const char *name, enum approval_verdict *verdict); /* 0 or -EINVAL */

#endif
