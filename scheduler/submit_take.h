/* SPDX-License-Identifier: MIT */
/*
 * submit_take: the one way in which films come in: whoever hands one in, by a command,
 * a list or an inbox: which lesson is it, has it subtitles, may it be taken; then it is.
 */
#ifndef SCHEDULER_SUBMIT_TAKE_H
#define SCHEDULER_SUBMIT_TAKE_H

#include "scheduler/film_list.h"
#include "scheduler/submit.h"
#include "scheduler/submit_desk.h"

#include <limits.h>

enum submit_outcome {
    SUBMIT_TAKEN,
    SUBMIT_KNOWN,  /* it was handed in before */
    SUBMIT_ASKED,  /* which lesson is it?  `match` has those that it may be; nothing was done */
    SUBMIT_FAILED, /* answer.text says why */
};

struct submit_request {
    struct store *store;
    const char *media;
    const char *house_number;   /* said by the operator; NULL: find it */
    const struct film_row *row; /* of a list; NULL: there is none */
    bool insists; /* a film that has had its first run may be another one all the same */
    const struct profile *only; /* NULL: the formats of the channels that plan it */
    struct submit_film film;    /* path, name and what is known; the rest is filled in */
};

struct submit_taking {
    enum submit_outcome outcome;
    int error;               /* -errno, of SUBMIT_FAILED */
    struct film_match match; /* when it was looked for */
    char house_number[STORE_NAME_MOST + 1];
    char subtitles[NAME_MAX + 1]; /* the name of the file that is taken along; "": none */
    struct submit_film film;      /* as it was handed in: texts are borrowed from the request */
    struct submit_answer answer;
};

/* Hands one in.  Its texts are those of the row where the request has none. */
void submit_take(struct submit_desk *desk, const struct submit_request *request,
                 struct submit_taking *taking);

#endif
