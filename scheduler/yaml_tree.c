/* SPDX-License-Identifier: MIT */
#include "scheduler/yaml_tree.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct yaml_tree {
    struct yaml_node *root;
    size_t node_count;
};

struct builder {
    yaml_parser_t parser;
    yaml_event_t event;
    const char *name;
    struct problems *problems;
    struct yaml_tree *tree;
};

static void destroy_node(struct yaml_node *node)
{
    if (node == NULL) {
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        destroy_node(node->items[i]); /* at most YAML_TREE_DEPTH_MOST deep */
    }
    free(node->items);
    free(node->text);
    free(node);
}

void yaml_tree_destroy(struct yaml_tree *tree)
{
    if (tree != NULL) {
        destroy_node(tree->root);
        free(tree);
    }
}

const struct yaml_node *yaml_tree_root(const struct yaml_tree *tree)
{
    return tree->root;
}

static int refuse(struct builder *builder, const yaml_mark_t *mark, const char *text)
{
    problems_add(builder->problems, PROBLEM_ERROR, builder->name, (int)mark->line + 1,
                 (int)mark->column + 1, "%s", text);
    return -EINVAL;
}

/* What libyaml finds wrong with files that people write; they are read as messages of ours. */
static const char *const known_problems[] = {
    N_("block sequence entries are not allowed in this context"),
    N_("control characters are not allowed"),
    N_("could not find expected ':'"),
    N_("did not find expected ',' or ']'"),
    N_("did not find expected ',' or '}'"),
    N_("did not find expected '-' indicator"),
    N_("did not find expected <document start>"),
    N_("did not find expected comment or line break"),
    N_("did not find expected key"),
    N_("did not find expected node content"),
    N_("did not find expected whitespace or line break"),
    N_("found a tab character that violates indentation"),
    N_("found a tab character where an indentation space is expected"),
    N_("found character that cannot start any token"),
    N_("found unexpected ':'"),
    N_("found unexpected document indicator"),
    N_("found unexpected end of stream"),
    N_("found unknown escape character"),
    N_("incomplete UTF-8 octet sequence"),
    N_("invalid leading UTF-8 octet"),
    N_("invalid trailing UTF-8 octet"),
    N_("mapping keys are not allowed in this context"),
    N_("mapping values are not allowed in this context"),
};

static const char *problem_text(const char *problem)
{
    for (size_t i = 0; i < sizeof(known_problems) / sizeof(known_problems[0]); i++) {
        if (problem != NULL && strcmp(problem, known_problems[i]) == 0) {
            return _(known_problems[i]);
        }
    }
    return problem != NULL ? problem : "?";
}

/* A bracket or a quotation mark of a line above, which the next line shows to be open. */
static bool began_above(const yaml_parser_t *parser)
{
    return parser->context != NULL && strstr(parser->context, "block") == NULL &&
           parser->context_mark.line < parser->problem_mark.line;
}

static int refuse_syntax(struct builder *builder)
{
    const yaml_parser_t *parser = &builder->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return -ENOMEM;
    }
    if (parser->error == YAML_READER_ERROR) {
        problems_add(builder->problems, PROBLEM_ERROR, builder->name, 0, 0,
                     _("byte %zu is not UTF-8 text (%s); save the file as UTF-8"),
                     parser->problem_offset, problem_text(parser->problem));
        return -EINVAL;
    }
    if (began_above(parser)) {
        problems_add(builder->problems, PROBLEM_ERROR, builder->name,
                     (int)parser->problem_mark.line + 1, (int)parser->problem_mark.column + 1,
                     _("this is not YAML: %s, in what begins in line %zu; mind indentation, tabs, "
                       "colons, brackets"),
                     problem_text(parser->problem), parser->context_mark.line + 1);
        return -EINVAL;
    }
    problems_add(builder->problems, PROBLEM_ERROR, builder->name,
                 (int)parser->problem_mark.line + 1, (int)parser->problem_mark.column + 1,
                 _("this is not YAML: %s; mind indentation, tabs, colons, brackets"),
                 problem_text(parser->problem));
    return -EINVAL;
}

static int next(struct builder *builder)
{
    yaml_event_delete(&builder->event);
    return yaml_parser_parse(&builder->parser, &builder->event) != 0 ? 0 : refuse_syntax(builder);
}

