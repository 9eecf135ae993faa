/* SPDX-License-Identifier: MIT */
/*
 * store: the scheduler's database: SQLite, or PostgreSQL with the same schema.
 *
 * This header opens it and says what a transaction is.  What is kept in it
 * has a header each: store_lesson.h, store_asset.h, store_submission.h,
 * store_approval.h, store_day.h, store_freeze.h, store_amendment.h,
 * store_revision.h, store_as_run.h, store_user.h; and as a whole
 * store_dump.h, store_rebuild.h.  README.md has the picture.
 *
 * Several processes use a store at once, on several machines if it is
 * PostgreSQL.  Writers wait for each other, at most ten seconds, on both
 * engines alike; readers never wait.
 *
 * What every function that writes has in common:
 * - it is one transaction, and returns 0 only when that has been committed
 *   to disk: then neither kill -9 nor a loss of power undoes it;
 * - anything but 0 means that nothing at all was written, with one
 *   exception: -EINPROGRESS, when the connection to PostgreSQL went away
 *   while the transaction was being committed.  Then nobody knows; look
 *   before you repeat;
 * - store_error() tells in the reader's language what was wrong.
 *
 * Common errors: -EBUSY another program has been writing for ten seconds;
 * -ECONNRESET the server went away; -ETIMEDOUT it took too long; -ENOSPC;
 * -EILSEQ a text is not UTF-8; -E2BIG a text is too long; -EINVAL a value
 * that is not legal; -EIO; -ENOMEM.
 *
 * Texts passed in are borrowed for the call.  Dates are civil days since
 * 1970-01-01, times milliseconds since the epoch; the caller tells them.
 *
 * Thread: one.  Not to be used across fork().
 */
#ifndef SCHEDULER_STORE_STORE_H
#define SCHEDULER_STORE_STORE_H

#include "playout/problems.h"
#include "scheduler/store/store_rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STORE_NAME_MOST = 120,     /* bytes of a name: channel, house number, author */
    STORE_NOTE_MOST = 4096,    /* bytes of a reason, note, title */
    STORE_TEXT_MOST = 1 << 20, /* bytes of a whole file's text */
    STORE_DATE_SIZE = 11,      /* "2020-02-17" */
};

struct store;

enum store_opening {
    STORE_USE,  /* made when it is not there; brought up to this program's schema */
    STORE_LOOK, /* neither made nor changed: who may read its files may look */
};

/*
 * `where` is the path of an SQLite file, or for PostgreSQL "postgresql://..."
 * or "host=... dbname=..." (libpq's conninfo).  Returns 0, or with the cause
 * in *problems: -ENOENT STORE_LOOK found none; -EPROTONOSUPPORT the store is
 * of a newer program, or with STORE_LOOK of an older one; -EBADMSG it is no
 * store; -EBUSY, -EACCES, -ECONNREFUSED, -EIO, -ENOMEM.
 */
int store_open(const char *where, enum store_opening opening, struct store **store,
               struct problems *problems);
void store_close(struct store *store); /* accepts NULL */

/*
 * True when the file that is open was moved away, removed or replaced: what is written goes
 * where nobody will look for it.  Never of PostgreSQL.
 */
bool store_has_moved(const struct store *store);

/* True when `where` means PostgreSQL. */
bool store_is_postgres(const char *where);

/* What people call it: its path, or "PostgreSQL": a conninfo may hold a password. */
const char *store_place(const char *where);

/* What went wrong last, one sentence without its full stop; "" when nothing did. */
const char *store_error(const struct store *store);

/* For people: "SQLite 3.40.1, /path", "PostgreSQL 15.5, ketang at db.example". No password. */
const char *store_description(const struct store *store);

/* Steps of migration that have been applied, and that this program has. */
int store_schema_version(struct store *store, int64_t *version);
int64_t store_schema_newest(void);

/* What is in it: rows of table number `n`; -ENOENT beyond the last. */
int store_count(struct store *store, size_t n, const char **table, int64_t *rows);

/*
 * Makes several writes one transaction: all calls between begin and end
 * take effect together or not at all.  They nest.  `result` is what became of
 * the work: 0 commits, anything else rolls back and is returned.  When a
 * call in between failed, the whole is rolled back: until then every other
 * call gives -ECANCELED, and so does an end with 0.
 */
int store_begin(struct store *store);
int store_end(struct store *store, int result);

/*
 * Within a transaction: marks a place to go back to, one at a time.
 * store_unmark() keeps what was written since, or takes it back: then the
 * transaction goes on, even where a call since the mark has failed.
 */
int store_mark(struct store *store);
int store_unmark(struct store *store, bool is_kept);

/* The same for reading: all calls in between see one moment. */
int store_begin_reading(struct store *store);

/*
 * Now, by the one clock that all who use the store have in common: the server's, whatever the
 * clocks of their machines say; with SQLite that of the machine.  0, or as for what reads.
 */
int store_clock_ms(struct store *store, int64_t *now_ms);

/* "2020-02-17" of a civil day; returns `text`.  Years 1 to 9999. */
const char *store_date_text(int64_t date, char text[STORE_DATE_SIZE]);
/* The opposite: 0, or -EINVAL for anything else, a day that does not exist included. */
int store_date_parse(const char *text, int64_t *date);

#endif
