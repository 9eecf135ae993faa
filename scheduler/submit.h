/* SPDX-License-Identifier: MIT */
/*
 * submit: a film that was handed in is kept in the media folder, and put into
 * the queue of ingest workers.
 *
 *     FILE ── copied, hashed ──▶ MEDIA/submitted/ID.mp4, with subtitles ID.srt or ID.ass
 *                                submission ID, a job for each house format
 *
 * What is answered as taken is on disk, film and rows; a crash on the way
 * leaves at most a copy that no row names.  A later film of the same
 * house number replaces those before it that have not been made yet.  A film with
 * other subtitles is another one.
 */
#ifndef SCHEDULER_SUBMIT_H
#define SCHEDULER_SUBMIT_H

#include "playout/asset.h"
#include "scheduler/due.h"
#include "scheduler/store/store.h"

struct submit_film {
    const char *path;
    const char *name; /* of the file, for people */
    const char *house_number;
    const char *title; /* this and the following may be "" */
    enum asset_kind kind;
    const char *school;
    const char *teacher;
    const char *consent;        /* who says that it may be shown, and by what right */
    const char *author;         /* who hands it in */
    const char *batch;          /* what it was handed in with; may be "" */
    const char *subtitles;      /* path of its .srt or .ass; NULL: it has none */
    const char *subtitles_name; /* of that file, for people; NULL: likewise */
    const char *aired;          /* its first run: only the same film is taken; NULL: any is */
    bool is_strangers;          /* others may write its folder: links are not followed */
    const struct due *dues;
    size_t due_count; /* at least one */
    int64_t now_ms;
    int64_t reserve_bytes; /* so much stays free: media_room.h */
    /* Called now and then with the part that is done; false stops it.  May be NULL. */
    bool (*progress)(void *context, double part);
    void *progress_context;
};

struct submit_answer {
    int64_t id;       /* of the submission; with is_known of the earlier one */
    bool is_known;    /* the same film was handed in for this number before: nothing was done */
    int64_t replaced; /* the last submission that it replaces; 0: none */
    char sha256[SHA256_HEX_SIZE]; /* of the film */
    char text[600];               /* why not */
};

/* 0; -ECANCELED progress() did not want more; or -errno with the reason in `text`. */
int submit_film(struct store *store, const char *media, const struct submit_film *film,
                struct submit_answer *answer);

/* Where the film of a submission is kept: allocated; NULL out of memory. */
char *submit_path(const char *media, int64_t id, const char *name);

/*
 * Where the subtitles of a submission are kept, whose file was called `name` (store_submission.h):
 * MEDIA/submitted/ID.srt or ID.ass, the bytes as they were handed in.  Allocated; NULL: out of
 * memory, or it has none.
 */
char *submit_subtitles_path(const char *media, int64_t id, const char *name);

/*
 * True for what may be a film or a card by its name: one with the ending of such, or without any.
 * What lies beside a film, slides above all, must never take its place.
 */
bool submit_is_film(const char *name);

/* The ordinary file beside a film that has its name but for the ending: allocated; NULL: none. */
char *submit_subtitles_beside(const char *path);

/* True for the name of a file of subtitles: .srt, .ass. */
bool submit_is_subtitles(const char *name);

#endif
