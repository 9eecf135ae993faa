/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void free_number(struct import_known_number *number)
{
    free(number->house_number);
    free(number->grade);
    free(number->subject);
    free(number->title);
    free(number->teacher);
}

void import_known_finish(struct import_known *known)
{
    for (size_t i = 0; i < known->count; i++) {
        free_number(&known->numbers[i]);
    }
    for (size_t i = 0; i < known->tree_count; i++) {
        yaml_tree_destroy(known->trees[i]);
    }
    free(known->numbers);
    free(known->trees);
    free(known->grade);
    library_destroy(known->library);
    *known = (struct import_known){0};
}

static struct import_known_number *find_number(const struct import_known *known,
                                               const char *house_number)
{
    for (size_t i = 0; i < known->count; i++) {
        if (strcmp(known->numbers[i].house_number, house_number) == 0) {
            return &known->numbers[i];
        }
    }
    return NULL;
}

const struct import_known_number *import_known_find(const struct import_known *known,
                                                    const char *house_number)
{
    return find_number(known, house_number);
}

bool import_known_has(const struct import_known *known, const char *house_number)
{
    return find_number(known, house_number) != NULL ||
           (known->library != NULL && library_has(known->library, house_number));
}

/* The text of a key; *copy is NULL when there is none. */
static int copy_text(const struct yaml_node *mapping, const char *key, char **copy)
{
    const struct yaml_node *value = yaml_node_get(mapping, key);
    const bool is_text =
        value != NULL && value->type == YAML_TREE_SCALAR && !yaml_node_is_null(value);
    *copy = is_text ? strdup(value->text) : NULL;
    return is_text && *copy == NULL ? -ENOMEM : 0;
}

static int append(struct import_known *known, const struct import_known_number *number)
{
    enum { STEP = 64 };
    if (known->count % STEP == 0) {
        struct import_known_number *grown =
            realloc(known->numbers, (known->count + STEP) * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        known->numbers = grown;
    }
    known->numbers[known->count++] = *number;
    return 0;
}

/* A change of one file names what is a lesson of the one beside it. */
static bool says_more(const struct import_known_number *number,
                      const struct import_known_number *there)
{
    return number->is_beside && number->is_lesson && !there->is_lesson;
}

/* `like` says what a number there is. */
static int add_mapping(struct import_known *known, const struct yaml_node *mapping,
                       const struct import_known_number *like)
{
    struct import_known_number number = *like;
    number.mapping = mapping;
    int result = copy_text(mapping, "house_number", &number.house_number);
    struct import_known_number *there =
        number.house_number != NULL ? find_number(known, number.house_number) : NULL;
    if (number.house_number == NULL || (there != NULL && !says_more(&number, there))) {
        free_number(&number);
        return result;
    }
    result = copy_text(mapping, "grade", &number.grade);
    result = result == 0 ? copy_text(mapping, "subject", &number.subject) : result;
    result = result == 0 ? copy_text(mapping, "title", &number.title) : result;
    result = result == 0 ? copy_text(mapping, "teacher", &number.teacher) : result;
    if (result == 0 && there != NULL) {
        free_number(there);
        *there = number;
        return 0;
    }
    result = result == 0 ? append(known, &number) : result;
    if (result < 0) {
        free_number(&number);
    }
    return result;
}

/* Numbers stand in lessons, fillers, breaks, changes; yaml_tree bounds the depth. */
static int add_all(struct import_known *known, const struct yaml_node *node,
                   const struct import_known_number *like)
{
    int result = node->type == YAML_TREE_MAPPING ? add_mapping(known, node, like) : 0;
    for (size_t i = 0; i < node->count && result == 0; i++) {
        result = add_all(known, node->items[i], like);
    }
    return result;
}

/* The known own it from now on, also where nothing of it is added. */
static int own(struct import_known *known, struct yaml_tree *tree)
{
    struct yaml_tree **grown =
        realloc(known->trees, (known->tree_count + 1) * sizeof(known->trees[0]));
    if (grown == NULL) {
        yaml_tree_destroy(tree);
        return -ENOMEM;
    }
    known->trees = grown;
    known->trees[known->tree_count++] = tree;
    return 0;
}

int import_known_add(struct import_known *known, const char *bytes, size_t size, bool is_beside)
{
    struct import_known_number like = {.is_lesson = true, .is_beside = is_beside};
    struct yaml_tree *tree = NULL;
    struct problems problems;
    problems_init(&problems);
    int result = yaml_tree_parse("", bytes, size, &tree, &problems);
    problems_finish(&problems);
    result = result == 0 ? own(known, tree) : result;
    if (result < 0) {
        return result;
    }
    const struct yaml_node *root = yaml_tree_root(tree);
    const struct yaml_node *lessons = NULL;
    result = root->type == YAML_TREE_MAPPING ? 0 : -EINVAL;
    if (result == 0 && known->newest == NULL && !is_beside) {
        known->newest = root;
    }
    if (result == 0 && known->grade == NULL) {
        result = copy_text(root, "grade", &known->grade);
    }
    if (result == 0 && is_beside && yaml_node_get(root, "periods") == NULL) {
        like.is_lesson = false; /* of another week: its file may go */
    }
    if (result == 0 && (lessons = yaml_node_get(root, "lessons")) != NULL) {
        result = add_all(known, lessons, &like);
    }
    if (result == 0) {
        like.is_lesson = false;
        result = add_all(known, root, &like); /* the lessons are known by now */
    }
    return result;
}
