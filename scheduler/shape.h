/* SPDX-License-Identifier: MIT */
/*
 * shape: what a mapping in a file that people write may hold.
 *
 * One table for each kind of mapping: the reader checks files by it
 * (reader.h), and the JSON Schema for editors is made from it, so that the
 * two cannot differ.
 */
#ifndef SCHEDULER_SHAPE_H
#define SCHEDULER_SHAPE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum shape_type {
    SHAPE_TEXT,   /* not empty, at most SHAPE_TEXT_MOST bytes */
    SHAPE_SWITCH, /* true or false */
    SHAPE_NUMBER, /* whole, from `least` to `most` */
    SHAPE_CLOCK,  /* when.h, as the next four */
    SHAPE_LENGTH,
    SHAPE_DATE,
    SHAPE_DAY,
    SHAPE_WEEKS,
    SHAPE_WORD,   /* one of `words` */
    SHAPE_OBJECT, /* a mapping of its own `object` */
    SHAPE_OTHER,  /* whoever reads it checks it */
};

enum shape_form {
    SHAPE_ONE,
    SHAPE_LIST,
    SHAPE_ONE_OR_LIST,
    SHAPE_MAP,  /* any key to one */
    SHAPE_ROWS, /* any key to a list, whose items may be null */
};

enum {
    SHAPE_TEXT_MOST = 120,  /* bytes: what an EPG entry has room for, several of them together */
    SHAPE_ITEMS_MOST = 2000 /* of a list */
};

/* A word, in English and Chinese (NULL: none), and what it stands for. */
struct shape_word {
    const char *english;
    const char *chinese;
    int value;
};

struct shape_key {
    const char *name;
    enum shape_type type;
    enum shape_form form;
    bool is_needed;
    bool may_be_null;               /* null is a value, not the same as leaving it out */
    const struct shape *object;     /* OBJECT */
    const struct shape_word *words; /* WORD; ends with a NULL */
    int least;                      /* NUMBER */
    int most;
    const char *doc; /* a sentence for editors; marked with N_() */
};

struct shape {
    const char *name;
    const struct shape_key *keys; /* ends with a NULL name */
};

/* The key of that name, or NULL. */
const struct shape_key *shape_find(const struct shape *shape, const char *name);

/* The word of that text in either language, or NULL. */
const struct shape_word *shape_word(const struct shape_word *words, const char *text);

/*
 * A JSON Schema (draft 2020-12) of a file whose root is `shape`; the caller
 * owns the reference.  NULL: out of memory.
 */
json_t *shape_schema(const struct shape *shape);

#endif
