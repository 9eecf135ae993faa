/* SPDX-License-Identifier: MIT */
#include "playout/state_clock.h"

#include "playout/durable.h"
#include "playout/intl.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For glob(): a folder that cannot be read may have the file. */
static int is_unreadable(const char *path, int error)
{
    (void)path;
    return error != ENOENT && error != ENOTDIR;
}

/* True when a file of that name, which may have stars, is in the folder.  Errs on that side. */
static bool has_file(const char *state, const char *name)
{
    char *pattern = malloc(2 * strlen(state) + strlen(name) + 2);
    glob_t found = {0};
    if (pattern == NULL) {
        return true;
    }
    char *end = pattern;
    for (const char *at = state; *at != '\0'; at++) { /* its own stars and brackets are none */
        *end++ = '\\';
        *end++ = *at;
    }
    *end++ = '/';
    strcpy(end, name);
    const int result = glob(pattern, GLOB_NOSORT, is_unreadable, &found);
    globfree(&found);
    free(pattern);
    return result != GLOB_NOMATCH;
}

static bool is_of_the_air(const char *state)
{
    return has_file(state, "plans/*/journal") || has_file(state, "asrun/*/*.jsonl") ||
           has_file(state, "run/scheduler.lock");
}

static int make_mark(const char *mark, struct problems *problems)
{
    const int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    int result = fd < 0 ? -errno : durable_sync_folder(mark);
    if (fd >= 0) {
        close(fd);
    }
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, mark, 0, 0, _("cannot be written: %s"),
                     strerror(-result));
    }
    return result;
}

static int take(const char *state, const char *mark, bool is_ahead, struct problems *problems)
{
    const bool is_marked = access(mark, F_OK) == 0;
    if (is_marked && !is_ahead) {
        problems_add(problems, PROBLEM_ERROR, mark, 0, 0,
                     _("the state folder %s is that of a rehearsal: it was written with "
                       "--clock-ahead, and the daily report of the air would tell of lost signal. "
                       "Set `state` in the station file to the folder of the air.  Should this be "
                       "that folder, move its plans and asrun away, delete this file, and start "
                       "again"),
                     state);
        return -EPERM;
    }
    if (is_ahead && !is_marked && is_of_the_air(state)) {
        problems_add(problems, PROBLEM_ERROR, state, 0, 0,
                     _("this state folder is that of the air: with --clock-ahead its record would "
                       "have times that have not come, and the daily report would tell of lost "
                       "signal.  Give the rehearsal a station file with another folder as `state`, "
                       "and with other outputs"));
        return -EPERM;
    }
    return is_ahead && !is_marked ? make_mark(mark, problems) : 0;
}

int state_clock_take(const char *state, bool is_ahead, struct problems *problems)
{
    char *mark = NULL;
    if (asprintf(&mark, "%s/clock-ahead", state) < 0) {
        return -ENOMEM;
    }
    const int result = take(state, mark, is_ahead, problems);
    free(mark);
    return result;
}
