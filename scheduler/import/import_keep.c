/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_keep.h"

#include "playout/intl.h"
#include "scheduler/import/import_clock.h"
#include "scheduler/yaml_tree.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A file by its lines; those of a top-level key are a block, with the comment above it. */
struct sheet_text {
    const char *bytes;
    size_t size;
    struct yaml_tree *tree;
    const struct yaml_node *root;
};

static bool is_one_of(const char *key, const char *const *keys)
{
    while (*keys != NULL && strcmp(key, *keys) != 0) {
        keys++;
    }
    return *keys != NULL;
}

/* Where a line begins, from 1; the end when there are fewer. */
static size_t line_start(const struct sheet_text *text, int line)
{
    size_t at = 0;
    for (int i = 1; i < line && at < text->size; i++) {
        const char *end = memchr(text->bytes + at, '\n', text->size - at);
        at = end != NULL ? (size_t)(end - text->bytes) + 1 : text->size;
    }
    return at;
}

static bool is_comment(const struct sheet_text *text, int line)
{
    const size_t at = line_start(text, line);
    return at < text->size && text->bytes[at] == '#';
}

/* The first line of a key's block. */
static int block_line(const struct sheet_text *text, size_t index)
{
    int line = text->root->items[index]->line;
    while (line > 1 && is_comment(text, line - 1)) {
        line--;
    }
    return line;
}

static void write_block(const struct sheet_text *text, size_t index, FILE *out)
{
    const size_t from = line_start(text, block_line(text, index));
    const bool is_last = index + 2 >= text->root->count;
    size_t to = is_last ? text->size : line_start(text, block_line(text, index + 2));
    while (to > from && strchr(" \r\n", text->bytes[to - 1]) != NULL) {
        to--;
    }
    fwrite(text->bytes + from, 1, to - from, out);
    fputc('\n', out);
}

/*
 * The comments at the end of a block that does not stay: settings that are
 * switched off by a # stand there.
 */
static void write_comments(const struct sheet_text *text, size_t index, FILE *out)
{
    const int end = index + 2 < text->root->count ? block_line(text, index + 2) : 0;
    for (int line = text->root->items[index]->line + 1; line < end; line++) {
        const size_t from = line_start(text, line);
        if (is_comment(text, line)) {
            fwrite(text->bytes + from, 1, line_start(text, line + 1) - from, out);
        }
    }
}

/* Each key must begin a line of its own. */
static int parse(struct sheet_text *text)
{
    struct problems problems;
    problems_init(&problems);
    int result = yaml_tree_parse("", text->bytes, text->size, &text->tree, &problems);
    problems_finish(&problems);
    if (result < 0) {
        return result;
    }
    text->root = yaml_tree_root(text->tree);
    result = text->root->type == YAML_TREE_MAPPING && text->root->count > 0 ? 0 : -EINVAL;
    for (size_t i = 0; result == 0 && i < text->root->count; i += 2) {
        result = text->root->items[i]->column == 1 ? 0 : -EINVAL;
    }
    return result;
}

int import_keep_note(char **list, const char *item)
{
    char *longer = NULL;
    if (asprintf(&longer, "%s%s%s", *list != NULL ? *list : "", *list != NULL ? _(", ") : "",
                 item) < 0) {
        return -ENOMEM;
    }
    free(*list);
    *list = longer;
    return 0;
}

/* What becomes of one key of the old file; a block that stays is written. */
static int keep_key(const struct sheet_text *old, size_t index, bool is_apart,
                    const struct sheet_text *fresh, FILE *out, struct import_kept *kept)
{
    static const char *const heads[] = {"format", "channel", NULL};
    static const char *const of_grid[] = {"lessons", "periods", "days", "grid",
                                          "weeks",   "changes", NULL};
    const char *key = old->root->items[index]->text;
    const bool is_head = is_one_of(key, heads);
    const bool is_said = yaml_node_get(fresh->root, key) != NULL;
    if (!is_apart && (is_head || is_said)) {
        write_comments(old, index, out);
    }
    if (is_head) {
        return 0;
    }
    if (is_said) {
        return import_keep_note(&kept->replaced, key);
    }
    if (is_one_of(key, of_grid)) {
        return import_keep_note(&kept->lost, key);
    }
    fputs(is_apart ? "\n" : "", out);
    write_block(old, index, out);
    return import_keep_note(&kept->kept, key);
}

