/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_verify.h"

#include "playout/as_run_chain.h"
#include "scheduler/report/report_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void verifier_init(struct verifier *verifier, const char *previous, const char *anchor)
{
    *verifier = (struct verifier){.anchor = anchor};
    struct verify_result *result = &verifier->result;
    snprintf(result->last_chain, sizeof(result->last_chain), "%s",
             previous != NULL ? previous : "");
    verifier->has_anchor = anchor == NULL || (previous != NULL && strcmp(previous, anchor) == 0);
}

void verifier_file(struct verifier *verifier, const char *name)
{
    struct verify_place *place = &verifier->result.bad;
    if (verifier->is_judging || verifier->result.verdict != VERIFY_GOOD) {
        return;
    }
    memcpy(verifier->file_before, place->file, sizeof(verifier->file_before));
    snprintf(place->file, sizeof(place->file), "%s", name);
    verifier->is_first_of_file = true;
}

/* A crash explains the line that was cut off. */
static void settle_torn(struct verifier *verifier)
{
    struct verify_result *result = &verifier->result;
    if (verifier->torn.line > 0) {
        result->first_torn = result->torn == 0 ? verifier->torn : result->first_torn;
        result->torn++;
        verifier->torn.line = 0;
    }
}

/* The line in result.bad is good; `chain` is its own. */
static void accept(struct verifier *verifier, const char chain[SHA256_HEX_SIZE])
{
    struct verify_result *result = &verifier->result;
    result->last = result->bad;
    result->first = result->checked == 0 ? result->bad : result->first;
    result->checked++;
    memcpy(result->last_chain, chain, SHA256_HEX_SIZE);
    verifier->has_anchor = verifier->has_anchor || strcmp(chain, verifier->anchor) == 0;
    settle_torn(verifier);
}

/* The line in result.bad does not follow what is before it. */
static void reject(struct verifier *verifier)
{
    struct verify_result *result = &verifier->result;
    if (verifier->torn.line > 0) {
        result->verdict = VERIFY_CUT_OFF;
        result->bad = verifier->torn;
        return;
    }
    verifier->is_judging = true;
    if (verifier->is_first_of_file) {
        memcpy(result->before, verifier->file_before, sizeof(result->before));
    }
}

/* The first line with a chain, and nothing is known of the one before it. */
static void accept_first(struct verifier *verifier, const char *line, size_t length,
                         const char chain[SHA256_HEX_SIZE])
{
    struct verify_result *result = &verifier->result;
    const bool is_start = as_run_chain_follows(AS_RUN_CHAIN_START, line, length);
    const bool is_anchored =
        verifier->anchor != NULL && as_run_chain_follows(verifier->anchor, line, length);
    if (!is_start && result->old > 0) {
        reject(verifier); /* behind lines of a version before it can only be the start */
        return;
    }
    verifier->has_anchor = verifier->has_anchor || is_anchored; /* printed the day before */
    result->is_first_unproven = !is_start && !is_anchored;
    accept(verifier, chain);
}

/* What follows the bad line tells which kind of bad it is. */
static void judge(struct verifier *verifier, const char *line, size_t length)
{
    struct verify_result *result = &verifier->result;
    const char *good = result->last_chain[0] != '\0' ? result->last_chain : AS_RUN_CHAIN_START;
    verifier->is_judging = false;
    if (as_run_chain_follows(good, line, length)) {
        result->verdict = VERIFY_INSERTED;
    } else {
        result->verdict = verifier->is_first_of_file ? VERIFY_FILE_MISSING : VERIFY_CHANGED;
    }
}

/* A whole line without a chain, or a part of one. */
static void take_unchained(struct verifier *verifier, const char *line, size_t length)
{
    struct verify_result *result = &verifier->result;
    const bool is_torn = length == 0 || line[length - 1] != '}';
    if (is_torn) {
        settle_torn(verifier);
        verifier->torn = result->bad;
    } else if (result->last_chain[0] == '\0') {
        result->old++;
    } else {
        result->verdict = VERIFY_UNCHAINED;
    }
}

void verifier_line(struct verifier *verifier, const char *line, size_t length, int64_t number)
{
    struct verify_result *result = &verifier->result;
    char chain[SHA256_HEX_SIZE];
    if (verifier->is_judging) {
        judge(verifier, line, length);
    }
    if (result->verdict != VERIFY_GOOD) {
        return;
    }
    result->bad.line = number;
    if (!as_run_chain_of(line, length, chain)) {
        take_unchained(verifier, line, length);
    } else if (result->last_chain[0] == '\0') {
        accept_first(verifier, line, length, chain);
    } else if (as_run_chain_follows(result->last_chain, line, length)) {
        accept(verifier, chain);
    } else {
        reject(verifier);
    }
    if (!verifier->is_judging) {
        verifier->is_first_of_file = false;
    }
}

void verifier_end(struct verifier *verifier, struct verify_result *result)
{
    struct verify_result *found = &verifier->result;
    if (verifier->is_judging) {
        judge(verifier, "", 0);
    }
    if (found->verdict == VERIFY_GOOD) {
        settle_torn(verifier);
    }
    if (found->verdict == VERIFY_GOOD && !verifier->has_anchor) {
        found->verdict = VERIFY_NO_ANCHOR;
    }
    *result = *found;
}

static void take_bytes(struct verifier *verifier, const char *bytes, size_t size)
{
    struct report_line line = {0};
    while (report_next_line(bytes, size, &line)) {
        verifier_line(verifier, line.bytes, line.length, line.number);
    }
}

static int take_file(struct verifier *verifier, const char *folder, const char *name)
{
    char *bytes = NULL;
    size_t size = 0;
    verifier_file(verifier, name);
    const int result = report_read_day_file(folder, name, &bytes, &size);
    if (result == 0) {
        take_bytes(verifier, bytes, size);
    }
    free(bytes);
    return result;
}

/* The chain of the last whole line in the files before the range: 1, 0 or -errno. */
static int chain_before(const char *folder, const struct day_files *files, const char *from,
                        char chain[SHA256_HEX_SIZE])
{
    int result = 0;
    for (size_t i = files->count; i-- > 0 && result == 0;) {
        char *bytes = NULL;
        size_t size = 0;
        if (strncmp(files->names[i], from, DAY_SIZE) < 0) {
            result = report_read_day_file(folder, files->names[i], &bytes, &size);
            result = result == 0 ? as_run_chain_last(bytes, size, chain) : result;
            free(bytes);
        }
    }
    return result;
}

static bool is_in_range(const char *name, const struct verify_range *range)
{
    return (range->from == NULL || strncmp(name, range->from, DAY_SIZE) >= 0) &&
           (range->until == NULL || strncmp(name, range->until, DAY_SIZE) <= 0);
}

int report_verify_folder(const char *folder, const struct verify_range *range,
                         struct verify_result *result)
{
    struct day_files files = {0};
    struct verifier verifier;
    char previous[SHA256_HEX_SIZE] = "";
    size_t taken = 0;
    int error = report_day_files(folder, &files);
    if (error == 0 && range->from != NULL) {
        error = chain_before(folder, &files, range->from, previous);
    }
    verifier_init(&verifier, previous[0] != '\0' ? previous : NULL, range->anchor);
    for (size_t i = 0; i < files.count && error >= 0; i++) {
        if (is_in_range(files.names[i], range)) {
            error = take_file(&verifier, folder, files.names[i]);
            taken++;
        }
    }
    day_files_finish(&files);
    verifier_end(&verifier, result);
    return error < 0 ? error : taken > 0 ? 0 : -ENOENT;
}
