/* SPDX-License-Identifier: MIT */
/*
 * yaml_tree: a YAML document in memory, every node with its place.
 *
 * For files that people write: plain mappings, lists and values.  Anchors,
 * aliases, tags and a second document are refused, and so is what is
 * unreasonably large or deep: no input makes the reader hang or run out of
 * memory.
 *
 * Ownership: the tree owns its nodes and their texts.  Immutable.
 */
#ifndef SCHEDULER_YAML_TREE_H
#define SCHEDULER_YAML_TREE_H

#include "playout/problems.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    YAML_TREE_BYTES_MOST = 1 << 20,
    YAML_TREE_NODES_MOST = 100000,
    YAML_TREE_DEPTH_MOST = 16,
};

enum yaml_node_type {
    YAML_TREE_SCALAR,
    YAML_TREE_LIST,
    YAML_TREE_MAPPING,
};

struct yaml_node {
    enum yaml_node_type type;
    int line;   /* from 1 */
    int column; /* from 1, in characters */
    bool is_quoted;
    char *text;               /* SCALAR: never NULL, UTF-8 */
    struct yaml_node **items; /* LIST: its elements; MAPPING: key, value, key, value ... */
    size_t count;             /* of items */
};

struct yaml_tree;

/*
 * Reads a file, or `size` bytes of memory called `name` in messages.
 * Returns 0, -EINVAL with what is wrong in *problems, or -errno.
 */
int yaml_tree_load(const char *path, struct yaml_tree **tree, struct problems *problems);
int yaml_tree_parse(const char *name, const void *bytes, size_t size, struct yaml_tree **tree,
                    struct problems *problems);
void yaml_tree_destroy(struct yaml_tree *tree); /* accepts NULL */

const struct yaml_node *yaml_tree_root(const struct yaml_tree *tree);

/* True for a value that was left out: nothing, ~ or null. */
bool yaml_node_is_null(const struct yaml_node *node);

/*
 * The value of `key` in a mapping, or NULL.  Of a key that is given twice
 * the first counts.
 */
const struct yaml_node *yaml_node_get(const struct yaml_node *mapping, const char *key);

/*
 * Adds a problem for every key of `mapping` that is given twice, and, unless
 * `known` (ends with NULL) is NULL, for every key that is not one of them,
 * with the one that was probably meant.
 */
void yaml_node_check_keys(const struct yaml_node *mapping, const char *file,
                          const char *const *known, struct problems *problems);

#endif