/* The old file's keys up to its lessons go before the fresh lessons, the others after all. */
static int merge(const struct sheet_text *old, const struct sheet_text *fresh, FILE *out,
                 struct import_kept *kept)
{
    size_t split = 0;
    size_t lessons = 0;
    int result = 0;
    while (split < old->root->count && strcmp(old->root->items[split]->text, "lessons") != 0) {
        split += 2;
    }
    while (lessons < fresh->root->count &&
           strcmp(fresh->root->items[lessons]->text, "lessons") != 0) {
        lessons += 2;
    }
    size_t middle =
        lessons < fresh->root->count ? line_start(fresh, block_line(fresh, lessons)) : fresh->size;
    while (middle > 1 && fresh->bytes[middle - 2] == '\n') {
        middle--; /* the empty line before the lessons comes after what is put there */
    }
    fwrite(fresh->bytes, 1, middle, out);
    for (size_t i = 0; i < split && result == 0; i += 2) {
        result = keep_key(old, i, false, fresh, out, kept);
    }
    fwrite(fresh->bytes + middle, 1, fresh->size - middle, out);
    for (size_t i = split; i < old->root->count && result == 0; i += 2) {
        result = keep_key(old, i, true, fresh, out, kept);
    }
    return result;
}

static bool read_range(const struct yaml_node *item, struct import_range *range)
{
    const struct yaml_node *start = NULL;
    const struct yaml_node *end = NULL;
    if (item->type == YAML_TREE_MAPPING) {
        start = yaml_node_get(item, "start");
        end = yaml_node_get(item, "end");
    }
    return start != NULL && start->type == YAML_TREE_SCALAR && end != NULL &&
           end->type == YAML_TREE_SCALAR &&
           import_clock_time(start->text, &range->start) == IMPORT_CLOCK_GOOD &&
           import_clock_time(end->text, &range->end) == IMPORT_CLOCK_GOOD;
}

/* What is right before and right after a break. */
struct neighbours {
    bool has_before; /* close to it */
    bool has_after;
    bool is_after_all; /* lessons, as 放学 is */
    bool is_before_all;
};

static void look_at(const struct yaml_node *list, bool are_lessons, const struct import_range *item,
                    struct neighbours *found)
{
    enum { CLOSE = 10 * 60 };
    for (size_t i = 0; list != NULL && list->type == YAML_TREE_LIST && i < list->count; i++) {
        struct import_range range;
        if (!read_range(list->items[i], &range)) {
            continue;
        }
        const int before = item->start - range.end;
        const int after = range.start - item->end;
        found->has_before = found->has_before || (before >= 0 && before <= CLOSE);
        found->has_after = found->has_after || (after >= 0 && after <= CLOSE);
        found->is_after_all = found->is_after_all && (!are_lessons || before >= 0);
        found->is_before_all = found->is_before_all && (!are_lessons || after >= 0);
    }
}

/* Breaks of the old grid: where the new one has no lessons they would air in the empty noon. */
static int note_stray(const struct sheet_text *old, const struct sheet_text *fresh,
                      struct import_kept *kept)
{
    const struct yaml_node *breaks = yaml_node_get(old->root, "breaks");
    const struct yaml_node *periods = yaml_node_get(fresh->root, "periods");
    int result = 0;
    if (breaks == NULL || breaks->type != YAML_TREE_LIST || periods == NULL ||
        yaml_node_get(fresh->root, "breaks") != NULL) {
        return 0;
    }
    for (size_t i = 0; i < breaks->count && result == 0; i++) {
        struct neighbours found = {.is_after_all = true, .is_before_all = true};
        struct import_range range;
        char texts[2][IMPORT_CLOCK_TEXT_SIZE];
        char *text = NULL;
        if (!read_range(breaks->items[i], &range)) {
            continue;
        }
        look_at(periods, true, &range, &found);
        look_at(breaks, false, &range, &found);
        if ((found.has_before || found.is_before_all) && (found.has_after || found.is_after_all) &&
            (found.has_before || found.has_after)) {
            continue;
        }
        const struct yaml_node *name = yaml_node_get(breaks->items[i], "name");
        if (asprintf(&text, "%s %s-%s",
                     name != NULL && name->type == YAML_TREE_SCALAR ? name->text : "",
                     import_clock_text(range.start, texts[0]),
                     import_clock_text(range.end, texts[1])) < 0) {
            return -ENOMEM;
        }
        result = import_keep_note(&kept->stray, text);
        free(text);
    }
    return result;
}

int import_keep(const char *old_bytes, size_t old_size, const char *fresh_bytes, size_t fresh_size,
                FILE *out, struct import_kept *kept)
{
    struct sheet_text old = {.bytes = old_bytes, .size = old_size};
    struct sheet_text fresh = {.bytes = fresh_bytes, .size = fresh_size};
    *kept = (struct import_kept){0};
    int result = parse(&old);
    result = result == 0 ? parse(&fresh) : result;
    if (result == 0) {
        result = merge(&old, &fresh, out, kept);
    }
    if (result == 0) {
        result = note_stray(&old, &fresh, kept);
    }
    if (result < 0) {
        import_kept_finish(kept);
    }
    yaml_tree_destroy(old.tree);
    yaml_tree_destroy(fresh.tree);
    return result;
}

void import_kept_finish(struct import_kept *kept)
{
    free(kept->kept);
    free(kept->replaced);
    free(kept->lost);
    free(kept->stray);
    *kept = (struct import_kept){0};
}
