/* SPDX-License-Identifier: MIT */
/*
 * import_save: puts an imported timetable where the operator wants it.
 *
 * Nobody ever sees half a timetable, and nothing is lost: a file that is
 * written over keeps what the sheet does not speak of (import_keep.h), and is
 * itself kept beside the new one, as FILE.old.  Where the station would refuse
 * the new one (import_trial.h), the old one stays, and the new one is kept
 * beside it, as FILE.new.  The new one, by either name, has the owner and the
 * group of the old one where they may be given, and its mode; but nothing for
 * the group where that cannot be kept.
 */
#ifndef TOOLS_IMPORT_SAVE_H
#define TOOLS_IMPORT_SAVE_H

#include "scheduler/import/import_write.h"

#include <stdbool.h>

enum { IMPORT_COPIES_MOST = 99 }; /* of a file that is written over */

/* FILE.old, FILE.old2 ..., from number 1; the caller frees it.  NULL: out of memory. */
char *import_copy_name(const char *path, int number);

struct import_destination {
    const char *path;    /* - is the standard output */
    const char *station; /* its file: whose timetables `path` may be one of */
    bool is_forced;      /* over a file that is there */
};

/* The whole file, `most` bytes and one more at most.  The caller frees it.  0 or -errno. */
int import_load(const char *path, size_t most, char **bytes, size_t *size);

/*
 * Whether import_save() would refuse the path for what is there already: 0, or
 * -EEXIST, which is told.  To be asked before anybody corrects mistakes.
 */
int import_save_may(const struct import_destination *destination);

/*
 * Writes the import, and tells on the standard error what became of it.  0 or
 * -errno; -EEXIST when there is a file and it is not forced; -EOVERFLOW when no
 * name is left to keep one by; -EBADMSG when the new one has errors, and is kept
 * as FILE.new.  Then all else is as it was.
 */
int import_save(const struct import *import, const struct import_output *output,
                const struct import_destination *destination);

#endif
