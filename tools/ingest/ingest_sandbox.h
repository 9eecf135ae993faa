/* SPDX-License-Identifier: MIT */
/*
 * ingest_sandbox: work on what strangers hand in, in a process that can do
 * nothing else.
 *
 * The child has the files that it is given open, and can open no other; it has no
 * network, no privileges, starts no program, and ends when it needs too much
 * memory or processor time, when it says nothing for too long, or with its
 * parent.  Whatever becomes of it, the parent goes on and knows what.
 */
#ifndef TOOLS_INGEST_SANDBOX_H
#define TOOLS_INGEST_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ingest_sandbox {
    const int *files; /* what the child keeps open, beside the standard ones */
    size_t file_count;
    int64_t memory_bytes;
    int64_t file_bytes; /* the most that it may write */
    int cpu_s;
    int silent_s;     /* without a message */
    bool stands_back; /* runs when nothing else wants to */
    /* In the child: says what it has to say by ingest_sandbox_say(). */
    void (*work)(void *context, int parent);
    void *work_context;
    /*
     * In the parent: each message, of `message_size` bytes, and NULL a few times a
     * second when there is none; false ends the child.
     */
    bool (*hear)(void *context, const void *message);
    void *hear_context;
    size_t message_size;
};

enum ingest_sandbox_end {
    SANDBOX_DONE,
    SANDBOX_STOPPED, /* hear() did not want more */
    SANDBOX_CRASHED,
    SANDBOX_OUT_OF_TIME,
    SANDBOX_SILENT,
};

/* Runs the work to its end.  0 and how it ended, or -errno when it cannot be begun. */
int ingest_sandbox_run(const struct ingest_sandbox *sandbox, enum ingest_sandbox_end *end);

/* In the child: sends a message whole.  False: the parent is gone. */
bool ingest_sandbox_say(int parent, const void *message, size_t size);

#endif
