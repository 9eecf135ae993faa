/* SPDX-License-Identifier: MIT */
/*
 * ingest: any film becomes an air-ready asset of the media folder, or is
 * refused with a sentence and leaves nothing behind.
 */
#ifndef TOOLS_INGEST_H
#define TOOLS_INGEST_H

#include "playout/asset.h"
#include "playout/station.h"
#include "tools/ingest/ingest_failure.h"
#include "tools/ingest/qc_sheet.h"

#include <stdbool.h>

enum { INGEST_THREADS = 2, INGEST_THREADS_MOST = 16 };

struct ingest_request {
    const struct station *station;
    const struct profile *profile;
    const char *media;        /* folder */
    const char *path;         /* NULL for a slate */
    const char *name;         /* of the file as it was handed in; NULL: as in `path` */
    const char *subtitles;    /* a file; NULL: that beside `path` (scheduler/submit.h); "": none */
    const char *house_number; /* see ingest_is_house_number() */
    const char *title;
    enum asset_kind kind;
    int room_s;         /* how long its slot is; 0: not known */
    bool is_new;        /* -EEXIST where a film of that number is there, or came meanwhile */
    const char *preset; /* see ingest_is_preset() */
    int threads;        /* that decode; 0: INGEST_THREADS.  Encoding is done by one */
    bool stands_back;   /* makes it when nothing else wants the processors */
    /*
     * Called now and then with the part of all work that is done, from 0 to 1,
     * and the time of the film that this pass has come to; false stops the
     * work.  May be NULL.
     */
    bool (*progress)(void *context, double part, int64_t time_us);
    /* Asked once, when all is done but publishing; false: nothing is published.  May be NULL. */
    bool (*may_publish)(void *context);
    void *context;
};

/*
 * Makes an asset: of a film, or of a file that ends in `.card` (scheduler/card_file.h),
 * which is drawn and has no review.  0 with the record (which the caller finishes), or a
 * negative code with the reason.  In *sheet what the review saw, for the
 * caller to free(); NULL when it did not get so far.
 */
int ingest_file(const struct ingest_request *request, struct asset_record *record,
                struct qc_sheet **sheet, struct ingest_failure *failure);

/* Makes the slate of the profile: a card with the station's name, and silence. */
int ingest_slate(const struct ingest_request *request, struct asset_record *record,
                 struct ingest_failure *failure);

#endif
