/* SPDX-License-Identifier: MIT */
/*
 * store_dump: everything that a store holds as one file, and back.
 *
 * JSON, one object a line, the same whatever the engine:
 *
 *     {"ketang_store":1,"schema":1}
 *     {"table":"house_numbers","house_number":"KT-01","noted_ms":0,"noted_by":"..."}
 *     ...
 *     {"rows":{"house_numbers":1,...},"sha256":"<of all bytes before this line>"}
 *
 * Rows are in the order of their keys, tables in an order in which none
 * refers to a later one.  Two stores that hold the same give the same bytes.
 */
#ifndef SCHEDULER_STORE_STORE_DUMP_H
#define SCHEDULER_STORE_STORE_DUMP_H

#include "scheduler/store/store.h"

#include <stdio.h>

/*
 * Writes all as it is at one moment; others may write meanwhile.  Flushes,
 * does not sync.  0 and the number of rows, -EIO or another -errno when the
 * file cannot be written, or as store.h says.
 */
int store_dump(struct store *store, FILE *out, int64_t *rows);

/*
 * Reads a dump into a store that is empty, in one transaction.  0 and the
 * number of rows; -ENOTEMPTY there is something in the store;
 * -EPROTONOSUPPORT the dump is of a newer program; -EBADMSG it is damaged,
 * cut off, or no dump: nothing has been written then, and store_error()
 * names the line.
 */
int store_restore(struct store *store, FILE *in, int64_t *rows);

#endif
