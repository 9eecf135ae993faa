/* SPDX-License-Identifier: MIT */
#include "scheduler/store/approval_chain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {"approve", "reject", "withdraw"};

static bool has_signed(const struct approval_chain *chain, int stages, const char *approver)
{
    for (int i = 0; i < stages; i++) {
        if (strcmp(chain->signers[i], approver) == 0) {
            return true;
        }
    }
    return false;
}

int approval_chain_check(const struct approval_chain *chain, const struct approval_step *step,
                         bool is_alone_allowed)
{
    if (step->stage < 1 || step->stage > APPROVAL_STAGES_MOST) {
        return -ERANGE;
    }
    if (step->verdict == APPROVAL_WITHDRAWN) {
        return step->stage <= chain->level ? 0 : -ENOENT;
    }
    if (step->stage > chain->level + 1) {
        return -EPERM;
    }
    if (step->verdict == APPROVAL_REJECTED) {
        return 0;
    }
    if (step->stage <= chain->level) {
        return -EALREADY;
    }
    return is_alone_allowed || !has_signed(chain, chain->level, step->approver) ? 0 : -EACCES;
}

void approval_chain_take(struct approval_chain *chain, const struct approval_step *step)
{
    if (approval_chain_check(chain, step, true) < 0) {
        return;
    }
    chain->was_undone = chain->was_undone || step->verdict != APPROVAL_GIVEN;
    if (step->verdict == APPROVAL_REJECTED) {
        chain->rejected = step->stage;
    } else if (step->verdict == APPROVAL_GIVEN && step->stage >= chain->rejected) {
        chain->rejected = 0;
    }
    if (step->verdict == APPROVAL_GIVEN) {
        snprintf(chain->signers[chain->level++], APPROVER_SIZE, "%s", step->approver);
    } else if (chain->level >= step->stage) {
        chain->level = step->stage - 1;
    }
}

int approval_chain_level(const struct approval_chain *chain, bool is_alone_allowed)
{
    int level = 0;
    while (level < chain->level &&
           (is_alone_allowed || !has_signed(chain, level, chain->signers[level]))) {
        level++;
    }
    return level;
}

const char *approval_verdict_name(enum approval_verdict verdict)
{
    return names[verdict];
}

int approval_verdict_parse(const char *name, enum approval_verdict *verdict)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            *verdict = (enum approval_verdict)i;
            return 0;
        }
    }
    return -EINVAL;
}
