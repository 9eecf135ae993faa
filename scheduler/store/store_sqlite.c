/* SPDX-License-Identifier: MIT */
/*
 * store_sqlite: SQLite as an engine of the store.
 *
 * Write-ahead log, synchronous=FULL: a commit returns when it is on disk, and
 * readers go on while somebody writes.  Both need a local disk: a file on a
 * network share is no place for it, PostgreSQL is meant for that.
 */
#include "scheduler/store/store_sql.h"

#include "playout/intl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct sqlite_engine {
    struct sql sql; /* first */
    sqlite3 *db;
};

static sqlite3 *db_of(struct sql *sql)
{
    return ((struct sqlite_engine *)sql)->db;
}

static int errno_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return 0;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return -EINVAL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return -EBADMSG;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return -EACCES;
    default:
        return -EIO;
    }
}

/* What SQLite says of files that came to harm; it is read as a message of ours. */
static const char *const known_errors[] = {
    N_("attempt to write a readonly database"),
    N_("database disk image is malformed"),
    N_("disk I/O error"),
    N_("file is not a database"),
    N_("unable to open database file"),
};

static const char *error_text(const char *error)
{
    for (size_t i = 0; i < sizeof(known_errors) / sizeof(known_errors[0]); i++) {
        if (strcmp(error, known_errors[i]) == 0) {
            return _(known_errors[i]);
        }
    }
    return error;
}

/* In which folder, for whoever has to make room there. */
static void complain_of_full_disk(struct sql *sql)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof(folder), "%s", sqlite3_db_filename(db_of(sql), "main"));
    snprintf(sql->error, sizeof(sql->error),
             _("the disk of %.500s is full, and nothing was kept; make room there"),
             dirname(folder));
}

/* A file beside the store's that cannot grow (its -shm) is an I/O error to SQLite. */
static bool is_disk_full(struct sql *sql, int code)
{
    const int cause = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(db_of(sql)) : 0;
    return cause == ENOSPC || cause == EDQUOT;
}

static int fail(struct sql *sql, int code)
{
    const int result = is_disk_full(sql, code) ? -ENOSPC : errno_of(code);
    if (result == -EBUSY) {
        snprintf(sql->error, sizeof(sql->error),
                 _("another program has been writing for %d s; try again"), SQL_WAIT_MS / 1000);
    } else if (result == -ENOSPC) {
        complain_of_full_disk(sql);
    } else if (result < 0) {
        snprintf(sql->error, sizeof(sql->error), "%s", error_text(sqlite3_errmsg(db_of(sql))));
    }
    return result;
}

static void bind(sqlite3_stmt *statement, const struct sql_value *args, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const int at = (int)i + 1; /* $1 ... are numbered by their first use */
        if (args[i].type == SQL_INTEGER) {
            sqlite3_bind_int64(statement, at, args[i].integer);
        } else if (args[i].type == SQL_TEXT) {
            sqlite3_bind_text(statement, at, args[i].text, -1, SQLITE_STATIC);
        }
    }
}

static int hand_row(sqlite3_stmt *statement, struct sql_sink *sink)
{
    struct sql_value values[SQL_ARGS_MOST];
    const size_t count = (size_t)sqlite3_column_count(statement);
    assert(count <= SQL_ARGS_MOST);
    for (size_t i = 0; i < count; i++) {
        switch (sqlite3_column_type(statement, (int)i)) {
        case SQLITE_NULL:
            values[i] = sql_text(NULL);
            break;
        case SQLITE_INTEGER:
            values[i] = sql_integer(sqlite3_column_int64(statement, (int)i));
            break;
        default:
            values[i] = sql_text((const char *)sqlite3_column_text(statement, (int)i));
            if (values[i].text == NULL) {
                return -ENOMEM;
            }
        }
    }
    return sink != NULL ? sink->row(sink, values, count) : 0;
}

static int run(struct sql *sql, const char *statement, const struct sql_value *args, size_t count,
               struct sql_sink *sink)
{
    sqlite3_stmt *prepared = NULL;
    int code = sqlite3_prepare_v2(db_of(sql), statement, -1, &prepared, NULL);
    int result = 0;
    if (code != SQLITE_OK) {
        return fail(sql, code);
    }
    assert((size_t)sqlite3_bind_parameter_count(prepared) == count);
    bind(prepared, args, count);
    while (result == 0 && (code = sqlite3_step(prepared)) == SQLITE_ROW) {
        result = hand_row(prepared, sink);
    }
    if (result == 0) {
        result = fail(sql, code);
    }
    sqlite3_finalize(prepared);
    return result;
}