/* Anchors and tags, which a timetable has no use for. */
static int check_plainness(struct builder *builder)
{
    const yaml_event_t *event = &builder->event;
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (event->type == YAML_ALIAS_EVENT || anchor != NULL || tag != NULL) {
        return refuse(builder, &event->start_mark,
                      _("anchors (&), aliases (*) and tags (!) are not understood here; "
                        "write the value itself, in quotation marks if it begins with one"));
    }
    return 0;
}

static int make_node(struct builder *builder, struct yaml_node **made)
{
    const yaml_event_t *event = &builder->event;
    if (builder->tree->node_count >= YAML_TREE_NODES_MOST) {
        return refuse(builder, &event->start_mark, _("the file is too long"));
    }
    struct yaml_node *node = calloc(1, sizeof(*node));
    if (node == NULL) {
        return -ENOMEM;
    }
    builder->tree->node_count++;
    node->line = (int)event->start_mark.line + 1;
    node->column = (int)event->start_mark.column + 1;
    if (event->type == YAML_SCALAR_EVENT) {
        node->type = YAML_TREE_SCALAR;
        node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        node->text = strdup((const char *)event->data.scalar.value);
        if (node->text == NULL) {
            free(node);
            return -ENOMEM;
        }
    } else {
        node->type = event->type == YAML_MAPPING_START_EVENT ? YAML_TREE_MAPPING : YAML_TREE_LIST;
    }
    *made = node;
    return 0;
}

static int add_item(struct yaml_node *parent, struct yaml_node *item)
{
    if ((parent->count & (parent->count - 1)) == 0) { /* full at 0, 1, 2, 4, 8 ... */
        const size_t capacity = parent->count > 0 ? parent->count * 2 : 1;
        struct yaml_node **grown = realloc(parent->items, capacity * sizeof(grown[0]));
        if (grown == NULL) {
            return -ENOMEM;
        }
        parent->items = grown;
    }
    parent->items[parent->count++] = item;
    return 0;
}

static int build(struct builder *builder, int depth, struct yaml_node **built);

/* Reads the items of a list or mapping up to its end. */
static int build_items(struct builder *builder, int depth, struct yaml_node *node)
{
    for (;;) {
        struct yaml_node *item = NULL;
        int result = next(builder);
        if (result < 0 || builder->event.type == YAML_SEQUENCE_END_EVENT ||
            builder->event.type == YAML_MAPPING_END_EVENT) {
            return result;
        }
        const yaml_mark_t mark = builder->event.start_mark;
        result = build(builder, depth + 1, &item);
        if (result == 0 && node->type == YAML_TREE_MAPPING && node->count % 2 == 0 &&
            item->type != YAML_TREE_SCALAR) {
            result = refuse(builder, &mark, _("a key must be a single word"));
        }
        if (result == 0) {
            result = add_item(node, item);
        }
        if (result < 0) {
            destroy_node(item);
            return result;
        }
    }
}

/* Builds the node whose first event has been read. */
static int build(struct builder *builder, int depth, struct yaml_node **built)
{
    struct yaml_node *node = NULL;
    int result = check_plainness(builder);
    if (result == 0 && depth > YAML_TREE_DEPTH_MOST) {
        result = refuse(builder, &builder->event.start_mark, _("this is nested too deep"));
    }
    if (result == 0) {
        result = make_node(builder, &node);
    }
    if (result == 0 && node->type != YAML_TREE_SCALAR) {
        result = build_items(builder, depth, node);
    }
    if (result < 0) {
        destroy_node(node);
        return result;
    }
    *built = node;
    return 0;
}

static int build_document(struct builder *builder)
{
    int result = 0;
    do {
        result = next(builder);
    } while (result == 0 && (builder->event.type == YAML_STREAM_START_EVENT ||
                             builder->event.type == YAML_DOCUMENT_START_EVENT));
    if (result < 0) {
        return result;
    }
    if (builder->event.type == YAML_STREAM_END_EVENT) {
        problems_add(builder->problems, PROBLEM_ERROR, builder->name, 0, 0, _("the file is empty"));
        return -EINVAL;
    }
    result = build(builder, 0, &builder->tree->root);
    if (result == 0) {
        result = next(builder); /* document end */
    }
    if (result == 0) {
        result = next(builder);
    }
    if (result == 0 && builder->event.type != YAML_STREAM_END_EVENT) {
        result = refuse(builder, &builder->event.start_mark,
                        _("a second document begins here; keep one in each file"));
    }
    return result;
}

