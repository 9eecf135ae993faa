/* SPDX-License-Identifier: MIT */
/*
 * reader: values out of a YAML file that a person wrote.
 *
 * reader_check() complains of whatever does not have its shape; afterwards
 * the others take values out without a word, and give the absent value for
 * what was complained of, so that one pass finds all mistakes.
 *
 * Texts belong to the tree.
 */
#ifndef SCHEDULER_READER_H
#define SCHEDULER_READER_H

#include "playout/problems.h"
#include "scheduler/place.h"
#include "scheduler/shape.h"
#include "scheduler/yaml_tree.h"

#include <stdbool.h>
#include <stdint.h>

struct reader {
    const struct source_file *file;
    struct problems *problems;
};

/* Adds an error at a node. */
__attribute__((format(printf, 3, 4))) void reader_complain(const struct reader *reader,
                                                           const struct yaml_node *node,
                                                           const char *format, ...);

/* Says that the word of a node is unknown, and which of `known` (ends with NULL) was meant. */
void reader_complain_unknown(const struct reader *reader, const struct yaml_node *node,
                             const char *what, const char *const *known);

/* True when the node is a mapping; every problem with it has been told. */
bool reader_check(const struct reader *reader, const struct yaml_node *node,
                  const struct shape *shape);

struct place reader_place(const struct reader *reader, const struct yaml_node *node);

/* The value of a key; NULL when it is missing, null, or neither one nor a list as it should be. */
const struct yaml_node *reader_get(const struct yaml_node *mapping, const char *key);

/* The items of a list, or of one that stands for a list; NULL counts none. */
size_t reader_count(const struct yaml_node *node);
const struct yaml_node *reader_item(const struct yaml_node *node, size_t index);

const char *reader_text(const struct yaml_node *mapping, const char *key, const char *absent);
bool reader_switch(const struct yaml_node *mapping, const char *key, bool absent);
int reader_number(const struct yaml_node *mapping, const char *key, int absent);
int reader_clock(const struct yaml_node *mapping, const char *key, int absent);
int reader_length(const struct yaml_node *mapping, const char *key, int absent);
int64_t reader_date(const struct yaml_node *mapping, const char *key, int64_t absent);
int reader_word(const struct yaml_node *mapping, const char *key, const struct shape_word *words,
                int absent);

/* A set of days, bit n for day n; complains of one that is given twice. */
unsigned reader_days(const struct reader *reader, const struct yaml_node *mapping, const char *key,
                     unsigned absent);

#endif