static int begin(struct sql *sql, enum sql_mode mode)
{
    return run(sql, mode == SQL_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", NULL, 0, NULL);
}

static void rollback(struct sql *sql)
{
    if (sqlite3_get_autocommit(db_of(sql)) == 0) { /* else it has happened by itself */
        sqlite3_exec(db_of(sql), "ROLLBACK", NULL, NULL, NULL);
    }
}

static int commit(struct sql *sql)
{
    const int result = run(sql, "COMMIT", NULL, 0, NULL);
    if (result < 0) {
        rollback(sql);
    }
    return result;
}

static void close_engine(struct sql *sql)
{
    sqlite3_close(db_of(sql));
    free(sql->description);
    free(sql);
}

static bool has_moved(struct sql *sql)
{
    const struct sqlite_engine *engine = (const struct sqlite_engine *)sql;
    int moved = 0;
    return sqlite3_file_control(engine->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved != 0;
}

static const struct sql_ops ops = {
    .text_type = "TEXT",
    .has_table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
    /* unixepoch() has no milliseconds before 3.42. */
    .clock_ms = "SELECT CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .run = run,
    .has_moved = has_moved,
    .close = close_engine,
};

/*
 * Two programs that open a new file at once would disturb each other here,
 * without the engine's own waiting.
 */
static int set_journal(struct sql *sql)
{
    enum { STEP_MS = 20 };
    int result = run(sql, "PRAGMA journal_mode = WAL", NULL, 0, NULL);
    for (int waited = 0; result == -EBUSY && waited < SQL_WAIT_MS; waited += STEP_MS) {
        nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
        result = run(sql, "PRAGMA journal_mode = WAL", NULL, 0, NULL);
    }
    return result;
}

/*
 * Who may read the file, but make no other beside it, needs the log files to
 * be there also while nobody writes: they stay, emptied (so the size limit)
 * when the last writer leaves.
 */
static int set_up_writing(struct sql *sql)
{
    int persists = 1;
    int result = set_journal(sql);
    if (result == 0) {
        result = run(sql, "PRAGMA journal_size_limit = 4194304", NULL, 0, NULL);
    }
    if (result == 0) {
        result = fail(
            sql, sqlite3_file_control(db_of(sql), "main", SQLITE_FCNTL_PERSIST_WAL, &persists));
    }
    return result;
}

static int set_up(struct sql *sql, bool may_write)
{
    sqlite3 *db = db_of(sql);
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, SQL_WAIT_MS);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    int result = may_write ? set_up_writing(sql) : run(sql, "PRAGMA schema_version", NULL, 0, NULL);
    if (result == 0) {
        result = run(sql, "PRAGMA synchronous = FULL", NULL, 0, NULL);
    }
    if (result == 0) {
        result = run(sql, "PRAGMA foreign_keys = ON", NULL, 0, NULL);
    }
    return result;
}

/*
 * Its log files get the same owner and permissions: no business of others
 * (passwords).  A file that is there is never opened here: closing it would
 * take the locks away that SQLite may hold in this process.
 */
static int make_file(const char *path, bool may_write)
{
    const int fd = may_write ? open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640) : -1;
    if (fd >= 0) {
        close(fd);
        return 0;
    }
    return access(path, may_write ? R_OK | W_OK : R_OK) == 0 ? 0 : -errno;
}

static int complain_of_file(int result, char error[SQL_ERROR_SIZE])
{
    snprintf(error, SQL_ERROR_SIZE,
             result == -ENOENT   ? _("there is no store here; `ketang store migrate` makes one")
             : result == -EACCES ? _("you may not open it; do this as the user who runs the "
                                     "scheduler: `sudo -u ketang ketang …`")
                                 : _("cannot be opened: %s"),
             strerror(-result));
    return result;
}

/* Whether it is for want of permission: SQLite says "cannot open" for other reasons, too. */
static bool is_denied(const char *path, bool may_write)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof(folder), "%s", path);
    return (access(path, may_write ? R_OK | W_OK : R_OK) < 0 && errno == EACCES) ||
           (access(dirname(folder), W_OK) < 0 && errno == EACCES);
}

int sql_open_sqlite(const char *path, bool may_write, struct sql **sql, char error[SQL_ERROR_SIZE])
{
    int result = make_file(path, may_write);
    if (result < 0) {
        return complain_of_file(result, error);
    }
    struct sqlite_engine *engine = calloc(1, sizeof(*engine));
    if (engine == NULL) {
        return -ENOMEM;
    }
    engine->sql.ops = &ops;
    const int flags = may_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    result =
        fail(&engine->sql, sqlite3_open_v2(path, &engine->db, flags | SQLITE_OPEN_NOMUTEX, NULL));
    if (result == 0) {
        result = set_up(&engine->sql, may_write);
    }
    if (result == 0 &&
        asprintf(&engine->sql.description, "SQLite %s, %s", sqlite3_libversion(), path) < 0) {
        engine->sql.description = NULL;
        result = -ENOMEM;
    }
    if (result < 0) {
        memcpy(error, engine->sql.error, SQL_ERROR_SIZE);
        close_engine(&engine->sql);
        return result == -EACCES && is_denied(path, may_write) ? complain_of_file(result, error)
                                                               : result;
    }
    *sql = &engine->sql;
    return 0;
}