int yaml_tree_parse(const char *name, const void *bytes, size_t size, struct yaml_tree **tree,
                    struct problems *problems)
{
    struct builder builder = {.name = name, .problems = problems};
    if (size > YAML_TREE_BYTES_MOST) {
        problems_add(problems, PROBLEM_ERROR, name, 0, 0, _("the file is longer than 1 MB"));
        return -EINVAL;
    }
    if (yaml_parser_initialize(&builder.parser) == 0) {
        return -ENOMEM;
    }
    yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder.parser, bytes, size);
    builder.tree = calloc(1, sizeof(*builder.tree));
    const int result = builder.tree != NULL ? build_document(&builder) : -ENOMEM;
    if (result == 0) {
        *tree = builder.tree;
    } else {
        yaml_tree_destroy(builder.tree);
    }
    yaml_event_delete(&builder.event);
    yaml_parser_delete(&builder.parser);
    return result;
}

static int read_file(const char *path, char *bytes, size_t *size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -errno;
    }
    errno = 0;
    *size = fread(bytes, 1, YAML_TREE_BYTES_MOST + 1, file);
    const int result = ferror(file) ? -(errno > 0 ? errno : EIO) : 0;
    fclose(file);
    return result;
}

int yaml_tree_load(const char *path, struct yaml_tree **tree, struct problems *problems)
{
    size_t size = 0;
    char *bytes = malloc(YAML_TREE_BYTES_MOST + 1);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    int result = read_file(path, bytes, &size);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("the file cannot be read: %s"),
                     strerror(-result));
    } else {
        result = yaml_tree_parse(path, bytes, size, tree, problems);
    }
    free(bytes);
    return result;
}

bool yaml_node_is_null(const struct yaml_node *node)
{
    return node->type == YAML_TREE_SCALAR && !node->is_quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
            strcmp(node->text, "null") == 0);
}

const struct yaml_node *yaml_node_get(const struct yaml_node *mapping, const char *key)
{
    for (size_t i = 0; i + 1 < mapping->count; i += 2) {
        if (strcmp(mapping->items[i]->text, key) == 0) {
            return mapping->items[i + 1];
        }
    }
    return NULL;
}

static bool is_one_of(const char *word, const char *const *known)
{
    while (*known != NULL && strcmp(word, *known) != 0) {
        known++;
    }
    return *known != NULL;
}

static void complain_unknown(const struct yaml_node *key, const char *file,
                             const char *const *known, struct problems *problems)
{
    const char *meant = suggest(key->text, known);
    if (meant != NULL) {
        problems_add(problems, PROBLEM_ERROR, file, key->line, key->column,
                     _("unknown key '%s'; did you mean '%s'?"), key->text, meant);
    } else {
        problems_add(problems, PROBLEM_ERROR, file, key->line, key->column, _("unknown key '%s'"),
                     key->text);
    }
}

static int compare_keys(const void *left, const void *right)
{
    const struct yaml_node *a = *(const struct yaml_node *const *)left;
    const struct yaml_node *b = *(const struct yaml_node *const *)right;
    const int by_text = strcmp(a->text, b->text);
    if (by_text != 0) {
        return by_text;
    }
    return a->line != b->line ? a->line - b->line : a->column - b->column;
}

static void complain_twice(const struct yaml_node *mapping, const char *file,
                           struct problems *problems)
{
    const size_t count = mapping->count / 2;
    const struct yaml_node **keys = calloc(count + 1, sizeof(keys[0]));
    if (keys == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        keys[i] = mapping->items[i * 2];
    }
    qsort(keys, count, sizeof(keys[0]), compare_keys);
    size_t first = 0;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i]->text, keys[first]->text) != 0) {
            first = i;
            continue;
        }
        problems_add(problems, PROBLEM_ERROR, file, keys[i]->line, keys[i]->column,
                     _("'%s' is given twice; the first time in line %d"), keys[i]->text,
                     keys[first]->line);
    }
    free(keys);
}

void yaml_node_check_keys(const struct yaml_node *mapping, const char *file,
                          const char *const *known, struct problems *problems)
{
    complain_twice(mapping, file, problems);
    for (size_t i = 0; known != NULL && i < mapping->count; i += 2) {
        if (!is_one_of(mapping->items[i]->text, known)) {
            complain_unknown(mapping->items[i], file, known, problems);
        }
    }
}
